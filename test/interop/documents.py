"""Signed documents (doc/format.md sections 3, 4 and 16)."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Mapping

import ed25519
from byte_encodings import base64_bytes, digest
from json_schema import Schemas
from refusal import Refused
from strict_json import DOCUMENT_LIMIT, canonical, locate, read

Document = dict[str, Any]

KINDS = (
    "identity",
    "roster",
    "instructions",
    "approval",
    "receipt",
    "import",
    "validation",
    "revocation",
    "entry",
    "checkpoint",
    "manifest",
    "secret-identity",
    "sealed",
)

SCHEMAS = Schemas(Path(__file__).resolve().parents[2] / "schemas")


def document_type(kind: str) -> str:
    """The type of a kind of document, with its version."""
    return f"sealift.{kind}.v1"


def pae(kind: str, body: bytes) -> bytes:
    """DSSE's pre-authentication encoding of a document's type and its canonical `signed`."""
    name = document_type(kind).encode("ascii")
    return b"DSSEv1 %d %s %d %s" % (len(name), name, len(body), body)


def digest_of(document: Document) -> str:
    """The digest of a document: of the canonical JSON of `signed` alone."""
    return digest(canonical(document["signed"]))


def check_type(value: Any, place: str) -> None:
    """E_VERSION for a type that version 1 doesn't know; whether it is the wanted one is for the schema to say."""
    found = value.get("type") if isinstance(value, dict) else None
    if isinstance(found, str) and found not in map(document_type, KINDS):
        raise Refused("E_VERSION", "a type of document that version 1 doesn't know", place)


def read_document(data: bytes, kind: str) -> Document:
    """A signed document of one kind out of a file: read strictly, its type known, its form that of the schema."""
    value = read(data, DOCUMENT_LIMIT)
    if isinstance(value, dict) and kind == "identity" and value.get("type") == document_type("secret-identity"):
        raise Refused("E_KEY", "a secret identity where a public one is wanted")
    check_type(value.get("signed") if isinstance(value, dict) else None, "/signed/type")
    if isinstance(value, dict) and "signed" in value and value.get("signatures", []) == []:
        raise Refused("E_UNSIGNED", f"the {kind} is not signed")
    check_schema(value, kind, data)
    return value


def check_schema(value: Any, kind: str, data: bytes) -> None:
    """The schema of a kind, and each key once among the signatures; a fault is placed by line and column."""
    try:
        SCHEMAS.check(value, kind)
    except Refused as fault:
        pointer = "" if fault.place == "the root" else fault.place
        raise Refused(fault.code, fault.message, f"{locate(data, pointer)}, {fault.place}") from None
    _check_keys_once(value, "")


def _check_keys_once(value: Any, at: str) -> None:
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, member in members:
        if name == "signatures":
            keys = [signature["key"] for signature in member]
            if len(set(keys)) < len(keys):
                raise Refused("E_SCHEMA", "two signatures of one key", f"{at}/signatures")
        _check_keys_once(member, f"{at}/{name}")


def verify_signatures(document: Document, kind: str, keys: Mapping[str, bytes], threshold: int = 1) -> list[str]:
    """Who of `keys` (fingerprint to Ed25519 key) signed. E_ROLE when nobody, E_SIG, E_THRESHOLD."""
    known = [signature for signature in document["signatures"] if signature["key"] in keys]
    if not known:
        raise Refused("E_ROLE", f"the {kind} is signed by nobody who may")
    message = pae(kind, canonical(document["signed"]))
    for signature in known:
        if not ed25519.verify(keys[signature["key"]], message, base64_bytes(signature["sig"], 64)):
            raise Refused("E_SIG", f"a signature of the {kind} doesn't hold")
    if len(known) < threshold:
        raise Refused("E_THRESHOLD", f"the {kind} has {len(known)} of {threshold} signatures")
    return [signature["key"] for signature in known]
