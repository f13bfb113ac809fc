"""The API's own documentation: the OpenAPI document tells the truth, and its pages need nothing but this server."""

import re
import shlex
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import orjson
import pytest
from fastapi.testclient import TestClient
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from app.api import examples
from app.api.curl import command
from app.api.guide import ANYBODY, GUIDES, TAGS
from app.api.openapi import HEADERS, operations
from app.api.reference import inline, prose, two, type_of
from app.domain.vocabulary import ILLUSTRATIVE, ILLUSTRATIVE_EN
from app.main import create_app
from app.settings import Settings
from app.transport.problems import KINDS, MEDIA_TYPE
from tests import make_examples
from tests.doors import Doors

Json = dict[str, Any]
PAGES = ["/developers", "/docs", "/docs/try", "/problems", *(f"/problems/{code}" for code in KINDS)]
VOID = {"meta", "link", "br", "img", "input", "hr"}
CHINESE = re.compile("[\u4e00-\u9fff]")
HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def client() -> TestClient:
    """The app without its platform: documentation needs no database."""
    return TestClient(create_app(Settings(_env_file=None, body_kilobytes=16)), raise_server_exceptions=False)


@pytest.fixture(scope="module")
def document(client: TestClient) -> Json:
    """The document as a stranger fetches it."""
    found: Json = client.get("/api/v1/openapi.json").json()
    return found


