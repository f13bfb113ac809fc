"""QR codes as SVG, for pages and for PDFs. Nothing is fetched and nothing is drawn with styles."""

import io


def qr_svg(link: str) -> str:
    """The link as a QR code (ISO/IEC 18004, error level M), an ``<svg>`` element that scales with its box."""
    import segno  # 8 MB that a server without a receipt to show does without

    code = segno.make(link, micro=False, error="m")
    out = io.BytesIO()
    code.save(out, kind="svg", xmldecl=False, omitsize=True, border=2, nl=False, svgclass=None, lineclass=None)
    return out.getvalue().decode()
