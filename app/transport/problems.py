"""Errors as they leave: RFC 9457 problem details. This is the one place where a code becomes an HTTP status.

``type`` is a page of this app (``/problems/<code>``) that says in both languages what the problem means and what to do.
"""

import logging
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from app.domain import errors
from app.domain.errors import Fault, InvalidInput, Refusal
from app.domain.vocabulary import Text
from app.schemas.common import Bilingual, FaultOut

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem: its status, its title, and what to do about it."""

    status: int
    title: Text
    advice: Text


KINDS: dict[str, Kind] = {
    errors.InvalidInput.code: Kind(
        422,
        errors.InvalidInput.title,
        Text(
            "按 errors 里的每一处指针修改后重新提交；没有提到的内容不用改。",
            "Mend each place that errors points at and send the request again; nothing else needs to change.",
        ),
    ),
    errors.RealIdentity.code: Kind(
        422,
        errors.RealIdentity.title,
        Text(
            "换成虚构号码：证件号以 00 开头且校验位正确，手机号如 10000000001，银行账号以 000000 开头。",
            "Use fictional numbers: identity numbers begin with 00 and have a right check character, telephones look "
            "like 10000000001, bank numbers begin with 000000.",
        ),
    ),
    errors.Incomplete.code: Kind(
        409,
        errors.Incomplete.title,
        Text("回答 questions 里列出的问题，再提交。", "Answer the questions listed in questions, then submit."),
    ),
    errors.NotEligible.code: Kind(
        409,
        errors.NotEligible.title,
        Text(
            "看 reasons 里的说明；可以改为单独办理某个事项。",
            "Read the reasons; single items can be applied for instead.",
        ),
    ),
    errors.NoAuthority.code: Kind(
        422,
        errors.NoAuthority.title,
        Text("选择更具体的区划，一般是县（市、区）。", "Choose a narrower region, usually a county."),
    ),
    errors.NotSignedIn.code: Kind(
        401,
        errors.NotSignedIn.title,
        Text(
            "先在 POST /api/v1/sessions 选一个虚构人物登录，再带上 Authorization: Bearer 令牌。",
            "Sign in at POST /api/v1/sessions as a fictional person, then send Authorization: Bearer with the token.",
        ),
    ),
    errors.NotAllowed.code: Kind(
        403,
        errors.NotAllowed.title,
        Text("换用 roles 里列出的角色登录。", "Sign in with one of the roles listed in roles."),
    ),
    errors.NotFound.code: Kind(
        404,
        errors.NotFound.title,
        Text(
            "核对编号；不属于您的申请也显示为未找到。",
            "Check the number; an application that is not yours is also shown as not found.",
        ),
    ),
    errors.Erased.code: Kind(
        410,
        errors.Erased.title,
        Text(
            "删除的内容无法恢复。GET /api/v1/me/retention 说明何时、依据哪条法律删除。",
            "What was erased cannot come back. GET /api/v1/me/retention says when, and under which law.",
        ),
    ),
    errors.MustBeKept.code: Kind(
        409,
        errors.MustBeKept.title,
        Text(
            "到 retain_until 之后会自动删除；law 说明依据。还没办结的可以先撤回。",
            "After retain_until it is erased unasked; law says why it is kept. A case that runs can be withdrawn.",
        ),
    ),
    errors.ActionNotAllowed.code: Kind(
        409,
        errors.ActionNotAllowed.title,
        Text("刷新后从 allowed 里选择可用的操作。", "Refresh and choose one of the actions in allowed."),
    ),
    errors.Stale.code: Kind(
        409,
        errors.Stale.title,
        Text("刷新后重试，已填内容不会丢失。", "Refresh and try again; nothing entered is lost."),
    ),
    errors.KeyReused.code: Kind(
        409,
        errors.KeyReused.title,
        Text("为新的请求换一个 Idempotency-Key。", "Use a new Idempotency-Key for a new request."),
    ),
    errors.TooMany.code: Kind(
        429, errors.TooMany.title, Text("等 Retry-After 秒后再试。", "Wait for the seconds in Retry-After.")
    ),
    errors.NoFonts.code: Kind(
        503,
        errors.NoFonts.title,
        Text(
            "用 Accept: text/html 打开同一份文书的网页并打印；维护者安装中文字体（如 fonts-noto-cjk）后即可下载 PDF。",
            "Open the same paper as a web page (Accept: text/html) and print it; once the maintainers install a "
            "Chinese font such as fonts-noto-cjk, PDFs work.",
        ),
    ),
    errors.NoRoom.code: Kind(
        507,
        errors.NoRoom.title,
        Text(
            "这次的内容没有保存，以前保存的完好。等 Retry-After 秒后用同一个 Idempotency-Key 再发；"
            "维护者腾出空间后服务自行恢复，不用重启。",
            "Nothing of this request was saved, and what was saved before is whole. Send it again after Retry-After "
            "seconds with the same Idempotency-Key; once the maintainers have made room the service goes on by itself.",
        ),
    ),
    errors.ReadOnly.code: Kind(
        503,
        errors.ReadOnly.title,
        Text(
            "查询照常；需要保存的操作请等 Retry-After 秒后用同一个 Idempotency-Key 再发。",
            "Reading works as ever; send what changes something again after Retry-After seconds, with the same "
            "Idempotency-Key.",
        ),
    ),
    errors.StorageAway.code: Kind(
        503,
        errors.StorageAway.title,
        Text(
            "刚才若是在提交，可能已经保存，也可能没有："
            "等 Retry-After 秒后用同一个 Idempotency-Key 再发，不会办成两次。",
            "What was being submitted may or may not have been saved: send it again after Retry-After seconds with the "
            "same Idempotency-Key, and it happens once.",
        ),
    ),
    "malformed-request": Kind(
        400,
        Text("请求格式有误", "The request is malformed"),
        Text(
            "检查请求体是不是合法的 JSON、请求头是否正确。",
            "Check that the body is valid JSON and the headers are right.",
        ),
    ),
    "too-large": Kind(
        413,
        Text("请求体过大", "The request is too large"),
        Text("减小请求体；文件请走材料上传接口。", "Send less; files go through the upload of materials."),
    ),
    "method-not-allowed": Kind(
        405,
        Text("不支持这个方法", "The method is not supported"),
        Text("看 Allow 响应头里支持的方法。", "Look at the Allow header for the methods that are."),
    ),
    "internal": Kind(
        500,
        Text("服务器内部错误", "Something went wrong here"),
        Text(
            "这是我们的问题。请把 instance 里的编号告诉维护者，稍后再试。",
            "This is our fault. Give the maintainers the number in instance, and try again later.",
        ),
    ),
}


def problem(
    request: Request,
    code: str,
    detail: Text,
    members: dict[str, Any] | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """The response for one problem."""
    kind = KINDS[code]
    body: dict[str, Any] = {
        "type": f"/problems/{code}",
        "title": kind.title.en,
        "status": kind.status,
        "detail": detail.en,
        "instance": request.scope.get("request_id", ""),
        "code": code,
        "title_zh": kind.title.zh,
        "detail_zh": detail.zh,
    }
    for name, value in (members or {}).items():
        body.setdefault("state" if name == "status" else name, value)  # the HTTP status keeps its name (RFC 9457)
    if kind.status == 401:
        headers = {"WWW-Authenticate": "Bearer", **(headers or {})}
    return Response(orjson.dumps(body), status_code=kind.status, media_type=MEDIA_TYPE, headers=headers)


def faults_out(faults: list[Fault]) -> list[dict[str, Any]]:
    """The faults as JSON."""
    return [
        FaultOut(pointer=fault.pointer, code=fault.code, detail=Bilingual.of(fault.detail)).model_dump()
        for fault in faults
    ]


def refused(request: Request, refusal: Refusal) -> Response:
    """The response for a refusal of the domain."""
    members = dict(refusal.members)
    if isinstance(refusal, InvalidInput):
        members["errors"] = faults_out(refusal.faults)
    headers = {"Retry-After": str(members["retry_after"])} if "retry_after" in members else None
    return problem(request, refusal.code, refusal.detail, members, headers)
