"""When a register is asked, and when it is left alone."""

from hypothesis import given
from hypothesis import strategies as st

from app.domain.circuit import Circuit, CircuitState, Tolerance

T = Tolerance(failures=3, rest=30.0)


def after(*outcomes: bool, at: float = 0.0) -> Circuit:
    """The circuit after these outcomes at one instant."""
    circuit = Circuit()
    for is_well in outcomes:
        circuit = circuit.succeeded() if is_well else circuit.failed(at, T)
    return circuit


def test_failures_in_a_row_open_it_and_a_success_in_between_does_not() -> None:
    assert after(False, False).state(0, T) is CircuitState.CLOSED
    assert after(False, False, True, False, False).state(0, T) is CircuitState.CLOSED
    assert after(False, False, False).state(0, T) is CircuitState.OPEN


def test_while_it_is_open_nobody_asks_and_after_a_rest_one_probes() -> None:
    circuit = after(False, False, False)
    assert circuit.asked(29.9, T) is None
    probing = circuit.asked(30.0, T)
    assert probing is not None
    assert probing.asked(30.0, T) is None
    assert probing.state(30.0, T) is CircuitState.HALF_OPEN


def test_a_probe_that_is_answered_closes_it_and_one_that_fails_opens_it_anew() -> None:
    probing = after(False, False, False).asked(40.0, T)
    assert probing is not None
    assert probing.succeeded() == Circuit()
    again = probing.failed(41.0, T)
    assert again.state(41.0, T) is CircuitState.OPEN
    assert again.asked(70.9, T) is None
    assert again.asked(71.0, T) is not None


def test_a_probe_whose_outcome_never_comes_blocks_nobody_for_ever() -> None:
    probing = after(False, False, False).asked(40.0, T)
    assert probing is not None
    assert probing.asked(69.9, T) is None
    assert probing.asked(70.0, T) is not None


STEPS = st.lists(st.tuples(st.floats(0, 100), st.booleans()), max_size=60)


@given(STEPS, st.integers(1, 5), st.floats(0.1, 60))
def test_whatever_happens_no_more_than_one_asks_while_it_is_not_closed_and_every_rest_ends(
    steps: list[tuple[float, bool]], failures: int, rest: float
) -> None:
    tolerance, circuit, now, in_a_row = Tolerance(failures, rest), Circuit(), 0.0, 0
    for pause, is_well in steps:
        now += pause
        state = circuit.state(now, tolerance)
        asked = circuit.asked(now, tolerance)
        assert (state is CircuitState.CLOSED) == (in_a_row < failures)
        if asked is None:
            assert state is CircuitState.OPEN
            assert circuit.asked(now + 2 * rest, tolerance) is not None
            continue
        if state is CircuitState.HALF_OPEN:
            assert asked.asked(now, tolerance) is None
        circuit = asked.succeeded() if is_well else asked.failed(now, tolerance)
        in_a_row = 0 if is_well else in_a_row + 1
