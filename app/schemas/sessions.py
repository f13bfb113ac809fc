"""Sign-ins as their owner sees them."""

from pydantic import Field

from app.schemas.common import Bilingual, Instant, Out, Term


class SessionOut(Out):
    """One sign-in. No address and no device is kept of it."""

    id: str = Field(description="ends this sign-in at DELETE /api/v1/sessions/{session_id}; signs nobody in")
    way: Term = Field(description="through pages or the API")
    acting_for: Bilingual | None = Field(description="whom it acts for by a mandate (委托)")
    signed_in_at: Instant
    seen_at: Instant = Field(description="last request, to the minute")
    idle_until: Instant = Field(description="when it ends unless there is another request")
    expires_at: Instant = Field(description="when it ends in any case")
    is_this: bool = Field(description="whether it is the one that asks")
