"""Names that the pages give to what the catalogue only numbers or codes."""

from app.domain.vocabulary import Text

GROUPS = {
    "applicant": Text("申请人与联系人", "Applicant and contact"),
    "subject": Text("经营主体", "The business"),
    "premises": Text("场所", "Premises"),
    "business": Text("经营内容", "Activities"),
    "safety": Text("安全管理", "Safety"),
    "people": Text("人员", "People"),
    "delivery": Text("领取方式", "Delivery"),
    "account": Text("账户", "Account"),
    "works": Text("工程", "Works"),
    "household": Text("户籍", "Household"),
    "connection": Text("接入需求", "Connection"),
    "project": Text("项目", "Project"),
    "insurance": Text("保险", "Insurance"),
    "property": Text("房屋", "Property"),
    "baby": Text("宝宝", "The baby"),
    "employment": Text("参保与就业", "Employment"),
    "deal": Text("交易", "The deal"),
    "parents": Text("父母", "Parents"),
}
"""Groups of the one form, by the code that packs give them."""


def group_name(code: str) -> Text:
    """The name of a group; a pack may bring groups of its own, which show their code."""
    return GROUPS.get(code, Text(code, code))
