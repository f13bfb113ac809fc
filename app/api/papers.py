"""Papers: the list of an application, one paper as JSON, page or PDF, and checking a paper."""

import asyncio
from functools import partial
from typing import Annotated, Literal

from fastapi import FastAPI, Path, Query, Request, Response
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles

from app.api.responses import READ, link, linked, refusals
from app.connectors.paper_pages import CONTENT_SECURITY_POLICY, STYLESHEET, paper_page, verification_page
from app.connectors.paper_pdf import PaperPress
from app.domain.vocabulary import Lang
from app.schemas.papers import PaperLineOut, PaperOut, VerificationOut
from app.transport.doors import Doors
from app.transport.identity import Anybody, SignedIn, ThePlatform
from app.usecases import papers
from app.usecases.papers import Opened

router = Doors(tags=["papers 文书"])

Number = Annotated[str, Path(max_length=80, description="文书编号 / number of the paper")]
Language = Annotated[
    Literal["zh", "en"], Query(description="网页和 PDF 的语言 / language of page and PDF; JSON holds both")
]
PDF, HTML = "application/pdf", "text/html"
TEXT, BYTES = {"schema": {"type": "string"}}, {"schema": {"type": "string", "format": "binary"}}
STATIC = STYLESHEET.rpartition("/")[0]


def install(app: FastAPI) -> None:
    """The style sheet of the pages, and the press that typesets PDFs."""
    app.state.press = PaperPress()
    app.mount(STATIC, StaticFiles(packages=[("app.connectors", "static")]), name="paper-static")


@router.get("/applications/{application_id}/papers", operation_id="listPapers", responses=READ)
async def list_papers(
    context: SignedIn,
    platform: ThePlatform,
    application_id: Annotated[str, Path(max_length=32, description="申请的 id / id of the application")],
) -> list[PaperLineOut]:
    """一件申请的全部文书。 / Every paper of an application; a department sees those of its own items."""
    return await platform.store.aread(partial(papers.of_application, context, application_id=application_id))


@router.get(
    "/papers/{number}.pdf",
    operation_id="downloadPaper",
    responses={
        200: {"content": {PDF: BYTES}, "description": "文书，A4 / the paper, A4"},
        **READ,
        **refusals("no-fonts"),
    },
    response_class=Response,
)
async def download_paper(
    context: SignedIn, platform: ThePlatform, request: Request, number: Number, lang: Language = "zh"
) -> Response:
    """下载文书 PDF（A4）。 / The paper as PDF for printing on A4; the Chinese text is the one that was served."""
    opened = await _opened(context, platform, request, number)
    return await _pdf(request, opened, lang)


@router.get(
    "/papers/{number}",
    operation_id="showPaper",
    response_model=PaperOut,
    responses={
        200: {"content": {HTML: TEXT, PDF: BYTES}},
        **READ,
        **refusals("no-fonts"),
        **linked(200, verify=link("verifyPaper", "Check it as anybody may.", number="$response.body#/number")),
    },
)
async def show_paper(
    context: SignedIn, platform: ThePlatform, request: Request, number: Number, lang: Language = "zh"
) -> PaperOut | Response:
    """一份文书：JSON、网页或 PDF，由 Accept 决定。 / One paper as served: JSON, page or PDF, as Accept asks."""
    opened = await _opened(context, platform, request, number)
    match preferred(request.headers.get("accept", "")):
        case "application/pdf":
            return await _pdf(request, opened, lang)
        case "text/html":
            page = paper_page(opened.paper, opened.digest, opened.standing, opened.verify_url, lang)
            return _page(page)
        case _:
            return Response(opened.out.model_dump_json(), media_type="application/json", headers={"Vary": "Accept"})


@router.get(
    "/papers/{number}/verify",
    operation_id="verifyPaper",
    response_model=VerificationOut,
    responses={200: {"content": {HTML: TEXT}}, **refusals("invalid-input", "real-identity-refused")},
)
async def verify_paper(
    context: Anybody,
    platform: ThePlatform,
    request: Request,
    number: Number,
    code: Annotated[
        str, Query(max_length=40, description="二维码链接中的校验码 / code in the QR link of the paper")
    ] = "",
    lang: Language = "zh",
) -> VerificationOut | Response:
    """免登录核验文书真伪，不显示任何个人信息。 / Is it authentic? Anybody may ask; nothing personal is shown."""
    found = await platform.store.aread(partial(papers.verify, context, number=number, code=code))
    if preferred(request.headers.get("accept", "")) == HTML:
        return _page(verification_page(found, lang))
    return found


async def _opened(context: SignedIn, platform: ThePlatform, request: Request, number: str) -> Opened:
    base_url = platform.settings.public_url or str(request.base_url)
    return await platform.store.aperform(partial(papers.show, context, number=number, base_url=base_url))


async def _pdf(request: Request, opened: Opened, lang: Lang) -> Response:
    press: PaperPress = request.app.state.press
    content = await asyncio.to_thread(press.pdf, opened.paper, opened.digest, opened.verify_url, lang)
    headers = {"Content-Disposition": f'inline; filename="{opened.paper.number}.pdf"', "Vary": "Accept"}
    return Response(content, media_type=PDF, headers=headers)


def _page(page: str) -> Response:
    return HTMLResponse(page, headers={"Content-Security-Policy": CONTENT_SECURITY_POLICY, "Vary": "Accept"})


def preferred(accept: str) -> str:
    """The first of page, PDF and JSON that the client names, heaviest ``q`` first; JSON when it names none of them."""
    weighed = []
    for place, part in enumerate(accept.split(",")):
        media, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if media in {HTML, PDF, "application/json"}:
            weighed.append((-_weight(parameters), place, media))
    wanted = [(weight, place, media) for weight, place, media in sorted(weighed) if weight < 0]
    return wanted[0][2] if wanted else "application/json"


def _weight(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0
