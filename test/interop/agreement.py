"""What statements must agree in (doc/format.md section 11, and section 13 steps 7 and 8)."""

from __future__ import annotations

from datetime import date
from typing import Any

from datasets import kept_days, output_names, windows_of
from refusal import Refused
from ssh_keys import ssh_fingerprint

Statement = dict[str, Any]
Pair = tuple[dict[str, Any], dict[str, Any]]

NOT_KEPT = ("malformed", "emptyDate", "impossibleDate", "outsideWindow", "excluded", "notLinked")
SEALED_MANIFEST = "manifest.json.sealed"


def _by_dataset(statement: Statement, kept: Statement, kind: str, code: str = "E_COUNT") -> list[Pair]:
    """The parts of a statement beside those of the extraction: every dataset once, in any order."""
    parts = {part["dataset"]: part for part in statement["datasets"]}
    extracted = {part["dataset"]: part for part in kept["datasets"]}
    if len(parts) < len(statement["datasets"]) or set(parts) != set(extracted):
        raise Refused(code, f"the {kind} doesn't name every dataset once")
    return [(part, extracted[name]) for name, part in parts.items()]


def _agree(one: Any, other: Any, what: str, code: str) -> None:
    if one != other:
        raise Refused(code, f"{what} other than extracted or instructed")


def check_extraction(statement: Statement, signed: dict[str, Any], wrapped_for: set[str], time: str) -> None:
    """An extraction under the signed instructions, recorded at `time`.

    `wrapped_for` are the recipients and the signers of the roster.
    """
    if not statement["started"] <= statement["finished"] <= time:
        raise Refused("E_TIME", "an extraction that ends before it begins, or after it was recorded")
    if statement["suite"] != signed["suite"]:
        raise Refused("E_SUITE", "another suite than in the instructions")
    source = {name: signed["source"][name] for name in ("product", "version")}
    _agree(statement["source"], source, "a source", "E_MISMATCH")
    _check_digest_key(statement, wrapped_for)
    rules = {dataset["name"]: dataset for dataset in signed["datasets"]}
    parts = statement["datasets"]
    if sorted(part["dataset"] for part in parts) != sorted(rules):
        raise Refused("E_COUNT", "the extraction doesn't hold every dataset once")
    for part in parts:
        _check_part(part, rules[part["dataset"]])


def _check_digest_key(statement: Statement, wrapped_for: set[str]) -> None:
    wraps = statement["digestKey"]
    if sorted(wrap["recipient"] for wrap in wraps) != sorted(wrapped_for):
        raise Refused("E_MISMATCH", "the digest key isn't wrapped for every recipient and signer, once")
    has_kem = statement["suite"] == "xwing-sealedbox"
    box_characters = 128 if has_kem else 108  # 96 and 80 bytes in base64
    if any(("kem" in wrap) != has_kem or len(wrap["box"]) != box_characters for wrap in wraps):
        raise Refused("E_SUITE", "a digest key wrapped in another suite")


def _check_part(part: dict[str, Any], rule: dict[str, Any]) -> None:
    counts = part["counts"]
    if counts["read"] != counts["kept"] + sum(counts[name] for name in NOT_KEPT):
        raise Refused("E_COUNT", "counts that don't close")
    _check_permissions(part, rule)
    if "dates" in part:
        _check_dates(part, rule)
    if part["columns"]["kept"] != output_names(rule):
        raise Refused("E_SCOPE", "columns other than the allow-list's")
    if not {field["name"] for field in rule["fields"]}.isdisjoint(part["columns"]["withheld"]):
        raise Refused("E_SCOPE", "a column of the allow-list that is called withheld")
    if part["file"]["name"] != f"{rule['name']}.csv.sealed":
        raise Refused("E_MISMATCH", "a file that isn't named after its dataset")
    ceiling = rule.get("ceiling", {})
    if counts["kept"] > ceiling.get("rows", counts["kept"]):
        raise Refused("E_CEILING", "more rows than the ceiling")
    if part["plaintext"]["bytes"] > ceiling.get("bytes", part["plaintext"]["bytes"]):
        raise Refused("E_CEILING", "more bytes than the ceiling")


def _check_permissions(part: dict[str, Any], rule: dict[str, Any]) -> None:
    if part["counts"]["malformed"] > 0 and "malformed" not in rule:
        raise Refused("E_SCOPE", "malformed rows were left out, which is not instructed")
    if "dispose" not in part["source"]:
        return
    if "disposeSource" not in rule:
        raise Refused("E_SCOPE", "a source marked for deletion, which is not instructed")
    if part["source"]["kind"] != "file":
        raise Refused("E_MISMATCH", "a source marked for deletion that is no file")


def _check_dates(part: dict[str, Any], rule: dict[str, Any]) -> None:
    dates, counts, windows = part["dates"], part["counts"], windows_of(rule)
    if not windows or dates["field"] != windows[0]["field"]:
        raise Refused("E_MISMATCH", "dates of another field than the first window's")
    years = dates["years"]
    numbers = [year["year"] for year in years]
    if numbers != sorted(set(numbers)) or any(year["kept"] + year["withheld"] == 0 for year in years):
        raise Refused("E_COUNT", "years that don't rise, or that hold no row")
    _check_sums(sum(year["kept"] for year in years), sum(year["withheld"] for year in years), counts, rule["window"])
    kept_years = [year["year"] for year in years if year["kept"] > 0]
    ends = [date.fromisoformat(dates[name]) for name in ("firstKept", "lastKept") if name in dates]
    if [end.year for end in ends] != ([kept_years[0], kept_years[-1]] if kept_years else []) or ends != sorted(ends):
        raise Refused("E_COUNT", "a first or last date that doesn't agree with the years")
    if not ends or "any" in rule["window"]:
        return
    first, last = kept_days(windows[0])
    if ends[0].toordinal() < first or ends[1].toordinal() > last:
        raise Refused("E_SCOPE", "a kept date outside the window")


