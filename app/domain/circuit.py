"""熔断: when to stop asking a register that keeps failing, and when to try it again.

Closed: every request goes through. After so many failures in a row it opens: nobody asks for a while, and everybody
falls back at once instead of waiting. Then it is half open: one request is let through as a probe, and its outcome
closes the circuit or opens it again. Time is an argument: seconds of a clock that only goes forward.
"""

from dataclasses import dataclass, replace

from app.domain.vocabulary import Word


class CircuitState(Word):
    """Where a circuit stands."""

    CLOSED = "closed", "正常", "closed, requests go through"
    OPEN = "open", "熔断", "open, nobody asks"
    HALF_OPEN = "half_open", "试探", "half open, one request probes"


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How many failures in a row open a circuit, and how many seconds it then rests [illustrative]."""

    failures: int = 3
    rest: float = 30.0


@dataclass(frozen=True, slots=True)
class Circuit:
    """``failures`` in a row so far; ``opened_at`` and ``probed_at`` are seconds, None when it is not so."""

    failures: int = 0
    opened_at: float | None = None
    probed_at: float | None = None

    def state(self, now: float, tolerance: Tolerance) -> CircuitState:
        """Where it stands at ``now``."""
        if self.opened_at is None:
            return CircuitState.CLOSED
        is_rested = now - self.opened_at >= tolerance.rest
        return CircuitState.HALF_OPEN if is_rested else CircuitState.OPEN

    def asked(self, now: float, tolerance: Tolerance) -> "Circuit | None":
        """The circuit after one more request is let through at ``now``; None when none may be.

        A probe whose outcome never came counts as lost after another rest.
        """
        match self.state(now, tolerance):
            case CircuitState.CLOSED:
                return self
            case CircuitState.OPEN:
                return None
            case _:
                is_probing = self.probed_at is not None and now - self.probed_at < tolerance.rest
                return None if is_probing else replace(self, probed_at=now)

    def succeeded(self) -> "Circuit":
        """The circuit after a request was answered."""
        return Circuit()

    def failed(self, now: float, tolerance: Tolerance) -> "Circuit":
        """The circuit after a request failed at ``now``: a probe that fails opens it anew."""
        failures = self.failures + 1
        if self.opened_at is not None or failures >= tolerance.failures:
            return Circuit(failures, opened_at=now)
        return Circuit(failures)
