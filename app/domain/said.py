"""What a reason says to whoever reads it: nothing hidden in it, and not nothing at all.

Characters without a shape can make a reason that is none, turn the direction of what stands beside it, or carry words
that only a machine reads. Reasons are shown to other people, who must see what was written.
"""

import unicodedata

JOINERS = frozenset("\u200c\u200d")
"""Join letters and emoji; alone they show nothing."""
BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and signs that are drawn as nothing."""


def said(text: str | None) -> str:
    """The text, trimmed, without control and format characters; empty when nothing of it can be seen."""
    kept = "".join(sign for sign in text or "" if _is_shown(sign)).strip()
    return kept if any(sign not in JOINERS and not sign.isspace() for sign in kept) else ""


def _is_shown(sign: str) -> bool:
    return sign in "\n\t" or sign in JOINERS or not (sign in BLANKS or unicodedata.category(sign) in {"Cc", "Cf", "Cs"})
