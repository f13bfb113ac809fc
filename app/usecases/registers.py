"""Registers: one small protocol, the fictional registers of the packs, and many look-ups at once by a deadline.

No transaction is open while a register is asked. Whoever does not answer by the deadline counts as down: nobody waits
longer for data than it takes to type them.
"""

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Protocol

from pydantic_core import PydanticCustomError

from app.domain.catalogue import EXISTS
from app.domain.errors import RealIdentity
from app.schemas.keepable import refuse_unkeepable
from app.usecases.safety import refuse_real_numbers

Record = Mapping[str, Any]
"""element → value; without values it only says that there is a record."""

DEADLINE_SECONDS = 2.0
"""How long all look-ups of one request may take together [illustrative]."""
WORKERS = 16


class RegisterDown(Exception):
    """The register did not answer, or not in a way that can be understood; ``why`` is one word for logs."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Register(Protocol):
    """Somebody's register. Looking up is a read and may be repeated."""

    def look_up(self, dataset: str, number: str, elements: Sequence[str], seconds: float) -> Record | None:
        """The elements of the record under this number, None when there is none; at most ``seconds`` long.

        Raises :class:`RegisterDown`.
        """
        ...


@dataclass(frozen=True, slots=True)
class PackRegister:
    """The fictional registers of the packs, with the corrections that their holders have accepted."""

    rows: Mapping[str, Mapping[str, Record]]
    corrected: Mapping[tuple[str, str], Record] = field(default_factory=dict)
    """(number, dataset) → element → value."""

    def look_up(self, dataset: str, number: str, elements: Sequence[str], seconds: float) -> Record | None:  # noqa: ARG002
        """The record as the holder has it now."""
        written = self.rows.get(dataset, {}).get(number)
        corrected = self.corrected.get((number, dataset), {})
        if written is None and not corrected:
            return None
        return {name: value for name, value in {**(written or {}), **corrected}.items() if name in elements}


@dataclass(frozen=True, slots=True)
class LookUp:
    """One look-up: which elements under which number of which dataset."""

    dataset: str
    number: str
    elements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What came of it: a record, no record, or (``is_down``) no answer."""

    record: Record | None = None
    is_down: bool = False

    @property
    def word(self) -> str:
        """What came of it in one word, for figures."""
        return "down" if self.is_down else "none" if self.record is None else "found"


async def look_up_all(
    wanted: Iterable[LookUp],
    packs: PackRegister,
    remote: Mapping[str, Register],
    down: Iterable[str],
    seconds: float = DEADLINE_SECONDS,
) -> dict[LookUp, Found]:
    """Every look-up at the same time; what is not there after ``seconds`` is down. ``down`` names registers that are
    known not to answer."""
    wanted, down, until = list(dict.fromkeys(wanted)), frozenset(down), time.monotonic() + seconds
    found = {one: Found(is_down=True) for one in wanted if one.dataset in down}
    found |= {
        one: Found(packs.look_up(one.dataset, one.number, one.elements, seconds))
        for one in wanted
        if one not in found and one.dataset not in remote
    }
    far = [one for one in wanted if one not in found]
    if not far:
        return found
    pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="register")
    try:
        loop = asyncio.get_running_loop()
        tasks = {one: loop.run_in_executor(pool, _asked, remote[one.dataset], one, until) for one in far}
        await asyncio.wait(tasks.values(), timeout=max(0.0, until - time.monotonic()))
        return found | {one: task.result() if task.done() else Found(is_down=True) for one, task in tasks.items()}
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _asked(register: Register, one: LookUp, until: float) -> Found:
    left = until - time.monotonic()
    if left <= 0:
        return Found(is_down=True)
    try:
        record = register.look_up(one.dataset, one.number, one.elements, left)
    except RegisterDown:
        return Found(is_down=True)
    if record is None:
        return Found()
    try:
        refuse_unkeepable(dict(record))  # before anything walks through what a stranger has nested
        refuse_real_numbers(dict(record))
    except (PydanticCustomError, RealIdentity):
        return Found(is_down=True)  # nothing of anybody real is kept here, whoever sends it
    return Found({name: value for name, value in record.items() if name in one.elements and name != EXISTS})
