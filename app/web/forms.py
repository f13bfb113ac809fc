"""Form bodies: what was typed, kept as it was typed, so that a page with errors shows everything again.

A control's ``name`` and ``id`` are the JSON Pointer of the value with dots (``/form/area`` → ``form.area``), so that a
fault finds its control without a table.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import HTTPException, Request
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException

from app.domain.errors import Fault, InvalidInput, RealIdentity, Refusal
from app.domain.vocabulary import Text
from app.schemas.common import Bilingual, FaultOut

MAX_FIELDS = 3000
ROWS_NAMED = 4
"""Faults of one table that the summary of a page names; the others stand at their controls."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it arrived."""

    filename: str
    content: bytes


@dataclass(frozen=True)
class Typed:
    """What a visitor typed: every value of every control, and the files that were chosen."""

    data: FormData = field(default_factory=FormData)
    files: Mapping[str, Sent] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """One value, trimmed, with line ends as the API expects them; empty when it is not there."""
        value = self.data.get(name, "")
        return value.replace("\r\n", "\n").strip() if isinstance(value, str) else ""

    def texts(self, name: str) -> list[str]:
        """Every value of controls that share a name."""
        return [value for value in self.data.getlist(name) if isinstance(value, str) and value]

    def flag(self, name: str) -> bool:
        """Whether a checkbox was ticked."""
        return bool(self.text(name))

    def file(self, name: str) -> Sent | None:
        """A file that was chosen."""
        return self.files.get(name)

    def below(self, prefix: str) -> dict[str, str]:
        """The last value of every control whose name begins so, without that beginning."""
        return {
            name.removeprefix(prefix): value
            for name, value in self.data.multi_items()
            if name.startswith(prefix) and isinstance(value, str)
        }


async def typed(request: Request, file_bytes: int = 0) -> Typed:
    """The body of a posted form, files read up to ``file_bytes`` each; a body that is none is answered with 400."""
    try:
        async with request.form(max_fields=MAX_FIELDS, max_files=20) as data:
            files = {
                name: Sent(value.filename, await value.read(file_bytes))
                for name, value in data.multi_items()
                if isinstance(value, UploadFile) and value.filename and file_bytes
            }
            pairs: list[tuple[str, UploadFile | str]] = [
                (keepable(name), keepable(value)) for name, value in data.multi_items() if isinstance(value, str)
            ]
            request.state.typed = found = Typed(FormData(pairs), files)
            return found
    except (MultiPartException, UnicodeDecodeError) as error:
        raise HTTPException(400) from error


def keepable(text: str) -> str:
    """The text without what no keyboard types and nothing can keep: NUL and halves of characters."""
    return "".join(sign for sign in text if sign != "\x00" and not "\ud800" <= sign <= "\udfff")


def control(pointer: str) -> str:
    """The name and id of the control behind a JSON Pointer."""
    return pointer.strip("/").replace("~1", "/").replace("~0", "~").replace("/", ".")


@dataclass(frozen=True, slots=True)
class Errors:
    """Faults by control, in order. An empty one is false."""

    faults: tuple[FaultOut, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.faults)

    def at(self, name: str) -> list[Bilingual]:
        """What is wrong at one control."""
        return [fault.detail for fault in self.faults if control(fault.pointer) == name]

    def below(self, name: str) -> bool:
        """Whether something is wrong at a control or inside it."""
        return any(control(fault.pointer).startswith(name) for fault in self.faults)

    @property
    def secret(self) -> str | None:
        """The pointer to a real identity number, which is not repeated even to whoever typed it."""
        return next((fault.pointer for fault in self.faults if fault.code == RealIdentity.code), None)

    def listed(self) -> list[tuple[str, Bilingual]]:
        """Control and sentence of every fault, for the summary."""
        return [(control(fault.pointer), fault.detail) for fault in self.faults]

    def summed_up(self) -> list[tuple[str, Bilingual]]:
        """The same for people: what is wrong in a table says in which row, and of a long table only the beginning."""
        found: list[tuple[str, Bilingual]] = []
        seen: dict[str, list[str]] = {}
        for name, text in self.listed():
            kind, _, rest = name.partition(".")
            table, _, place = rest.partition(".")
            row = place.partition(".")[0]
            if kind != "form" or not row.isdigit():
                found.append((name, text))
                continue
            seen.setdefault(table, []).append(name)
            if len(seen[table]) <= ROWS_NAMED:
                number = int(row) + 1
                found.append((name, Bilingual(zh=f"第 {number} 行：{text.zh}", en=f"Row {number}: {text.en}")))
        for names in seen.values():
            if (more := len(names) - ROWS_NAMED) and more > 0:
                text = Bilingual(zh=f"这张表里还有 {more} 处要改。", en=f"{more} more to mend in this table.")
                at = next(place for place, (name, _) in enumerate(found) if name == names[ROWS_NAMED - 1])
                found.insert(at + 1, (names[ROWS_NAMED], text))
        return found

    def only(self, names: Iterable[str]) -> "Errors":
        """Those at these controls or inside them."""
        kept = tuple(names)
        return Errors(tuple(f for f in self.faults if any(_is_within(control(f.pointer), name) for name in kept)))

    def renamed(self, start: str, to: str) -> "Errors":
        """The same faults where this page has its controls under another name: pointers that begin so begin anew."""
        return Errors(
            tuple(
                f.model_copy(update={"pointer": to + f.pointer.removeprefix(start)})
                if f.pointer.startswith(start)
                else f
                for f in self.faults
            )
        )


NONE = Errors()


def _is_within(name: str, area: str) -> bool:
    return name == area or name.startswith(f"{area}.")


def errors_of(refusal: Refusal) -> Errors:
    """What a refusal says about the form; one that names no place is said of the whole form."""
    if isinstance(refusal, InvalidInput):
        return Errors(tuple(fault_out(fault) for fault in refusal.faults))
    pointer = str(refusal.members.get("pointer", "")) if isinstance(refusal, RealIdentity) else ""
    return Errors((fault_out(Fault(pointer, refusal.code, refusal.detail)),))


def fault_out(fault: Fault) -> FaultOut:
    """A fault as it is shown."""
    return FaultOut(pointer=fault.pointer, code=fault.code, detail=Bilingual.of(fault.detail))


def missing(pointer: str, text: Text) -> Errors:
    """One thing that was not filled in."""
    return Errors((FaultOut(pointer=pointer, code="missing", detail=Bilingual.of(text)),))


def number_or_text(text: str) -> Any:
    """A number where the text is one, otherwise the text: a draft keeps it, and the check says what is wrong."""
    plain = text.replace(",", "").replace("，", "")
    try:
        value = float(plain)
    except ValueError:
        return text
    if value != value or abs(value) == float("inf"):
        return text
    return int(value) if value.is_integer() and abs(value) < 2**53 else value
