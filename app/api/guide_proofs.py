"""What to know of the operations that prove what is on record."""

from app.api.guide_words import A, C, G, Guide, S, changing, roles
from app.domain.vocabulary import Text

PROOFS: dict[str, Guide] = {
    "showProof": Guide(
        Text("取存证凭证", "Get a proof"),
        roles(
            A,
            G,
            C,
            S,
            note=Text(
                "限看得到整件申请的人；内容只给申请人一方，且只给其自己写的。",
                "Whoever sees the whole application; contents go to the applicant's side, of their own steps only.",
            ),
        ),
        changing(
            "还没编入存证树的事件随之编入。",
            "Events that have no place in the proof tree yet get it.",
        ),
    ),
    "listCheckpoints": Guide(Text("列出检查点", "List checkpoints")),
    "proveConsistency": Guide(Text("证明历史未被改写", "Prove that nothing was rewritten")),
    "listProofKeys": Guide(Text("列出签名公钥", "List the public keys")),
}
"""``operationId`` → what to know."""
