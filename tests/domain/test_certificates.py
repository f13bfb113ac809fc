"""Where a certificate stands, who may move it, and what a stranger may learn of it."""

import json
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.certificates import (
    MOVES,
    OVER,
    CertificateEvent,
    CertificateMove,
    CertificateStatus,
    Company,
    Holding,
    Side,
    allowed,
    canonical,
    company_on,
    identifier,
    mod_37_36,
    moved,
    standing_after,
    status_on,
)
from app.domain.errors import ActionNotAllowed, InvalidInput
from app.domain.vocabulary import Role, Text
from tests.factories import MONDAY, moment

S, M = CertificateStatus, CertificateMove
PAST, TODAY, FUTURE = MONDAY - timedelta(days=1), MONDAY, MONDAY + timedelta(days=1)
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@pytest.mark.parametrize(
    ("standing", "valid_until", "expected"),
    [
        (S.VALID, None, S.VALID),
        (S.VALID, TODAY, S.VALID),
        (S.VALID, PAST, S.EXPIRED),
        (S.FROZEN, FUTURE, S.FROZEN),
        (S.FROZEN, PAST, S.FROZEN),
        (S.CANCELLED, FUTURE, S.CANCELLED),
        (S.REVOKED, PAST, S.REVOKED),
    ],
)
def test_where_it_stands_follows_from_what_was_done_and_from_the_day(
    standing: S, valid_until: date | None, expected: S
) -> None:
    assert status_on(standing, valid_until, TODAY) is expected


@pytest.mark.parametrize(
    ("status", "issuer", "holder"),
    [
        (S.VALID, [M.FREEZE], [M.CANCEL]),
        (S.EXPIRED, [], [M.CANCEL]),
        (S.FROZEN, [M.UNFREEZE, M.REVOKE], []),
        (S.CANCELLED, [], []),
        (S.REVOKED, [], []),
    ],
)
def test_who_may_do_what(status: S, issuer: list[M], holder: list[M]) -> None:
    assert list(allowed(status, Side.ISSUER)) == issuer
    assert list(allowed(status, Side.HOLDER)) == holder


@given(st.sampled_from(S), st.sampled_from(M), st.sampled_from(Side), st.sampled_from([None, "", " ", "核查需要"]))
def test_a_move_is_refused_or_ends_where_the_table_says(status: S, move: M, side: Side, reason: str | None) -> None:
    rule = MOVES.get(move)
    if rule is None or rule.side is not side or status not in rule.start:
        with pytest.raises(ActionNotAllowed) as refused:
            moved(status, move, side, reason)
        assert refused.value.members["allowed"] == [each.value for each in allowed(status, side)]
    elif rule.is_explained and not (reason or "").strip():
        with pytest.raises(InvalidInput):
            moved(status, move, side, reason)
    else:
        assert moved(status, move, side, reason) is rule.end


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(M), st.sampled_from(Side)), max_size=12))
def test_the_standing_is_the_fold_of_the_history_and_nothing_leads_back_from_the_end(
    wishes: list[tuple[M, Side]],
) -> None:
    history: list[CertificateEvent] = []
    over = None
    for move, side in wishes:
        try:
            standing = moved(standing_after(history), move, side, "理由")
        except ActionNotAllowed:
            continue
        assert over is None, "nothing happens to a certificate that is over"
        role = Role.OFFICER if side is Side.ISSUER else Role.APPLICANT
        seq = len(history) + 1
        history.append(CertificateEvent("X", seq, move, moment().at, "somebody", role, "理由", standing))
        over = standing if standing in OVER else None
    expected = history[-1].standing if history else S.VALID
    assert standing_after(reversed(history)) is expected


@given(st.text(ALPHABET, min_size=1, max_size=40), st.data())
def test_one_wrong_character_of_an_identifier_is_always_found(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from([sign for sign in ALPHABET if sign != text[place]]))
    assert mod_37_36(text) != mod_37_36(text[:place] + other + text[place + 1 :])


def test_the_check_of_the_standards_own_example() -> None:
    assert mod_37_36("A12425GABC1234002") == "M"


def test_an_identifier_has_root_type_issuer_serial_version_and_check() -> None:
    made = identifier("business_licence_cert", "11003308MB00000015", "330802-L0-20260316-100001")
    root, rest = made[:14], made[15:].split(".")
    assert root == "1.2.156.3005.2"
    assert rest[1:4] == ["11003308MB00000015", "330802L020260316100001", "001"]
    assert rest[4] == mod_37_36("".join(rest[:4]))
    assert identifier("food_licence_cert", "11003308MB00000015", "330802-L0-20260316-100001") != made


JSON = st.recursive(
    st.none() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(st.text(), JSON, max_size=5))
def test_the_signed_bytes_do_not_depend_on_the_order_of_keys_and_come_back(content: dict[str, object]) -> None:
    try:
        message = canonical(content)
    except UnicodeEncodeError:
        return
    assert canonical(dict(reversed(content.items()))) == message
    assert json.loads(message) == content
    assert canonical({**content, "one more": "x"}) != message or content.get("one more") == "x"


def test_the_company_of_a_form_is_named_by_its_first_known_field() -> None:
    assert company_on({"operator_name": "示例小吃店", "uscc": "92003308MA00DEM225"}) == Company(
        "92003308MA00DEM225", "示例小吃店"
    )
    assert company_on({"company_name": "示例科技"}) == Company(None, "示例科技")
    assert company_on({"contact": "王示例"}) is None


def test_what_is_not_in_force_cannot_be_used() -> None:
    holding = Holding(
        number="X",
        type="t",
        name=Text("证", "cert"),
        holder="wang_owner",
        department="market.330802",
        issued_on=PAST,
        valid_until=PAST,
    )
    with pytest.raises(ActionNotAllowed) as refused:
        holding.must_be_valid(TODAY, "show")
    assert refused.value.members["status"] == "expired"
    holding.must_be_valid(PAST, "show")
