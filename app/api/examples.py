"""Examples for the OpenAPI document, recorded from a real run of the app and never written by hand.

``examples.json`` is package data made by ``python -m tests.make_examples``. Its shape::

    {"operations": {operationId: [{"name", "summary": {"zh", "en"}, "call": {"path", "query", "headers", "body"},
                                   "answer": {"status", "headers", "media_type", "body"}}]},
     "problems": {code: body}}

Members of ``call`` and ``answer`` that do not apply are left out. Lists of objects in answers are cut to two entries.
"""

from functools import cache
from pathlib import Path
from typing import Any

import orjson

Json = dict[str, Any]
FILE = Path(__file__).with_name("examples.json")
JSON = "application/json"


@cache
def load() -> Json:
    """Everything recorded. The value is shared: do not change it."""
    found: Json = orjson.loads(FILE.read_bytes())
    return found


def of(operation_id: str, recorded: Json) -> list[Json]:
    """The recorded calls of one operation, the most typical first."""
    found: list[Json] = recorded["operations"].get(operation_id, [])
    return found


def merge(operation: Json, recorded: Json) -> None:
    """Put the recorded calls into the operation: parameters, request bodies and answers."""
    calls = of(operation["operationId"], recorded)
    for parameter in operation.get("parameters", []):
        _merge_parameter(parameter, calls)
    body = operation.get("requestBody", {}).get("content", {}).get(JSON)
    if body is not None:
        body["examples"] = {
            call["name"]: _entry(call, call["call"]["body"]) for call in calls if "body" in call["call"]
        }
    for status, response in operation["responses"].items():
        _merge_answers(response, [call for call in calls if str(call["answer"]["status"]) == status])


def _merge_parameter(parameter: Json, calls: list[Json]) -> None:
    place = {"path": "path", "query": "query", "header": "headers"}[parameter["in"]]
    values = [
        call["call"][place][parameter["name"]] for call in calls if parameter["name"] in call["call"].get(place, {})
    ]
    if values:
        parameter["example"] = values[0]
        parameter["schema"].pop("examples", None)


def _merge_answers(response: Json, calls: list[Json]) -> None:
    content = response.get("content", {})
    for call in calls:
        media_type, body = call["answer"].get("media_type"), call["answer"].get("body")
        if media_type in content and body is not None:
            content[media_type].setdefault("examples", {})[call["name"]] = _entry(call, body)


def _entry(call: Json, value: Any) -> Json:
    return {"summary": f"{call['summary']['zh']} / {call['summary']['en']}", "value": value}
