"""The datasets of instructions (doc/format.md section 7): allow-list, window, link."""

from __future__ import annotations

from datetime import date
from typing import Any

from column_names import CREDENTIALS, FREE_TEXT
from refusal import Refused

Dataset = dict[str, Any]

_DATE_PARTS = ("YYYY", "MM", "DD", "HH", "mm", "ss")
_DATE_SEPARATORS = " /-.:TZ"


def output_names(dataset: Dataset) -> list[str]:
    """The header of the plaintext: every field under its output name."""
    return [field.get("as", field["name"]) for field in dataset["fields"]]


def check_datasets(datasets: list[Dataset]) -> None:
    """Every rule on datasets; E_SCOPE, E_CREDENTIAL, E_DATE."""
    names = [dataset["name"] for dataset in datasets]
    if len(set(names)) < len(names):
        raise Refused("E_SCOPE", "two datasets of one name", "/signed/datasets")
    for index, dataset in enumerate(datasets):
        place = f"/signed/datasets/{index}"
        if dataset["dialect"]["quote"] == dataset["dialect"]["delimiter"]:
            raise Refused("E_SCOPE", "one character is delimiter and quote", f"{place}/dialect")
        _check_header(dataset, place)
        _check_fields(dataset, place)
        _check_window(dataset, place)
    _check_links({dataset["name"]: dataset for dataset in datasets})


def _check_header(dataset: Dataset, place: str) -> None:
    header = dataset["dialect"].get("header")
    if header is None:
        return
    if len(set(header)) < len(header):
        raise Refused("E_SCOPE", "two columns have the same name", f"{place}/dialect/header")
    asked = [field["name"] for field in dataset["fields"]]
    asked += [dataset[rule]["field"] for rule in ("window", "link") if rule in dataset]
    if any(field not in header for field in asked):
        raise Refused("E_SCOPE", "a field that the header does not name", f"{place}/dialect/header")


def _check_fields(dataset: Dataset, place: str) -> None:
    fields = dataset["fields"]
    if not fields:
        raise Refused("E_SCOPE", "an empty allow-list", place)
    for index, field in enumerate(fields):
        _check_field(field, f"{place}/fields/{index}")
    for what in ([field["name"] for field in fields], output_names(dataset)):
        if len(set(what)) < len(what):
            raise Refused("E_SCOPE", "a field is listed twice", f"{place}/fields")


def _check_field(field: dict[str, Any], place: str) -> None:
    if "*" in field["name"] or "?" in field["name"]:
        raise Refused("E_SCOPE", "a wildcard in a field's name", place)
    if CREDENTIALS.knows(field["name"]):
        raise Refused("E_CREDENTIAL", "a credential is listed", place)
    is_marked = field.get("freeText", False)
    if FREE_TEXT.knows(field["name"]) and not is_marked:
        raise Refused("E_SCOPE", "free text that is not marked as such", place)
    if is_marked and "purpose" not in field:
        raise Refused("E_SCOPE", "free text without a purpose", place)


def _check_window(dataset: Dataset, place: str) -> None:
    window = dataset.get("window")
    if window is None:
        return
    if "from" not in window and "to" not in window:
        raise Refused("E_DATE", "a window without a bound", f"{place}/window")
    if "from" in window and "to" in window and first_day(window["from"]) > last_day(window["to"]):
        raise Refused("E_DATE", "a window without a day", f"{place}/window")
    _check_date_format(window["format"], f"{place}/window/format")


def first_day(bound: dict[str, Any]) -> int:
    """The first day that a bound lets in, as an ordinal."""
    return date.fromisoformat(bound["date"]).toordinal() + (0 if bound["inclusive"] else 1)


def last_day(bound: dict[str, Any]) -> int:
    """The last day that a bound lets in, as an ordinal."""
    return date.fromisoformat(bound["date"]).toordinal() - (0 if bound["inclusive"] else 1)


def _check_date_format(pattern: str, place: str) -> None:
    seen: list[str] = []
    at = 0
    while at < len(pattern):
        part = next((part for part in _DATE_PARTS if pattern.startswith(part, at)), None)
        if part is None and pattern[at] not in _DATE_SEPARATORS:
            raise Refused("E_DATE", "a date format with an unknown part", place)
        seen += [part] if part else []
        at += len(part) if part else 1
    if len(set(seen)) < len(seen) or not {"YYYY", "MM", "DD"} <= set(seen):
        raise Refused("E_DATE", "a date format without exactly one year, month and day", place)
    if ("mm" in seen and "HH" not in seen) or ("ss" in seen and "mm" not in seen):
        raise Refused("E_DATE", "a date format with minutes without hours, or seconds without minutes", place)


def _check_links(datasets: dict[str, Dataset]) -> None:
    for name, dataset in datasets.items():
        seen = {name}
        while "link" in dataset:
            target = dataset["link"]["to"]
            if target not in datasets:
                raise Refused("E_SCOPE", "a link to a dataset that isn't there", "/signed/datasets")
            if target in seen:
                raise Refused("E_SCOPE", "links in a circle", "/signed/datasets")
            seen.add(target)
            dataset = datasets[target]
