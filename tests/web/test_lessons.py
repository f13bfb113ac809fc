"""The lessons keep what they promise: every step opens for the person it names, every call is one of the API."""

import pytest

from app.web.lesson import Lesson
from app.web.lessons import LESSONS
from tests.doors import Doors
from tests.web.visitors import Visitor


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=LESSONS)
def test_every_step_opens_for_the_person_it_names(lesson: Lesson, shared_doors: Doors) -> None:
    for step in lesson.steps:
        visitor = Visitor(shared_doors)
        visitor.go(f"/lessons/{lesson.code}")
        if step.who is None:
            visitor.follow("打开：" + step.zh)
        else:
            forms = visitor.page.one("main").all("form", action="/sign-in")
            chosen = next(form for form in forms if step.zh in form.text)
            data = {control.get("name"): control.get("value") for control in chosen.all("input")}
            assert data == {"account": step.who, "back": step.href}
            visitor.post("/sign-in", data)
        assert visitor.response is not None
        assert visitor.path != "/sign-in"
        assert visitor.heading


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=LESSONS)
def test_a_lesson_has_facts_with_marks_steps_calls_and_two_questions(lesson: Lesson, shared_doors: Doors) -> None:
    operations = {
        operation["operationId"]: (method.upper(), path)
        for path, methods in shared_doors.get("/openapi.json")["paths"].items()
        for method, operation in methods.items()
    }
    visitor = Visitor(shared_doors)
    main = visitor.go(f"/lessons/{lesson.code}").one("main")
    assert len(main.all(class_="mark-of")) == len(lesson.facts) >= 2
    assert 3 <= len(lesson.steps) <= 5
    for call in lesson.calls:
        assert " ".join(operations[call]) in main.text
    for question in lesson.questions:
        assert question.zh in main.text


def test_the_fourteen_lessons_lead_from_one_to_the_next(shared_doors: Doors) -> None:
    visitor = Visitor(shared_doors)
    visitor.go("/")
    assert "/lessons" in [a.get("href") for a in visitor.page.one("footer").all("a")]
    visitor.go("/lessons")
    assert len(visitor.page.one("main").all(class_="card")) == len(LESSONS) == 14
    seen = []
    visitor.go("/lessons/one-visit")
    for _ in LESSONS:
        seen.append(visitor.path)
        visitor.follow("下一课")
    assert len(set(seen)) == len(LESSONS)
    assert visitor.path == seen[0]
