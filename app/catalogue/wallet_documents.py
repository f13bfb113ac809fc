"""What an author writes of the certificates that fictional people hold already."""

from datetime import date

from pydantic import Field

from app.catalogue.document_base import Code, Document
from app.domain.vocabulary import Text


class CompanyDocument(Document):
    """Whose a certificate is when it is not a person's."""

    uscc: str | None = Field(None, description="fictional 统一社会信用代码: 00 where a real one has its province")
    name: str = Field(min_length=1, max_length=100)


class CertificateFactDocument(Document):
    """One line that stands on a certificate."""

    label: Text
    value: str = Field(min_length=1, max_length=200)


class HeldDocument(Document):
    """One certificate that somebody holds."""

    type: Code
    number: str = Field(pattern=r"^[A-Z]{2,4}-\d{6}-\d{4,8}$", description="fictional, unlike any real number")
    issued_on: date
    valid_until: date | None = Field(None, description="last day; leave out for no end")
    region: str | None = Field(None, description="where it was issued; the person's region when left out")
    company: CompanyDocument | None = Field(None, description="for certificates of businesses")
    facts: list[CertificateFactDocument] = Field([])


class WalletDocument(Document):
    """证照包: what one person holds; a company's certificates are with its legal representative."""

    certificates: list[HeldDocument] = Field(min_length=1)
