"""Journals (doc/format.md section 12): the chain, who signed each entry, and the documents embedded in it."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, Sequence

from documents import Document, check_schema, digest_of, verify_signatures
from instructions import Instructions
from refusal import Refused
from rosters import Roster
from strict_json import MANIFEST_LIMIT, canonical, decode, read

# How far the clocks of two parties may be apart.
HOUR = 3600

BY_RECIPIENT = ("receipt", "import")


def read_journal(data: bytes) -> list[Document]:
    """The entries of a `journal.jsonl`; a torn last line is refused, since only its writer may repair it."""
    decode(data, MANIFEST_LIMIT)
    lines = data.split(b"\n")
    if lines.pop() != b"":
        raise Refused("E_CHAIN", "the last line is torn")
    entries = []
    for number, line in enumerate(lines, 1):
        try:
            entry = read(line)
            check_schema(entry, "entry", line)
        except Refused as fault:
            raise Refused("E_CHAIN", f"no entry: {fault.message}", f"line {number}, {fault.place}") from None
        if canonical(entry) != line:
            raise Refused("E_CHAIN", "an entry that is not canonical", f"line {number}")
        entries.append(entry)
    return entries


def _seconds(time: str) -> float:
    return datetime.strptime(time, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc).timestamp()


class Chain:
    """The entries of one job under all versions of its instructions."""

    def __init__(self, entries: Sequence[Document], versions: Sequence[Instructions], roster: Roster) -> None:
        self.entries = entries
        self.versions = versions
        self.roster = roster
        self.by_digest = {version.digest: version for version in versions}
        self.digests = [digest_of(entry) for entry in entries]
        self.heads = [versions[0].digest, *self.digests]

    @property
    def head(self) -> str:
        """The digest of the last entry, or of the first instructions."""
        return self.heads[-1]

    def instructions_of(self, index: int) -> Instructions:
        """The version that an entry acts under."""
        return self.by_digest[self.entries[index]["signed"]["instructions"]]

    def check_link(self, index: int) -> None:
        """Step 3 of section 13: job, seq, prev, time, instructions."""
        signed = self.entries[index]["signed"]
        place = f"entry {index}"
        if signed["job"] != self.versions[0].signed["job"] or signed["seq"] != index:
            raise Refused("E_CHAIN", "an entry of another job or place", place)
        if signed["prev"] != self.heads[index]:
            raise Refused("E_CHAIN", "an entry that doesn't follow the one before", place)
        if signed["instructions"] not in self.by_digest:
            raise Refused("E_CHAIN", "an entry under instructions that aren't there", place)
        before = self.entries[index - 1]["signed"] if index else None
        if before is None:
            return
        if signed["time"] < before["time"]:
            raise Refused("E_CHAIN", "an entry before the time of the one before", place)
        if self.instructions_of(index).signed["version"] < self.instructions_of(index - 1).signed["version"]:
            raise Refused("E_CHAIN", "an entry under an older version than the one before", place)
        self._check_scope_is_kept(index)

    def check_versions_are_used(self) -> None:
        """Every version is acted under, but for the first, which the chain begins with, and the newest."""
        used = {self.versions[0].digest, *(entry["signed"]["instructions"] for entry in self.entries)}
        if not used.issuperset(version.digest for version in self.versions[:-1]):
            raise Refused("E_CHAIN", "instructions that no entry acts under")

    def _check_scope_is_kept(self, index: int) -> None:
        now, before = self.instructions_of(index).signed, self.instructions_of(index - 1).signed
        is_extracted = self._holds_extraction(self.heads[index])
        if is_extracted and any(now[name] != before[name] for name in ("datasets", "recipients", "suite")):
            raise Refused("E_STATE", "another scope after the extraction", f"entry {index}")

    def check_signer(self, index: int) -> None:
        """Step 4: an operator signed the entry, not revoked at its time."""
        signed = self.entries[index]["signed"]
        self.check_operator(self.entries[index], "entry", self.instructions_of(index), signed["time"])

    def check_operator(self, document: Document, kind: str, version: Instructions, time: str) -> None:
        """One operator of a version signed a document; E_ROLE, E_SIG, E_REVOKED."""
        keys = {fingerprint: operator.sign for fingerprint, operator in version.operators.items()}
        if len(document["signatures"]) != 1:
            raise Refused("E_ROLE", f"the {kind} has more than one signature")
        (key,) = verify_signatures(document, kind, keys)
        if version.is_revoked(key, time):
            raise Refused("E_REVOKED", f"the operator who signed the {kind} is revoked")

    def check_embedded(self, index: int) -> None:
        """Step 5: an embedded document is of this job, these instructions and this chain, and signed by who may."""
        statement = self.entries[index]["signed"]["statement"]
        if "document" not in statement:
            return
        kind, document = statement["kind"], statement["document"]
        signed = document["signed"]
        wrong = "E_ACK" if kind in BY_RECIPIENT else "E_MISMATCH"
        if signed["job"] != self.versions[0].signed["job"]:
            raise Refused(wrong, f"the {kind} is of another job")
        acted_under = [self.versions[0].digest, *(e["signed"]["instructions"] for e in self.entries[: index + 1])]
        if signed["instructions"] not in acted_under:
            raise Refused(wrong, f"the {kind} names instructions that weren't acted under before it")
        if signed["head"] not in self.heads[: index + 1]:
            raise Refused("E_CHAIN", f"the {kind} names a head that isn't in this chain before it", f"entry {index}")
        if kind != "revocation" and not self._holds_extraction(signed["head"]):
            raise Refused("E_CHAIN", f"the {kind} was signed on a chain without the extraction", f"entry {index}")
        if kind in BY_RECIPIENT:
            self._check_recipient(document, kind, self.instructions_of(index))
        else:
            self.roster.verify(document, kind)
        if _seconds(signed["time"]) > _seconds(self.entries[index]["signed"]["time"]) + HOUR:
            raise Refused("E_CLOCK", f"the {kind} is dated after the entry that takes it in", f"entry {index}")

    def _holds_extraction(self, head: str) -> bool:
        """Whether the extraction is among the entries up to a head."""
        entries = self.entries[: self.heads.index(head)]
        return any(entry["signed"]["statement"]["kind"] == "extraction" for entry in entries)

    def _check_recipient(self, document: Document, kind: str, version: Instructions) -> None:
        signed: dict[str, Any] = document["signed"]
        recipient = version.recipients.get(signed["recipient"])
        if recipient is None:
            raise Refused("E_ROLE", f"the {kind} is of nobody who is a recipient")
        verify_signatures(document, kind, {recipient.fingerprint: recipient.sign})
        if version.is_revoked(recipient.fingerprint, signed["time"]):
            raise Refused("E_REVOKED", f"the recipient who signed the {kind} is revoked")


