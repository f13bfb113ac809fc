"""Identity: fictional numbers are taken and read, real ones are told apart wherever they hide."""

import string
import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.identity import (
    _FOLDING,
    IdentityError,
    RealKind,
    Sex,
    _holds_card,
    authority_code,
    check_bank_number,
    check_id_number,
    check_phone,
    check_uscc,
    compact,
    find_real,
    fold,
    looks_real,
    mod_11_2,
)
from app.domain.papers import PaperKind, paper_number
from app.domain.references import application_reference, task_reference
from tests.factories import catalogue

TODAY = date(2026, 3, 12)
FULL_WIDTH = {ord(sign): ord(sign) + 0xFEE0 for sign in string.digits + string.ascii_letters}

PERSONAS = [
    ("003301199503140029", date(1995, 3, 14), Sex.FEMALE),
    ("003301199308200014", date(1993, 8, 20), Sex.MALE),
    ("00330819880105003X", date(1988, 1, 5), Sex.MALE),
    ("003302196506100017", date(1965, 6, 10), Sex.MALE),
    ("003306197504110027", date(1975, 4, 11), Sex.FEMALE),
    ("003310197009220047", date(1970, 9, 22), Sex.FEMALE),
    ("003307198001300014", date(1980, 1, 30), Sex.MALE),
    ("003307199107070063", date(1991, 7, 7), Sex.FEMALE),
]
COMPANIES = [
    "91003308MA00DEM14D",
    "92003308MA00DEM225",
    "91003301MA00DEM30X",
    "11003301000001011A",
    "1100330100000102X2",
    "12003301000002014P",
]
OWN_NUMBERS = [
    *(number for number, _, _ in PERSONAS),
    *COMPANIES,
    "10000000001",
    "0000-00000001",
    "0000000000000001",
    "L330802-20260312-00017-1",
    "110033010000010114000131001000202603120017",
    "2026-03-12 13:00:00",
]


def with_check(seventeen: str) -> str:
    return seventeen + mod_11_2(seventeen)


def luhn(body: str) -> str:
    return next(body + digit for digit in string.digits if find_real(body + digit) is RealKind.BANK_CARD)


REAL_ID = with_check("11010519491231002")
REAL_USCC = "91350100M000100Y43"
REAL_MOBILE = "13" + "8" * 9
REAL_CARD = luhn("622202" + "0" * 9)

BESIDE = {
    REAL_ID: RealKind.ID_NUMBER,
    REAL_USCC: RealKind.USCC,
    REAL_MOBILE: RealKind.MOBILE,
    REAL_CARD: RealKind.BANK_CARD,
}
serials = st.integers(10_000, 999_999)

real_ids = st.builds(
    lambda province, area, born, sequence: with_check(f"{province}{area:04d}{born:%Y%m%d}{sequence:03d}"),
    st.one_of(st.integers(11, 83), st.integers(90, 99)),
    st.integers(0, 9999),
    st.dates(date(1900, 1, 1), date(2099, 12, 31)),
    st.integers(0, 999),
)


@pytest.mark.parametrize(("number", "born_on", "sex"), PERSONAS)
def test_a_fictional_number_tells_birth_sex_and_region(number: str, born_on: date, sex: Sex) -> None:
    read = check_id_number(number, TODAY)
    assert (read.number, read.born_on, read.sex, read.region) == (number, born_on, sex, number[:6])
    assert number not in repr(read)


def test_the_check_character_is_the_published_one() -> None:
    assert REAL_ID[-1] == "X"


@pytest.mark.parametrize(
    "typed",
    [
        "00330819880105003x",
        " 003308 19880105 003X ",
        "003308-1988-0105-003X",
        "00330819880105003X".translate(FULL_WIDTH),
    ],
)
def test_a_number_is_read_however_it_was_typed(typed: str) -> None:
    assert check_id_number(typed, TODAY).number == "00330819880105003X"
    assert find_real(typed) is None


