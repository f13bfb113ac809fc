"""查询码 hashed with a secret that is not in the database.

Six digits are few: any hash alone could be tried out in full by whoever holds the table. A keyed hash (HMAC-SHA-256)
under the installation's secret makes a stolen table worth nothing, costs a submission nothing, and takes equally long
for a number nobody has. Guessing through the door is limited by :mod:`app.usecases.progress`.
"""

import hashlib
import hmac

from app.domain.references import normalise_query_code


def hash_code(secret: bytes, code: str, reference: str) -> str:
    """The stored hash of a query code, hex; bound to its reference."""
    message = f"{reference}\n{normalise_query_code(code)}".encode()
    return hmac.new(secret, message, hashlib.sha256).hexdigest()


def matches(secret: bytes, code: str, reference: str, stored: str) -> bool:
    """Whether this is the code, compared in constant time."""
    return hmac.compare_digest(hash_code(secret, code, reference), stored)
