"""Public identities (doc/format.md section 5)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import ed25519
from documents import Document, document_type, pae
from byte_encodings import base32, base64_bytes
from refusal import Refused
from strict_json import canonical

KEM_BYTES = 1216
ML_KEM_BYTES = 1184
ML_KEM_COEFFICIENT_BYTES = 1152  # FIPS 203: 3 polynomials of 256 coefficients of 12 bits, then the 32-byte seed
ML_KEM_Q = 3329


@dataclass(frozen=True)
class Identity:
    """A checked public identity: who, the fingerprint, and the Ed25519 public key."""

    name: str
    fingerprint: str
    sign: bytes


def fingerprint_of(document: Document) -> str:
    """Base32 of SHA-256 over the three public keys."""
    keys = {name: document["signed"][name] for name in ("box", "kem", "sign")}
    return base32(hashlib.sha256(canonical({**keys, "type": document_type("identity")})).digest())


def _has_reduced_coefficients(ml_kem: bytes) -> bool:
    for at in range(0, ML_KEM_COEFFICIENT_BYTES, 3):
        pair = int.from_bytes(ml_kem[at : at + 3], "little")
        if pair & 0xFFF >= ML_KEM_Q or pair >> 12 >= ML_KEM_Q:
            return False
    return True


_checked: dict[bytes, Identity] = {}


def check_identity(document: Document) -> Identity:
    """The identity of a document that passed its schema. E_KEY_WEAK, E_KEY."""
    known = canonical(document)
    if known not in _checked:
        _checked[known] = _check(document)
    return _checked[known]


def _check(document: Document) -> Identity:
    signed = document["signed"]
    sign, box, kem = (base64_bytes(signed[n], size) for n, size in (("sign", 32), ("box", 32), ("kem", KEM_BYTES)))
    if not ed25519.is_sound_key(sign):
        raise Refused("E_KEY_WEAK", "the Ed25519 key is no canonical point of the prime-order subgroup")
    if not ed25519.is_sound_x25519(box):
        raise Refused("E_KEY", "the X25519 key is not canonical, or of small order")
    if not _has_reduced_coefficients(kem[:ML_KEM_BYTES]):
        raise Refused("E_KEY", "a coefficient of the ML-KEM key is not below q")
    if not ed25519.is_sound_x25519(kem[ML_KEM_BYTES:]):
        raise Refused("E_KEY", "the X25519 part of the X-Wing key is not canonical, or of small order")
    fingerprint = fingerprint_of(document)
    signature = document["signatures"][0]
    message = pae("identity", canonical(signed))
    if signature["key"] != fingerprint or not ed25519.verify(sign, message, base64_bytes(signature["sig"], 64)):
        raise Refused("E_KEY", "the identity is not signed by its own key")
    return Identity(signed["name"], fingerprint, sign)
