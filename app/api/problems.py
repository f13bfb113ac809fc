"""The pages behind the ``type`` of every problem: what it means and what to do, for people and for programs."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import HTMLResponse

from app.domain.errors import NotFound
from app.domain.vocabulary import ILLUSTRATIVE, Text
from app.schemas.common import Bilingual, Out
from app.transport.problems import KINDS, Kind

router = APIRouter(prefix="/problems", tags=["problems 问题说明"])


class ProblemKindOut(Out):
    """One kind of problem."""

    code: str
    status: int
    title: Bilingual
    advice: Bilingual


@router.get("", operation_id="listProblems")
async def list_problems() -> list[ProblemKindOut]:
    """全部问题类型。 / Every kind of problem."""
    return [_out(code, kind) for code, kind in KINDS.items()]


@router.get(
    "/{code}",
    operation_id="showProblem",
    response_model=ProblemKindOut,
    responses={200: {"content": {"text/html": {}}}, 404: {"description": "no such kind"}},
)
async def show_problem(request: Request, code: Annotated[str, Path(max_length=64)]) -> ProblemKindOut | Response:
    """一种问题的含义与处理办法；浏览器得到网页。 / What one kind means and what to do; browsers get a page."""
    kind = KINDS.get(code)
    if kind is None:
        raise NotFound(Text("没有这种问题类型。", "There is no such kind of problem."))
    if "text/html" in request.headers.get("accept", ""):
        return HTMLResponse(_page(code, kind))
    return _out(code, kind)


def _out(code: str, kind: Kind) -> ProblemKindOut:
    return ProblemKindOut(
        code=code, status=kind.status, title=Bilingual.of(kind.title), advice=Bilingual.of(kind.advice)
    )


def _page(code: str, kind: Kind) -> str:
    """The texts are this app's own, so nothing needs escaping."""
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{kind.title.zh} · {code}</title></head><body><main>"
        f"<p>{ILLUSTRATIVE.zh} / {ILLUSTRATIVE.en}</p>"
        f"<h1>{kind.title.zh} <small>{kind.status} <code>{code}</code></small></h1><p>{kind.advice.zh}</p>"
        f'<div lang="en"><h2>{kind.title.en}</h2><p>{kind.advice.en}</p></div>'
        '<p><a href="/problems">全部问题类型 / all kinds</a> · <a href="/docs">API</a></p>'
        "</main></body></html>"
    )
