"""What a page says after a redirect: a short list, so that no address can make a page say something else."""

from dataclasses import dataclass

from app.domain.vocabulary import Text


@dataclass(frozen=True, slots=True)
class Notice:
    """One message; ``is_done`` shows it as a success, otherwise as information."""

    text: Text
    is_done: bool = True


NOTICES = {
    "signed_in": Notice(Text("已登录。", "You have signed in.")),
    "signed_out": Notice(Text("已退出登录。", "You have signed out.")),
    "session_ended": Notice(Text("登录已结束。", "The sign-in has been ended.")),
    "saved": Notice(Text("已保存。可以随时回来继续。", "Saved. Come back whenever you like.")),
    "sent": Notice(Text("已提交。", "Sent.")),
    "region": Notice(Text("已切换区划。", "The region has been changed.")),
    "started": Notice(Text("已为您建好草稿。", "A draft has been made for you.")),
    "removed": Notice(Text("已删除。", "Removed.")),
    "uploaded": Notice(Text("材料已收到。", "The material has arrived.")),
    "corrected": Notice(Text("补正已提交。", "Your correction has been sent.")),
    "withdrawn": Notice(Text("已撤回。", "Withdrawn.")),
    "rated": Notice(Text("感谢您的评价。", "Thank you for your rating.")),
    "reported": Notice(Text("已收到您的反映。", "Your report has arrived.")),
    "read": Notice(Text("已全部标为已读。", "All messages are marked as read.")),
    "followed": Notice(Text("后补内容已收到。", "What was to follow has arrived.")),
    "nothing_chosen": Notice(Text("请先勾选办件，再选操作。", "Tick some tasks first, then choose."), is_done=False),
    "clock_moved": Notice(
        Text("时钟已调整，到期的事项已经发生。", "The clock has been moved; what was due has happened.")
    ),
    "asked": Notice(Text("已请求授权。", "Asked for consent.")),
    "answered": Notice(Text("已记录您的答复。", "Your answer is on record.")),
    "erased": Notice(Text("个人信息已删除。", "The personal information has been erased.")),
    "had": Notice(Text("能共享的数据已获取。", "What registers have has been fetched.")),
    "had_nothing": Notice(Text("没有新的数据可获取。", "There was nothing new to fetch."), is_done=False),
    "disputed": Notice(
        Text("已记下您所说的内容，数源部门会核实并答复。", "Noted. Whoever holds the data checks them and answers.")
    ),
    "already_sent": Notice(
        Text(
            "这件申请已经提交，不能再改；刚才填的没有保存。",
            "It was submitted already: what was typed just now was not kept.",
        ),
        is_done=False,
    ),
    "done": Notice(Text("操作完成。", "Done.")),
}
