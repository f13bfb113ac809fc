"""How often somebody may ask: a bucket that fills again evenly (token bucket).

A full bucket holds one minute's worth, so that somebody who was quiet may be quick for a moment.
"""

from dataclasses import dataclass
from math import ceil

from app.domain.vocabulary import Word

MINUTE = 60.0


class Pace(Word):
    """Kinds of requests, each with an allowance of its own."""

    READ = "read", "查看", "reading"
    WRITE = "write", "提交", "writing"
    UPLOAD = "upload", "上传", "uploading"
    LOOK_UP = "look_up", "凭码查询", "looking up with a code"
    SIGN_IN = "sign_in", "登录", "signing in"


@dataclass(frozen=True, slots=True)
class Bucket:
    """What is left (fractions count) and when that was so, in seconds of any clock that only moves on."""

    left: float
    at: float


@dataclass(frozen=True, slots=True)
class Taking:
    """One request against an allowance: the bucket afterwards, and how many seconds to wait (0: it was granted)."""

    bucket: Bucket
    wait: int

    @property
    def is_granted(self) -> bool:
        """Whether the request may go on."""
        return self.wait == 0


def taken(per_minute: int, bucket: Bucket | None, now: float) -> Taking:
    """Take one from the bucket (None: never used, so full). What is refused costs nothing."""
    filled = float(per_minute) if bucket is None else _filled(per_minute, bucket, now)
    if filled >= 1:
        return Taking(Bucket(filled - 1, now), 0)
    return Taking(Bucket(filled, now), max(1, ceil((1 - filled) * MINUTE / per_minute)))


def _filled(per_minute: int, bucket: Bucket, now: float) -> float:
    return min(float(per_minute), bucket.left + max(0.0, now - bucket.at) * per_minute / MINUTE)
