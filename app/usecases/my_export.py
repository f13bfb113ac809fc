"""我的数据导出: everything kept about oneself in one answer (个人信息保护法 art. 45: to inspect and to copy)."""

from app.domain.vocabulary import Role, Text
from app.schemas.applications import ApplicationLineOut
from app.schemas.common import Bilingual
from app.schemas.my_data import MyDataOut, OwnApplicationOut
from app.storage.queries import Reader
from app.storage.sharing import LooksWanted
from app.usecases import consents, lists, messages, my_data, prefill_views, ratings
from app.usecases.context import Context
from app.usecases.plans import plan_of

MOST = {"applications": 200, "consents": 200, "looks": 1000, "messages": 500}
"""How many entries of each list one export holds; whoever has more is told and pages through the lists."""


def everything(context: Context, reader: Reader) -> MyDataOut:
    """Applications with their forms, consents, looks, messages and ratings, newest first."""
    who = context.acting(Role.APPLICANT)
    person = context.world.catalogue.people.get(who.account)
    cases = lists.applications(context, reader, None, MOST["applications"])
    asked = consents.mine(context, reader, None, MOST["consents"])
    seen = my_data.looks(context, reader, LooksWanted(), None, MOST["looks"])
    told = messages.inbox(context, reader, None, MOST["messages"], only_unread=False)
    return MyDataOut(
        exported_at=context.at,
        account=who.account,
        name=Bilingual.of(person.name if person is not None else Text(who.account, who.account)),
        applications=[_own(context, reader, line) for line in cases.entries],
        consents=asked.entries,
        looks=seen.entries,
        messages=told.entries,
        is_complete=not any(page.next for page in (cases, asked, seen, told)),
    )


def _own(context: Context, reader: Reader, line: ApplicationLineOut) -> OwnApplicationOut:
    """One application, other people's data masked; of an erased one only its course is left."""
    case = reader.application(line.id)
    if case is None or case.erased_at is not None:
        return OwnApplicationOut(application=line, answers={}, form={}, ratings=[])
    given = ratings.own(context, reader, line.id).given
    others = prefill_views.masks(context, case, plan_of(context, reader, case))
    return OwnApplicationOut(application=line, answers=dict(case.answers), form={**case.form, **others}, ratings=given)