def _check_sums(kept: int, withheld: int, counts: dict[str, int], rule: dict[str, Any]) -> None:
    """The rows that have a date of the first window, against the counts."""
    judged = counts["outsideWindow"] + counts["excluded"] + counts["notLinked"]
    unread = counts["emptyDate"] + counts["impossibleDate"]
    if "any" in rule:
        agrees = kept <= counts["kept"] and counts["outsideWindow"] <= withheld <= judged + unread
    else:
        agrees = kept == counts["kept"] and judged <= withheld <= judged + (unread if "all" in rule else 0)
    if not agrees:
        raise Refused("E_COUNT", "years that don't agree with the counts")


def check_approval(signed: dict[str, Any], extraction: Statement, entry_digest: str) -> None:
    """An approval of this very extraction, over its rows and columns."""
    _agree(signed["extraction"], entry_digest, "an entry", "E_MISMATCH")
    for approved, part in _by_dataset(signed, extraction, "approval"):
        _agree(approved["rows"], part["counts"]["kept"], "rows", "E_COUNT")
        _agree(approved["columns"], part["columns"]["kept"], "columns", "E_COUNT")


def check_delivery(statement: Statement, extraction: Statement, signed: dict[str, Any], operator: Statement) -> None:
    """A delivery of the extraction's files as they are, and of the sealed manifest, where and by whom instructed."""
    endpoint = signed["endpoint"]
    wanted = [endpoint["host"], endpoint["port"], ssh_fingerprint(endpoint["hostKey"])]
    _agree([statement["server"][name] for name in ("host", "port", "hostKey")], wanted, "a server", "E_MISMATCH")
    by_whom = [operator["account"], ssh_fingerprint(operator["sshKey"])]
    _agree([statement["account"], statement["sshKey"]], by_whom, "an account or SSH key", "E_MISMATCH")
    files = {part["file"]["name"]: part["file"] for part in extraction["datasets"]}
    if sorted(file["name"] for file in statement["files"]) != sorted([*files, SEALED_MANIFEST]):
        raise Refused("E_MISMATCH", "the delivery doesn't name every file once")
    for file in statement["files"]:
        if endpoint["readBack"] and not file["readBack"]:
            raise Refused("E_MISMATCH", "a file that was not read back")
        if file["name"] != SEALED_MANIFEST:
            found = {name: file[name] for name in ("name", "bytes", "digest")}
            _agree(found, files[file["name"]], "a file", "E_MISMATCH")
    verdicts = {check["check"]: check["verdict"] for check in statement.get("checks", [])}
    if len(verdicts) < len(statement.get("checks", [])):
        raise Refused("E_MISMATCH", "a check that is named twice")
    for required in signed.get("requires", []):
        _agree(verdicts.get(required), "ok", "a check that the instructions require", "E_MISMATCH")


def check_receipt(signed: dict[str, Any], extraction: Statement) -> None:
    """A receipt of every file, its rows, columns and plaintext."""
    for received, part in _by_dataset(signed, extraction, "receipt", "E_ACK"):
        file = {name: part["file"][name] for name in ("bytes", "digest")}
        _agree(received["file"], file, "a file", "E_ACK")
        _agree(received["plaintext"], part["plaintext"]["digest"], "a plaintext", "E_ACK")
        _agree(received["columns"], part["columns"]["kept"], "columns", "E_ACK")
        _agree(received["rows"], part["counts"]["kept"], "rows", "E_ACK")


def is_complete(signed: dict[str, Any], extraction: Statement) -> bool:
    """Whether an import names every row; one that names fewer is taken in and doesn't count."""
    kept = {part["dataset"]: part["counts"]["kept"] for part in extraction["datasets"]}
    return {part["dataset"]: part["rows"] for part in signed["datasets"]} == kept


def check_import(signed: dict[str, Any], extraction: Statement) -> None:
    """An import of every dataset, of no more rows than there are."""
    for imported, part in _by_dataset(signed, extraction, "import"):
        if imported["rows"] > part["counts"]["kept"]:
            raise Refused("E_COUNT", "the import names more rows than there are")


def check_validation(signed: dict[str, Any], extraction: Statement) -> None:
    """A validation of every dataset with all of its rows."""
    for validated, part in _by_dataset(signed, extraction, "validation"):
        _agree(validated["rows"], part["counts"]["kept"], "rows", "E_COUNT")


def check_purge(statement: Statement, extraction: Statement, is_delivered: bool) -> None:
    """A purge that names every file: here those extracted; after a delivery there too, with the sealed manifest."""
    files = {part["file"]["name"] for part in extraction["datasets"]} | ({SEALED_MANIFEST} if is_delivered else set())
    for place, needed in (("local", files), ("remote", files if is_delivered else set())):
        if not needed <= {file["name"] for file in statement[place]}:
            raise Refused("E_MISMATCH", f"the purge left out a file: {place}")
