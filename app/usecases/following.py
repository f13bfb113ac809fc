"""Following an application: that something changed and never what, so that a page need not ask again and again."""

from app.domain.errors import NotFound, NotSignedIn
from app.storage.queries import Reader
from app.usecases import access
from app.usecases.accounts import identify
from app.usecases.context import Context


def version(context: Context, reader: Reader, application_id: str) -> int:
    """The version of an application; raises :class:`NotFound` for whoever may not see it."""
    return access.visible(context, reader, application_id).version


def may_still(context: Context, reader: Reader, token: str, application_id: str) -> bool:
    """Whether who holds this token may see the application now: a mandate can end while somebody follows."""
    try:
        who = identify(context, reader, token).actor
    except (NotFound, NotSignedIn):
        return False
    case = reader.application(application_id)
    return case is not None and access.may_see(who, case, context.world.catalogue.regions)
