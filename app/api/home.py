"""The developers' front door: what this is and where to begin, as a page for people and as JSON for programs."""

from html import escape

from fastapi import Request, Response

from app import __version__
from app.api.pages import answer, both, page, side_by_side, wants_page
from app.api.responses import refusals
from app.domain.vocabulary import ILLUSTRATIVE, Text
from app.schemas.common import Bilingual, Out
from app.transport.doors import Doors

router = Doors(tags=["start 入口"])

NAME = Text("一件事", "One Thing")
SUMMARY = Text(
    "说出一个需要，回答几个问题，填一张表，交一套材料；一次申请分给多个部门，各部门依各自的法律和时限作出各自的决定。",
    "State one need, answer a few plain questions, fill one form, hand in one set of materials. One application is "
    "routed to several departments, each of which keeps its own law, its own clock and its own decision.",
)


class Step(Out):
    """One command of the first walk."""

    why: Bilingual
    command: str


class HomeOut(Out):
    """What this is, and where to begin."""

    name: Bilingual
    summary: Bilingual
    label: Bilingual
    version: str
    openapi: str
    reference: str
    console: str
    problems: str
    first_steps: list[Step]


BASE = "http://127.0.0.1:8000"
READ_MEMBER = "python3 -c 'import json,sys; print(json.load(sys.stdin)[\"{}\"])'"
SEND = "curl -s -H 'Content-Type: application/json'"
FIRST_STEPS = (
    (
        Text("登录：选一个虚构人物，记下令牌。", "Sign in as a fictional person and keep the token."),
        f"BASE={BASE}\n"
        f'TOKEN=$({SEND} "$BASE/api/v1/sessions" -d \'{{"account": "wang_owner"}}\' | {READ_MEMBER.format("token")})',
    ),
    (
        Text("用示例故事新建一份填好的申请。", "Start an application, filled in from a worked example."),
        f'APPLICATION=$({SEND} -H "Authorization: Bearer $TOKEN" "$BASE/api/v1/applications" '
        f'-d \'{{"story": "catering_full"}}\' | {READ_MEMBER.format("id")})',
    ),
    (
        Text("提交，看它分给了哪些部门。", "Submit it, and see which departments it goes to."),
        'curl -s -X POST -H "Authorization: Bearer $TOKEN" "$BASE/api/v1/applications/$APPLICATION/submit"',
    ),
)

AFTERWARDS = Text(
    "接口文档里的命令沿用 BASE、TOKEN 和 APPLICATION；TASK 是回答里某个部门办件的 id，办理它要换成该部门的账户登录，"
    "例如 officer.market.330802.1。",
    "The commands of the reference go on with BASE, TOKEN and APPLICATION. TASK is the id of a task in the "
    "answer; to act on it, sign in as an officer of its department, such as officer.market.330802.1.",
)


@router.get(
    "/developers",
    operation_id="home",
    response_model=HomeOut,
    responses={200: {"content": {"text/html": {"schema": {"type": "string"}}}}, **refusals()},
)
async def home(request: Request) -> HomeOut | Response:
    """这是什么、从哪里开始；浏览器得到网页。 / What this is and where to begin; browsers get a page."""
    if wants_page(request):
        return answer(_page())
    return HomeOut(
        name=Bilingual.of(NAME),
        summary=Bilingual.of(SUMMARY),
        label=Bilingual.of(ILLUSTRATIVE),
        version=__version__,
        openapi="/api/v1/openapi.json",
        reference="/docs",
        console="/docs/try",
        problems="/problems",
        first_steps=[Step(why=Bilingual.of(why), command=command) for why, command in FIRST_STEPS],
    )


def first_steps_html() -> str:
    """The three commands, numbered; a click selects a whole command."""
    steps = "".join(
        f'<h3>{number}. {side_by_side(why)}</h3><pre class="command" tabindex="0">{escape(command, quote=False)}</pre>'
        for number, (why, command) in enumerate(FIRST_STEPS, 1)
    )
    return steps + both(AFTERWARDS)


def _page() -> str:
    where = (
        (
            "/docs",
            Text("接口文档", "API reference"),
            Text("每个操作、示例和 curl。", "Every operation, with examples."),
        ),
        ("/docs/try", Text("在线试用", "Try it"), Text("在浏览器里调用接口。", "Call the API from the browser.")),
        ("/problems", Text("问题说明", "Problems"), Text("每种错误怎么处理。", "What to do about every error.")),
        ("/api/v1/openapi.json", Text("OpenAPI 文件", "OpenAPI document"), Text("供程序读取。", "For programs.")),
    )
    cards = "".join(
        f'<article><h3><a href="{href}">{side_by_side(name)}</a></h3>{both(text)}</article>'
        for href, name, text in where
    )
    return page(
        Text("一网通办教学演示", "A unified government service platform, for teaching"),
        f'<h1>{NAME.zh} <span lang="en">{NAME.en}</span></h1>{both(SUMMARY)}<div class="cards">{cards}</div>'
        f'<h2>三条命令 <span lang="en">Three commands</span></h2>{first_steps_html()}',
    )
