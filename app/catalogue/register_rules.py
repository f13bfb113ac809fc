"""Rules about the fictional registers: they agree with their datasets and with one another."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from app.catalogue.build import Built
from app.catalogue.faults import Path, clipped, did_you_mean
from app.catalogue.rules import Finding, Findings, rule
from app.domain.catalogue import Element, FieldSources, FieldSpec
from app.domain.forms import value_faults
from app.domain.identity import IdentityError, check_id_number, check_uscc
from app.domain.parties import sex_of
from app.domain.vocabulary import FieldKind, Text

_LATE: Final = date(9999, 12, 31)
"""Rows have no date of their own; births in them are only asked to be possible."""

Row = Mapping[str, Any]


@rule("R1", "register-row", "登记数据与数据资源的说明一致", "Rows of a register hold what their dataset says")
def rows_fit(built: Built) -> Findings:
    """Every row stands under a fictional number, and every value is of an element and of its kind."""
    for at, number, row in _rows(built):
        dataset = built.library.datasets.get(str(at[1]))
        if dataset is None:
            message = Text(f"没有数据资源“{clipped(str(at[1]))}”。", f"There is no dataset “{clipped(str(at[1]))}”.")
            yield Finding(at, message, did_you_mean(str(at[1]), built.library.datasets))
            continue
        if not _is_number(number):
            message = Text(
                "须是虚构的公民身份号码或统一社会信用代码。",
                "It must be a fictional identity number or credit code.",
            )
            yield Finding(at, message)
        for name, value in row.items():
            element = dataset.elements.get(name)
            if element is None:
                message = Text(f"没有数据项“{clipped(name)}”。", f"There is no element “{clipped(name)}”.")
                yield Finding((*at, name), message, did_you_mean(name, dataset.elements))
            elif element.kind is not FieldKind.TABLE:
                yield from _value((*at, name), element, value)


@rule("R2", "register-agrees", "登记数据互相印证", "Registers agree with one another")
def agree(built: Built) -> Findings:
    """Whoever is named exists, by the same name; spouses point at each other; sex and birth are those of the number."""
    registers = built.pack.registers
    names = {element: code for code, held in built.library.datasets.items() for element in held.elements}
    people = registers.get(names.get("id_number", ""), {})
    businesses = registers.get(names.get("uscc", ""), {})
    for at, number, row in _rows(built):
        if len(people) and number[:2] == "00" and number not in people:
            yield Finding(at, Text("身份登记里没有这个人。", "No such person is in the identity register."))
        for name, said in _numbers(row):
            known = people if said[:2] == "00" else businesses
            if known and said not in known:
                yield Finding((*at, name), Text("登记里没有这个号码。", "No register has this number."))
        yield from _own(at, number, row)
        yield from _called(at, row, people)
        yield from _spouse(built, at, number, row)
        yield from _household(built, at, row)


@rule("R3", "register-people", "可登录的人物都有身份登记", "People who can sign in are in the identity register")
def people_known(built: Built) -> Findings:
    """With the same name; packs without an identity register are left alone."""
    holder = next((code for code, held in built.library.datasets.items() if "id_number" in held.elements), "")
    rows = built.pack.registers.get(holder, {})
    for code, person in built.people.items():
        row = rows.get(person.id_number)
        if rows and (row is None or row.get("name") != person.name.zh):
            yield Finding(
                ("people", code),
                Text(
                    "身份登记里没有这个人，或姓名不同。",
                    "The identity register does not have this person, or by another name.",
                ),
                None,
                "warning",
            )


def _rows(built: Built) -> Iterator[tuple[Path, str, Row]]:
    for dataset, rows in built.pack.registers.items():
        for number, row in rows.items():
            yield ("registers", dataset, number), number, row


def _is_number(number: str) -> bool:
    for check in (lambda: check_id_number(number, _LATE), lambda: check_uscc(number)):
        try:
            check()
        except IdentityError:
            continue
        return True
    return False


def _value(at: Path, element: Element, value: Any) -> Findings:
    spec = FieldSpec(
        code=element.code, name=element.name, kind=element.kind, group="", grade=element.grade, sources=FieldSources()
    )
    for fault in value_faults(spec, value, _LATE, ""):
        yield Finding(at, fault.detail)


def _numbers(row: Row) -> Iterator[tuple[str, str]]:
    """Every number a row names, with the element it stands in."""
    for name, value in row.items():
        if name == "uscc" or name == "id_number" or name.endswith("_id"):
            yield name, str(value)
        elif isinstance(value, list):
            for entry in value:
                if isinstance(entry, dict) and "id_number" in entry:
                    yield name, str(entry["id_number"])


def _own(at: Path, number: str, row: Row) -> Findings:
    told = {"id_number": number, "sex": sex_of(number), "birth": f"{number[6:10]}-{number[10:12]}-{number[12:14]}"}
    for name, value in told.items():
        if name in row and row[name] != value:
            yield Finding((*at, name), Text("与号码所示的不一致。", "The number itself says otherwise."))


def _called(at: Path, row: Row, people: Mapping[str, Row]) -> Findings:
    """A name beside a number is that person's name: ``wife_name`` goes with ``wife_id``."""
    pairs = [
        (name, row[name], row.get(name.removesuffix("_id"), row.get(f"{name.removesuffix('_id')}_name")))
        for name in row
        if name.endswith("_id")
    ]
    for value in row.values():
        if isinstance(value, list):
            pairs += [("", entry.get("id_number"), entry.get("name")) for entry in value if isinstance(entry, dict)]
    for name, number, called in pairs:
        person = people.get(str(number))
        if person is not None and called is not None and person.get("name") != called:
            yield Finding(
                (*at, name) if name else at, Text("姓名与身份登记不同。", "The identity register has another name.")
            )


def _spouse(built: Built, at: Path, number: str, row: Row) -> Findings:
    couple = [row[name] for name in ("husband_id", "wife_id") if name in row]
    if not couple:
        return
    rows = built.pack.registers[str(at[1])]
    other = next((entry for entry in couple if entry != number), None)
    if number not in couple or other is None:
        yield Finding(at, Text("不是这对夫妻中的一方。", "It is not the record of one of the couple."))
        return
    shared = {name: value for name, value in row.items() if name != "spouse"}
    if {name: value for name, value in rows.get(other, {}).items() if name != "spouse"} != shared:
        yield Finding(at, Text("配偶的登记没有指回来。", "The record of the spouse does not point back."))


def _household(built: Built, at: Path, row: Row) -> Findings:
    """Whoever heads a household belongs to it: the same head and the same address."""
    head = row.get("householder_id")
    if head is None:
        return
    theirs = built.pack.registers[str(at[1])].get(head)
    if theirs is None:
        yield Finding(
            (*at, "householder_id"), Text("户主自己没有户籍登记。", "The head of the household has no record.")
        )
    elif any(theirs.get(name) != row.get(name) for name in ("householder_id", "hukou_addr")):
        yield Finding(
            at, Text("与户主的登记不一致。", "It does not agree with the record of the head of the household.")
        )


RULES: Final = (rows_fit, agree, people_known)
