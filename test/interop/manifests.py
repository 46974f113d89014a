"""Manifests (doc/format.md section 13)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Optional

import agreement
from documents import Document, check_schema, check_type, digest_of
from instructions import Instructions, check_instructions
from journal import Chain
from refusal import Refused
from rosters import Roster
from state_machine import Job
from strict_json import MANIFEST_LIMIT, read

# Steps that the processor takes within the instructions' times, and documents that others sign within them (section 7).
STEPS_WITHIN_TIMES = ("extraction", "delivery")
DOCUMENTS_WITHIN_TIMES = ("approval", "receipt")


@dataclass(frozen=True)
class Step:
    """One verified entry: its place, time, kind, and the name of the operator who signed it."""

    seq: int
    time: str
    kind: str
    signer: str


@dataclass(frozen=True)
class Verified:
    """What a manifest was found to hold."""

    job: str
    state: str
    steps: list[Step]


def read_manifest(data: bytes) -> dict[str, Any]:
    """The manifest of a file: read strictly, in the form of its schema."""
    value = read(data, MANIFEST_LIMIT)
    check_type(value, "/type")
    check_schema(value, "manifest", data)
    return value


def verify_manifest(
    manifest: dict[str, Any], pinned: Roster, witness: Optional[str] = None, witness_seq: Optional[int] = None
) -> Verified:
    """Steps 1 to 9 of section 13, and a witness (see `check_chain`)."""
    if digest_of(manifest["roster"]) != pinned.digest:
        raise Refused("E_LAB", "the manifest holds another roster than the pinned one")
    versions = check_versions(manifest["instructions"], pinned)
    chain = Chain(manifest["entries"], versions, pinned)
    job = check_chain(chain, witness, witness_seq)
    _check_checkpoint(manifest["checkpoint"], chain)
    steps = [_describe(chain, index) for index in range(len(chain.entries))]
    return Verified(versions[0].signed["job"], job.state, steps)


def check_chain(chain: Chain, witness: Optional[str] = None, witness_seq: Optional[int] = None) -> Job:
    """Steps 3 to 8. `witness` is a head that somebody kept, `witness_seq` how many entries the chain had then."""
    job = _check_entries(chain)
    chain.check_versions_are_used()
    seen = chain.heads if witness_seq is None else chain.heads[witness_seq : witness_seq + 1]
    if witness is not None and witness not in seen:
        raise Refused("E_CHAIN", "the head that was witnessed isn't in this chain")
    return job


def _describe(chain: Chain, index: int) -> Step:
    signed = chain.entries[index]["signed"]
    key = chain.entries[index]["signatures"][0]["key"]
    name = chain.instructions_of(index).operators[key].name
    return Step(signed["seq"], signed["time"], signed["statement"]["kind"], name)


def check_versions(documents: list[Document], pinned: Roster) -> list[Instructions]:
    """Step 2: every version checked, of one job, their numbers rising."""
    versions = [check_instructions(document, pinned) for document in documents]
    for earlier, later in zip(versions, versions[1:]):
        if earlier.signed["job"] != later.signed["job"]:
            raise Refused("E_MISMATCH", "instructions of two jobs")
        if earlier.signed["version"] >= later.signed["version"]:
            raise Refused("E_ROLLBACK", "instructions whose versions don't rise")
    return versions


def _check_entries(chain: Chain) -> Job:
    """Steps 3 to 8, entry by entry."""
    job = Job(list(chain.versions[0].recipients))
    extraction = -1
    for index, entry in enumerate(chain.entries):
        chain.check_link(index)
        chain.check_signer(index)
        signed = entry["signed"]
        statement = signed["statement"]
        version = chain.instructions_of(index)
        kind = statement["kind"]
        if kind == "extraction" and job.state == "authorised":
            job.recipients = list(version.recipients)
            extraction = index
        extracted = chain.entries[extraction]["signed"]["statement"] if extraction >= 0 else None
        job.step(statement, version.signed, signed["time"], extracted)
        chain.check_embedded(index)
        if kind == "purge":
            _check_purger(chain, index)
        _check_times(chain, index)
        if extracted is not None:
            _check_agreement(chain, index, extraction, job)
    return job


def _check_purger(chain: Chain, index: int) -> None:
    """Only a service that the instructions mark as unattended purges."""
    operator = chain.instructions_of(index).operator(chain.entries[index]["signatures"][0]["key"])
    if not operator["unattended"]:
        raise Refused("E_ROLE", "a purge by an operator who is not unattended", f"entry {index}")


def _check_times(chain: Chain, index: int) -> None:
    """Step 6: the processor's step by its entry's time and instructions, another's document by its own."""
    signed = chain.entries[index]["signed"]
    kind = signed["statement"]["kind"]
    version = chain.instructions_of(index)
    if kind in STEPS_WITHIN_TIMES:
        version.require_in_force(signed["time"], kind)
    if kind == "extraction":
        version.require_in_force(signed["statement"]["started"], kind)
    if kind in STEPS_WITHIN_TIMES:
        if any(version.is_revoked(recipient, signed["time"]) for recipient in version.recipients):
            raise Refused("E_REVOKED", f"{kind} for a recipient who is revoked or expired", f"entry {index}")
    if kind in DOCUMENTS_WITHIN_TIMES:
        document = signed["statement"]["document"]["signed"]
        chain.by_digest[document["instructions"]].require_in_force(document["time"], kind)


def _check_agreement(chain: Chain, index: int, extraction: int, job: Job) -> None:
    """Steps 7 and 8: an extraction with the instructions, every other statement with the extraction."""
    statement = chain.entries[index]["signed"]["statement"]
    extracted = chain.entries[extraction]["signed"]["statement"]
    document = statement.get("document", {}).get("signed", {})
    kind = statement["kind"]
    version = chain.instructions_of(index)
    if kind == "extraction":
        readers = {*version.recipients, *chain.roster.signers}
        agreement.check_extraction(statement, version.signed, readers, chain.entries[index]["signed"]["time"])
    elif kind == "approval":
        agreement.check_approval(document, extracted, chain.digests[extraction])
    elif kind == "delivery":
        operator = version.operator(chain.entries[index]["signatures"][0]["key"])
        agreement.check_delivery(statement, extracted, version.signed, operator)
    elif kind == "receipt":
        agreement.check_receipt(document, extracted)
    elif kind == "import":
        agreement.check_import(document, extracted)
    elif kind == "validation":
        agreement.check_validation(document, extracted)
    elif kind == "purge":
        agreement.check_purge(statement, extracted, job.is_delivered)


def _check_checkpoint(document: Document, chain: Chain) -> None:
    signed = document["signed"]
    last = chain.instructions_of(len(chain.entries) - 1) if chain.entries else chain.versions[-1]
    chain.check_operator(document, "checkpoint", last, signed["time"])
    if signed["job"] != last.signed["job"]:
        raise Refused("E_CHAIN", "the checkpoint is of another job")
    if signed["seq"] != len(chain.entries) or signed["head"] != chain.head:
        raise Refused("E_CHAIN", "the checkpoint names another head or number of entries")
