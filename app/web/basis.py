"""What a page of the form was filled in on: one draft may be open on two devices.

The page carries a print of every value as it was shown. Only what was changed on this page is saved, so that an older
page takes nothing back; where the other device changed the same field, the person decides.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from app.domain.errors import Fault
from app.domain.vocabulary import Text
from app.schemas.plans import PlannedFieldOut
from app.web.forms import Errors, fault_out

SIGNS = 10
"""Hex digits of a print: enough to tell two values of one field apart."""
HEADER = "X-Was"


def basis(values: Mapping[str, Any], fields: Iterable[PlannedFieldOut]) -> str:
    """``field:print,field:print`` of the values that a page shows."""
    return ",".join(f"{field.code}:{_print(values.get(field.code))}" for field in fields)


def changed(typed: Mapping[str, Any], was: str) -> dict[str, Any]:
    """What was changed on the page that said ``was``; all of it where the page said nothing."""
    known = _read(was)
    return {code: value for code, value in typed.items() if known.get(code) != _print(value)}


def crossed(wish: Mapping[str, Any], was: str, stored: Mapping[str, Any], fields: Iterable[PlannedFieldOut]) -> Errors:
    """The fields that were changed here and meanwhile elsewhere, to something else."""
    known = _read(was)
    return Errors(
        tuple(
            fault_out(Fault(f"/form/{field.code}", "changed-elsewhere", _told(field)))
            for field in fields
            if field.code in wish
            and field.code in known
            and known[field.code] != _print(stored.get(field.code))
            and _print(wish[field.code]) != _print(stored.get(field.code))
        )
    )


def _told(field: PlannedFieldOut) -> Text:
    return Text(
        f"{field.name.zh}：另一台设备（或另一个窗口）刚改过。这里显示您现在填的；再按一次保存，就以这里的为准。",
        f"{field.name.en}: this was just changed on another device or in another window. What you typed is shown here; "
        "save again to keep it.",
    )


def _print(value: Any) -> str:
    empty = value is None or value in ("", [])
    return "" if empty else hashlib.sha256(orjson.dumps(value, option=orjson.OPT_SORT_KEYS)).hexdigest()[:SIGNS]


def _read(was: str) -> dict[str, str]:
    pairs = (entry.partition(":") for entry in was.split(",") if ":" in entry)
    return {code: told for code, _, told in pairs}
