"""Many at once: nothing is done twice, nothing is lost, and who comes second hears what is allowed now."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from httpx2 import Response

from tests.crafted import pdf
from tests.doors import Doors, Filed, expect

T = TypeVar("T")


def at_once(*work: Callable[[], T]) -> list[T]:
    """Do all of it at the same moment, each in a thread."""
    start = Barrier(len(work))

    def run(one: Callable[[], T]) -> T:
        start.wait()
        return one()

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(run, work))


def action(filed: Filed, item: str, name: str, who: str, **body: object) -> Callable[[], Response]:
    """One action, ready to be taken."""
    filed.doors.sign_in(who)
    path = f"/tasks/{filed.reference}-{item}/actions"
    return lambda: filed.doors.send("POST", path, who, json={"action": name, **body})


def withdrawal(filed: Filed) -> Callable[[], Response]:
    """The withdrawal of the whole, ready to be sent."""
    filed.doors.sign_in(filed.who)
    return lambda: filed.doors.send("POST", f"/applications/{filed.id}/withdraw", filed.who, json={})


def granting(filed: Filed, item: str) -> Callable[[], Response]:
    """The last of the hands a grant takes; the others have done their part."""
    filed.opine(item, "granted")
    return action(filed, item, "grant", filed.officer(item, 3))


def statuses(responses: Iterable[Response]) -> list[int]:
    """The statuses, sorted."""
    return sorted(response.status_code for response in responses)


def test_two_officers_on_one_task_and_exactly_one_is_first(doors: Doors) -> None:
    for _ in range(5):
        filed = doors.file("catering_simple")
        for step in ("receive", "accept", "review", "grant"):
            hands = [filed.officer("L1", hand) for hand in (1, 2, 3)]
            found = at_once(*(action(filed, "L1", step, who) for who in hands))
            assert statuses(found) == [200, 409, 409], step
            for response in found:
                if response.status_code == 409:
                    problem = response.json()
                    assert problem["code"] == "action-not-allowed"
                    assert problem["allowed"]
                    assert step not in problem["allowed"]
        assert len(filed.show()["certificates"]) == 1
        filed.assert_true_to_its_events()


def test_two_predecessors_granted_at_once_start_their_successor_once(doors: Doors) -> None:
    for _ in range(4):
        filed = doors.file("retire_simple")
        filed.review("R1", "R9")
        found = at_once(*(granting(filed, item) for item in ("R1", "R9")))
        assert statuses(found) == [200, 200]
        started = [event for event in filed.events() if event["item"] == "R5" and event["kind"]["code"] == "started"]
        assert len(started) == 1
        assert filed.status("R5") == "submitted"
        filed.assert_true_to_its_events()


def test_five_grants_at_once_start_three_connections_once_each(doors: Doors) -> None:
    filed = doors.file("utility_full")
    filed.grant("U0")
    before = ("A1", "A2", "A3", "A4")
    filed.review(*before)
    assert statuses(at_once(*(granting(filed, item) for item in before))) == [200] * 4
    assert {filed.statuses()[item] for item in ("U1", "U2", "U3")} == {"submitted"}
    started = [event["item"] for event in filed.events() if event["kind"]["code"] == "started"]
    assert sorted(set(started)) == sorted(started)
    filed.assert_true_to_its_events()


def test_grant_and_withdrawal_at_once_and_only_one_of_them_happens(doors: Doors) -> None:
    outcomes = set()
    for _ in range(6):
        filed = doors.file("catering_simple")
        filed.review("L1")
        at_once(granting(filed, "L1"), withdrawal(filed))
        found = filed.statuses()
        assert found in ({"L1": "granted", "F1": "withdrawn"}, {"L1": "withdrawn", "F1": "withdrawn"})
        outcomes.add(found["L1"])
        filed.assert_true_to_its_events()
    assert outcomes


def test_twenty_threads_saving_different_fields_lose_nothing(doors: Doors) -> None:
    draft = doors.draft("catering_full")
    texts = [code for code, value in draft["form"].items() if isinstance(value, str)][:20]
    assert len(texts) == 20

    def save(code: str) -> Callable[[], Response]:
        form = {code: f"改为{code}"}
        return lambda: doors.send("PATCH", f"/applications/{draft['id']}", "wang_owner", json={"form": form})

    doors.sign_in("wang_owner")
    again = texts
    for _ in range(30):
        found = at_once(*(save(code) for code in again))
        assert {response.status_code for response in found} <= {200, 409}
        refused = [code for code, response in zip(again, found, strict=True) if response.status_code == 409]
        assert all(r.json()["code"] == "stale" for r in found if r.status_code == 409)
        if not refused:
            break
        again = refused
    form = doors.get(f"/applications/{draft['id']}", "wang_owner")["form"]
    assert {code: form[code] for code in texts} == {code: f"改为{code}" for code in texts}
    assert doors.replayed(draft["id"]) == doors.stored(draft["id"])


def test_an_upload_and_saves_at_once_all_arrive(doors: Doors) -> None:
    draft = doors.draft("catering_full")
    path = f"/applications/{draft['id']}"
    doors.sign_in("wang_owner")

    def upload(code: str) -> Callable[[], Response]:
        return lambda: doors.upload(draft["id"], code, "wang_owner", pdf(code), f"{code}.pdf")

    codes = ["layout", "fire_plan", "drain_plan"]
    saved = at_once(
        *(upload(code) for code in codes),
        lambda: doors.send("PATCH", path, "wang_owner", json={"form": {"seats": 33}}),
    )
    assert statuses(saved) == [200] * 4
    now = doors.get(path, "wang_owner")
    names = {paper["code"]: paper["filename"] for paper in now["materials"]}
    assert {names[code] for code in codes} == {"layout.pdf", "fire_plan.pdf", "drain_plan.pdf"}
    assert now["form"]["seats"] == 33


def test_many_people_file_at_once_and_every_number_is_different(doors: Doors) -> None:
    people = ["wang_owner", "lin_mother", "zhou_father", "li_founder", "qian_manager", "wu_seller"]
    drafts = {who: doors.draft("birth_simple", who)["id"] for who in people}

    def submit(who: str) -> Callable[[], Response]:
        return lambda: doors.send("POST", f"/applications/{drafts[who]}/submit", who)

    receipts = [expect(response) for response in at_once(*(submit(who) for who in people))]
    assert len({found["application"]["reference"] for found in receipts}) == len(people)
