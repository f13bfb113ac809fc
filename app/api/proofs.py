"""Proofs: the receipt of an application, and what anybody may watch: checkpoints, consistency, keys, the verifier."""

import asyncio
from functools import partial
from typing import Annotated

from fastapi import Path, Query, Response

from app.api.responses import READ, refusals
from app.connectors.verifier import SOURCE
from app.schemas.common import Page
from app.schemas.proofs import CheckpointOut, ConsistencyOut, ProofOut, PublicKeyOut
from app.transport.doors import Doors
from app.transport.identity import SignedIn, ThePlatform
from app.usecases import proofs

router = Doors(tags=["proof 存证"])
verifier = Doors(include_in_schema=False)

LARGEST = 2**53
LAST_EVENT = 2**31 - 1
Size = Annotated[int, Query(ge=0, le=LARGEST, description="检查点的 size / size of a tree, as in a checkpoint")]


@router.get("/applications/{application_id}/proof", operation_id="showProof", responses=READ)
async def show_proof(
    context: SignedIn,
    platform: ThePlatform,
    application_id: Annotated[str, Path(max_length=32, description="申请的 id / id of the application")],
    seq: Annotated[
        int | None,
        Query(ge=1, le=LAST_EVENT, description="时间线第几步，不填为申报 / step of the timeline, or the submission"),
    ] = None,
) -> ProofOut:
    """存证凭证 receipt/v1：一份自包含的文件，任何人可脱离本平台核验。 / A self-contained receipt of one event that
    anybody can check without this platform. An applicant gets the contents of the own side's steps.
    """
    return await asyncio.to_thread(proofs.prove, context, platform.store, application_id, seq)


@router.get("/proof/checkpoints", operation_id="listCheckpoints", responses=refusals("invalid-input"))
async def list_checkpoints(
    platform: ThePlatform,
    cursor: Annotated[
        int | None, Query(ge=0, le=LARGEST, description="上一页的 next / ``next`` of the page before")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=100, description="每页几条 / entries of a page")] = 20,
) -> Page[CheckpointOut]:
    """签名的检查点，新的在前；自行留存即可日后比对。 / Signed checkpoints, newest first; keep one to compare later."""
    return await platform.store.aread(partial(proofs.checkpoints, cursor=cursor, limit=limit))


@router.get("/proof/consistency", operation_id="proveConsistency", responses=refusals("not-found", "invalid-input"))
async def prove_consistency(platform: ThePlatform, first: Size, second: Size) -> ConsistencyOut:
    """一致性证明：小的树是大的树的开头，历史没有被改写。 / That one tree is the beginning of another: nothing was
    rewritten between two checkpoints (RFC 6962).
    """
    return await platform.store.aread(partial(proofs.consistency, first=first, second=second))


@router.get("/proof/keys", operation_id="listProofKeys", responses=refusals())
async def list_proof_keys(platform: ThePlatform) -> list[PublicKeyOut]:
    """签发检查点的公钥，含已更换的。 / Public keys that sign checkpoints, and those that did."""
    return proofs.public_keys(platform.world.keys)


@verifier.get("/verify.py")
async def download_verifier() -> Response:
    """The program that checks a receipt, as text to read before it is run."""
    return Response(SOURCE.read_text("utf-8"), media_type="text/x-python; charset=utf-8")
