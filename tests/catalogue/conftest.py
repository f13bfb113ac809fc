"""A small but complete pack, and a writer that changes one thing in it and says where that thing stands."""

from pathlib import Path

import pytest

from app.catalogue.checks import Report, check
from app.catalogue.faults import PackFault
from app.catalogue.loader import Catalogue, load, read

COMMON = """\
regions:
  "330000": {zh: 浙江省, en: Zhejiang}
  "330800": {zh: 衢州市, en: Quzhou}
  "330802": {zh: 柯城区, en: Kecheng}
lines:
  market:
    name: {zh: 市场监督管理局, en: Market Regulation}
    kind: authority
    serial: 1
    body_names:
      county: {zh: "{region}市场监督管理局", en: "{region} Market Regulation Bureau"}
    phone: 0000-00000001
    complaint_phone: 0000-00000002
  water:
    name: {zh: 供水公司, en: Water company}
    kind: utility
    serial: 2
    body_names:
      county: {zh: "{region}供水公司", en: "{region} Water"}
    phone: 0000-00000003
    complaint_phone: 0000-00000004
groups:
  subject: {zh: 经营主体, en: Business}
  premises: {zh: 经营场所, en: Premises}
datasets:
  enterprise_register:
    name: {zh: 企业登记信息, en: Enterprise register}
    holder: market
    grade: L1
    sharing: unconditional
    update: {zh: 实时, en: real time}
    elements:
      uscc: {name: {zh: 统一社会信用代码, en: Credit code}, grade: L1, kind: uscc}
certificates:
  business_licence_cert:
    name: {zh: 营业执照, en: Business licence}
    issuer: market
fields:
  shop_name:
    name: {zh: 店铺名称, en: Name of the shop}
    group: subject
  area:
    name: {zh: 经营面积, en: Floor area}
    kind: number
    group: premises
    minimum: 1
    maximum: 5000
  uscc:
    name: {zh: 统一社会信用代码, en: Credit code}
    kind: uscc
    group: subject
    sources: {results: [L0], dataset: enterprise_register, party: company}
  town:
    name: {zh: 所在地, en: Place}
    group: premises
    sources: {derived: {rule: region}}
materials:
  application_form:
    name: {zh: 申请书, en: Application form}
    sources: {generated: true}
    accept_standard: {zh: 填写完整, en: Complete}
    basis: {zh: 示例规定, en: Demonstration rule}
  licence_copy:
    name: {zh: 营业执照副本, en: Copy of the licence}
    origin: government
    sources: {results: [L0], certificate: business_licence_cert}
    accept_standard: {zh: 在有效期内, en: Valid}
    basis: {zh: 示例规定, en: Demonstration rule}
  fire_promise:
    name: {zh: 消防承诺书, en: Fire-safety commitment}
    sources: {commitment: true}
    accept_standard: {zh: 已签署, en: Signed}
    basis: {zh: 示例规定, en: Demonstration rule}
people:
  wang_owner:
    name: {zh: 王示例, en: Wang Shili}
    id_number: "001101199003070017"
    phone: "10000000001"
    region: "330802"
    note: {zh: 开店的人, en: Opens a shop}
item_defaults:
  level: county
  effective_on: 2026-01-01
  channels: [window, online]
  visits: 0
  online_depth: IV
  place: {zh: "{region}政务服务中心一楼 A01 号窗口", en: "Window A01, {region} hall"}
  hours: {zh: 工作日 9:00–17:00, en: Working days 9:00-17:00}
  directions: {zh: 乘示例1路, en: Demonstration bus 1}
  consult_phone: 0000-00000011
  complaint_phone: 0000-00000012
  consult_address: {zh: 示例路1号, en: 1 Shili Road}
  complaint_address: {zh: 示例路2号, en: 2 Shili Road}
  objects: [enterprise]
  corporate_topics:
    - {zh: 准营准办, en: Permits to operate}
  accept_conditions:
    - {zh: 有固定场所, en: Fixed premises}
  legal_basis:
    - law: {zh: 示例法, en: Demonstration Act}
      number: 示例〔2026〕1号
      article: {zh: 第一条, en: art. 1}
      issuer: {zh: 示例机关, en: Demonstration body}
      effective_on: 2026-01-01
  remedies:
    review_body: {zh: 本级政府, en: The local government}
    review_days: 60
    litigation_body: {zh: 示例法院, en: Demonstration court}
    litigation_months: 6
  rights: {zh: 知情权, en: To be told}
  duties: {zh: 如实申报, en: To tell the truth}
  faq:
    - {question: {zh: 要钱吗？, en: Is there a fee?}, answer: {zh: 不收费。, en: No.}}
"""

