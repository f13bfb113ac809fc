"""Who may see or touch an application. Whoever may not, is told that there is no such thing; when it was a desk that
tried, the person concerned sees the attempt."""

from app.domain.applications import Actor, Application
from app.domain.errors import NotFound
from app.domain.handling import actor_may_see
from app.domain.mandates import Power, covers, demand
from app.domain.proxying import is_done_with
from app.domain.regions import RegionTree
from app.domain.together import is_hall_of_a_place, serves
from app.domain.vocabulary import Role, Text
from app.storage.queries import Reader
from app.storage.sealing import gone
from app.usecases import attempts, mandates
from app.usecases.context import Context


def no_such_application() -> NotFound:
    """The one sentence for both "does not exist" and "not yours"."""
    return NotFound(Text("没有找到这件申请。", "There is no such application."))


def no_such_task() -> NotFound:
    """The one sentence for a task that does not exist or is another department's."""
    return NotFound(Text("没有找到这个办件。", "There is no such task."))


def application(context: Context, reader: Reader, application_id: str) -> Application:
    """The application, when the asker may see it; raises :class:`NotFound` otherwise, :class:`Erased` when its content
    is gone."""
    return with_content(visible(context, reader, application_id))


def visible(context: Context, reader: Reader, application_id: str) -> Application:
    """The same, and also when its content was erased: for what is said of its course alone."""
    found = reader.application(application_id)
    if found is None:
        raise no_such_application()
    if not may_see(context.actor, found, context.world.catalogue.regions):
        raise attempts.refused(context, found, None, no_such_application())
    must_still_act(context, reader)
    return found


def must_still_act(context: Context, reader: Reader) -> None:
    """Raise :class:`NotSignedIn` when the asker's mandate has ended since the request began: asking registers takes
    seconds, and what they say is not for whom nobody lets act any more."""
    if context.actor.mandate is not None:
        mandates.in_force(context, reader, context.actor.mandate.id)


def with_content(case: Application) -> Application:
    """The application, unless its content was erased; raises :class:`Erased` for whoever may know of it."""
    if case.erased_at is not None:
        raise gone()
    return case


def own_application(context: Context, reader: Reader, application_id: str, power: Power | None = None) -> Application:
    """The application, when the asker acts for its applicant: the person, an agent, or the hall's clerk.

    ``power`` is what an agent's mandate must hold; raises :class:`NotAllowed` when it does not.
    """
    who = context.acting(Role.APPLICANT, Role.AGENT, Role.CLERK, is_by_mandate=True)
    found = application(context, reader, application_id)
    if power is not None:
        demand(who.mandate, power)
    return found


def to_change(context: Context, reader: Reader, application_id: str) -> Application:
    """The same for changing what is in it: a draft is anybody's to fill in who acts for its applicant, what was
    submitted theirs who may submit. Raises :class:`NotAllowed` for an agent who may not."""
    found = own_application(context, reader, application_id)
    if found.submitted_at is not None:
        demand(context.actor.mandate, Power.SUBMIT)
    return found


def task(context: Context, reader: Reader, task_id: str) -> tuple[Application, str]:
    """The application and item of a task the asker may act on; raises :class:`NotFound` otherwise."""
    found = reader.application_of_task(task_id)
    if found is None:
        raise no_such_task()
    if not may_act(context.actor, *found, context.world.catalogue.regions):
        raise attempts.refused(context, *found, no_such_task())
    must_still_act(context, reader)
    with_content(found[0])
    return found


def concerned(context: Context, reader: Reader, application_id: str) -> Application:
    """The application, for its halls and for an officer of a department that has a task of it; raises
    :class:`NotFound` for anybody else."""
    if context.actor.role is not Role.OFFICER:
        return application(context, reader, application_id)
    found = reader.application(application_id)
    if found is None:
        raise no_such_application()
    if not any(task.department == context.actor.department for task in found.tasks.values()):
        raise attempts.refused(context, found, None, no_such_application())
    return with_content(found)


def place(context: Context, reader: Reader, application_id: str) -> Application:
    """The application, for every place that works on it: whoever :func:`concerned` lets in, and the halls of other
    places that handle an item of it (多地联办); raises :class:`NotFound` for anybody else."""
    found = reader.application(application_id)
    if found is None or not is_hall_of_a_place(context.actor, found):
        return concerned(context, reader, application_id)
    return with_content(found)


def may_see(who: Actor, case: Application, regions: RegionTree) -> bool:
    """The whole application: its applicant, an agent, the hall it was filed at or belongs to, and supervision above."""
    match who.role:
        case Role.APPLICANT:
            return case.applicant == who.account
        case Role.AGENT:
            return (
                case.applicant == who.on_behalf_of and covers(who.mandate, case.bundle) and _is_the_companys(who, case)
            )
        case Role.CLERK:
            if case.submitted_at is None:
                return case.created_by == who.account
            return who.region is not None and who.region in {case.filed_region, case.region}
        case Role.SUPERVISOR:
            watched = {case.region, *(task.region for task in case.tasks.values())}
            return case.submitted_at is not None and any(_is_within(own, who.region, regions) for own in watched)
        case _:
            return False


def _is_the_companys(who: Actor, case: Application) -> bool:
    """Whether a mandate given for a company reaches the case: it speaks of that company, or the agent began it. What
    the legal representative does privately, or for another company, is nothing to its agent."""
    if who.mandate is None or who.mandate.company is None:
        return True
    return case.form.get("uscc") == who.mandate.company or case.created_by == who.account


def name_of(context: Context, case: Application) -> Text | None:
    """The applicant's name, for the own side and the hall; desks and supervision read of an applicant."""
    if context.actor.role not in {Role.APPLICANT, Role.AGENT, Role.CLERK}:
        return None
    person = context.world.catalogue.people.get(case.applicant)
    return person.name if person is not None else None


def may_read_content(who: Actor, case: Application) -> bool:
    """Form, answers and papers are for the applicant's side, the hall and the desks: supervision watches the course of
    a case, not its content, and so does a hall that took in for elsewhere, once nothing is left to take in."""
    return who.role is not Role.SUPERVISOR and not is_done_with(who, case)


def may_act(who: Actor, case: Application, item: str, regions: RegionTree) -> bool:
    """One task: an officer of its own department, the hall of the other place that handles it, or whoever may see the
    whole."""
    if who.role is Role.OFFICER:
        return actor_may_see(who, case.tasks[item])
    if who.role is Role.SUPERVISOR and not _is_within(case.region, who.region, regions):
        return _is_within(case.tasks[item].region, who.region, regions)
    return serves(who, case, item) or may_see(who, case, regions)


def must_watch(context: Context, case: Application, item: str | None) -> None:
    """Supervision above one of several places presses for what is handled there, and for nothing else; raises
    :class:`NotFound`."""
    who, regions = context.actor, context.world.catalogue.regions
    if _is_within(case.region, who.region, regions):
        return
    if item is None or item not in case.tasks or not may_act(who, case, item, regions):
        raise no_such_task()


def _is_within(region: str, area: str | None, regions: RegionTree) -> bool:
    return area is not None and any(place.code == area for place in regions.ancestors(region))


def no_such_material() -> NotFound:
    """The one sentence for a material that is not asked for, not handed in, or not the asker's to see."""
    return NotFound(Text("没有找到这份材料。", "There is no such material."))
