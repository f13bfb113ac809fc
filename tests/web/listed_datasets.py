"""The pages about data, and something of them to look at."""

from tests.doors import Doors
from tests.web.listed import Listed

LAND, CIVIL = "officer.land.330802.1", "officer.civil_affairs.330802.1"
STEWARD, SUPERVISOR = "steward.330802", "supervisor.330802"

DATASETS = (
    Listed("/datasets"),
    Listed("/datasets?q=%E5%A9%9A%E5%A7%BB&grade=L3&sharing=restricted", STEWARD),
    Listed("/datasets?q=qqqqq", LAND),
    Listed("/datasets?holder=nobody", status=422),
    Listed("/datasets/marriage_register"),
    Listed("/datasets/marriage_register", CIVIL),
    Listed("/datasets/enterprise_register"),
    Listed("/datasets/nothing", status=404),
    Listed("/datasets/marriage_register/suspension?approval={standing}", CIVIL),
    Listed("/datasets/marriage_register/suspension?approval=nothing", CIVIL, 404),
    Listed("/data-requests", CIVIL),
    Listed("/data-requests?for=others", LAND),
    Listed("/data-requests", STEWARD),
    Listed("/data-requests/new", LAND),
    Listed("/data-requests/new?item=D3", LAND),
    Listed("/data-requests/{basket}", LAND),
    Listed("/data-requests/{basket}", "officer.tax.330802.1", 404),
    Listed("/data-requests/lines/{line}", CIVIL),
    Listed("/data-requests/lines/{line}", LAND),
    Listed("/data-requests/lines/{answered}", STEWARD),
    Listed("/data-alarms", STEWARD),
    Listed("/data-usage", STEWARD),
    Listed("/data-usage?by=officer", STEWARD),
    Listed("/data-usage?since=rubbish", STEWARD, 422),
    Listed("/data-usage", SUPERVISOR, 403),
    Listed("/registers", SUPERVISOR),
)


def prepared_datasets(doors: Doors) -> dict[str, str]:
    """A basket of two, one of them answered; a register that is down."""
    standing = [each for each in doors.get("/datasets/marriage_register")["approvals"] if each["item"] == "D3"]
    wanted = [
        {"dataset": "marriage_register", "elements": standing[0]["elements"], "per_day": 50},
        {"dataset": "resident_identity", "elements": ["name"], "per_day": 80, "until": "2027-03-01"},
    ]
    wish = {"item": "D3", "purpose": "核对买卖双方婚姻状况", "datasets": wanted}
    made = doors.post("/data-requests", LAND, wish, 201)
    lines = {line["dataset"]: line["id"] for line in made["lines"]}
    answered = lines["resident_identity"]
    no = {"action": "refuse", "reason": "已有批复，无需重复申请"}
    doors.post(f"/data-lines/{answered}/actions", "officer.police.330802.1", no)
    doors.post("/registers/social_card/outage", STEWARD, {"is_down": True, "reason": "演示"})
    return {
        "standing": standing[0]["id"],
        "basket": made["id"],
        "line": lines["marriage_register"],
        "answered": answered,
    }
