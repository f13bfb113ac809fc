"""One paper (文书) in the browser, as it was served, and as a file to print."""

import asyncio

from fastapi import Response
from fastapi.responses import HTMLResponse

from app.connectors.paper_pages import CONTENT_SECURITY_POLICY, paper_page
from app.connectors.paper_pdf import PaperPress
from app.domain.vocabulary import Lang
from app.transport.doors import Doors
from app.usecases import papers
from app.usecases.papers import Opened
from app.web.visits import Visit, Visiting

router = Doors(include_in_schema=False)


@router.get("/papers/{number}.pdf")
async def download(visit: Visiting, number: str, lang: str = "") -> Response:
    """The paper as PDF."""
    opened = await _opened(visit, number)
    press: PaperPress = visit.request.app.state.press
    content = await asyncio.to_thread(press.pdf, opened.paper, opened.digest, opened.verify_url, _lang(visit, lang))
    headers = {
        "Content-Disposition": f'inline; filename="{opened.paper.number}.pdf"',
        "Cache-Control": "private, no-store",
    }
    return Response(content, media_type="application/pdf", headers=headers)


@router.get("/papers/{number}")
async def show(visit: Visiting, number: str, lang: str = "") -> Response:
    """The paper exactly as the API shows it."""
    opened = await _opened(visit, number)
    page = paper_page(opened.paper, opened.digest, opened.standing, opened.verify_url, _lang(visit, lang))
    headers = {"Content-Security-Policy": CONTENT_SECURITY_POLICY, "Cache-Control": "private, no-store"}
    return HTMLResponse(page, headers=headers)


async def _opened(visit: Visit, number: str) -> Opened:
    base_url = visit.platform.settings.public_url or str(visit.request.base_url)
    return await visit.perform(papers.show, number=number, base_url=base_url)


def _lang(visit: Visit, wanted: str) -> Lang:
    return "en" if wanted == "en" else "zh" if wanted == "zh" else visit.lang
