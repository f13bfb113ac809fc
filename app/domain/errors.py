"""Errors are data: a code, a sentence in both languages, and members a program can use.

The domain knows nothing of HTTP; ``transport/problems.py`` holds the one table that turns a code into a status.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from app.domain.vocabulary import Text


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong at one place of the input.

    ``pointer`` is a JSON Pointer (RFC 6901) into what was sent, ``code`` a stable word, ``detail`` says what is wrong
    and how to mend it. Never holds the offending value when that value may be personal data.
    """

    pointer: str
    code: str
    detail: Text


class Refusal(Exception):
    """Something a person asked for that the rules do not allow. Subclasses set ``code`` and ``title``."""

    code: ClassVar[str]
    title: ClassVar[Text]

    def __init__(self, detail: Text, **members: Any) -> None:
        """``members`` are typed facts beside the sentence, such as the actions that are allowed."""
        super().__init__(detail.en)
        self.detail = detail
        self.members: Mapping[str, Any] = members


class InvalidInput(Refusal):
    """The input has faults; all of them are listed in ``errors``."""

    code = "invalid-input"
    title = Text("提交内容有误", "The input has errors")

    def __init__(self, faults: list[Fault]) -> None:
        """Carry every fault, never only the first."""
        self.faults = faults
        super().__init__(Text(f"共有 {len(faults)} 处需要修改。", f"{len(faults)} thing(s) need to be mended."))


class NotFound(Refusal):
    """There is no such thing, or the asker may not know that there is."""

    code = "not-found"
    title = Text("未找到", "Not found")


class Erased(Refusal):
    """The personal information was erased: the record of the course remains, its content does not."""

    code = "erased"
    title = Text("个人信息已删除", "The personal information was erased")


class MustBeKept(Refusal):
    """The law wants the file kept until a date; ``retain_until`` says which, ``law`` why."""

    code = "must-be-kept"
    title = Text("档案尚在法定保存期内", "The file must be kept for now")


class NotAllowed(Refusal):
    """The actor's role does not have this action."""

    code = "not-allowed"
    title = Text("无权操作", "Not allowed")


class NotSignedIn(Refusal):
    """The action needs a signed-in person."""

    code = "not-signed-in"
    title = Text("尚未登录", "Not signed in")


class ActionNotAllowed(Refusal):
    """The state of the task or application does not allow the action; ``allowed`` lists what is allowed now."""

    code = "action-not-allowed"
    title = Text("当前状态不允许该操作", "The state does not allow this action")


class Stale(Refusal):
    """Somebody else changed the application first, several times in a row."""

    code = "stale"
    title = Text("内容已被他人更新", "Somebody else was faster")


class KeyReused(Refusal):
    """An Idempotency-Key came a second time with a different request."""

    code = "idempotency-key-reused"
    title = Text("幂等键被用于不同的请求", "The idempotency key was used for another request")


class TooMany(Refusal):
    """Too many tries; ``retry_after`` says how many seconds to wait."""

    code = "too-many-requests"
    title = Text("尝试次数过多", "Too many tries")


class RealIdentity(Refusal):
    """A well-formed real identity number was given; it is neither stored, logged nor repeated."""

    code = "real-identity-refused"
    title = Text("演示系统不接受真实证件号码", "This demonstration refuses real identity numbers")


class NotEligible(Refusal):
    """The answers put the case outside this bundle (一件事); the plan says why."""

    code = "not-eligible"
    title = Text("不符合该一件事的办理情形", "The answers are outside this bundle")


class Incomplete(Refusal):
    """The plan still has open questions; ``questions`` lists them."""

    code = "questions-open"
    title = Text("情形引导问题尚未答完", "Guiding questions are still open")


class NoAuthority(Refusal):
    """No organisation with the power was found for the item in the region."""

    code = "no-authority"
    title = Text("未找到有权办理的部门", "No organisation has this power here")


class NoRoom(Refusal):
    """There is no room to write: a disk, a quota or a file's limit is full. Nothing of what was asked is kept;
    ``retry_after`` says in how many seconds to try again."""

    code = "no-room"
    title = Text("存储空间已满", "The storage is full")


class ReadOnly(Refusal):
    """What is stored can be read but not changed now; ``retry_after`` says in how many seconds to try again."""

    code = "read-only"
    title = Text("暂时只能查询", "Only reading is possible for now")


class StorageAway(Refusal):
    """The database or the disk does not answer. What was being written may or may not be there: the same request with
    the same Idempotency-Key finds out. ``retry_after`` says in how many seconds to try again."""

    code = "storage-away"
    title = Text("暂时无法读取或保存", "Nothing can be read or saved for now")


class NoFonts(Refusal):
    """The machine has no font for the text, so a PDF would show boxes; the page can be printed instead."""

    code = "no-fonts"
    title = Text("服务器缺少中文字体", "The server has no Chinese font")
