"""Proofs, told for the documentation: the receipt of the submission, checkpoints, consistency, keys."""

from tests.recorder import Recorder

OWNER = "wang_owner"


def proofs(r: Recorder) -> None:
    """What is kept to check later."""
    own = {"application_id": r.application}
    r.tell("showProof", "申报的存证凭证", "Proof of the submission", OWNER, path=own)
    r.tell("showProof", "第一步的存证凭证", "Proof of the first step", OWNER, path=own, query={"seq": 1})
    listed = r.tell("listCheckpoints", "最新两个检查点", "The two newest checkpoints", query={"limit": 2})
    first, second = sorted(entry["size"] for entry in listed["entries"])
    r.tell("proveConsistency", "历史未被改写", "Nothing was rewritten", query={"first": first, "second": second})
    r.tell("listProofKeys", "验签用的公钥", "Public keys for checking signatures")


PROOFS = (proofs,)