@pytest.mark.parametrize(("day", "age"), [((2026, 1, 4), 37), ((2026, 1, 5), 38), ((1988, 1, 5), 0)])
def test_age_is_counted_in_whole_years(day: tuple[int, int, int], age: int) -> None:
    assert check_id_number("00330819880105003X", TODAY).age_on(date(*day)) == age


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "malformed"),
        ("林示例", "malformed"),
        ("00330819880105003", "malformed"),
        ("0033081988010500XX", "malformed"),
        ("0" * 100_000, "malformed"),
        (with_check("11010519491231002")[:-1] + "0", "malformed"),
        ("003308198801050031", "wrong_check_character"),
        ("003308198801060031", "wrong_check_character"),
        (with_check("00330819880230003"), "impossible_date"),
        (with_check("00330818991231003"), "impossible_date"),
        (with_check("00330820260313003"), "impossible_date"),
        (REAL_ID, "real_number"),
        (f"身份证{REAL_ID}。", "real_number"),
        (REAL_MOBILE, "real_number"),
    ],
)
def test_a_number_that_is_not_taken_says_why_and_is_never_repeated(typed: str, code: str) -> None:
    with pytest.raises(IdentityError) as caught:
        check_id_number(typed, TODAY)
    error = caught.value
    assert error.code == code
    assert error.message.zh.endswith("。")
    if typed:
        assert typed not in f"{error.message.zh} {error.message.en} {error}"


def test_a_child_born_today_has_a_number() -> None:
    assert check_id_number(with_check("00330820260312003"), TODAY).age_on(TODAY) == 0


@given(st.sampled_from(PERSONAS), st.integers(0, 17), st.sampled_from("0123456789X"))
def test_no_single_wrong_character_is_taken_as_the_same_person(
    persona: tuple[str, date, Sex], place: int, wrong: str
) -> None:
    number = persona[0]
    typed = number[:place] + wrong + number[place + 1 :]
    if typed == number:
        return
    with pytest.raises(IdentityError):
        check_id_number(typed, TODAY)


@pytest.mark.parametrize("code", COMPANIES)
def test_a_fictional_company_code_is_taken(code: str) -> None:
    assert check_uscc(code) == code
    assert check_uscc(f" {code[:8]}-{code[8:]} ".lower().translate(FULL_WIDTH)) == code


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "malformed"),
        ("91003308MA00DEM14", "malformed"),
        ("91003308MA00DEMI4D", "malformed"),
        ("91350100M000100Y44", "malformed"),
        ("91003308MA00DEM14E", "wrong_check_character"),
        ("91003308MA00DEM24D", "wrong_check_character"),
        (REAL_USCC, "real_number"),
        (REAL_ID, "real_number"),
    ],
)
def test_a_company_code_that_is_not_taken_says_why_and_is_never_repeated(typed: str, code: str) -> None:
    with pytest.raises(IdentityError) as caught:
        check_uscc(typed)
    assert caught.value.code == code
    if typed not in {"", "91003308MA00DEM14"}:
        assert typed not in f"{caught.value.message.zh} {caught.value.message.en}"


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        ("10000000001", "10000000001"),
        ("+86 100 0000 0001", "10000000001"),
        ("１２９-9999-9999", "12999999999"),
        ("000000000001", "0000-00000001"),
        ("0000-0000001", "0000-0000001"),
    ],
)
def test_a_fictional_telephone_number_is_taken(typed: str, taken: str) -> None:
    assert check_phone(typed) == taken
    assert not looks_real(taken)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (REAL_MOBILE, "real_number"),
        (f"+86 {REAL_MOBILE}", "real_number"),
        ("0571-8" + "0" * 7, "real_number"),
        ("", "malformed"),
        ("1000000000", "malformed"),
        ("110", "malformed"),
        ("电话", "malformed"),
    ],
)
def test_another_telephone_number_is_refused_with_an_example(typed: str, code: str) -> None:
    with pytest.raises(IdentityError) as caught:
        check_phone(typed)
    assert caught.value.code == code
    assert "10000000001" in caught.value.message.zh
    assert "fictional" in caught.value.message.en


