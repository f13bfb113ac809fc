"""Papers as web pages: semantic, readable aloud, without scripts or inline styles, and printing on A4.

A page holds one language; the other is one link away. Everything that comes from outside is escaped.
"""

from html import escape

from app.connectors.qr import qr_svg
from app.domain.papers import Fact, Paper, Section, Standing
from app.domain.periods import written_day
from app.domain.vocabulary import ILLUSTRATIVE, Lang, Text
from app.schemas.papers import VerificationOut

STYLESHEET = "/static/papers/paper.css"
CONTENT_SECURITY_POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'"
HTML_LANG: dict[Lang, str] = {"zh": "zh-CN", "en": "en"}

ADDRESSEE = Text("致", "To")
NUMBER = Text("文书编号", "Paper number")
STANDING = Text("当前效力", "Standing")
SERVED = Text("送达日期", "Served on")
SCAN = Text("扫描二维码核验这份文书", "Scan to verify this paper")
FINGERPRINT = Text("内容指纹", "Fingerprint")
SOURCE = Text("来源", "Source")
NO_SEAL = Text("（教学演示，不加盖印章）", "(demonstration: no seal)")
TRANSLATION = Text("", "Translation for reference; the Chinese text is the one that was served.")
VERIFICATION = Text("文书核验", "Verification of a paper")
YES, NO = Text("核验通过", "Authentic"), Text("核验未通过", "Not authentic")
PRINTED_DIGITS = 16
"""How many digits of the digest stand on a paper."""


def paper_page(paper: Paper, digest: str, standing: Standing, verify_url: str, lang: Lang) -> str:
    """The whole page of one paper."""
    t = _Teller(lang)
    body = (
        f'<header><p class="label">{t(paper.label)}</p>{_other_language(lang)}</header>'
        f"<main><h1>{t(paper.title)}</h1>"
        f'<p class="number">{t(NUMBER)} {escape(paper.number)}</p>'
        f'<p class="addressee">{t(ADDRESSEE)}{"：" if lang == "zh" else ": "}{t(paper.addressee)}</p>'
        f"{''.join(_section(part, t) for part in paper.sections)}"
        f"{_signature(paper, t)}</main>"
        f"{_footer(digest, standing, verify_url, t)}"
    )
    return _document(f"{paper.title.say(lang)} {paper.number}", body, lang)


def verification_page(found: VerificationOut, lang: Lang) -> str:
    """The page behind the QR code: whether the paper is authentic; of a certificate, its status and a masked name."""
    t = _Teller(lang)
    verdict = YES if found.is_authentic else NO
    rows = [_row(NUMBER, escape(found.number), t)]
    if found.title and found.issuer and found.served_on and found.standing and found.digest:
        rows += [
            _row(Text("文书名称", "Paper"), t(Text(found.title.zh, found.title.en)), t),
            _row(Text("出具单位", "Issued by"), t(Text(found.issuer.zh, found.issuer.en)), t),
            _row(SERVED, t(written_day(found.served_on)), t),
            _row(STANDING, t(Text(found.standing.zh, found.standing.en)), t),
            _row(FINGERPRINT, f"<code>{escape(found.digest[:PRINTED_DIGITS])}</code>", t),
        ]
    if found.certificate is not None:
        name, holder, status = found.certificate.name, found.certificate.holder, found.certificate.status
        rows += [
            _row(Text("证照（文书）", "Certificate"), t(Text(name.zh, name.en)), t),
            _row(Text("持证人", "Holder"), t(Text(holder.zh, holder.en)), t),
            _row(Text("证照状态", "Status"), t(Text(status.zh, status.en)), t),
        ]
    body = (
        f'<header><p class="label">{t(ILLUSTRATIVE)}</p></header>'
        f'<main><h1>{t(VERIFICATION)}</h1><p class="verdict" role="status">{t(verdict)}</p>'
        f'<table class="facts"><tbody>{"".join(rows)}</tbody></table>'
        f"<p>{t(Text(found.note.zh, found.note.en))}</p></main>"
    )
    return _document(f"{VERIFICATION.say(lang)} {found.number}", body, lang)


class _Teller:
    """Says texts in one language, escaped."""

    def __init__(self, lang: Lang) -> None:
        self.lang: Lang = lang

    def __call__(self, text: Text) -> str:
        return escape(text.say(self.lang))


def _document(title: str, body: str, lang: Lang) -> str:
    return (
        f'<!doctype html><html lang="{HTML_LANG[lang]}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="robots" content="noindex">'
        f'<title>{escape(title)}</title><link rel="stylesheet" href="{STYLESHEET}"></head><body>{body}</body></html>'
    )


def _other_language(lang: Lang) -> str:
    if lang == "zh":
        return '<p class="other"><a href="?lang=en" lang="en" hreflang="en">English</a></p>'
    return f'<p class="other"><a href="?lang=zh" lang="zh-CN" hreflang="zh-CN">中文</a> {escape(TRANSLATION.en)}</p>'


def _section(part: Section, t: _Teller) -> str:
    pieces = [f"<section><h2>{t(part.title)}</h2>"]
    if part.facts:
        pieces.append(f'<table class="facts"><tbody>{"".join(_fact(fact, t) for fact in part.facts)}</tbody></table>')
    pieces += [f"<p>{t(text)}</p>" for text in part.paragraphs]
    if part.points:
        pieces.append(f"<ol>{''.join(f'<li>{t(point)}</li>' for point in part.points)}</ol>")
    return "".join((*pieces, "</section>"))


def _fact(fact: Fact, t: _Teller) -> str:
    source = f'<td class="origin"><span class="unseen">{t(SOURCE)} </span>{t(fact.origin.label)}</td>'
    return f'<tr><th scope="row">{t(fact.label)}</th><td>{t(fact.value)}</td>{source}</tr>'


def _row(label: Text, value: str, t: _Teller) -> str:
    return f'<tr><th scope="row">{t(label)}</th><td>{value}</td></tr>'


def _signature(paper: Paper, t: _Teller) -> str:
    day = written_day(paper.served_on)
    return (
        f'<div class="signature"><p>{t(paper.issuer)}</p><p>{escape(paper.issuer_code)}</p>'
        f'<p><time datetime="{paper.served_on.isoformat()}">{t(day)}</time></p><p class="note">{t(NO_SEAL)}</p></div>'
    )


def _footer(digest: str, standing: Standing, verify_url: str, t: _Teller) -> str:
    link = escape(verify_url)
    return (
        f'<footer><a class="qr" href="{link}" aria-label="{t(SCAN)}">{qr_svg(verify_url)}</a>'
        f'<div><p>{t(SCAN)}</p><p class="link">{link}</p>'
        f"<p>{t(FINGERPRINT)} <code>{digest[:PRINTED_DIGITS]}</code></p>"
        f'<p class="screen">{t(STANDING)}{"：" if t.lang == "zh" else ": "}{t(standing.label)}</p></div></footer>'
    )
