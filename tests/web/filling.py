"""Filling the pages in as a worked example says."""

from typing import Any

from tests.crafted import png
from tests.doors import PDF
from tests.web.visitors import Visitor, values

PNG = png()


def as_typed(value: Any) -> Any:
    """A value as somebody types or ticks it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return [str(entry) for entry in value]
    return str(value)


def answer_all(visitor: Visitor, answers: dict[str, Any]) -> int:
    """Answer one question after the other as they are asked, until the plan is there; how many were asked."""
    asked = 0
    while visitor.path.endswith("/guide"):
        code = visitor.page.one("input", name="ask").get("value")
        visitor.submit(visitor.path, ("next", "1"), **{f"q__{code}": as_typed(answers[code])})
        asked += 1
    return asked


def fill_in(visitor: Visitor, form: dict[str, Any]) -> list[str]:
    """Fill in one group after the other, as the buttons lead, from the group that is shown; the groups' headings."""
    headings = []
    while "/form/" in visitor.path:
        headings.append(visitor.heading)
        before = visitor.path
        visitor.post(visitor.path, {**typed_in(visitor, form), "save": "next"})
        assert visitor.path != before, visitor.page.one("main").text[:500]
    return headings


def typed_in(visitor: Visitor, form: dict[str, Any]) -> dict[str, Any]:
    """What the shown group would send with the values of ``form`` typed in."""
    shown = next(f for f in visitor.page.one("main").all("form") if f.get("action") == visitor.path)
    data = values(shown)
    names = {control.get("name") for control in shown.walk() if control.get("name").startswith("form.")}
    for code in {name.split(".")[1] for name in names} & form.keys():
        data = {name: value for name, value in data.items() if name.split(".")[1:2] != [code]}
        value = form[code]
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for number, row in enumerate(value):
                data |= {f"form.{code}.{number}.{column}": as_typed(cell) for column, cell in row.items()}
        else:
            data[f"form.{code}"] = as_typed(value)
    return data


def upload_all(visitor: Visitor) -> int:
    """Hand in a file for everything that is asked for; how many there were."""
    here = visitor.path
    controls = visitor.page.one("main").all("input", type="file")
    for control in controls:
        content = PDF if ".pdf" in control.get("accept") else PNG
        action = f"{here}/{control.get('name').partition('.')[2]}"
        visitor.post(action, files={control.get("name"): ("示例文件", content, "application/octet-stream")})
    visitor.go(here)
    return len(controls)
