"""The pages behind the ``type`` of every problem: what it means and what to do, for people and for programs."""

from html import escape
from typing import Annotated

import orjson
from fastapi import Path, Request, Response

from app.api import examples
from app.api.pages import answer, both, page, side_by_side, wants_page
from app.api.responses import Responses, refusals
from app.domain.errors import NotFound
from app.domain.vocabulary import Text
from app.schemas.common import Bilingual, Out
from app.transport.doors import Doors
from app.transport.problems import KINDS, Kind

router = Doors(prefix="/problems", tags=["problems 问题说明"])


class ProblemKindOut(Out):
    """One kind of problem."""

    code: str
    status: int
    title: Bilingual
    advice: Bilingual


PAGE: Responses = {200: {"content": {"text/html": {"schema": {"type": "string"}}}}}


@router.get("", operation_id="listProblems", response_model=list[ProblemKindOut], responses={**PAGE, **refusals()})
async def list_problems(request: Request) -> list[ProblemKindOut] | Response:
    """全部问题类型；浏览器得到网页。 / Every kind of problem; browsers get a page."""
    if wants_page(request):
        return answer(_list_page())
    return [_out(code, kind) for code, kind in KINDS.items()]


@router.get(
    "/{code}",
    operation_id="showProblem",
    response_model=ProblemKindOut,
    responses={**PAGE, **refusals("not-found", "invalid-input")},
)
async def show_problem(
    request: Request, code: Annotated[str, Path(max_length=64, description="问题代码 / code of the problem")]
) -> ProblemKindOut | Response:
    """一种问题的含义与处理办法；浏览器得到网页。 / What one kind means and what to do; browsers get a page."""
    kind = KINDS.get(code)
    if kind is None:
        raise NotFound(Text("没有这种问题类型。", "There is no such kind of problem."))
    if wants_page(request):
        return answer(_page(code, kind))
    return _out(code, kind)


def _out(code: str, kind: Kind) -> ProblemKindOut:
    return ProblemKindOut(
        code=code, status=kind.status, title=Bilingual.of(kind.title), advice=Bilingual.of(kind.advice)
    )


def _page(code: str, kind: Kind) -> str:
    content = (
        f"<h1>{side_by_side(kind.title)}</h1><p><code>{kind.status}</code> <code>{code}</code></p>"
        f'<h2>怎么办 <span lang="en">What to do</span></h2>{both(kind.advice)}'
        '<h2>它是什么样子 <span lang="en">What it looks like</span></h2>'
        f'<pre tabindex="0">{escape(_sample(code))}</pre>'
        '<p><a href="/problems">全部问题类型 <span lang="en">All kinds</span></a></p>'
    )
    return page(kind.title, content)


def _sample(code: str) -> str:
    """The recorded example of a problem, as a caller receives it."""
    found = examples.load()["problems"].get(code, {})
    return orjson.dumps(found, option=orjson.OPT_INDENT_2).decode()


def _list_page() -> str:
    title = Text("问题说明", "Problems")
    intro = Text(
        "每个错误都是 application/problem+json（RFC 9457）："
        "code 供程序判断，detail 和 detail_zh 供人阅读，type 指向下面的一页。",
        "Every error is application/problem+json (RFC 9457): code is for programs, detail and detail_zh are for "
        "people, type points at one of the pages below.",
    )
    rows = "".join(
        f'<tr><td>{kind.status}</td><td><a href="/problems/{code}"><code>{code}</code></a></td>'
        f"<td>{side_by_side(kind.title)}</td></tr>"
        for code, kind in sorted(KINDS.items(), key=lambda entry: (entry[1].status, entry[0]))
    )
    table = f'<div class="wide"><table>{rows}</table></div>'
    return page(title, f"<h1>{side_by_side(title)}</h1>{both(intro)}{table}")
