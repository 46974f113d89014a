"""Runs the published vectors: what they accept is accepted, what they refuse is refused.

A folder of vectors holds families, each with an `index.json` of `name`, `file`, `run` and `expect`. Families on sealed
files and secret identities need libsodium's ciphers and are left out; the last line says how many.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Callable, Optional

from documents import digest_of, read_document
from identities import check_identity
from instructions import check_instructions
from journal import Chain, read_journal
from manifests import check_chain, check_versions, read_manifest, verify_manifest
from refusal import Refused
from rosters import Roster, check_roster
from strict_json import canonical, read

Vector = dict[str, Any]


class Different(Exception):
    """A vector was read, but not as it says."""


def _expect(what: str, found: Any, vector: Vector) -> None:
    if what in vector and vector[what] != found:
        raise Different(f"{what} {found} instead of {vector[what]}")


def _expect_canonical(value: Any, vector: Vector, folder: Path) -> None:
    if "canonical" in vector and (folder / vector["canonical"]).read_bytes() != canonical(value):
        raise Different("another canonical form")


def _roster(folder: Path, name: str) -> Roster:
    return check_roster(read_document((folder / name).read_bytes(), "roster"))


def _json(data: bytes, vector: Vector, folder: Path) -> None:
    _expect_canonical(read(data), vector, folder)


def _document(data: bytes, vector: Vector, folder: Path) -> None:
    document = read_document(data, vector["type"].split(".")[1])
    _expect_canonical(document, vector, folder)
    _expect("digest", digest_of(document), vector)


def _controller(data: bytes, vector: Vector, folder: Path) -> None:
    kind = vector["type"].split(".")[1]
    _roster(folder, vector["roster"]).verify(read_document(data, kind), kind)


def _identity(data: bytes, vector: Vector, _folder: Path) -> None:
    _expect("fingerprint", check_identity(read_document(data, "identity")).fingerprint, vector)


def _run_roster(data: bytes, vector: Vector, folder: Path) -> None:
    pinned = _roster(folder, vector["pinned"]) if "pinned" in vector else None
    roster = check_roster(read_document(data, "roster"), pinned)
    _expect("fingerprint", roster.fingerprint, vector)


def _instructions(data: bytes, vector: Vector, folder: Path) -> None:
    roster = _roster(folder, vector["roster"])
    instructions = check_instructions(read_document(data, "instructions"), roster)
    instructions.require_in_force(vector["clock"], "a step")
    parties = [vector["operator"]] if "operator" in vector else [*instructions.operators, *instructions.recipients]
    if "operator" in vector and vector["operator"] not in instructions.operators:
        raise Refused("E_ROLE", "who acts is no operator")
    if any(instructions.is_revoked(party, vector["clock"]) for party in parties):
        raise Refused("E_REVOKED", "a party is revoked")


def _journal(data: bytes, vector: Vector, folder: Path) -> None:
    roster = _roster(folder, vector["roster"])
    documents = [read_document((folder / name).read_bytes(), "instructions") for name in vector["instructions"]]
    chain = Chain(read_journal(data), check_versions(documents, roster), roster)
    job = check_chain(chain, _witness(vector), _seq(vector))
    _expect("state", job.state, vector)


def _manifest(data: bytes, vector: Vector, folder: Path) -> None:
    roster = _roster(folder, vector["roster"])
    verified = verify_manifest(read_manifest(data), roster, _witness(vector), _seq(vector))
    _expect("state", verified.state, vector)


def _witness(vector: Vector) -> Optional[str]:
    head: Optional[str] = vector.get("witness", {}).get("head")
    return head


def _seq(vector: Vector) -> Optional[int]:
    seq: Optional[int] = vector.get("witness", {}).get("seq")
    return seq


_RUNS: dict[str, Callable[[bytes, Vector, Path], None]] = {
    "json": _json,
    "document": _document,
    "controller": _controller,
    "identity": _identity,
    "roster": _run_roster,
    "instructions": _instructions,
    "journal": _journal,
    "manifest": _manifest,
}

# A ledger of versions seen before is the reader's own memory, which a manifest's verifier doesn't keep.
_NOT_RUN = ("seen",)


def _found(vector: Vector, folder: Path) -> str:
    try:
        _RUNS[vector["run"]]((folder / vector["file"]).read_bytes(), vector, folder)
    except Refused as refusal:
        return refusal.code
    except Different as difference:
        return str(difference)
    return "accept"


def run_vectors(folder: Path) -> int:
    """Runs every vector that it can; 0 when all are accepted or refused as they say, else 1.

    Prints what differs: `wrong` for another outcome, `code` for a refusal under another code.
    """
    same, wrong, other_code, left_out = 0, 0, 0, 0
    for index in sorted(folder.glob("*/index.json")):
        for vector in json.loads(index.read_text("utf-8"))["vectors"]:
            if vector["run"] not in _RUNS or any(name in vector for name in _NOT_RUN):
                left_out += 1
                continue
            wanted = vector["expect"] if vector["expect"] == "accept" else vector["expect"]["code"]
            found = _found(vector, index.parent)
            if found == wanted:
                same += 1
                continue
            is_code = found.startswith("E_") and wanted != "accept"
            other_code, wrong = other_code + is_code, wrong + (not is_code)
            name = f"{index.parent.name}/{vector['name']}"
            print(f"{'code ' if is_code else 'wrong'} {name}: {found} instead of {wanted}")
    print(f"{same} as they say, {wrong} wrong, {other_code} under another code, {left_out} left out")
    return 1 if wrong or not same else 0
