"""A hall in a pack: sound hours, a place where its region is, and one for every county."""

from pathlib import Path

import pytest

from app.catalogue.checks import report
from app.catalogue.loader import BUILTIN, read

HALL = 'halls:\n  hall_test: {{region: "{region}", longitude: {longitude}, latitude: {latitude}{more}}}\n'
HOURS = ', hours: [{{days: {days}, opens: "{opens}", closes: "{closes}"}}{second}]'


def codes(
    folder: Path, region: str = "330802", longitude: float = 118.9, latitude: float = 29.0, more: str = ""
) -> list[str]:
    """The codes of everything wrong with one more hall beside the built-in ones."""
    text = HALL.format(region=region, longitude=longitude, latitude=latitude, more=more)
    (folder / "hall.yaml").write_text(text, encoding="utf-8")
    found = report(read([folder]))
    return [fault.code for fault in found.faults if "hall" in fault.file or "hall" in fault.code]


def hours(days: str = "[1, 2]", opens: str = "09:00", closes: str = "12:00", second: str = "") -> str:
    """Hours of a hall."""
    return HOURS.format(days=days, opens=opens, closes=closes, second=second)


def test_a_sound_hall_is_taken_as_it_is(tmp_path: Path) -> None:
    assert codes(tmp_path) == []
    assert codes(tmp_path, more=hours(second=', {days: [1], opens: "12:00", closes: "13:00"}')) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"region": "339999"}, "unresolved"),
        ({"longitude": 28.9, "latitude": 53.0}, "wrong-size"),
        ({"longitude": 128.9, "latitude": 29.0}, "hall"),
        ({"more": hours(closes="08:00")}, "hall"),
        ({"more": hours(days="[2, 1]")}, "hall"),
        ({"more": hours(second=', {days: [2], opens: "11:00", closes: "14:00"}')}, "hall"),
        ({"more": hours(opens="9 o'clock")}, "wrong-form"),
    ],
    ids=["no such region", "swapped", "far away", "closes early", "days out of order", "overlap", "no time"],
)
def test_a_slip_is_found(tmp_path: Path, change: dict[str, object], code: str) -> None:
    assert code in codes(tmp_path, **change)  # type: ignore[arg-type]


def test_a_county_without_a_hall_is_named(tmp_path: Path) -> None:
    (tmp_path / "region.yaml").write_text('regions:\n  "330899": {zh: 新县, en: New County}\n', encoding="utf-8")
    (fault,) = [
        fault for fault in report(read([BUILTIN, tmp_path], include_builtin=False)).faults if fault.code == "no-hall"
    ]
    assert fault.severity == "warning"
    assert "330899" in fault.path
