"""Signing in: pick a fictional person or officer, get a bearer token."""

from pydantic import Field

from app.schemas.common import Bilingual, In, Instant, Out, Term


class AccountOut(Out):
    """Somebody who can sign in."""

    code: str = Field(examples=["wang_owner", "officer.market.330802.1"])
    name: Bilingual
    role: Term
    department: str | None
    region: str | None
    acts_for: str | None = Field(description="the applicant an agent acts for")
    note: Bilingual | None = None


class SignIn(In):
    """Who to be. No password: everybody here is fictional."""

    account: str = Field(max_length=80, examples=["wang_owner"])
    acting_for: str | None = Field(
        None, max_length=80, description="account of a person whose mandate one holds (委托)", examples=["li_founder"]
    )


class TokenOut(Out):
    """A bearer token, shown once: send it as ``Authorization: Bearer …``."""

    token: str
    expires_at: Instant
    account: AccountOut
