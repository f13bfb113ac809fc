"""The residents of the province: fictional, told apart by a code, and with numbers that can belong to nobody.

Names are a family name and 示例, identity numbers begin with 00, telephones with 100. Residents cannot sign in.
"""

from dataclasses import dataclass
from random import Random

from app.domain.identity import company_code, mod_11_2
from app.domain.vocabulary import Text

FAMILY_NAMES = (
    *(("王", "Wang"), ("李", "Li"), ("张", "Zhang"), ("刘", "Liu"), ("陈", "Chen"), ("杨", "Yang"), ("黄", "Huang")),
    *(("赵", "Zhao"), ("吴", "Wu"), ("周", "Zhou"), ("徐", "Xu"), ("孙", "Sun"), ("马", "Ma"), ("朱", "Zhu")),
    *(("胡", "Hu"), ("郭", "Guo"), ("何", "He"), ("林", "Lin"), ("高", "Gao"), ("罗", "Luo"), ("郑", "Zheng")),
    *(("梁", "Liang"), ("谢", "Xie"), ("宋", "Song"), ("唐", "Tang"), ("许", "Xu"), ("韩", "Han"), ("冯", "Feng")),
    *(("邓", "Deng"), ("曹", "Cao"), ("彭", "Peng"), ("曾", "Zeng"), ("肖", "Xiao"), ("田", "Tian"), ("董", "Dong")),
    *(("潘", "Pan"), ("袁", "Yuan"), ("蔡", "Cai"), ("蒋", "Jiang"), ("余", "Yu"), ("叶", "Ye"), ("杜", "Du")),
)
HOUSEHOLDS = 0.7
"""Residents who apply, for each case of a region: some come several times."""


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody who applies."""

    code: str
    name: Text


def resident(region: str, number: int) -> Resident:
    """The resident of a region with this number: always the same."""
    zh, en = FAMILY_NAMES[(number * 31 + int(region)) % len(FAMILY_NAMES)]
    return Resident(f"resident.{region}.{number}", Text(f"{zh}示例", f"{en} Shili"))


def another_id(number: str, draw: Random) -> str:
    """Another fictional identity number of somebody born on the same day and of the same sex."""
    body = f"{number[:14]}{2 * draw.randrange(500) + int(number[16]) % 2:03d}"
    return body + mod_11_2(body)


def another_phone(draw: Random) -> str:
    """A number that no telephone has."""
    return f"100{draw.randrange(10**8):08d}"


def another_company(code: str, draw: Random) -> str:
    """Another fictional credit code of the same kind and place."""
    return company_code(code[:8], draw.randrange(10**6))
