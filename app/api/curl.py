"""A curl command for an operation, made of its first recorded example. ``$BASE``, ``$TOKEN``, ``$APPLICATION`` and
``$TASK`` are the shell variables of the first three commands."""

import re
from typing import Any
from urllib.parse import quote, urlencode

import orjson

Json = dict[str, Any]
OWN_IDS = {"application_id": "$APPLICATION", "task_id": "$TASK"}


def command(path: str, method: str, operation: Json) -> str:
    """The command on as many lines as it needs."""
    parts = ["curl -s" if method == "get" else f"curl -s -X {method.upper()}"]
    if operation.get("security"):
        parts.append('-H "Authorization: Bearer $TOKEN"')
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" in content:
        parts += ["-H 'Content-Type: application/json'", f"-d {_quoted(_body(content['application/json']))}"]
    elif content:
        parts.append("-F 'file=@paper.pdf;type=application/pdf'")
    return " \\\n  ".join([*parts, f'"$BASE{_address(path, operation.get("parameters", []))}"'])


def _address(path: str, parameters: list[Json]) -> str:
    known = {p["name"]: p.get("example", p["name"].upper()) for p in parameters if p["in"] == "path"}

    def filled(match: re.Match[str]) -> str:
        name = match[1]
        return OWN_IDS.get(name) or quote(str(known.get(name, name)))

    query = {p["name"]: p["example"] for p in parameters if p["in"] == "query" and "example" in p}
    return re.sub(r"{(\w+)}", filled, path) + (f"?{urlencode(query)}" if query else "")


def _body(content: Json) -> str:
    examples = list(content.get("examples", {}).values())
    return orjson.dumps(examples[0]["value"] if examples else {}).decode()


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
