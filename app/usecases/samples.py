"""Sample papers for worked examples: one page that says what it stands for and that it is illustrative."""

from app.domain import submissions
from app.domain.applications import ProvidedMaterial
from app.domain.happenings import Happenings
from app.domain.routing import Plan
from app.domain.vocabulary import ILLUSTRATIVE_EN, Means, Text
from app.usecases.context import Context


def sample_paper(name: Text) -> bytes:
    """A small valid PDF. Its words are English, so that it needs no embedded font."""
    lines = ["SAMPLE / " + ILLUSTRATIVE_EN, *_wrapped(name.en)]
    text = "BT /F1 14 Tf 60 760 Td 20 TL " + " ".join(f"({_escaped(line)}) Tj T*" for line in lines) + " ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        "/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        f"<< /Length {len(text)} >>\nstream\n{text}\nendstream",
    ]
    return _assembled(objects)


def add_sample_papers(context: Context, h: Happenings, plan: Plan) -> None:
    """Hand in a sample for every material that the plan wants and the draft has not."""
    for planned in plan.materials:
        if planned.source.means is Means.UPLOAD and planned.material.code not in h.case.materials:
            kept = context.world.files.keep(sample_paper(planned.material.name), ("pdf",))
            material = ProvidedMaterial(
                code=planned.material.code,
                means=Means.UPLOAD,
                digest=kept.digest,
                filename=f"{planned.material.code}-sample.pdf",
                media_type=kept.media_type,
                size=kept.size,
                provided_at=context.at,
                provided_by=h.who.account,
            )
            submissions.provide(h, material, plan)


def _assembled(objects: list[str]) -> bytes:
    body, offsets = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    body_length = len(body)
    size = len(objects) + 1
    body += f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R >>\n"
    return (body + f"startxref\n{body_length}\n%%EOF\n").encode("ascii")


def _wrapped(text: str, width: int = 60) -> list[str]:
    lines, line = [], ""
    for word in text.encode("ascii", "replace").decode().split():
        if line and len(line) + len(word) >= width:
            lines.append(line)
            line = ""
        line = f"{line} {word}".strip()
    return [*lines, line]


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
