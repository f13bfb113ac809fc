"""核验存证凭证，不需要网络，也不需要任何程序库。 Check a receipt without a network and without any library.

    python verify_receipt.py receipt.json [公钥 / public key, hexadecimal]
没有给公钥时用凭证里的公钥，请自行与公布的比对。 Without a key the receipt's own is used: compare it with the published.
"""

# mypy: ignore-errors
import hashlib
import json
import sys

P, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
PLAIN = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def _need(fact, zh, en):
    if not fact:
        raise ValueError(f"{zh} {en}")


def _add(one, other):  # points of Ed25519 in extended coordinates, RFC 8032 section 5.1.4
    (x, y, z, t), (u, v, w, s) = one, other
    m, n, o, q = (y - x) * (v - u) % P, (y + x) * (v + u) % P, 2 * t * s * D % P, 2 * z * w % P
    e, f, g, h = n - m, q - o, q + o, n + m
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(number, point, found=(0, 1, 1, 0)):
    while number:
        found, point, number = _add(found, point) if number & 1 else found, _add(point, point), number >> 1
    return found


def _point(code):
    y, odd = int.from_bytes(code, "little") & ~(1 << 255), code[31] >> 7
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if x * x % P == square else x * pow(2, (P - 1) // 4, P) % P
    _need(len(code) == 32 and y < P and x * x % P == square and (x or not odd), "公钥或签名不成立。", "Not a point.")
    x = x if x & 1 == odd else P - x
    return x, y, 1, x * y % P


def _is_signed(key, text, signature):
    s = int.from_bytes(signature[32:], "little")
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + text).digest(), "little") % ORDER
    base = _point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
    (x, y, z, _), (u, v, w, _) = _times(s, base), _add(_point(signature[:32]), _times(k, _point(key)))
    return len(signature) == 64 and s < ORDER and (x * w - u * z) % P == 0 and (y * w - v * z) % P == 0


def _chain(r, h):
    link = h(b"origin/v1\0", PLAIN(r["origin"]).encode())
    for number, event in enumerate(r["events"], 1):
        header, digest, payload = event["header"], bytes.fromhex(event["digest"]), event["payload"]
        is_next = header["seq"] == number and header["application_id"] == r["origin"]["id"]
        _need(is_next, f"第 {number} 步缺失或被调换。", f"Event {number} is missing or out of place.")
        is_own = payload is None or h(b"payload/v1\0", bytes.fromhex(event["salt"]), payload.encode()) == digest
        _need(is_own, f"第 {number} 步的内容被改动。", f"The contents of event {number} were altered.")
        link = h(b"link/v1\0", link, digest, PLAIN(header).encode())
    return link


def _check(r, key):
    _need(r["format"] == "receipt/v1" and r["hash"] in ("sha256", "sm3"), "不认识的格式。", "Unknown format.")
    lacking = f"这台机器没有 {r['hash']}，凭证未必有误，请换一台核验。", f"No {r['hash']} here: check it elsewhere."
    _need(r["hash"] in hashlib.algorithms_available, *lacking)
    h = lambda *parts: hashlib.new(r["hash"], b"".join(parts)).digest()  # noqa: E731
    top, path = r["checkpoint"], [bytes.fromhex(part) for part in r["path"]]
    node, low, last = h(b"\0", _chain(r, h)), r["position"], top["size"] - 1
    _need(0 <= low <= last, "位置不在树内。", "The position is outside the tree.")
    while last:  # a leaf has a hash beside it on every level, but where the tree ends
        if (low & 1 or low < last) and path:
            node = h(b"\1", path.pop(0), node) if low & 1 else h(b"\1", node, path.pop(0))
        low, last = low >> 1, last >> 1
    _need(node.hex() == top["root"] and not path, "不在检查点的树里。", "Not in the tree of the checkpoint.")
    before = "-" if top["previous_size"] is None else f"{top['previous_size']} {top['previous_root']}"
    text = f"checkpoint/v1\nyijianshi\n{r['hash']}\n{top['size']}\n{top['root']}\n{top['at']}\n{before}\n".encode()
    _need(_is_signed(bytes.fromhex(key), text, bytes.fromhex(top["signature"])), "签名不对。", "Wrong signature.")
    contents = [json.loads(event["payload"])["changes"] for event in r["events"] if event["payload"] is not None]
    name = next((own["reference"] for own in contents if own.get("reference")), r["origin"]["id"])
    count, end = len(r["events"]), r["events"][-1]["header"]
    return f"""✓ 通过：{name!r} 的前 {count} 步按所列顺序发生；最后一步（{end["kind"]!r}，{end["at"]!r}）
  至迟于 {top["at"]!r} 编入存证树，此后未被改动；{len(contents)} 步附有内容，内容即为所附。
  公钥 public key {bytes.fromhex(key).hex()}。不证明内容真实，也不证明已受理或批准。
✓ PROVED: the first {count} events of {name!r} happened in this order; the last one ({end["kind"]!r}, {end["at"]!r})
  was on record by {top["at"]!r} and is unaltered; {len(contents)} come with their original contents.
  It proves neither that contents are true nor that anything was accepted or granted."""


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    try:
        with open(sys.argv[1], encoding="utf-8") as file:
            receipt = json.load(file)
        print(_check(receipt, sys.argv[2] if len(sys.argv) > 2 else receipt["public_key"]))  # noqa: T201
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        sys.exit(f"{__doc__}\n✗ 未通过 NOT PROVED: {error}")
