"""What to know of the operations on certificates."""

from app.api.guide_words import NARROW, A, C, G, Guide, O, changing, roles
from app.domain.vocabulary import Text

OWN = roles(A, note=Text("限本人名下的证照（含本人任法定代表人的企业）。", "What is in the own wallet."))
ISSUER = roles(O, note=Text("限核发该证照的单位。", "The office that issued it."))
FORCE = Text(
    "国务院关于在线政务服务的若干规定（国令第716号）：电子证照与纸质证照具有同等法律效力。",
    "Regulations on Online Government Services (State Council Decree 716): an e-certificate has the force of paper.",
)

CERTIFICATES: dict[str, Guide] = {
    "listCertificates": Guide(Text("我的证照包", "My wallet"), OWN, law=FORCE),
    "showCertificate": Guide(Text("查看证照", "Show a certificate"), OWN),
    "presentCertificate": Guide(
        Text("亮证", "Show it to somebody"),
        OWN,
        changing(
            "写入一个码的哈希，5 分钟后失效（示例）。", "The hash of a code that dies in 5 minutes (illustrative)."
        ),
    ),
    "authoriseCertificate": Guide(
        Text("授权用证", "Let it be used once"),
        OWN,
        changing(
            "写入一个一次性码的哈希，15 分钟后失效（示例）。",
            "The hash of a one-time code that dies in 15 minutes (illustrative).",
        ),
    ),
    "downloadCertificate": Guide(Text("下载签名证照", "Download it signed"), OWN),
    "cancelCertificate": Guide(
        Text("申请注销", "Give it up"),
        OWN,
        changing("写入一条变动记录；不可恢复。", "One row of its history; there is no way back."),
    ),
    "verifyCertificate": Guide(
        Text("核验证照", "Check a certificate"),
        changes=changing("输错的次数，用于限制尝试。", "Wrong tries only, to limit them."),
    ),
    "scanCertificate": Guide(
        Text("扫码核验", "Check a scanned code"),
        changes=changing("输错的次数，用于限制尝试。", "Wrong tries only, to limit them."),
    ),
    "redeemCertificate": Guide(
        Text("凭码用证", "Redeem a code"),
        roles(C, O, note=Text("限持证人授权的申请或部门。", "For the case or department the holder named.")),
        changing(
            "证照作为该件的对应材料；写入用证记录。", "The certificate stands for the material; the use is logged."
        ),
        NARROW,
    ),
    "showIssuedCertificate": Guide(
        Text("查看核发的证照", "Show a certificate one issued"),
        ISSUER,
        changing("每次查看写入用证记录，持证人可见。", "Every look is logged, for the holder to see."),
    ),
    "actOnCertificate": Guide(
        Text("冻结、解冻、吊销", "Freeze, unfreeze, revoke"),
        ISSUER,
        changing(
            "写入一条变动记录和理由。吊销须两人：一人先冻结，由负责人（批准人）吊销。",
            "One row of its history, with the reason. Revoking takes two: one freezes, the head (officer 3) revokes.",
        ),
    ),
    "showMaterialCertificate": Guide(
        Text("查看材料对应的证照", "The certificate behind a material"),
        roles(A, G, C, O, note=Text("经办限本部门事项用到的材料。", "Officers where their own item uses it.")),
        changing("部门和窗口的每次查看写入用证记录。", "Every look of a desk is logged."),
        NARROW,
    ),
}
"""``operationId`` → what to know."""
