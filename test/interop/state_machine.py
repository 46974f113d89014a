"""The state machine of a job (doc/format.md section 14)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Iterable, Optional

from agreement import is_complete
from refusal import Refused

Signed = dict[str, Any]

AFTER_DELIVERY = ("delivered", "received", "imported", "validated")
ENDED = ("aborted", "revoked")
WITHOUT_STATE = ("repair", "refusal", "alert")


@dataclass
class Job:
    """Where a job stands. `receipts` and `imports` hold the recipients whose statement counts."""

    recipients: Iterable[str]
    state: str = "authorised"
    receipts: set[str] = field(default_factory=set)
    imports: set[str] = field(default_factory=set)
    is_approved: bool = False
    is_delivered: bool = False
    is_validated: bool = False
    has_ended: bool = False
    disposed: set[str] = field(default_factory=set)

    def require(self, kind: str, states: Iterable[str]) -> None:
        """Refuses a step that the present state doesn't allow."""
        if self.state not in states:
            raise Refused("E_STATE", f"a job that is {self.state} allows no {kind}")

    def once(self, kind: str, is_there: bool) -> None:
        """Refuses a statement that is there already."""
        if is_there:
            raise Refused("E_REPLAY", f"a second {kind}")

    def step(self, statement: Signed, rules: Signed, time: str, extracted: Optional[Signed]) -> None:
        """Takes one statement in, under the signed instructions that its entry names.

        `extracted` is the extraction, where there is one: an import counts when it names all of its rows.
        """
        kind = statement["kind"]
        if kind in WITHOUT_STATE:
            return
        document = statement.get("document", {}).get("signed", {})
        if kind == "extraction":
            self.require(kind, ("authorised",))
            self.state = "extracted"
        elif kind == "approval":
            self.once(kind, self.is_approved)
            self.require(kind, ("extracted",) if rules["gates"]["delivery"] else ())
            self.state, self.is_approved = "approved", True
        elif kind == "delivery":
            if rules["gates"]["delivery"] and self.state == "extracted":
                raise Refused("E_WAITING", "a delivery before its approval")
            self.require(kind, ("approved",) if rules["gates"]["delivery"] else ("extracted",))
            self.state, self.is_delivered = "delivered", True
        elif kind == "receipt":
            self.take_receipt(document["recipient"])
        elif kind == "import":
            self.take_import(document, extracted)
        elif kind == "validation":
            gated = "import" in rules["gates"]["purge"]
            self.once(kind, self.is_validated)
            self.require(kind, ("imported",) if gated else ("received", "imported"))
            self.state, self.is_validated = "validated", True
        elif kind == "purge":
            self.take_purge(statement["basis"], rules, time)
        elif kind == "disposal":
            self.take_disposal(statement["dataset"], rules, extracted)
        else:
            self.require(kind, ("authorised", "extracted", "approved", *AFTER_DELIVERY))
            self.state, self.has_ended = {"abort": "aborted", "revocation": "revoked"}[kind], True

    def take_receipt(self, recipient: str) -> None:
        """A receipt of a recipient, once."""
        self.once("receipt", recipient in self.receipts)
        self.require("receipt", ("delivered",))
        self.receipts.add(recipient)
        if self.receipts.issuperset(self.recipients):
            self.state = "received"

    def take_import(self, document: dict[str, Any], extracted: Optional[dict[str, Any]]) -> None:
        """An import of a recipient whose receipt is there; one that names fewer rows doesn't count."""
        recipient = document["recipient"]
        self.once("import", recipient in self.imports)
        # After a validation that didn't wait for imports, they may still come.
        self.require("import", ("delivered", "received", "validated"))
        if recipient not in self.receipts:
            raise Refused("E_STATE", "an import of a recipient without its receipt")
        if extracted is not None and is_complete(document, extracted):
            self.imports.add(recipient)
        if self.imports.issuperset(self.recipients) and not self.is_validated:
            self.state = "imported"

    def take_purge(self, basis: str, rules: dict[str, Any], time: str) -> None:
        """A purge on the statements that gate it, on the deadline, or of a job that ended."""
        self.once("purge", self.state == "purged")
        self.require("purge", ENDED if basis == "ended" else AFTER_DELIVERY)
        if basis == "statements" and not self.is_purge_open(rules):
            raise Refused("E_WAITING", "a purge before every statement that it waits for")
        if basis == "deadline" and (time < rules["deadlines"]["purge"] or rules["deadlines"]["atPurge"] != "purge"):
            raise Refused("E_TIME", "a purge on a deadline that hasn't come, or that purges nothing")
        self.state = "purged"

    def take_disposal(self, dataset: str, rules: Signed, extracted: Optional[Signed]) -> None:
        """A disposal of a source that was marked for it, once, after every statement that gates the purge."""
        if self.has_ended or not self.is_delivered or extracted is None:
            raise Refused("E_STATE", "a disposal in a job that was not delivered")
        sources = {part["dataset"]: part["source"] for part in extracted["datasets"]}
        if not sources.get(dataset, {}).get("dispose", False):
            raise Refused("E_MISMATCH", "a disposal of a source that was not marked for it")
        self.once("disposal", dataset in self.disposed)
        if not self.is_purge_open(rules):
            raise Refused("E_WAITING", "a disposal before every statement that it waits for")
        self.disposed.add(dataset)

    def is_purge_open(self, rules: Signed) -> bool:
        """Whether every statement that gates the purge is there."""
        there = {"receipt"} if self.receipts.issuperset(self.recipients) else set()
        there |= {"import"} if self.imports.issuperset(self.recipients) else set()
        there |= {"validation"} if self.is_validated else set()
        return set(rules["gates"]["purge"]) <= there
