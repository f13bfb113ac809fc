"""Input nobody honest would send: it is refused in so many words, and never a failure of ours."""

import json
from typing import Any

import pytest

from tests.api.documents import operations
from tests.api.matrix import TABLE, Target, fit_person
from tests.api.test_problems import problem_of
from tests.doors import API, Doors, expect

NASTY_VALUES: dict[str, str] = {
    "a lone surrogate": '"\\ud800"',
    "a null character": '"a\\u0000b"',
    "a number of 400 digits": "9" * 400,
    "not a number": "NaN",
    "infinity": "-Infinity",
    "a number beyond floats": "1e999",
    "a deep list": "[" * 900 + "]" * 900,
    "a deep object": '{"a":' * 900 + "1" + "}" * 900,
    "a surrogate as a name": '{"\\ud800": 1}',
}
NASTY_PATHS = {
    "a null character": "%00",
    "a newline": "a%0Ab",
    "broken UTF-8": "%ff%fe",
    "a slash": "a%2Fb",
    "going up": "..%2f..%2fetc%2fpasswd",
    "a quote": "'%20OR%201=1--",
    "long": "x" * 2000,
    "emoji": "%F0%9F%9A%80",
    "a percent sign": "%25",
}


@pytest.mark.parametrize("what", NASTY_VALUES)
@pytest.mark.parametrize("member", ["form", "answers"])
def test_a_draft_takes_no_value_that_cannot_be_kept(shared_doors: Doors, what: str, member: str) -> None:
    draft = shared_doors.draft("catering_simple")
    code = "operator_name" if member == "form" else "area_m2"
    body = f'{{"{member}": {{"{code}": {NASTY_VALUES[what]}}}}}'
    headers = {**shared_doors.sign_in("wang_owner"), "Content-Type": "application/json"}
    response = shared_doors.client.patch(f"{API}/applications/{draft['id']}", content=body, headers=headers)
    assert response.status_code in {400, 422}, response.text[:300]
    problem_of(response, response.status_code)
    assert shared_doors.get(f"/applications/{draft['id']}", "wang_owner") == draft


@pytest.mark.parametrize("what", NASTY_VALUES)
def test_no_other_body_fails_on_such_a_value(shared_doors: Doors, what: str) -> None:
    filed = shared_doors.file("catering_simple")
    filed.act("L1", "receive")
    value = NASTY_VALUES[what]
    clerk = shared_doors.draft("catering_simple", "clerk.330881")["id"]
    for method, path, who, body in [
        ("POST", "/sessions", None, f'{{"account": {value}}}'),
        ("POST", "/bundles/catering/plan", None, f'{{"region": "330802", "answers": {{"area_m2": {value}}}}}'),
        ("POST", "/bundles/catering/plan", None, f'{{"region": {value}}}'),
        ("POST", "/applications", "wang_owner", f'{{"story": "catering_simple", "form": {{"seats": {value}}}}}'),
        ("POST", "/applications", "wang_owner", f'{{"story": {value}}}'),
        ("POST", f"/applications/{filed.id}/withdraw", "wang_owner", f'{{"reason": {value}}}'),
        ("POST", f"/applications/{filed.id}/notices/1/correction", "wang_owner", f'{{"values": {{"a": {value}}}}}'),
        ("PUT", f"/applications/{clerk}/materials/layout/paper", "clerk.330881", f'{{"note": {value}}}'),
        ("POST", "/progress", None, f'{{"reference": {value}, "query_code": {value}}}'),
        ("POST", f"/tasks/{filed.reference}-L1/actions", filed.officer("L1"), f'{{"action": {value}}}'),
        (
            "POST",
            f"/tasks/{filed.reference}-L1/actions",
            filed.officer("L1"),
            f'{{"action": "decline", "reason": {value}}}',
        ),
        (
            "POST",
            f"/tasks/{filed.reference}-L1/actions",
            filed.officer("L1"),
            '{"action": "request_correction", "points": [{"kind": "field", "code": "operator_name", "reason": '
            f"{value}}}]}}",
        ),
        (
            "POST",
            f"/tasks/{filed.reference}-L1/actions",
            filed.officer("L1"),
            f'{{"action": "accept", "outputs": {{"uscc": {value}}}}}',
        ),
    ]:
        headers = {**(shared_doors.sign_in(who) if who else {}), "Content-Type": "application/json"}
        response = shared_doors.client.request(method, f"{API}{path}", content=body, headers=headers)
        assert response.status_code in {400, 404, 409, 422}, (path, body[:60], response.text[:300])
        problem_of(response, response.status_code)
    assert filed.status("L1") == "received"


