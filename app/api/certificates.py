"""电子证照: the wallet, codes to show and to use, signed documents, verification, and moves of the issuing office."""

from functools import partial
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from app.api.papers import HTML, preferred
from app.api.responses import READ, WRITE, Responses, link, linked, refusals
from app.connectors.qr import qr_svg
from app.schemas.certificates import (
    Authorisation,
    AuthorisedOut,
    Cancellation,
    CertificateAct,
    HoldingLineOut,
    HoldingOut,
    RedeemedOut,
    Redemption,
    ShownOut,
    SignedCertificateOut,
    Verification,
    VerifiedOut,
)
from app.transport.doors import Doors
from app.transport.identity import Anybody, SignedIn, ThePlatform
from app.usecases import certificate_codes, certificate_documents, certificates

router = Doors(tags=["certificates 电子证照"])

Number = Annotated[
    str,
    Path(
        alias="certificate",
        max_length=64,
        description="证照编号 / number of the certificate",
        examples=["ID-330802-000013"],
    ),
]
VERIFY = refusals("not-found", "invalid-input", "real-identity-refused", "too-many-requests", "stale", "too-large")
TO_PAGE = "浏览器（Accept: text/html）转到网页 / a browser (Accept: text/html) is sent on to the page"
DOCUMENT: Responses = {200: {"description": "签名文件，可离线核验 / the signed file, to be checked offline"}}


@router.get(
    "/me/certificates",
    operation_id="listCertificates",
    responses={
        **READ,
        **linked(200, show=link("showCertificate", "The first of them.", certificate="$response.body#/0/number")),
    },
)
async def list_certificates(context: SignedIn, platform: ThePlatform) -> list[HoldingLineOut]:
    """我的证照包：本平台核发的和原有的。 / One's wallet: what was issued here and what was held before."""
    return await platform.store.aread(partial(certificates.own, context))


@router.get("/me/certificates/{certificate}", operation_id="showCertificate", responses=READ)
async def show_certificate(context: SignedIn, platform: ThePlatform, number: Number) -> HoldingOut:
    """一份证照的全部内容、变动和使用记录。 / One certificate in full: what stands on it, its history, its uses."""
    return await platform.store.aread(partial(certificates.show, context, number=number))


@router.post(
    "/me/certificates/{certificate}/show",
    operation_id="presentCertificate",
    responses={**WRITE, **linked(200, verify=link("scanCertificate", "Check it.", code="$response.body#/code"))},
)
async def present_certificate(context: SignedIn, platform: ThePlatform, request: Request, number: Number) -> ShownOut:
    """亮证：得到 5 分钟内有效的码和二维码（示例时长）。 / Show it: a code and QR that live 5 minutes (illustrative)."""
    shown = await platform.store.aperform(partial(certificate_codes.present, context, number=number))
    base_url = (platform.settings.public_url or str(request.base_url)).rstrip("/")
    url = f"{base_url}/api/v1/certificates/verify?{urlencode({'code': shown.code})}"
    return ShownOut(code=shown.code, expires_at=shown.expires_at, verify_url=url, qr_svg=qr_svg(url))


@router.post(
    "/me/certificates/{certificate}/authorise",
    operation_id="authoriseCertificate",
    responses={**WRITE, **linked(200, redeem=link("redeemCertificate", "A desk redeems it."))},
)
async def authorise_certificate(
    context: SignedIn, platform: ThePlatform, number: Number, wish: Authorisation
) -> AuthorisedOut:
    """授权用证：为一件申请或一个部门、一个用途生成一次性用证码，15 分钟内有效（示例）。 / Let it be used once: a code
    for one case or department and one purpose, 15 minutes (illustrative).
    """
    return await platform.store.aperform(partial(certificate_codes.authorise, context, number=number, wish=wish))


@router.get(
    "/me/certificates/{certificate}/document", operation_id="downloadCertificate", responses={**DOCUMENT, **READ}
)
async def download_certificate(context: SignedIn, platform: ThePlatform, number: Number) -> SignedCertificateOut:
    """下载签名的证照文件，凭公钥即可离线核验。 / The certificate as a signed file that anyone checks offline."""
    return await platform.store.aread(partial(certificate_documents.signed, context, number=number))


