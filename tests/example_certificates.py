"""Certificates, told for the documentation: the wallet, codes, signed documents, the issuing office."""

from typing import Any

from tests.recorder import Json, Recorder

OWNER, CLERK, MARKET, POLICE = "wang_owner", "clerk.330802", "officer.market.330802.1", "officer.police.330802.1"
CARD: Json = {"certificate": "ID-330802-000013"}


def wallet(r: Recorder) -> None:
    """What Wang holds; shown to a stranger, used at a desk."""
    r.tell("listCertificates", "王示例的证照包", "What Wang Shili holds", OWNER)
    r.tell("showCertificate", "居民身份证", "The identity card", OWNER, path=CARD)
    shown = r.tell("presentCertificate", "亮证", "Shown for five minutes", OWNER, path=CARD)
    r.tell("verifyCertificate", "核验码", "A code somebody shows", body={"code": shown["code"]})
    r.tell("scanCertificate", "扫码", "A scanned code", query={"code": shown["code"]})
    document = r.tell("downloadCertificate", "签名文件", "A signed file", OWNER, path=CARD)
    r.tell("verifyCertificate", "核验签名文件", "A signed file, checked", body={"document": document})
    wish = {"department": "market.330802", "purpose": "现场检查时核对经营者身份"}
    code = r.tell("authoriseCertificate", "授权一个部门", "For one department", OWNER, path=CARD, body=wish)["code"]
    r.tell("redeemCertificate", "部门取用", "The department takes it over", MARKET, body={"code": code})


def desks(r: Recorder) -> None:
    """The certificate behind a material, and what its issuing office may do."""
    behind = {"application_id": r.application, "code": "rep_id"}
    r.tell("showMaterialCertificate", "代替身份证的证照", "What stands for the identity card", MARKET, path=behind)
    r.tell("showIssuedCertificate", "公安机关查看", "As the police see it", POLICE, path=CARD)
    for action, zh, en in (("freeze", "冻结", "Frozen"), ("unfreeze", "解冻", "Unfrozen")):
        wish: dict[str, Any] = {"action": action, "reason": "核查需要"}
        r.tell("actOnCertificate", zh, en, POLICE, path=CARD, body=wish)
    booklet = {"certificate": "HR-330802-000013"}
    r.tell("cancelCertificate", "户口迁出，申请注销", "Given up", OWNER, path=booklet, body={"reason": "户口迁出"})


CERTIFICATES = (wallet, desks)
