"""Data from registers, told for the documentation: filling in, not asking, a register that is down, wrong data."""

from tests.recorder import Json, Recorder

RETIRING, STEWARD, HOLDER = "chen_retiring", "steward.330000", "officer.hrss.330802.1"
ANSWERS: Json = {
    "kind": "正常",
    "status": "单位在职",
    "deemed": False,
    "fund": True,
    "only_child": True,
    "med_years_ok": False,
}


def filling_in(r: Recorder) -> None:
    """A man who retires; one register is down and comes back."""
    r.tokens.clear()  # every call takes a while: who has not been heard of for long has to sign in again
    r.tell(
        "showPersonalBundle",
        "退休：数据能回答的不再问",
        "Retirement: what data answer is not asked",
        RETIRING,
        path={"code": "retire"},
        query={"region": "330802"},
    )
    down: Json = {"dataset": "social_card"}
    r.tell("switchRegister", "停用一个数源", "One register is down", STEWARD, path=down, body={"is_down": True})
    wish = {"bundle": "retire", "region": "330802", "answers": ANSWERS}
    draft = {"application_id": r.ask("createApplication", RETIRING, body=wish)["id"]}
    r.tell("prefillApplication", "一个数源不可用", "One register does not answer", RETIRING, path=draft)
    r.tell("listRegisters", "数源是否可用", "Which registers answer", STEWARD)
    r.ask("switchRegister", STEWARD, path=down, body={"is_down": False})
    r.tell("prefillApplication", "数源恢复后再预填", "Again, when it is back", RETIRING, path=draft)
    wrong = {"value": "示例精密机械有限公司", "reason": "单位去年改了名"}
    path = {**draft, "code": "employer"}
    made = r.tell("disputeField", "工作单位有误", "The employer is wrong", RETIRING, path=path, body=wrong)
    own = {"matter_id": made["matter"]}
    r.tell("showDisputedDatum", "数源部门查看", "The holder looks", HOLDER, path=own)
    answer = {"action": "reply", "reason": "已更正", "evidence": ["核对变更登记"], "finding": "corrected"}
    r.tell("actOnMatter", "数源部门更正", "The holder corrects it", HOLDER, path=own, body=answer)


REGISTERS = (filling_in,)
