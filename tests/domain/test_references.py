"""References: written one way, read in many, and never mistaken for another."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.references import (
    QUERY_CODES,
    MalformedReference,
    Reference,
    application_reference,
    formal_number,
    normalise_query_code,
    parse_reference,
    query_code,
    task_reference,
)

DAY = date(2026, 3, 12)
WRITTEN = application_reference("330802", DAY, 17)
MEANT = Reference("330802", DAY, 17)

references = st.builds(
    application_reference, st.from_regex(r"[0-9]{6}", fullmatch=True), st.dates(), st.integers(0, 9_999_999)
)


def test_a_reference_is_written_with_region_day_serial_and_check() -> None:
    assert WRITTEN == "L330802-20260312-00017-1"
    assert application_reference("330802006", DAY, 17) == WRITTEN
    assert application_reference("330802", DAY, 123_456).split("-")[2] == "123456"


@given(references)
def test_what_is_written_is_read_back(written: str) -> None:
    assert str(parse_reference(written)) == written


@pytest.mark.parametrize(
    "typed",
    [
        WRITTEN.lower(),
        WRITTEN.replace("-", ""),
        WRITTEN.replace("-", " "),
        WRITTEN.replace("-", " - "),
        WRITTEN.replace("-", "—"),
        f"\u3000 {WRITTEN}\n",
        WRITTEN.removeprefix("L"),
        WRITTEN.translate({ord(sign): ord(sign) + 0xFEE0 for sign in "0123456789LX-"}),
        "\u200b".join(WRITTEN),
    ],
)
def test_a_reference_is_read_however_it_was_typed(typed: str) -> None:
    assert parse_reference(typed) == MEANT


def test_a_check_character_x_is_not_taken_for_an_item() -> None:
    serial = next(n for n in range(100_000, 100_100) if application_reference("330802", DAY, n).endswith("X"))
    written = application_reference("330802", DAY, serial)
    assert parse_reference(written.lower()) == Reference("330802", DAY, serial)
    assert parse_reference(written + "-x1") == Reference("330802", DAY, serial, "X1")


def test_a_task_is_the_application_and_its_item() -> None:
    written = task_reference(WRITTEN, "f1")
    assert written == f"{WRITTEN}-F1"
    read = parse_reference(written.lower())
    assert read.item == "F1"
    assert read.application == WRITTEN
    assert str(read) == written
    assert parse_reference(f"{WRITTEN.replace('-', '')} f1") == read


@given(references, st.data())
def test_every_single_wrong_digit_is_caught(written: str, data: st.DataObject) -> None:
    place = data.draw(st.sampled_from([n for n, sign in enumerate(written) if sign.isdigit() or n == len(written) - 1]))
    wrong = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != written[place]]))
    with pytest.raises(MalformedReference) as caught:
        parse_reference(written[:place] + wrong + written[place + 1 :])
    assert caught.value.code == "wrong_check_character"


@given(references, st.data())
def test_every_exchange_of_two_neighbours_is_caught(written: str, data: st.DataObject) -> None:
    signs = written[1:].replace("-", "")
    place = data.draw(st.integers(0, len(signs) - 2))
    assume(signs[place] != signs[place + 1])
    with pytest.raises(MalformedReference):
        parse_reference("L" + signs[:place] + signs[place + 1] + signs[place] + signs[place + 2 :])


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "L",
        "-",
        "F1",
        "hello",
        "330802",
        WRITTEN[:-1],
        f"{WRITTEN}7" * 2,
        "办件编号",
        "9" * 100_000,
        "-" * 100_000,
    ],
)
def test_what_is_no_reference_is_told_how_one_looks(typed: str) -> None:
    with pytest.raises(MalformedReference) as caught:
        parse_reference(typed)
    assert caught.value.code == "malformed"
    assert "L330802-20260312-00017-1" in caught.value.message.zh
    assert "L330802-20260312-00017-1" in caught.value.message.en


def test_a_day_that_does_not_exist_is_told_though_the_check_fits() -> None:
    typed = next(f"L330802-20260231-00017-{check}" for check in "0123456789X" if _reads_past_check(check))
    with pytest.raises(MalformedReference) as caught:
        parse_reference(typed)
    assert caught.value.code == "impossible_date"


def _reads_past_check(check: str) -> bool:
    try:
        parse_reference(f"L330802-20260231-00017-{check}")
    except MalformedReference as error:
        return error.code != "wrong_check_character"
    return True


@pytest.mark.parametrize(
    ("region", "serial"), [("3308", 1), ("33080a", 1), ("", 1), ("３３０８０２", 1), ("330802", -1)]
)
def test_a_reference_is_not_written_from_nonsense(region: str, serial: int) -> None:
    with pytest.raises(ValueError, match="has"):
        application_reference(region, DAY, serial)


@pytest.mark.parametrize("item", ["", "F", "1F", "F-1", "F_1", "F 1", "事项"])
def test_an_item_that_could_not_be_read_back_is_refused(item: str) -> None:
    with pytest.raises(ValueError, match="item code"):
        task_reference(WRITTEN, item)


def test_the_formal_number_is_the_code_the_day_and_a_serial() -> None:
    code = "11003301000001011A" + "4" + "000131001000"
    assert formal_number(code, DAY, 17) == f"{code}202603120017"
    assert len(formal_number(code, DAY, 17)) == 43
    assert len(formal_number(code, DAY, 12_345)) == 44
    for bad, serial in ((code[:-1], 1), (code, 100_000), (code, -1), ("事" * 31, 1)):
        with pytest.raises(ValueError, match="has"):
            formal_number(bad, DAY, serial)


def test_a_query_code_has_six_digits_and_keeps_its_zeros() -> None:
    assert query_code(42) == "000042"
    assert query_code(QUERY_CODES - 1) == "999999"
    for outside in (-1, QUERY_CODES):
        with pytest.raises(ValueError, match="from 0"):
            query_code(outside)


@pytest.mark.parametrize("typed", ["000042", " 000 042 ", "０００-０４２", "0 0 0 0 4 2"])
def test_a_query_code_is_read_however_it_was_typed(typed: str) -> None:
    assert normalise_query_code(typed) == "000042"


@pytest.mark.parametrize("typed", ["", "42", "0000421", "00004x", "零零零零四二", "4" * 100_000])
def test_a_wrong_query_code_is_not_repeated(typed: str) -> None:
    with pytest.raises(MalformedReference) as caught:
        normalise_query_code(typed)
    assert "6 位数字" in caught.value.message.zh
    assert not typed or typed not in caught.value.message.en
