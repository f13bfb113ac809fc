"""What the summary of a page says of a long table: which row, and not a hundred lines."""

from app.domain.errors import Fault
from app.domain.vocabulary import Text
from app.web.forms import Errors, fault_out

WRONG = Text("请填写岗位。", "Fill in the job.")


def errors(*pointers: str) -> Errors:
    """Faults at these places."""
    return Errors(tuple(fault_out(Fault(pointer, "missing", WRONG)) for pointer in pointers))


def test_a_row_is_named_by_its_number() -> None:
    ((name, text),) = errors("/form/staff_list/2/job").summed_up()
    assert (name, text.zh, text.en) == ("form.staff_list.2.job", "第 3 行：请填写岗位。", "Row 3: Fill in the job.")


def test_of_a_long_table_only_the_beginning_is_named_and_the_rest_is_counted() -> None:
    rows = [f"/form/staff_list/{row}/job" for row in range(30)]
    found = errors("/form/operator_name", *rows, "/form/seats").summed_up()
    assert [name for name, _ in found] == [
        "form.operator_name",
        *[f"form.staff_list.{row}.job" for row in range(5)],
        "form.seats",
    ]
    assert found[5][1].en == "26 more to mend in this table."


def test_what_is_no_table_stays_as_it_is() -> None:
    it = errors("/form/operator_name", "/points/0/reason", "")
    assert it.summed_up() == it.listed()