@router.post("/me/certificates/{certificate}/cancel", operation_id="cancelCertificate", responses=WRITE)
async def cancel_certificate(
    context: SignedIn, platform: ThePlatform, number: Number, wish: Cancellation
) -> HoldingOut:
    """持证人申请注销。 / The holder gives it up; there is no way back."""
    return await platform.store.aperform(partial(certificates.cancel, context, number=number, wish=wish))


@router.post("/certificates/verify", operation_id="verifyCertificate", responses=VERIFY)
async def verify_certificate(context: Anybody, platform: ThePlatform, wish: Verification) -> VerifiedOut:
    """免登录核验证照码或签名文件：真伪、类型、遮盖后的姓名、状态、有效期，不含其他内容。 / Is it genuine? Kind, masked
    holder, status and last day, and nothing else. Wrong and expired are answered alike.
    """
    return _genuine(await platform.store.aperform(partial(certificate_codes.verify, context, wish=wish)))


@router.get(
    "/certificates/verify",
    operation_id="scanCertificate",
    response_model=VerifiedOut,
    responses={**VERIFY, 303: {"description": TO_PAGE}},
)
async def scan_certificate(
    context: Anybody,
    platform: ThePlatform,
    request: Request,
    code: Annotated[str, Query(max_length=40, description="证照码，二维码里的 / code, as in the QR")],
) -> VerifiedOut | Response:
    """扫二维码核验，答案相同；浏览器转到网页。 / The same for a scanned QR code; a browser is sent on to the page."""
    if preferred(request.headers.get("accept", "")) == HTML:
        return RedirectResponse(f"/verify?{urlencode({'code': code})}", 303, headers={"Vary": "Accept"})
    return _genuine(await platform.store.aperform(partial(certificate_codes.verify_code, context, text=code)))


def _genuine(found: VerifiedOut | None) -> VerifiedOut:
    if found is None:
        raise certificate_codes.refusal()
    return found


@router.post(
    "/certificates/redeem",
    operation_id="redeemCertificate",
    responses={**WRITE, **refusals("too-many-requests")},
)
async def redeem_certificate(context: SignedIn, platform: ThePlatform, wish: Redemption) -> RedeemedOut:
    """窗口或部门凭用证码取用证照，一次有效；用于申请的，即作为该件的对应材料。 / A desk takes the certificate over by
    the holder's code, once; for a case it stands for that material from now on.
    """
    found = await platform.store.aperform(partial(certificate_codes.redeem, context, wish=wish))
    if found is None:
        raise certificate_codes.refusal()
    return found


@router.get(
    "/certificates/{certificate}", operation_id="showIssuedCertificate", responses={**READ, **refusals("stale")}
)
async def show_issued_certificate(context: SignedIn, platform: ThePlatform, number: Number) -> HoldingOut:
    """发证单位查看本单位核发的证照；查看有记录。 / A certificate as its issuing office sees it; looks are logged."""
    return await platform.store.aperform(partial(certificates.issued, context, number=number))


@router.post("/certificates/{certificate}/actions", operation_id="actOnCertificate", responses=WRITE)
async def act_on_certificate(
    context: SignedIn, platform: ThePlatform, number: Number, wish: CertificateAct
) -> HoldingOut:
    """发证单位冻结、解冻、吊销证照，须写明理由。 / Freeze, unfreeze or revoke, with a reason."""
    return await platform.store.aperform(partial(certificates.act, context, number=number, wish=wish))


@router.get(
    "/applications/{application_id}/materials/{code}/certificate",
    operation_id="showMaterialCertificate",
    responses={**READ, **refusals("stale")},
)
async def show_material_certificate(
    context: SignedIn,
    platform: ThePlatform,
    application_id: Annotated[str, Path(max_length=32, description="申请的 id / id of the application")],
    code: Annotated[str, Path(max_length=64, description="材料代码 / code of the material")],
) -> HoldingOut:
    """代替材料的电子证照；部门每次查看都有记录。 / The certificate that stands for a material; looks are logged."""
    return await platform.store.aperform(
        partial(certificates.behind, context, application_id=application_id, code=code)
    )
