"""The wishes for more time that wait for a government's answer."""

from sqlalchemy import select

from app.storage.queries import Reader
from app.storage.tables import APPLICATION


def waiting_for(reader: Reader, government: str, after: str, limit: int) -> list[str]:
    """Ids of the applications whose wish waits for the government of that region, oldest first, after an id."""
    query = (
        select(APPLICATION.c.id)
        .where(APPLICATION.c.whole_wish_to.is_not(None), APPLICATION.c.whole_wish_to == government)
        .where(APPLICATION.c.id > after)
    )
    return list(reader.connection.execute(query.order_by(APPLICATION.c.id).limit(limit)).scalars())
