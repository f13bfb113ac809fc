"""The OpenAPI document: what FastAPI derives from the routes, completed with everything it cannot know.

Problems are shared responses (one for each set of codes and status), every response names the headers it carries, and
every operation gets its title, who may call it, and examples recorded from a real run (:mod:`app.api.examples`).
"""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI

from app.api import examples
from app.api.guide import GUIDES
from app.api.responses import CODES
from app.domain.vocabulary import ILLUSTRATIVE_EN
from app.schemas.common import Problem
from app.transport.envelope import LABEL, REQUEST_ID
from app.transport.problems import MEDIA_TYPE

Json = dict[str, Any]
REF = "#/components/{}/{}"
METHODS = ("get", "put", "post", "patch", "delete")

SERVERS = [{"url": "/", "description": "本服务器 / this server"}]

HEADERS: dict[str, Json] = {
    REQUEST_ID: {
        "description": "请求编号，也是 problem 的 instance。 / Number of the request; also the instance of a problem.",
        "schema": {"type": "string", "pattern": "^[0-9a-f]{16}$", "examples": ["9f2c4e61a0b7d358"]},
    },
    LABEL: {
        "description": "教学演示标识，每个响应都带。 / The illustrative label; on every response.",
        "schema": {"type": "string", "const": ILLUSTRATIVE_EN},
    },
    "ETag": {
        "description": "内容版本；下次放进 If-None-Match，未变则得 304。 / "
        "Version of the content: send it as If-None-Match, 304 means not changed.",
        "schema": {"type": "string", "examples": ['"5d0c61b0a1f44a6fb1f0c9d2"']},
    },
    "Location": {
        "description": "新建资源的地址。 / Address of what was made.",
        "schema": {"type": "string", "format": "uri-reference"},
    },
    "Retry-After": {
        "description": "多少秒后再试。 / Seconds to wait.",
        "schema": {"type": "integer", "minimum": 1, "examples": [900]},
    },
    "WWW-Authenticate": {
        "description": "需要 Bearer 令牌。 / A bearer token is needed.",
        "schema": {"type": "string", "const": "Bearer"},
    },
}
EVERYWHERE = (REQUEST_ID, LABEL)
BY_STATUS = {"401": ("WWW-Authenticate",), "429": ("Retry-After",), "304": ("ETag",), "201": ("Location",)}

IF_NONE_MATCH: Json = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "上次得到的 ETag。 / The ETag of the answer before.",
    "schema": {"type": "string"},
}

EVENT: Json = {"event": "at", "data": '{"version":7}', "id": "7", "retry": 3000}
EVENTS: Json = {
    "type": "object",
    "description": "流里的一个事件 / one event of the stream",
    "required": ["event", "data"],
    "properties": {
        "event": {"type": "string", "enum": ["at", "over"], "description": "at：现在的版本；over：登录已结束"},
        "data": {"type": "string", "description": 'JSON，如 / such as {"version":7}'},
        "id": {"type": "string"},
        "retry": {"type": "integer", "description": "断开后几毫秒再连 / milliseconds before asking again"},
    },
}

SUCCESS = (
    "成功。示例取自真实运行，列表只保留前两项。 / "
    "Success. The example is from a real run, its lists cut to two entries."
)


class DocumentedApp(FastAPI):
    """FastAPI with the completed document."""

    _completed: Json | None = None

    def openapi(self) -> Json:
        """The document, completed once for each set of routes."""
        document = super().openapi()
        if document is not self._completed:
            self._completed = completed(document)
        return document


def operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    """Path, method and operation, in the document's order."""
    for path, entry in document["paths"].items():
        for method in METHODS:
            if method in entry:
                yield path, method, entry[method]


def completed(document: Json) -> Json:
    """The same document with everything filled in; it is changed in place."""
    components = document.setdefault("components", {})
    _add_problem_schema(components.setdefault("schemas", {}))
    components["headers"] = HEADERS
    shared: Json = components.setdefault("responses", {})
    recorded = examples.load()
    for _, _, operation in operations(document):
        _describe(operation)
        for status, response in list(operation["responses"].items()):
            operation["responses"][status] = _response(operation, status, response, shared, recorded)
        examples.merge(operation, recorded)
    return document


def _add_problem_schema(schemas: Json) -> None:
    problem = Problem.model_json_schema(ref_template=REF.format("schemas", "{model}"), mode="serialization")
    for name, schema in problem.pop("$defs", {}).items():
        schemas.setdefault(name, schema)
    schemas["Problem"] = problem


def _describe(operation: Json) -> None:
    guide = GUIDES.get(operation["operationId"])
    if guide is not None:
        operation["summary"] = f"{guide.title.zh} / {guide.title.en}"
        lines = [f"- **{head.zh} / {head.en}**: {text.zh} / {text.en}" for head, text in guide.lines]
        operation["description"] = operation.get("description", "") + "\n\n" + "\n".join(lines)
    if "304" in operation["responses"]:
        operation.setdefault("parameters", []).append(dict(IF_NONE_MATCH))


def _response(operation: Json, status: str, response: Json, shared: Json, recorded: Json) -> Json:
    codes = response.pop(CODES, None)
    headers = [*EVERYWHERE, *BY_STATUS.get(status, ())]
    if status == "200" and "304" in operation["responses"]:
        headers.append("ETag")
    response["headers"] = {name: {"$ref": REF.format("headers", name)} for name in headers}
    if codes is None:
        if response["description"] == "Successful Response":
            response["description"] = SUCCESS
        _say_stream(response)
        return response
    name = ".".join([status, *codes])
    shared[name] = _problem(response, codes, recorded)
    return {"$ref": REF.format("responses", name), "description": response["description"]}


def _say_stream(response: Json) -> None:
    """What one event of a stream is: this version of OpenAPI has no words for the stream of them."""
    stream = response.get("content", {}).get("text/event-stream")
    if stream is not None:
        stream.pop("itemSchema", None)
        stream["schema"] = EVENTS
        stream["examples"] = {"at": {"summary": "现在的版本 / The version now", "value": EVENT}}


def _problem(response: Json, codes: list[str], recorded: Json) -> Json:
    """A shared response with one recorded example for each code."""
    found = {code: {"value": recorded["problems"][code]} for code in codes if code in recorded["problems"]}
    response["content"][MEDIA_TYPE]["examples"] = found
    return response