@pytest.mark.parametrize("what", NASTY_PATHS)
def test_no_address_fails(shared_doors: Doors, what: str) -> None:
    piece = NASTY_PATHS[what]
    for name, operation in operations().items():
        if "{" not in operation.path:
            continue
        tried = TABLE[name]
        who = fit_person(name)
        headers = shared_doors.sign_in(who) if who else {}
        for parameter in {entry["name"] for entry in operation.parameters if entry["in"] == "path"}:
            parts = {**Target().parts, "code": "layout", "number": "1", parameter: piece}
            request: dict[str, Any] = dict(tried.request)
            response = shared_doors.client.request(
                operation.method, operation.path.format(**parts), headers=headers, **request
            )
            expected = {200, 422} if (name, parameter) == ("verifyPaper", "number") else {307, 405, 422}
            assert response.status_code in {404, *expected}, (name, parameter, response.text[:300])


@pytest.mark.parametrize("value", ["\x00", "-1", "99999999999999999999", "🚀" * 90, "Infinity", " "])
def test_no_query_fails(shared_doors: Doors, value: str) -> None:
    filed = shared_doors.file("catering_simple")
    on = Target(filed.id, filed.reference)
    wrong = []
    for name, operation in operations().items():
        tried = TABLE[name]
        who = fit_person(name)
        path = operation.path.format(**on.parts, code=tried.code, number=on.paper)
        request = {key: part for key, part in tried.request.items() if key != "params"}
        headers = shared_doors.sign_in(who) if who else {}
        for parameter in [entry["name"] for entry in operation.parameters if entry["in"] == "query"]:
            params = {"q": "店", parameter: value}
            response = shared_doors.client.request(operation.method, path, params=params, headers=headers, **request)
            if response.status_code not in {200, 404, 422}:
                wrong.append((name, parameter, response.text[:300]))
    assert not wrong


def test_markup_and_formulas_in_a_form_come_back_as_they_are(shared_doors: Doors) -> None:
    draft = shared_doors.draft("catering_simple")
    text = "<script>alert('1')</script> =1+1 {{7*7}} %s ${x} \u202e\u200b 😀 ẞ"
    saved = shared_doors.send(
        "PATCH", f"/applications/{draft['id']}", "wang_owner", json={"form": {"operator_name": text}}
    ).json()
    assert saved["form"]["operator_name"] == text.strip()
    assert json.loads(json.dumps(saved))["form"]["operator_name"] == text


def test_a_form_has_a_size(shared_doors: Doors) -> None:
    draft = shared_doors.draft("catering_simple")
    path = f"/applications/{draft['id']}"
    long = shared_doors.send("PATCH", path, "wang_owner", json={"form": {"operator_name": "长" * 4001}})
    assert problem_of(long, 422)["errors"][0]["code"] == "too-long"
    rows = [{"staff_name": "何示例"}] * 20_000
    much = shared_doors.send("PATCH", path, "wang_owner", json={"form": {"staff_list": rows}})
    problem_of(much, 413 if len(json.dumps(rows)) > 512_000 else 422)
    assert shared_doors.get(path, "wang_owner")["version"] == draft["version"]


SAID_OTHERWISE = {
    "a name twice": b'{"account": "lin_mother", "account": "wang_owner"}',
    "a name twice, written otherwise": b'{"account": "lin_mother", "\\u0061ccount": "wang_owner"}',
    "a name twice, deep inside": b'{"account": "lin_mother", "x": [{"y": 1, "y": 2}]}',
    "another encoding": '{"account": "lin_mother"}'.encode("utf-16"),
    "no encoding at all": b'{"account": "lin_mother\xff"}',
}


@pytest.mark.parametrize("what", SAID_OTHERWISE)
def test_json_that_two_readers_would_read_differently_is_malformed(shared_doors: Doors, what: str) -> None:
    headers = {"Content-Type": "application/json"}
    answer = shared_doors.send("POST", "/sessions", content=SAID_OTHERWISE[what], headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed-request")


def test_a_mark_before_the_text_is_no_other_encoding(shared_doors: Doors) -> None:
    body = '{"account": "lin_mother"}'.encode("utf-8-sig")
    expect(shared_doors.send("POST", "/sessions", content=body, headers={"Content-Type": "application/json"}), 201)
