"""查询码 hashed: six digits are few, so the hash is slow and salted by the application's own number.

scrypt with 16 MiB takes some tens of milliseconds: a stolen table of a million codes is a day's work a code rather than
a second's, while one look-up is not felt. Guessing through the door is limited by :mod:`app.usecases.progress`.
"""

import hashlib
import hmac

from app.domain.references import normalise_query_code


def hash_code(code: str, reference: str) -> str:
    """The stored hash of a query code, hex."""
    salt = hashlib.sha256(reference.encode()).digest()
    return hashlib.scrypt(normalise_query_code(code).encode(), salt=salt, n=2**14, r=8, p=1).hex()


def matches(code: str, reference: str, stored: str) -> bool:
    """Whether this is the code, compared in constant time."""
    return hmac.compare_digest(hash_code(code, reference), stored)
