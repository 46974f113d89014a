"""Encodings of doc/format.md section 1: base64, base32, digests, times."""

from __future__ import annotations

import base64
import binascii
import hashlib

from refusal import Refused


def base64_bytes(text: str, length: int) -> bytes:
    """The `length` bytes that `text` writes in canonical base64; E_ENCODING for any other spelling."""
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Refused("E_ENCODING", "not base64") from None
    if base64.b64encode(value).decode("ascii") != text:
        raise Refused("E_ENCODING", "base64 that is not canonical")
    if len(value) != length:
        raise Refused("E_ENCODING", f"{len(value)} bytes where {length} are wanted")
    return value


def base32(value: bytes) -> str:
    """Lower-case base32 (RFC 4648 section 6) without padding."""
    return base64.b32encode(value).decode("ascii").rstrip("=").lower()


def digest(value: bytes) -> str:
    """`sha256:` and 64 hexadecimal digits."""
    return "sha256:" + hashlib.sha256(value).hexdigest()
