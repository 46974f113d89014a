"""OpenSSH public keys (doc/format.md section 1; RFC 4253 section 6.6, RFC 5656, RFC 8709)."""

from __future__ import annotations

import base64
import binascii
import hashlib

from refusal import Refused

RSA_BITS = 3072
LARGEST_RSA_BITS = 16384
_POINT_BYTES = {"nistp256": 65, "nistp384": 97, "nistp521": 133}


def _malformed(reason: str) -> Refused:
    return Refused("E_SSH_KEY", f"an SSH key {reason}")


def _strings(blob: bytes) -> list[bytes]:
    """The length-prefixed strings that a key blob consists of (RFC 4251 section 5)."""
    result: list[bytes] = []
    at = 0
    while at < len(blob):
        length = int.from_bytes(blob[at : at + 4], "big")
        result.append(blob[at + 4 : at + 4 + length])
        if at + 4 > len(blob) or len(result[-1]) < length:
            raise _malformed("that is cut off")
        at += 4 + length
    return result


def _blob(line: str) -> bytes:
    text = line.split(" ")[1]
    try:
        blob = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise _malformed("that is not base64") from None
    if base64.b64encode(blob).decode("ascii") != text:
        raise _malformed("whose base64 is not canonical")
    return blob


def _bits(integer: bytes) -> int:
    """The bits of a positive integer; refuses one that is negative, zero or longer than it must be."""
    if not integer or integer[0] >= 0x80:
        raise _malformed("with a number that is not positive")
    if integer[0] == 0 and (len(integer) == 1 or integer[1] < 0x80):
        raise _malformed("with a number that is not in its shortest form")
    return int.from_bytes(integer, "big").bit_length()


def _check_rsa(parts: list[bytes]) -> None:
    if len(parts) != 2:
        raise _malformed("of RSA without exactly an exponent and a modulus")
    _bits(parts[0])
    bits = _bits(parts[1])
    if bits > LARGEST_RSA_BITS:
        raise _malformed(f"of RSA with more than {LARGEST_RSA_BITS} bits")
    if bits < RSA_BITS:
        raise Refused("E_KEY_WEAK", f"an RSA key of less than {RSA_BITS} bits")


def check_ssh_key(line: str) -> None:
    """Whether the blob is a key of the type that stands before it. E_SSH_KEY, E_KEY_WEAK."""
    kind = line.split(" ")[0]
    name, *parts = _strings(_blob(line)) or [b""]
    if name != kind.encode("ascii"):
        raise _malformed("of another type than it says")
    if kind == "ssh-rsa":
        _check_rsa(parts)
        return
    if kind == "ssh-ed25519":
        is_sound = [len(part) for part in parts] == [32]
    else:
        curve = kind.rsplit("-", 1)[1]
        is_named = len(parts) == 2 and parts[0] == curve.encode("ascii")
        is_sound = is_named and len(parts[1]) == _POINT_BYTES[curve] and parts[1][0] == 4
    if not is_sound:
        raise _malformed("of another form than its type")


def ssh_fingerprint(line: str) -> str:
    """OpenSSH's fingerprint of a key: `SHA256:` and base64 without padding."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(_blob(line)).digest()).decode("ascii").rstrip("=")
