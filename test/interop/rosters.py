"""Rosters (doc/format.md section 6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Optional

from byte_encodings import base32
from documents import Document, digest_of, verify_signatures
from identities import Identity, check_identity
from refusal import Refused


@dataclass(frozen=True)
class Roster:
    """A checked roster. `signers` by fingerprint."""

    digest: str
    lab: dict[str, Any]
    version: int
    signers: dict[str, Identity]
    threshold: int

    @property
    def fingerprint(self) -> str:
        """The 32 bytes of the digest in base32: what people compare."""
        return base32(bytes.fromhex(self.digest.split(":")[1]))

    def verify(self, document: Document, kind: str) -> list[Identity]:
        """Who signed a document of the controller; E_ROLE, E_SIG, E_THRESHOLD."""
        keys = {fingerprint: signer.sign for fingerprint, signer in self.signers.items()}
        return [self.signers[key] for key in verify_signatures(document, kind, keys, self.threshold)]


def _satisfies_luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def check_roster(document: Document, pinned: Optional[Roster] = None) -> Roster:
    """The roster of a document that passed its schema; a later version under the pinned one where it is given."""
    signed = document["signed"]
    if pinned is not None:
        _check_succession(signed, pinned)
    lab_id = signed["lab"]["id"]
    if lab_id["scheme"] == "siren" and not _satisfies_luhn(lab_id["value"]):
        raise Refused("E_LAB", "the SIREN doesn't satisfy the Luhn formula", "/signed/lab/id/value")
    identities = [check_identity(signer) for signer in signed["signers"]]
    signers = {identity.fingerprint: identity for identity in identities}
    if len({identity.sign for identity in identities}) < len(identities):
        raise Refused("E_SHARED", "a signer appears twice", "/signed/signers")
    if signed["threshold"] > len(signers):
        raise Refused("E_THRESHOLD", "the threshold is above the number of signers", "/signed/threshold")
    roster = Roster(digest_of(document), signed["lab"], signed["version"], signers, signed["threshold"])
    roster.verify(document, "roster")
    if ("previous" in signed) != (signed["version"] > 1):
        raise Refused("E_MISMATCH", "a first roster with a version before it, or a later one without", "/signed/previous")
    if pinned is not None:
        pinned.verify(document, "roster")
    return roster


def _check_succession(signed: dict[str, Any], pinned: Roster) -> None:
    if signed["lab"]["id"] != pinned.lab["id"]:
        raise Refused("E_LAB", "the roster is of another laboratory")
    if signed["version"] <= pinned.version:
        raise Refused("E_ROLLBACK", "the roster's version is not above that of the pinned one")
    if signed.get("previous") != pinned.digest:
        raise Refused("E_MISMATCH", "the roster doesn't name the pinned one as the version before")
