"""The official tables of the gradual raise, by vectors."""

import pytest

from app.domain.retirement import Birth, Track, delay_months, retirement_date


@pytest.mark.parametrize(
    ("birth", "track", "delay", "retires"),
    [
        (Birth(1964, 12), Track.MAN, 0, (2024, 12)),
        (Birth(1965, 1), Track.MAN, 1, (2025, 2)),
        (Birth(1965, 6), Track.MAN, 2, (2025, 8)),
        (Birth(1976, 9), Track.MAN, 36, (2039, 9)),
        (Birth(1975, 4), Track.WOMAN_50, 2, (2025, 6)),
        (Birth(1984, 11), Track.WOMAN_50, 60, (2039, 11)),
        (Birth(1970, 9), Track.WOMAN_55, 3, (2025, 12)),
    ],
)
def test_the_statutory_age_rises_as_the_official_tables_say(
    birth: Birth, track: Track, delay: int, retires: tuple[int, int]
) -> None:
    assert delay_months(birth, track) == delay
    assert retirement_date(birth, track) == retires


def test_the_track_follows_sex_and_former_status() -> None:
    assert Track.of("男", None) is Track.MAN
    assert Track.of("女", "干部") is Track.WOMAN_55
    assert Track.of("女", "工人") is Track.WOMAN_50
    assert Track.of(None, "工人") is None
