"""The OpenAPI document as one page: readable, searchable in the browser, with a command to copy for every operation."""

import re
from html import escape
from typing import Any

import orjson

from app.api.curl import command
from app.api.openapi import operations

Json = dict[str, Any]
Told = tuple[str, str, Json]
"""Path, method and operation."""
Chapter = tuple[Json, list[Told]]
"""A tag and what belongs to it."""


def reference(document: Json, first_steps: str) -> str:
    """The page's content. ``first_steps`` is HTML shown before the chapters."""
    chapters = _chapters(document)
    return (
        f"<h1>{escape(document['info']['title'])} <small>{escape(document['info']['version'])}</small></h1>"
        f"{prose(document['info']['description'])}"
        f'<h2>三条命令 <span lang="en">Three commands</span></h2>{first_steps}'
        f'<h2>目录 <span lang="en">Contents</span></h2><div class="contents">{_contents(chapters)}</div>'
        + "".join(_chapter(tag, told, document) for tag, told in chapters)
        + '<h2 id="schemas">数据结构 <span lang="en">Shapes</span></h2>'
        + "".join(_schema(name, schema) for name, schema in document["components"]["schemas"].items())
    )


def _chapters(document: Json) -> list[Chapter]:
    """Tags in their order, each with its operations as (path, method, operation)."""
    found: dict[str, list[Told]] = {tag["name"]: [] for tag in document["tags"]}
    for path, method, operation in operations(document):
        found[operation["tags"][0]].append((path, method, operation))
    return [(tag, found[tag["name"]]) for tag in document["tags"]]


def _contents(chapters: list[Chapter]) -> str:
    return "".join(
        f"<div><h3>{escape(tag['name'])}</h3><ul>"
        + "".join(f'<li><a href="#{o["operationId"]}">{two(o["summary"])}</a></li>' for _, _, o in told)
        + "</ul></div>"
        for tag, told in chapters
    )


def _chapter(tag: Json, told: list[Told], document: Json) -> str:
    articles = "".join(_operation(path, method, operation, document) for path, method, operation in told)
    return f"<section><h2>{escape(tag['name'])}</h2>{prose(tag['description'])}{articles}</section>"


def _operation(path: str, method: str, operation: Json, document: Json) -> str:
    lock = (
        '<span class="lock">需要登录 <span lang="en">sign in first</span></span>' if operation.get("security") else ""
    )
    return (
        f'<article id="{operation["operationId"]}"><h3>{two(operation["summary"])}</h3>'
        f'<p class="address"><span class="method {method}">{method.upper()}</span><code>{escape(path)}</code>'
        f"<code>{operation['operationId']}</code>{lock}</p>{prose(operation['description'])}"
        f"{_parameters(operation.get('parameters', []))}{_body(operation)}"
        f'<h4>命令 <span lang="en">Command</span></h4>'
        f'<pre class="command" tabindex="0">{escape(command(path, method, operation))}</pre>'
        f"{_answers(operation, document)}</article>"
    )


def _parameters(parameters: list[Json]) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(p['name'])}</code></td><td>{'必填 required' if p['required'] else '可选 optional'}, "
        f"{escape(p['in'])}</td><td>{type_of(p['schema'])}</td><td>{two(p.get('description', ''))}"
        + (f" <code>{escape(str(p['example']))}</code>" if "example" in p else "")
        + "</td></tr>"
        for p in parameters
    )
    if not rows:
        return ""
    return f'<h4>参数 <span lang="en">Parameters</span></h4><div class="wide"><table class="stack">{rows}</table></div>'


def _body(operation: Json) -> str:
    content = operation.get("requestBody", {}).get("content", {})
    return "".join(
        f'<h4>请求体 <span lang="en">Body</span> <code>{media_type}</code> {type_of(entry["schema"])}</h4>'
        + _examples(entry)
        for media_type, entry in content.items()
    )


def _answers(operation: Json, document: Json) -> str:
    good, bad = "", ""
    for status, response in sorted(operation["responses"].items()):
        if "$ref" in response:
            shared = document["components"]["responses"][response["$ref"].rpartition("/")[2]]
            bad += f"<tr><td>{status}</td><td>{_codes(shared['description'])}</td></tr>"
        else:
            good += _answer(status, response)
    problems = '<div class="wide"><table>' + bad + "</table></div>" if bad else ""
    return good + f'<h4>问题 <span lang="en">Problems</span></h4>{problems}' if problems else good


