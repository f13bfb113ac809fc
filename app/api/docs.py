"""The API's documentation without a network: our own reference page, and Swagger UI from a package for trying.

Swagger UI comes as files of the package ``fastapi-offline``, whose code is not run; nothing is loaded from elsewhere.
"""

from functools import lru_cache

import orjson
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

from app.api.home import first_steps_html
from app.api.pages import STATIC, answer, page
from app.api.reference import reference
from app.domain.vocabulary import Text
from app.transport.doors import Doors

SWAGGER = "/docs/swagger"
TRY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'"
)
"""Swagger UI sets styles through the DOM, so that not even inline styles need to be allowed."""

router = Doors(include_in_schema=False)


def mount(app: FastAPI) -> None:
    """Serve the files of the pages: our own, and those of the package."""
    app.mount(STATIC, StaticFiles(packages=[("app.api", "static")]), name="static")
    app.mount(SWAGGER, StaticFiles(packages=[("fastapi_offline", "static")]), name="swagger")


@router.get("/docs")
async def show_reference(request: Request) -> HTMLResponse:
    """The reference: every operation, readable without scripts."""
    return answer(_reference(orjson.dumps(request.app.openapi())))


@lru_cache(maxsize=2)
def _reference(document: bytes) -> str:
    return page(Text("接口文档", "API reference"), reference(orjson.loads(document), first_steps_html()))


@router.get("/docs/try")
async def show_console(request: Request) -> HTMLResponse:
    """Swagger UI on the same document."""
    text = Text("在线试用", "Try it")
    content = (
        f'<h1>{text.zh} <span lang="en">{text.en}</span></h1>'
        '<p>先执行 signIn，把得到的 token 填进 Authorize。</p><p lang="en">Run signIn first and put its token into '
        'Authorize.</p><noscript><p>此页需要 JavaScript；<a href="/docs">接口文档</a>不需要。</p>'
        '<p lang="en">This page needs JavaScript; the <a href="/docs">reference</a> does not.</p></noscript>'
    )
    console = f'<div id="swagger" data-document="{request.app.openapi_url}"></div>'
    scripts = (f"{SWAGGER}/swagger-ui-bundle.js", f"{STATIC}/try.js")
    return answer(
        page(text, content, after=console, styles=(f"{SWAGGER}/swagger-ui.css",), scripts=scripts), TRY_POLICY
    )