SHOP = """\
items:
  L0:
    name: {zh: 企业设立登记, en: Registration of a company}
    short: {zh: 营业执照, en: Business licence}
    catalog_code: "000731001000"
    variant: {serial: "01", name: {zh: 新办, en: new}}
    power: confirmation
    line: market
    promised: {days: 0}
    kind: instant
    review: instant
    flow:
      - {step: {zh: 受理, en: Acceptance}, actor: {zh: 窗口, en: Window}, days: 0}
      - {step: {zh: 决定, en: Decision}, actor: {zh: 窗口, en: Window}, days: 0}
    result:
      kind: certificate
      name: {zh: 营业执照正本证书, en: Business licence}
      certificate: business_licence_cert
      sample: {zh: 样本, en: Sample}
    fields: [shop_name, town]
    materials: {application_form: required}
  F1:
    name: {zh: 食品经营许可, en: Food business licence}
    short: {zh: 食品许可, en: Food licence}
    catalog_code: "000131002000"
    variant: {serial: "01", name: {zh: 新办, en: new}}
    power: licence
    line: market
    statutory: {days: 20}
    promised: {days: 5}
    kind: promise
    review: staged
    flow:
      - {step: {zh: 受理, en: Acceptance}, actor: {zh: 窗口, en: Window}, days: 1}
      - {step: {zh: 审查, en: Review}, actor: {zh: 科室, en: Office}, days: 3}
      - {step: {zh: 决定, en: Decision}, actor: {zh: 科室, en: Office}, days: 1}
    result:
      kind: certificate
      name: {zh: 食品经营许可证, en: Food licence}
      sample: {zh: 样本, en: Sample}
    fields: [shop_name, uscc, area]
    materials:
      application_form: required
      licence_copy: required
      fire_promise: {need: conditional, when: area_m2 >= 300}
    needs_data: [enterprise_register]
    provenance:
      statutory: {mark: sure, source: {zh: 行政许可法第四十二条, en: art. 42}}
overrides:
  - {item: F1, region: "330802", promised: {days: 3}, consult_phone: 0000-00000021}
bundles:
  shop:
    name: {zh: 开店, en: Opening a shop}
    summary: {zh: 开一家店。, en: Open a shop.}
    audience: [enterprise]
    lead: market
    level: county
    parties:
      company: {name: {zh: 店, en: the shop}, kind: enterprise, found_by: [{field: uscc}]}
    questions:
      has_licence:
        ask: {zh: 有营业执照吗？, en: Do you have a licence?}
        type: bool
        label: {zh: 营业执照, en: business licence}
        "yes": {zh: 已有营业执照, en: you have a licence}
        "no": {zh: 没有营业执照, en: you have no licence}
      kind:
        ask: {zh: 卖什么？, en: What do you sell?}
        type: enum
        label: {zh: 类别, en: kind}
        options: {食品: food, 服装: clothes}
      area_m2:
        ask: {zh: 多大？, en: How large?}
        type: number
        label: {zh: 经营面积, en: floor area}
        unit: {zh: 平方米, en: m²}
        minimum: 1
        maximum: 5000
        when: kind == '食品'
    eligibility:
      - when: area_m2 < 4000
        otherwise: {zh: 请找市级, en: Ask the city}
        provenance: {mark: illustrative}
    items:
      L0: {when: not has_licence}
      F1:
        when: kind == '食品'
        after: [L0]
        promises:
          - {when: area_m2 < 50, days: 2, note: {zh: 小店从快, en: small shops are quick}}
stories:
  shop_simple:
    bundle: shop
    title: {zh: 小店, en: A small shop}
    applicant: wang_owner
    region: "330802"
    answers: {has_licence: false, kind: 食品, area_m2: 40}
    form: {shop_name: 示例小店, area: 40}
"""


class PackWriter:
    """The pack as two files of a folder; every change is one replaced piece of text."""

    def __init__(self, folder: Path) -> None:
        """Begin with the sound pack."""
        self.folder = folder
        self.files = {"common.yaml": COMMON, "shop.yaml": SHOP}

    def change(self, old: str, new: str) -> "PackWriter":
        """Replace ``old``, which must stand exactly once in one of the files."""
        holders = [name for name, text in self.files.items() if old in text]
        assert len(holders) == 1, f"{old!r} stands in {holders}"
        text = self.files[holders[0]]
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        self.files[holders[0]] = text.replace(old, new)
        return self

    def add(self, name: str, text: str) -> "PackWriter":
        """One more file."""
        self.files[name] = text
        return self

    def line(self, piece: str) -> tuple[str, int]:
        """The file and line where a piece of text stands first."""
        for name, text in self.files.items():
            if piece in text:
                return str(self.folder / name), text[: text.index(piece)].count("\n") + 1
        raise AssertionError(piece)

    def write(self) -> Path:
        """Put the files on disk."""
        for name, text in self.files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return self.folder

    def load(self) -> Catalogue:
        """Load it, without the built-in packs."""
        return load([self.write()], include_builtin=False)

    def faults(self) -> tuple[PackFault, ...]:
        """What stops it from loading, and warnings of the same kind."""
        return read([self.write()], include_builtin=False).faults

    def fault(self, code: str) -> PackFault:
        """The only fault, which must have this code."""
        faults = self.faults()
        assert [fault.code for fault in faults] == [code], "\n".join(map(str, faults))
        return faults[0]

    def report(self) -> Report:
        """What the linter says."""
        return check([self.write()], include_builtin=False)

    def found(self, code: str) -> PackFault:
        """The only fault of the linter, which must have this code."""
        faults = self.report().faults
        assert [fault.code for fault in faults] == [code], "\n".join(map(str, faults))
        return faults[0]


@pytest.fixture
def pack(tmp_path: Path) -> PackWriter:
    """A sound pack to change."""
    return PackWriter(tmp_path / "pack")
