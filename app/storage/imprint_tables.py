"""The table of imprints: what each row of certain other tables said, every time it was written."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, Text
from sqlmodel import Field, SQLModel

from app.storage.partial_indexes import partial_index
from app.storage.tables import IS_UNSEQUENCED, table


class ImprintRow(SQLModel, table=True):
    """What one row of the table ``source`` said after it was written for the ``seq``-th time; append-only.

    The first time is 1. It is 0 where the row is older than its imprints and was taken over as it stood.
    """

    __tablename__ = "imprint"
    __table_args__ = (
        Index("ix_imprint_application", "application_id"),
        partial_index("ix_imprint_unsequenced", "source", "key", "seq", where=IS_UNSEQUENCED),
    )

    source: str = Field(primary_key=True, max_length=20)
    key: str = Field(primary_key=True, max_length=64, description="the primary key of the row")
    seq: int = Field(primary_key=True)
    application_id: str = Field(max_length=32)
    at: datetime
    salt: str | None = Field(None, sa_type=Text, description="destroyed together with what may be erased")
    digest: str | None = Field(None, max_length=64, description="salted digest of what may be erased")
    state: str = Field(max_length=64, description="hash of the whole row, by way of that digest")
    link: str = Field(max_length=64, description="binds the state to all earlier ones of the row; a leaf of the tree")
    position: int | None = Field(None, sa_type=BigInteger, description="its place in the tree")


IMPRINT = table("imprint")
