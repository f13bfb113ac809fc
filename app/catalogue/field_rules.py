"""Rules about data elements by themselves: an example must be a value the form takes, a result must have room."""

import json
from datetime import date
from typing import Any, Final

from app.catalogue.build import Built
from app.catalogue.rules import Finding, Findings, rule
from app.domain.catalogue import FieldSpec
from app.domain.forms import value_faults
from app.domain.vocabulary import FieldKind, Text

CERTIFICATE_NUMBER: Final = 40
"""Characters a certificate number may take: what a result of kind text holds when the officer gives nothing else."""

_LATE: Final = date(9999, 12, 31)
"""Examples have no date of their own; births in them are only asked to be possible."""


@rule("F1", "example", "示例值要填得进去", "An example is a value the form takes")
def examples_fit(built: Built) -> Findings:
    """What a person copies from the hint must not be refused. A table's example is told in words."""
    for code, spec in built.library.fields.items():
        if spec.example is None or spec.kind is FieldKind.TABLE:
            continue
        for fault in value_faults(spec, _read(spec, spec.example), _LATE, ""):
            yield Finding(
                ("fields", code, "example"),
                Text(f"示例值填不进去：{fault.detail.zh}", f"The form would refuse the example: {fault.detail.en}"),
            )


def _read(spec: FieldSpec, example: str) -> Any:
    """The value that the example stands for: numbers, yes or no and lists are written as text in a pack."""
    match spec.kind:
        case FieldKind.NUMBER | FieldKind.INTEGER | FieldKind.BOOL:
            return _from_json(example)
        case FieldKind.CHOICES:
            return [part.strip() for part in example.replace(",", "、").split("、") if part.strip()]
        case _:
            return example


def _from_json(example: str) -> Any:
    words = {"是": True, "否": False, "yes": True, "no": False}
    try:
        return words[example] if example in words else json.loads(example)
    except ValueError:
        return example


@rule("F2", "result-room", "结果字段放得下证照编号", "A field filled from a result has room for a certificate's number")
def results_have_room(built: Built) -> Findings:
    """A grant without outputs puts the certificate's number into text fields."""
    for code, spec in built.library.fields.items():
        if spec.kind is FieldKind.TEXT and spec.sources.results and spec.max_length < CERTIFICATE_NUMBER:
            yield Finding(
                ("fields", code, "max_length"),
                Text(
                    f"由前序事项结果填入，至少要能放 {CERTIFICATE_NUMBER} 个字符。",
                    f"Filled from an item's result: it needs room for at least {CERTIFICATE_NUMBER} characters.",
                ),
            )


RULES = (examples_fit, results_have_room)