def test_a_fictional_bank_number_is_taken_and_a_real_card_is_not() -> None:
    assert check_bank_number("0000 0000 0000 0001") == "0000000000000001"
    for typed, code in (
        (REAL_CARD, "real_number"),
        ("000000", "malformed"),
        ("0" * 20, "malformed"),
        ("", "malformed"),
    ):
        with pytest.raises(IdentityError) as caught:
            check_bank_number(typed)
        assert caught.value.code == code


@given(real_ids, st.text(), st.text())
def test_a_real_identity_number_is_found_in_any_text(number: str, before: str, after: str) -> None:
    assert find_real(before + number + after) is RealKind.ID_NUMBER


@given(
    real_ids,
    st.lists(st.sampled_from(["", " ", "-", "－", "\u200b", "\u3000", "\u0308", "\n"]), min_size=18, max_size=18),
)
def test_gaps_and_full_width_digits_hide_nothing(number: str, gaps: list[str]) -> None:
    spread = "".join(sign + gap for sign, gap in zip(number.lower(), gaps, strict=True))
    assert find_real(spread) is RealKind.ID_NUMBER
    assert find_real(spread.translate(FULL_WIDTH)) is RealKind.ID_NUMBER


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"执照号{REAL_USCC}，请查收", RealKind.USCC),
        (f"code:{REAL_USCC.lower()}x"[:-1], RealKind.USCC),
        ("91 350100 M000100Y4 3", RealKind.USCC),
        (f"打我电话{REAL_MOBILE}", RealKind.MOBILE),
        (f"86{REAL_MOBILE}", RealKind.MOBILE),
        ("138-8888 8888", RealKind.MOBILE),
        (REAL_MOBILE.translate(FULL_WIDTH), RealKind.MOBILE),
        (f"{PERSONAS[0][0]} {REAL_MOBILE}", RealKind.MOBILE),
        (f"卡号 {REAL_CARD[:4]} {REAL_CARD[4:8]} {REAL_CARD[8:12]} {REAL_CARD[12:]} 12", RealKind.BANK_CARD),
    ],
)
def test_other_real_numbers_are_found_in_a_sentence(text: str, kind: RealKind) -> None:
    assert find_real(text) is kind
    assert looks_real(text)


@pytest.mark.parametrize("text", ["", "示例路1号", *OWN_NUMBERS, " ".join(OWN_NUMBERS), "、".join(OWN_NUMBERS)])
def test_our_own_numbers_and_plain_words_are_not_taken_for_real_ones(text: str) -> None:
    assert find_real(text) is None


filed = st.builds(
    application_reference, st.sampled_from(["330802", "622202", "110105"]), st.dates(date(2020, 1, 1)), serials
)
items = st.sampled_from(sorted(catalogue().library.items))
ours = st.one_of(
    filed,
    st.builds(task_reference, filed, items),
    st.builds(paper_number, filed, st.sampled_from(PaperKind), st.integers(0, 9999)),
    st.builds(paper_number, st.builds(task_reference, filed, items), st.sampled_from(PaperKind), st.integers(0, 9999)),
    st.builds(
        lambda item, day, serial: f"330802-{item}-{day:%Y%m%d}-{serial}",
        items,
        st.dates(date(2020, 1, 1)),
        st.integers(100_000, 999_999),
    ),
)
"""Every number of ours that may turn up in a text: applications, tasks, papers, certificates."""
ids = st.builds(
    "{:012x}{:010x}{}{:09x}".format,
    st.integers(1_600_000_000_000, 4_000_000_000_000),
    st.integers(0, 16**10 - 1),
    st.sampled_from("abcdef"),
    st.one_of(st.integers(0, 16**9 - 1), st.integers(0x138_0013_80, 0x138_0013_8F)),
)
"""Ids of rows: any digits may stand in one, also eleven that begin with 138."""
words = st.text("请查 看。,，\n-—：", max_size=8)


@given(words, st.lists(ours, min_size=1, max_size=3), words)
def test_no_number_that_we_give_is_ever_refused(before: str, numbers: list[str], after: str) -> None:
    assert find_real(before + "、".join(numbers) + after) is None
    assert find_real(" ".join(numbers).lower()) is None


