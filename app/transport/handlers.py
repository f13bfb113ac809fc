"""FastAPI's own errors, turned into problems. What the caller sent is never repeated: it may be personal data."""

import logging
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app.domain.errors import Fault, InvalidInput, Refusal
from app.domain.forms import pointer_part
from app.domain.identity import looks_real
from app.domain.vocabulary import Text
from app.storage.troubles import told
from app.transport.limits import TOO_LARGE
from app.transport.problems import problem, refused

log = logging.getLogger(__name__)

WHERE = {"body": "", "query": "/query", "path": "/path", "header": "/headers"}

NO_BODY = Text(
    "缺少请求体：请发送 JSON 对象，并注明 Content-Type: application/json。",
    "The body is missing: send a JSON object, with Content-Type: application/json.",
)
ZH = {
    "missing": "缺少这一项。",
    "unkeepable": "这里有无法保存的内容：嵌套过深、数字超出范围，或含有无效字符。",
    "model_attributes_type": "请求体应为 JSON 对象，并注明 Content-Type: application/json。",
    "extra_forbidden": "没有这一项，请检查拼写。",
    "enum": "只能是 {expected}。",
    "literal_error": "只能是 {expected}。",
    "string_type": "应为文字。",
    "string_too_long": "最多 {max_length} 个字符。",
    "string_too_short": "至少 {min_length} 个字符。",
    "string_pattern_mismatch": "应符合 {pattern}。",
    "too_long": "最多 {max_length} 项。",
    "too_short": "至少 {min_length} 项。",
    "dict_type": "应为对象。",
    "list_type": "应为列表。",
    "bool_type": "应为 true 或 false。",
    "bool_parsing": "应为 true 或 false。",
    "int_type": "应为整数。",
    "int_parsing": "应为整数。",
    "int_from_float": "应为整数。",
    "float_type": "应为数字。",
    "float_parsing": "应为数字。",
    "greater_than": "应大于 {gt}。",
    "greater_than_equal": "应不小于 {ge}。",
    "less_than": "应小于 {lt}。",
    "less_than_equal": "应不大于 {le}。",
    "date_type": "应为日期，如 2026-03-16。",
    "date_parsing": "应为日期，如 2026-03-16。",
    "date_from_datetime_parsing": "应为日期，如 2026-03-16。",
    "date_from_datetime_inexact": "应为日期，如 2026-03-16。",
}
"""What Pydantic finds, in Chinese: what the place takes, as the English sentence says it."""


def install(app: FastAPI) -> None:
    """Make every error leave as a problem."""
    app.add_exception_handler(Refusal, _refusal)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _internal)


async def _refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)  # noqa: S101 - registered for this class
    return refused(request, error)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class
    found = error.errors()
    if any(entry["type"] in {"json_invalid", "value_error.jsondecode"} for entry in found):
        return problem(request, "malformed-request", Text("请求体不是合法的 JSON。", "The body is not valid JSON."))
    return refused(request, InvalidInput([_fault(entry) for entry in found]))


def _fault(entry: dict[str, Any]) -> Fault:
    place, *path = entry["loc"] or ("body",)
    pointer = WHERE.get(str(place), f"/{place}") + "".join(f"/{_named(part)}" for part in path)
    kind = str(entry["type"])
    pointer += str(entry.get("ctx", {}).get("pointer", "")) if kind == "unkeepable" else ""
    return Fault(pointer, kind.replace("_", "-"), NO_BODY if (kind, pointer) == ("missing", "") else _said(entry))


def _said(entry: dict[str, Any]) -> Text:
    zh = ZH.get(str(entry["type"]), "不符合要求，请对照接口文档。")
    return Text(zh.format_map(entry.get("ctx", {})).replace(" or ", " 或 "), f"{entry['msg']}.")


def _named(part: object) -> str:
    """A member's name as part of a pointer. The name of a member nobody asked for was made up by the caller."""
    return "…" if looks_real(str(part)) else pointer_part(str(part).encode("utf-8", "replace").decode())


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class
    headers = dict(error.headers or {})
    match error.status_code:
        case 404:
            return problem(request, "not-found", Text("没有这个地址。", "There is no such address."))
        case 405:
            text = Text("这个地址不支持该方法。", "This address does not support the method.")
            return problem(request, "method-not-allowed", text, headers=headers)
        case 413:
            return problem(request, "too-large", TOO_LARGE)
        case _ if isinstance(trouble := told(error), Refusal):
            return refused(request, trouble)  # no room for an upload on its way in is not the caller's fault
        case _:
            text = Text("请求无法处理，请检查格式。", "The request could not be read: check its format.")
            return problem(request, "malformed-request", text)


async def _internal(request: Request, error: Exception) -> Response:
    trouble = told(error)
    if isinstance(trouble, Refusal):
        return refused(request, trouble)
    log.error("request %s failed: %s", request.scope.get("request_id"), type(error).__name__, exc_info=error)
    return problem(request, "internal", Text("出错了，已记录。", "Something went wrong; it has been recorded."))
