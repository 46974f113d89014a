"""Instructions (doc/format.md section 7): every rule that doesn't depend on the present time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from datasets import check_datasets
from documents import Document, digest_of
from identities import Identity, check_identity
from refusal import Refused
from rosters import Roster
from ssh_keys import check_ssh_key

LARGEST_VERSION = 10**6

# The member states of the EU (ISO 3166-1 alpha-2), their regions with a code of their own, and Iceland, Liechtenstein
# and Norway.
EEA = frozenset(
    (
        "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK "
        "AX GF GP MF MQ RE YT "
        "IS LI NO"
    ).split()
)


@dataclass(frozen=True)
class Instructions:
    """Checked instructions. Operators and recipients by fingerprint."""

    digest: str
    signed: dict[str, Any]
    signed_by: list[Identity]
    operators: dict[str, Identity]
    recipients: dict[str, Identity]

    def require_in_force(self, time: str, kind: str) -> None:
        """Refuses a step outside notBefore (included) and expires (excluded), or after the contract's last day."""
        if not self.signed["notBefore"] <= time < self.signed["expires"]:
            raise Refused("E_TIME", f"{kind} at {time}, outside the instructions' times")
        if time[:10] > self.signed["contract"]["expires"]:
            raise Refused("E_CONTRACT", f"{kind} at {time}, after the contract expired")

    def operator(self, fingerprint: str) -> dict[str, Any]:
        """What the instructions say of an operator."""
        return dict(zip(self.operators, self.signed["processor"]["operators"]))[fingerprint]

    def is_revoked(self, fingerprint: str, time: str) -> bool:
        """Whether a party is revoked, or a recipient expired, at a time."""
        if any(r["identity"] == fingerprint and r["since"] <= time for r in self.signed.get("revoked", [])):
            return True
        names = zip(self.recipients, self.signed["recipients"])
        return any(key == fingerprint and "expires" in party and party["expires"] <= time for key, party in names)


def check_instructions(document: Document, roster: Roster) -> Instructions:
    """The instructions of a document that passed its schema, signed by the controller of the roster."""
    signed = document["signed"]
    if signed["lab"]["id"] != roster.lab["id"] or signed["lab"]["name"] != roster.lab["name"]:
        raise Refused("E_LAB", "the instructions are of another laboratory")
    signed_by = roster.verify(document, "instructions")
    if signed["roster"] != roster.digest:
        raise Refused("E_LAB", "the instructions are of another roster of the laboratory")
    if signed["version"] > LARGEST_VERSION:
        raise Refused("E_ROLLBACK", f"a version above {LARGEST_VERSION}", "/signed/version")
    if not signed["notBefore"] < signed["expires"]:
        raise Refused("E_TIME", "the instructions expire before they begin", "/signed/expires")
    if signed["deadlines"]["purge"] < signed["deadlines"]["delivery"]:
        raise Refused("E_TIME", "the purge is due before the delivery", "/signed/deadlines")
    operators = [check_identity(party["identity"]) for party in signed["processor"]["operators"]]
    recipients = [check_identity(party["identity"]) for party in signed["recipients"]]
    _check_parties(signed, [party.sign for party in operators + recipients])
    _check_operators(signed, roster, operators)
    _check_countries(signed)
    check_datasets(signed["datasets"])
    return Instructions(
        digest_of(document),
        signed,
        signed_by,
        {party.fingerprint: party for party in operators},
        {party.fingerprint: party for party in recipients},
    )


def _check_operators(signed: dict[str, Any], roster: Roster, operators: list[Identity]) -> None:
    # A recipient may sign for the laboratory: the laboratory itself may receive.
    keys = {signer.sign for signer in roster.signers.values()}
    if any(party.sign in keys for party in operators):
        raise Refused("E_SHARED", "an operator signs for the laboratory", "/signed/processor/operators")
    if not any(party["unattended"] for party in signed["processor"]["operators"]):
        raise Refused("E_ROLE", "no operator may purge unwatched", "/signed/processor/operators")


def _check_parties(signed: dict[str, Any], signing_keys: list[bytes]) -> None:
    parties = signed["processor"]["operators"] + signed["recipients"]
    keys = [party["sshKey"] for party in parties]
    for line in [*keys, signed["endpoint"]["hostKey"]]:
        check_ssh_key(line)
    for what, values in (
        ("signing key", signing_keys),
        ("ssh key", keys),
        ("account", [party["account"] for party in parties]),
    ):
        if len(set(values)) < len(values):
            raise Refused("E_SHARED", f"two parties have one {what}")


def _check_countries(signed: dict[str, Any]) -> None:
    named = [party["country"] for party in (signed["processor"], signed["endpoint"], *signed["recipients"])]
    allowed = EEA.union(signed["transfers"].get("countries", []))
    if not allowed.issuperset(named):
        raise Refused("E_COUNTRY", "a country outside the EEA that the instructions don't allow")
