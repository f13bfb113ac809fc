"""One entry of a pack against its strict model: every error of Pydantic becomes a fault an author can act on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin, get_type_hints

import orjson
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from app.catalogue.complaints import complaint
from app.catalogue.documents import PackDocument
from app.catalogue.faults import MAX_FAULTS, PackFault, Path, nearest
from app.catalogue.sources import Sources

_ABSENT: Final = object()
_UNKNOWN_KEY: Final = frozenset({"extra_forbidden", "unexpected_keyword_argument"})
_STRICT: Final = ConfigDict(strict=True, extra="forbid")


@cache
def entry_type(section: str) -> Any:
    """What one entry of a section must be: ``ItemDocument`` for ``items``, ``Text`` for ``groups``."""
    return get_args(PackDocument.model_fields[section].annotation)[-1]


@cache
def _adapter(section: str) -> TypeAdapter[list[Any]]:
    """A list of one, because Pydantic takes a configuration for a list but not for a bare dataclass such as Text."""
    one: Any = list[entry_type(section)]  # type: ignore[misc]
    return TypeAdapter(one, config=_STRICT)


def validated(sources: Sources, section: str, code: str | int, data: object) -> tuple[Any, list[PackFault]]:
    """The entry as its model and no faults, or None and all of them. Checked as JSON, so nothing is coerced."""
    try:
        return _adapter(section).validate_json(orjson.dumps([data]))[0], []
    except ValidationError as error:
        return None, list(_faults(sources, section, code, data, error.errors(include_url=False)[:MAX_FAULTS]))


def _faults(
    sources: Sources, section: str, code: str | int, data: object, details: Sequence[ErrorDetails]
) -> Iterator[PackFault]:
    """One fault per mistake: a misspelt key is told, that the right one is missing for that reason is not."""
    placed = [(where, detail) for detail in details if (where := _place_in(detail["loc"][1:], data)) is not None]
    names = [_names_at(entry_type(section), where, detail["type"]) for where, detail in placed]
    meant = {
        (*where[:-1], nearest(str(where[-1]), known))
        for (where, detail), known in zip(placed, names, strict=True)
        if detail["type"] in _UNKNOWN_KEY
    }
    for (where, detail), known in zip(placed, names, strict=True):
        if detail["type"] == "missing" and where in meant:
            continue
        said = complaint(section, where, detail, known)
        yield sources.fault(said.code, (section, code, *where), said.message, said.hint)


def _place_in(loc: Sequence[str | int], data: object) -> Path | None:
    """Pydantic's location as a path in the data; None for the branch of a union that was not meant.

    Pydantic puts the name of a union's branch into the location (``str``, ``str-enum[Need]``, ``EdgeDocument``), and
    reports every branch. A mapping was meant as the longer form, anything else as the short one.
    """
    path: list[str | int] = []
    here = data
    for position, part in enumerate(loc):
        if part == "[key]":
            break
        child = _child(here, part)
        if child is not _ABSENT:
            here = child
        elif _is_branch(part):
            if str(part).endswith("Document") is not isinstance(here, dict):
                return None
            continue
        elif position + 1 < len(loc):
            continue
        path.append(part)
    return tuple(path)


def _child(here: object, part: str | int) -> object:
    if isinstance(here, dict):
        return here.get(part, _ABSENT)
    if isinstance(here, list) and isinstance(part, int) and part < len(here):
        return here[part]
    return _ABSENT


def _is_branch(part: str | int) -> bool:
    return isinstance(part, str) and (part == "str" or part.endswith(("Document", "]")))


def _names_at(kind: Any, path: Path, problem: str) -> list[str]:
    """The right names where a wrong one stands: keys of the model for an unknown key, values of an enum for a value."""
    if problem in _UNKNOWN_KEY:
        return [name for found in _types_at(kind, path[:-1]) for name in _keys(found)]
    if problem in {"enum", "literal_error"}:
        found_types = _types_at(kind, path) if path else []
        names = [name for found in found_types for name in _values(found)]
        return names or [name for found in _types_at(kind, path[:-1]) for name in _key_values(found)]
    return []


def _types_at(kind: Any, path: Path) -> list[Any]:
    found = _branches(kind)
    for part in path:
        found = [branch for each in found for branch in _branches(_inside(each, part))]
    return found


def _branches(kind: Any) -> list[Any]:
    """A union's members, without ``Annotated`` and None."""
    origin = get_origin(kind)
    if origin is Annotated:
        return _branches(get_args(kind)[0])
    if origin in (Union, UnionType):
        return [found for member in get_args(kind) for found in _branches(member)]
    return [] if kind in (None, NoneType) else [kind]


def _inside(kind: Any, part: str | int) -> Any:
    origin = get_origin(kind)
    if origin in (dict, Mapping):
        return get_args(kind)[1]
    if origin in (list, tuple):
        return get_args(kind)[0]
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        field = kind.model_fields.get(str(part))
        return field.annotation if field else None
    return get_type_hints(kind).get(str(part)) if is_dataclass(kind) else None


def _keys(kind: Any) -> list[str]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return list(kind.model_fields)
    return [field.name for field in fields(kind)] if is_dataclass(kind) else []


def _values(kind: Any) -> list[str]:
    return [str(member.value) for member in kind] if isinstance(kind, type) and issubclass(kind, Enum) else []


def _key_values(kind: Any) -> list[str]:
    """The allowed keys of a mapping whose keys are an enum."""
    return _values(get_args(kind)[0]) if get_origin(kind) in (dict, Mapping) else []
