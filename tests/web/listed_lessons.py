"""The lessons, and the pages about data from registers."""

from app.web.lessons import LESSONS
from tests.doors import Doors
from tests.web.listed import Listed

MOTHER, RETIRING = "lin_mother", "chen_retiring"

TAUGHT = (
    Listed("/lessons"),
    Listed("/lessons/nothing", status=404),
    *(Listed(f"/lessons/{code}") for code in LESSONS),
    Listed("/lessons/one-card", RETIRING),
    Listed("/bundles/retire?mine=yes", RETIRING),
    Listed("/applications/{had}", RETIRING),
    Listed("/applications/{had}/data", RETIRING),
    Listed("/applications/{had}/fields/employer/dispute", RETIRING),
    Listed("/applications/{had}/fields/phone/dispute", RETIRING, status=404),
    Listed("/applications/{fallen}/data", MOTHER),
)


def prepared_lessons(doors: Doors) -> dict[str, str]:
    """A draft that registers filled, and one that lacks consents."""
    retiring = doors.platform.world.catalogue.stories["retire_full"]
    answers = {code: list(v) if isinstance(v, tuple) else v for code, v in retiring.answers.items()}
    wish = {"bundle": "retire", "region": retiring.region, "answers": answers}
    had = doors.post("/applications", RETIRING, wish, 201)["id"]
    doors.post(f"/applications/{had}/prefill", RETIRING)
    birth = doors.platform.world.catalogue.stories["birth_full"]
    answers = {code: list(v) if isinstance(v, tuple) else v for code, v in birth.answers.items()}
    fallen = doors.post("/applications", MOTHER, {"bundle": "birth", "region": birth.region, "answers": answers}, 201)
    doors.post(f"/applications/{fallen['id']}/prefill", MOTHER)
    return {"had": had, "fallen": fallen["id"]}
