"""Templates to HTML: one environment for each language, with the filters every page may use."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import lru_cache, partial
from typing import Any, Protocol
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from app.connectors.qr import qr_svg
from app.domain.deadlines import BEIJING
from app.domain.vocabulary import ILLUSTRATIVE, Lang
from app.schemas.catalogue import LimitOut
from app.web import assets, figures
from app.web.catalogs import translations
from app.web.compiled_templates import CompiledTemplates
from app.web.element_names import name_of, value_of

LANGUAGES: tuple[Lang, ...] = ("zh", "en")
HTML_LANG: dict[Lang, str] = {"zh": "zh-CN", "en": "en"}


class Said(Protocol):
    """Anything that has a name in both languages."""

    @property
    def zh(self) -> str:
        """In Chinese."""

    @property
    def en(self) -> str:
        """In English."""


class Speaker:
    """The filters of one language."""

    def __init__(self, lang: Lang) -> None:
        self.lang: Lang = lang

    def say(self, text: Said | Mapping[str, str] | None) -> str:
        """A text in the language of the page; elements of an item hold theirs as ``{"zh": …, "en": …}``."""
        if text is None:
            return ""
        if isinstance(text, Mapping):
            return text[self.lang]
        return text.zh if self.lang == "zh" else text.en

    def capital(self, text: Said) -> str:
        """The same where it stands alone, as a heading or on a button: an English one begins with a capital."""
        said = self.say(text)
        return said[:1].upper() + said[1:]

    def element(self, name: str) -> str:
        """What an element of an item is called."""
        return self.say(name_of(name))

    def element_value(self, value: object, name: str) -> str:
        """What a value of that element says."""
        return self.say(value_of(name, value))

    def day(self, on: date | datetime | None) -> str:
        """2026年3月16日 周一 / Mon 16 March 2026."""
        if on is None:
            return ""
        return figures.whole_day(_local(on), self.lang)

    def written_day(self, on: str) -> str:
        """A day as forms hold it (2026-03-16), as :meth:`day` writes it."""
        return self.day(date.fromisoformat(on))

    def short_day(self, on: date | datetime | None) -> str:
        """3月16日 / 16 Mar."""
        if on is None:
            return ""
        return figures.short_day(_local(on), self.lang)

    def month(self, on: date) -> str:
        """2026年3月 / March 2026."""
        return figures.month(on, self.lang)

    def instant(self, at: datetime | None) -> str:
        """2026年3月16日 10:05 / 16 March 2026, 10:05, in the office's time zone."""
        if at is None:
            return ""
        return figures.minute(at.astimezone(BEIJING), self.lang)

    def number(self, value: float | int | None) -> str:
        """A number with the language's separators."""
        return "" if value is None else figures.number(value)

    def limit(self, limit: LimitOut | None) -> str:
        """5 个工作日 / 5 working days; 当场 / on the spot for none."""
        if limit is None:
            return ""
        if not limit.days:
            return "当场" if self.lang == "zh" else "on the spot"
        if self.lang == "zh":
            return f"{limit.days} 个{limit.unit.zh}"
        return f"{limit.days} {limit.unit.en if limit.days != 1 else limit.unit.en.removesuffix('s')}"

    def days(self, count: int | None) -> str:
        """5 个工作日 / 5 working days."""
        if count is None:
            return ""
        return f"{count} 个工作日" if self.lang == "zh" else f"{count} working day{'' if count == 1 else 's'}"

    def amount(self, value: float | None, unit: str) -> str:
        """A figure as it is read: 93.5% for a share, 1.25 otherwise; nothing for nothing."""
        if value is None:
            return ""
        return figures.percent(value) if unit == "share" else f"{value:.2f}"

    def listed(self, words: Iterable[str]) -> str:
        """甲、乙 / a, b. Each word is escaped once, whether a template has already done so or not."""
        return (Markup("、") if self.lang == "zh" else Markup(", ")).join(words)


def _local(on: date | datetime) -> date:
    return on.astimezone(BEIJING).date() if isinstance(on, datetime) else on


def query(**parameters: Any) -> str:
    """Parameters as ``?a=1&b=2``; what is None or empty is left out, a list is repeated."""
    kept = {name: value for name, value in parameters.items() if value not in (None, "", [])}
    return "?" + urlencode(kept, doseq=True) if kept else ""


def is_day(text: object) -> bool:
    """Whether a date control of a browser can show it: ``2026-03-16``."""
    try:
        return len(str(text)) == 10 and bool(date.fromisoformat(str(text)))
    except ValueError:
        return False


@lru_cache
def environment(lang: Lang) -> Environment:
    """The environment of one language."""
    made = Environment(
        loader=PackageLoader("app.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        auto_reload=False,
        bytecode_cache=CompiledTemplates(),
    )
    made.install_gettext_translations(translations(lang), newstyle=True)  # type: ignore[attr-defined]
    speaker = Speaker(lang)
    made.filters.update(
        say=speaker.say,
        capital=speaker.capital,
        element=speaker.element,
        element_value=speaker.element_value,
        day=speaker.day,
        short_day=speaker.short_day,
        month=speaker.month,
        written_day=speaker.written_day,
        instant=speaker.instant,
        number=speaker.number,
        listed=speaker.listed,
        amount=speaker.amount,
        limit=speaker.limit,
        days=speaker.days,
    )
    made.globals.update(
        lang=lang,
        html_lang=HTML_LANG[lang],
        illustrative=ILLUSTRATIVE,
        asset=assets.address,
        query=query,
        is_day=is_day,
        qr=lambda link: Markup(qr_svg(link)),  # noqa: S704 - drawn here, holds nothing of the link but squares
    )
    return made


FIRST = ("base/layout.html", "components/blocks.html", "components/fields.html", "pages/home.html")
"""Templates that the first visitor meets."""


def warming() -> Iterator[Callable[[], object]]:
    """Steps that read what the first visitor of each language would otherwise wait for."""
    for lang in LANGUAGES:
        yield partial(environment, lang)
        yield from (partial(_template, lang, template) for template in FIRST)


def _template(lang: Lang, template: str) -> Template:
    return environment(lang).get_template(template)


def render(template: str, lang: Lang, **data: Any) -> str:
    """A whole page."""
    return _template(lang, template).render(**data)