def follow(document: Json, entry: Json) -> Json:
    """The entry behind a local reference."""
    if "$ref" not in entry:
        return entry
    found = document
    for part in entry["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    return found


def each(document: Json) -> Iterator[tuple[str, Json]]:
    """Every operation with its id."""
    for _, _, operation in operations(document):
        yield operation["operationId"], operation


def contents(document: Json) -> Iterator[tuple[str, Json]]:
    """Every place that shows an example: a name for messages, and schema with examples."""
    for name, operation in each(document):
        for media in operation.get("requestBody", {}).get("content", {}).values():
            yield f"{name} body", media
        for status, response in operation["responses"].items():
            for media in follow(document, response).get("content", {}).values():
                yield f"{name} {status}", media


def test_the_document_is_valid_openapi_3_1(document: Json) -> None:
    assert document["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_the_document_says_that_it_is_illustrative(document: Json) -> None:
    assert ILLUSTRATIVE.zh in document["info"]["summary"]
    assert ILLUSTRATIVE.en in document["info"]["summary"]
    assert document["servers"][0]["url"].startswith("/")
    assert not {"license", "contact"} & set(document["info"])


def test_the_recorded_examples_are_what_the_app_says_today() -> None:
    now, kept = _without_hashes(make_examples.record()), _without_hashes(examples.load())
    again = "record them again: python -m tests.make_examples"
    for part in ("operations", "problems"):
        assert sorted(now[part]) == sorted(kept[part]), again
        for name, found in now[part].items():
            assert found == kept[part][name], f"{name}: {again}"


def _without_hashes(recorded: Any) -> Json:
    """Salts are drawn afresh, and every hash and signature with them."""
    found: Json = orjson.loads(re.sub(rb"[0-9a-f]{64,128}", b"#", orjson.dumps(recorded)))
    return found


def test_every_operation_has_an_example_of_what_is_sent_and_of_what_comes_back(document: Json) -> None:
    for name, operation in each(document):
        body = operation.get("requestBody", {}).get("content", {}).get("application/json")
        assert body is None or body["examples"], name
        for status, response in operation["responses"].items():
            answer = response.get("content", {}).get("application/json")
            assert answer is None or answer["examples"], (name, status)


def test_every_example_fits_its_schema(document: Json) -> None:
    seen = 0
    for name, media in contents(document):
        schema = {**media.get("schema", {}), "components": document["components"]}
        for title, example in media.get("examples", {}).items():
            faults = [error.message for error in Draft202012Validator(schema).iter_errors(example["value"])]
            assert not faults, (name, title, faults[:3])
            seen += 1
    assert seen > 100


def test_every_operation_has_a_guide_and_every_guide_an_operation(document: Json) -> None:
    assert {name for name, _ in each(document)} == set(GUIDES)


def test_titles_are_short_and_descriptions_complete_in_both_languages(document: Json) -> None:
    for name, operation in each(document):
        zh, slash, en = operation["summary"].partition(" / ")
        assert slash, name
        assert CHINESE.search(zh), name
        assert not CHINESE.search(en), name
        assert len(operation["summary"]) <= 60, name
        assert "谁可以调用 / Who" in operation["description"], name
        assert "变化 / Changes" in operation["description"], name


def test_every_operation_stands_in_a_described_chapter(document: Json) -> None:
    described = {tag["name"] for tag in document["tags"]}
    assert described == {tag["name"] for tag in TAGS}
    assert {tag for _, operation in each(document) for tag in operation["tags"]} == described


def test_exactly_the_operations_for_known_people_ask_for_a_token(document: Json) -> None:
    for name, operation in each(document):
        assert ("security" in operation) == (GUIDES[name].who is not ANYBODY), name
        assert ("401" in operation["responses"]) == ("security" in operation), name


def test_every_parameter_is_described_and_every_path_parameter_has_an_example(document: Json) -> None:
    for name, operation in each(document):
        for parameter in operation.get("parameters", []):
            assert CHINESE.search(parameter["description"]), (name, parameter["name"])
            assert parameter["in"] != "path" or parameter["example"], (name, parameter["name"])


def test_our_own_problem_is_the_only_error_shape(document: Json) -> None:
    schemas = document["components"]["schemas"]
    assert "Problem" in schemas
    assert not {"HTTPValidationError", "ValidationError"} & set(schemas)
    for name, operation in each(document):
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                assert list(follow(document, response)["content"]) == [MEDIA_TYPE], (name, status)


def test_malformed_requests_and_failures_are_documented_once_and_referred_to(document: Json) -> None:
    shared = document["components"]["responses"]
    for name, operation in each(document):
        for status in ("400", "500"):
            assert operation["responses"][status]["$ref"].rpartition("/")[2] in shared, name
    assert len([name for name in shared if name.startswith(("400", "500"))]) == 2


def test_every_kind_of_problem_has_a_recorded_example() -> None:
    assert set(examples.load()["problems"]) == set(KINDS)


def test_a_problem_keeps_its_http_status_whatever_its_members_are() -> None:
    for code, body in examples.load()["problems"].items():
        assert body["status"] == KINDS[code].status
        assert body["type"] == f"/problems/{code}"


def test_every_member_of_a_problem_is_documented(document: Json) -> None:
    known = set(document["components"]["schemas"]["Problem"]["properties"])
    for code, body in examples.load()["problems"].items():
        assert set(body) <= known, code


def test_the_most_useful_problems_show_what_helps() -> None:
    found = examples.load()["problems"]
    assert {fault["pointer"] for fault in found["invalid-input"]["errors"]} == {"/answers/area", "/answers/sign"}
    assert found["action-not-allowed"]["allowed"] == ["receive", "plan_step"]
    assert found["too-many-requests"]["retry_after"] > 0


def test_links_lead_to_operations_that_take_what_they_are_given(document: Json) -> None:
    known = dict(each(document))
    seen = 0
    for name, operation in each(document):
        for status, response in operation["responses"].items():
            for link in response.get("links", {}).values():
                target = known[link["operationId"]]
                taken = {parameter["name"] for parameter in target.get("parameters", [])}
                assert set(link["parameters"]) <= taken, name
                for expression in link["parameters"].values():
                    assert _looked_up(examples.load(), name, status, expression), (name, expression)
                seen += 1
    assert seen >= 5


def _looked_up(recorded: Json, name: str, status: str, expression: str) -> Any:
    value = next(c["answer"]["body"] for c in examples.of(name, recorded) if str(c["answer"]["status"]) == status)
    for part in expression.removeprefix("$response.body#/").split("/"):
        value = value[int(part)] if isinstance(value, list) else value[part]
    return value


def test_documented_headers_are_sent(document: Json) -> None:
    for name, operation in each(document):
        for call in examples.of(name, examples.load()):
            response = operation["responses"][str(call["answer"]["status"])]
            told = set(response["headers"]) & set(make_examples.KEPT_HEADERS)
            assert told == set(call["answer"].get("headers", {})), name
        for response in operation["responses"].values():
            assert {"X-Request-Id", "X-Illustrative"} <= set(follow(document, response)["headers"]), name
    assert set(document["components"]["headers"]) == set(HEADERS)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_loads_nothing_from_elsewhere_and_is_labelled(client: TestClient, address: str) -> None:
    answer = client.get(address, headers=HTML)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert not re.findall(r'(?:src|href)="(?!/|#)', answer.text)
    assert '<html lang="zh-CN">' in answer.text
    assert 'name="viewport"' in answer.text
    body = answer.text.partition("<main")[0]
    assert ILLUSTRATIVE.zh in body
    assert ILLUSTRATIVE.en in body
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert not re.search(r"<script(?! src=)|\son\w+=|javascript:", answer.text)


@pytest.mark.parametrize("address", ["/developers", "/docs", "/docs/try", "/problems"])
def test_every_file_a_page_asks_for_is_there(shared_doors: Doors, address: str) -> None:
    client = shared_doors.client
    html = client.get(address, headers=HTML).text
    for link in {*re.findall(r'(?:src|href)="(/[^"#]*)', html)}:
        answer = client.get(link, headers=HTML)
        assert answer.status_code == 200, link
        assert answer.headers["x-illustrative"] == ILLUSTRATIVE_EN


class Balance(HTMLParser):
    """Fails when a tag is closed that is not open; keeps what is open, and every id."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.targets: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember the tag, its id and where it leads."""
        if tag not in VOID:
            self.open.append(tag)
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.targets += [value[1:] for name, value in attrs if name == "href" and value and value.startswith("#")]

    def handle_endtag(self, tag: str) -> None:
        """Close the tag that is open."""
        assert self.open.pop() == tag, self.getpos()


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_balanced_and_its_anchors_exist_once(client: TestClient, address: str) -> None:
    page = Balance()
    page.feed(client.get(address, headers=HTML).text)
    assert page.open == []
    assert len(page.ids) == len(set(page.ids))
    assert set(page.targets) <= set(page.ids)


def test_the_reference_shows_every_operation_shape_and_problem(client: TestClient, document: Json) -> None:
    html = client.get("/docs").text
    for name, operation in each(document):
        assert f'<article id="{name}">' in html
        assert operation["summary"].partition(" / ")[0] in html
    for name in document["components"]["schemas"]:
        assert f'id="schema-{name}"' in html


def test_every_command_is_one_a_shell_understands(document: Json) -> None:
    for path, method, operation in operations(document):
        words = shlex.split(command(path, method, operation))
        assert words[0] == "curl"
        assert words[-1].startswith("$BASE/")
        assert "{" not in words[-1]
        if "-d" in words:
            assert orjson.loads(words[words.index("-d") + 1])


def test_a_command_quotes_what_a_shell_would_read() -> None:
    body = {"content": {"application/json": {"examples": {"one": {"value": {"note": "it's $HOME `x`"}}}}}}
    words = shlex.split(command("/a", "post", {"requestBody": body}))
    assert orjson.loads(words[words.index("-d") + 1]) == {"note": "it's $HOME `x`"}


def test_the_developers_door_is_a_page_for_browsers_and_json_for_programs(client: TestClient) -> None:
    page, data = client.get("/developers", headers=HTML), client.get("/developers")
    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["vary"] == "Accept"
    assert data.json()["label"] == {"zh": ILLUSTRATIVE.zh, "en": ILLUSTRATIVE.en}
    assert len(data.json()["first_steps"]) == 3
    for address in ("openapi", "reference", "console", "problems"):
        assert client.get(data.json()[address]).status_code == 200


def test_a_body_over_the_limit_is_a_problem_with_the_label(client: TestClient) -> None:
    answer = client.post("/api/v1/bundles/catering/plan", json={"region": "3" * 20_000})
    assert answer.status_code == 413
    assert answer.headers["content-type"] == MEDIA_TYPE
    assert answer.headers["x-illustrative"] == ILLUSTRATIVE_EN
    assert answer.json()["code"] == "too-large"


def test_a_failure_of_our_own_carries_label_and_number(client: TestClient) -> None:
    answer = client.get("/api/v1/lines")  # this app has no platform
    assert answer.status_code == 500
    assert answer.headers["x-illustrative"] == ILLUSTRATIVE_EN
    assert answer.json()["instance"] == answer.headers["x-request-id"]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("甲 / A", '甲 <span lang="en">A</span>'),
        ("<b> & `x`", "&lt;b&gt; &amp; <code>x</code>"),
        ("``a_b`` **c**", "<code>a_b</code> <strong>c</strong>"),
    ],
)
def test_the_little_markdown_is_escaped_and_marked(text: str, html: str) -> None:
    assert two(text) == html


def test_lists_become_terms_and_paragraphs_stay_apart() -> None:
    assert prose("甲。\n\n- **乙 / B**: 丙 / C") == (
        '<p>甲。</p><dl><dt>乙 <span lang="en">B</span></dt><dd>丙 <span lang="en">C</span></dd></dl>'
    )
    assert prose("") == ""
    assert inline("") == ""


@pytest.mark.parametrize(
    ("schema", "told"),
    [
        ({"type": "array", "items": {"$ref": "#/components/schemas/Term"}}, '[<a href="#schema-Term">Term</a>]'),
        ({"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]}, "date | null"),
        ({"additionalProperties": {"type": "integer"}, "type": "object"}, "{string: integer}"),
        ({"enum": ["a", "b"]}, "<code>a</code> | <code>b</code>"),
        ({}, "any"),
    ],
)
def test_types_are_told_in_a_few_words(schema: Json, told: str) -> None:
    assert type_of(schema) == told