def _answer(status: str, response: Json) -> str:
    names = ", ".join(f"<code>{escape(name)}</code>" for name in response.get("headers", {}))
    links = "".join(
        f'<li><a href="#{link["operationId"]}">{escape(link["operationId"])}</a> {two(link["description"])}</li>'
        for link in response.get("links", {}).values()
    )
    shapes = "".join(
        f"<p><code>{escape(media)}</code> {type_of(entry.get('schema', {}))}</p>{_examples(entry)}"
        for media, entry in response.get("content", {}).items()
    )
    return (
        f'<h4>回答 <span lang="en">Answer</span> {status}</h4><p>{two(response["description"])}</p>{shapes}'
        + (f'<p>响应头 <span lang="en">Headers</span>: {names}</p>' if names else "")
        + (f'<p>接下来 <span lang="en">Next</span></p><ul>{links}</ul>' if links else "")
    )


def _codes(description: str) -> str:
    """``code`` 标题 / title；… with every code linked to its page."""
    return "<br>".join(
        re.sub(r"^<code>([a-z-]+)</code>", r'<a href="/problems/\1"><code>\1</code></a>', two(part))
        for part in description.split("；")
    )


def _examples(entry: Json) -> str:
    return "".join(
        f'<details><summary>{two(example["summary"])}</summary><pre tabindex="0">{escape(pretty(example["value"]))}'
        "</pre></details>"
        for example in entry.get("examples", {}).values()
    )


def _schema(name: str, schema: Json) -> str:
    needed = set(schema.get("required", []))
    rows = "".join(
        f"<tr><td><code>{escape(member)}</code>{'' if member in needed else ' ?'}</td><td>{type_of(entry)}</td>"
        f"<td>{inline(entry.get('description', ''))}</td></tr>"
        for member, entry in schema.get("properties", {}).items()
    )
    return (
        f'<article id="schema-{escape(name)}"><h3><code>{escape(name)}</code></h3>'
        f'{prose(schema.get("description", ""))}<div class="wide"><table class="stack">{rows}</table></div></article>'
    )


def type_of(schema: Json) -> str:
    """The type of a value in a few words, with links to the shapes."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f'<a href="#schema-{name}">{name}</a>'
    if "anyOf" in schema:
        return " | ".join(type_of(entry) for entry in schema["anyOf"])
    if "const" in schema:
        return f"<code>{escape(str(schema['const']))}</code>"
    if "enum" in schema:
        return " | ".join(f"<code>{escape(str(value))}</code>" for value in schema["enum"])
    if schema.get("type") == "array":
        return f"[{type_of(schema.get('items', {}))}]"
    if isinstance(schema.get("additionalProperties"), dict):
        return f"{{string: {type_of(schema['additionalProperties'])}}}"
    return escape(str(schema.get("format") or schema.get("type", "any")))


def pretty(value: Any) -> str:
    """JSON on several lines, Chinese as it is."""
    return value if isinstance(value, str) else orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()


def prose(text: str) -> str:
    """Paragraphs and lists of the little Markdown the documents use."""
    return "".join(_block(block) for block in re.split(r"\n\s*\n", text.strip()) if block)


def _block(block: str) -> str:
    if not block.startswith("- "):
        return f"<p>{two(' '.join(block.split()))}</p>"
    rows = (re.match(r"- \*\*(.+?)\*\*: (.*)", line) for line in block.splitlines())
    return "<dl>" + "".join(f"<dt>{two(row[1])}</dt><dd>{two(row[2])}</dd>" for row in rows if row) + "</dl>"


def two(text: str) -> str:
    """``中文 / English``, each half marked as what it is; a text in one language stays as it is."""
    zh, slash, en = text.partition(" / ")
    return f'{inline(zh)} <span lang="en">{inline(en)}</span>' if slash else inline(text)


def inline(text: str) -> str:
    """Code and strong words; everything else is escaped."""
    found = re.sub(r"(`{1,2})(.+?)\1", r"<code>\2</code>", escape(text, quote=False))
    return re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", found)