@given(words, ids, words)
def test_no_id_of_ours_is_ever_refused(before: str, own: str, after: str) -> None:
    assert find_real(f"{before}{own}{after}") is None
    assert find_real(own) is None


def test_an_id_with_the_digits_of_a_telephone_number_in_it_is_an_id() -> None:
    assert find_real("019cf4550ae0a13800138000b50e3880") is None
    assert find_real("ffffffffffffa13800138000b50e3880") is RealKind.MOBILE, "no id is of that time"
    assert find_real("019cf4550ae0a13800138000b50e388") is RealKind.MOBILE, "one short of an id"


@given(ours, st.text(" -—，:", min_size=1, max_size=3), st.booleans(), st.sampled_from(sorted(BESIDE)))
def test_a_number_of_ours_hides_no_real_one_beside_it(own: str, gap: str, is_first: bool, real: str) -> None:
    assert find_real(own + gap + real if is_first else real + gap + own) is BESIDE[real]


@pytest.mark.parametrize("text", [f"L{REAL_CARD}", f"L{REAL_ID}", f"L330802-20260312-{REAL_MOBILE}-1", f"W{REAL_CARD}"])
def test_a_letter_of_ours_before_a_real_number_hides_nothing(text: str) -> None:
    assert find_real(text) is not None


@pytest.mark.parametrize(
    "unit", ["1", "1-", "86", "A1", "9-1-", "110105", "00 ", "１３", "1101051949123", "\u0308", "X" + "\u200b" * 50]
)
def test_a_very_long_text_is_read_in_time_proportional_to_it(unit: str) -> None:
    started = time.process_time()
    find_real(unit * (20_000 // len(unit)))
    assert time.process_time() - started < 2


def is_luhn(digits: str) -> bool:
    """ISO/IEC 7812: from the right every second digit twice, and the sum of all digits ends in 0."""
    return (
        sum(
            int(sign) * (1 + place % 2) // 10 + int(sign) * (1 + place % 2) % 10
            for place, sign in enumerate(reversed(digits))
        )
        % 10
        == 0
    )


@given(st.lists(st.text(string.digits, min_size=1, max_size=9), min_size=2, max_size=9), st.booleans())
def test_a_card_is_found_wherever_its_groups_begin_and_end(groups: list[str], is_completed: bool) -> None:
    if is_completed:
        groups[-1] += next(sign for sign in string.digits if is_luhn("".join(groups) + sign))
    parts = ["".join(groups[first:last]) for last in range(len(groups) + 1) for first in range(last)]
    is_card = any(16 <= len(part) <= 19 and part[0] != "0" and is_luhn(part) for part in parts)
    assert _holds_card("-".join(groups)) is is_card


def test_every_character_there_is_fills_no_memory() -> None:
    for first in range(0, 0x110000, 0x1000):
        fold("".join(map(chr, range(first, first + 0x1000))))
    assert len(_FOLDING) < 50_000


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert "-" not in compact(text)


def test_authorities_have_the_codes_of_the_demonstration() -> None:
    assert authority_code("330100", 101) == "11003301000001011A"
    assert authority_code("330100", 102) == "1100330100000102X2"


def test_no_two_authorities_share_a_code() -> None:
    regions = ["330000", "330100", "330102", "330800", "330802", "330881", "341000", "999999"]
    codes = {authority_code(region, serial) for region in regions for serial in range(1000)}
    assert len(codes) == len(regions) * 1000


@given(st.integers(330_000, 331_199), st.integers(0, 999_999))
def test_every_authority_code_is_well_formed_and_fictional(region: int, serial: int) -> None:
    code = authority_code(str(region), serial)
    assert check_uscc(code) == code
    assert not looks_real(code)


@pytest.mark.parametrize(("region", "serial"), [("", 1), ("3308", 1), ("33080a", 1), ("330802", -1), ("330802", 10**6)])
def test_an_authority_code_is_not_made_from_nonsense(region: str, serial: int) -> None:
    with pytest.raises(ValueError, match="six-digit region"):
        authority_code(region, serial)
