"""Days and numbers are written as Babel, which knows every language, writes them."""

from datetime import date, datetime, time

import pytest
from babel.dates import format_date, format_datetime, format_skeleton
from babel.numbers import format_decimal, format_percent
from hypothesis import given
from hypothesis import strategies as st

from app.domain.deadlines import BEIJING
from app.domain.vocabulary import Lang
from app.web import figures

LOCALES: dict[Lang, str] = {"zh": "zh_Hans_CN", "en": "en_GB"}
DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))
TIMES = st.times(timezones=st.just(BEIJING))
NUMBERS = st.integers(-(10**12), 10**12) | st.floats(0.01, 10**9) | st.floats(-(10**9), -0.01)


@pytest.mark.parametrize("lang", LOCALES)
@given(on=DAYS, time_of_day=TIMES)
def test_days_and_instants_are_written_as_everywhere(lang: Lang, on: date, time_of_day: time) -> None:
    locale, at = LOCALES[lang], datetime.combine(on, time_of_day)
    whole = "y年M月d日 EEE" if lang == "zh" else "EEE d MMMM y"
    instant = "y年M月d日 HH:mm" if lang == "zh" else "d MMMM y, HH:mm"
    assert figures.whole_day(on, lang) == format_date(on, whole, locale=locale)
    assert figures.short_day(on, lang) == format_skeleton("MMMd", on, locale=locale)
    assert figures.minute(at, lang) == format_datetime(at, instant, tzinfo=BEIJING, locale=locale)


@given(value=NUMBERS, share=st.floats(0.001, 10))
def test_numbers_and_shares_are_written_as_everywhere(value: float, share: float) -> None:
    for locale in LOCALES.values():
        assert figures.number(value) == format_decimal(value, locale=locale)
        assert figures.percent(share) == format_percent(share, "0.#%", locale=locale)


def test_zero_has_no_sign_and_no_decimals() -> None:
    assert [figures.number(0), figures.number(0.0), figures.percent(0)] == ["0", "0", "0%"]
