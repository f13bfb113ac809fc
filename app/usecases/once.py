"""Idempotency-Key: the same request twice happens once. The key is stored in the transaction that did the work.

Whether a repeat says the same is told by a keyed hash of the request: what people enter is sealed, and beside a plain
digest of it somebody with the table alone could try out what it says (a number, a level, a yes or no).
"""

import hashlib
import hmac
from typing import Any
from uuid import UUID

import orjson
from pydantic import BaseModel

from app.domain.errors import Fault, InvalidInput, KeyReused
from app.domain.vocabulary import Text
from app.storage.changes import Changes
from app.storage.queries import Reader
from app.usecases.context import Context
from app.usecases.safety import refuse_real_numbers

LONGEST = 200


def seen(context: Context, reader: Reader, key: str | None, wish: BaseModel | dict[str, Any]) -> str | None:
    """The application this key stands for, or None for a new key (or none).

    Raises :class:`KeyReused` when the key came with another request before, :class:`InvalidInput` for a bad key,
    :class:`RealIdentity` for one that holds a real number.
    """
    if key is None:
        return None
    if not 1 <= len(key) <= LONGEST or not key.isascii() or not key.isprintable():
        text = Text(f"请使用 1–{LONGEST} 个可见 ASCII 字符。", f"Use 1–{LONGEST} visible ASCII characters.")
        raise InvalidInput([Fault("/headers/Idempotency-Key", "malformed", text)])
    if not _is_random(key):
        refuse_real_numbers(key, "/headers/Idempotency-Key")
    row = reader.idempotency(context.actor.account, key)
    if row is None:
        return None
    if not hmac.compare_digest(row["fingerprint"], _fingerprint(context, wish)):
        raise KeyReused(
            Text("这个幂等键已用于另一个请求，请换一个。", "This key was used for another request: choose a new one.")
        )
    found: str = row["application_id"]
    return found


def remember(
    context: Context, key: str | None, wish: BaseModel | dict[str, Any], application_id: str, changes: Changes
) -> Changes:
    """The changes with the key's row beside them."""
    if key is None:
        return changes
    row = {
        "account": context.actor.account,
        "key": key,
        "fingerprint": _fingerprint(context, wish),
        "application_id": application_id,
        "created_at": context.at,
    }
    return changes.also("idempotency", row)


def _is_random(key: str) -> bool:
    """Whether it is a UUID made by chance (RFC 9562, versions 4 and 7): one in a thousand of them holds eleven digits
    that look like a telephone, and a program that keeps to the advice would be refused for no reason it could see."""
    try:
        return UUID(key).version in {4, 7}
    except ValueError:
        return False


def _fingerprint(context: Context, wish: BaseModel | dict[str, Any]) -> str:
    plain = wish.model_dump(mode="json") if isinstance(wish, BaseModel) else wish
    message = b"request\n" + orjson.dumps(plain, option=orjson.OPT_SORT_KEYS)
    return hmac.new(context.world.policy.secret, message, hashlib.sha256).hexdigest()
