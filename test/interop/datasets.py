"""The datasets of instructions (doc/format.md section 7): allow-list, window, link."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from column_names import CREDENTIALS, FREE_TEXT
from refusal import Refused

Dataset = dict[str, Any]

_DATE_PARTS = re.compile(r"YYYY|YY|MM|DD|HH|mm|ss|S{1,9}|X{1,3}|[TZ /.:-]")
_EPOCH = ("epoch-seconds", "epoch-milliseconds")
_DAY = 24 * 60 * 60
# What a part of the time of day or a zone can't do without.
_NEEDS = {"mm": "HH", "ss": "mm", "S": "ss", "X": "mm", "Z": "mm"}


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
        for window in windows_of(dataset):
            _check_window(window, f"{place}/window")
    _check_links({dataset["name"]: dataset for dataset in datasets})


def _check_header(dataset: Dataset, place: str) -> None:
    header = dataset["dialect"].get("header")
    if header is None:
        return
    if len(set(header)) < len(header):
        raise Refused("E_SCOPE", "two columns have the same name", f"{place}/dialect/header")
    asked = [field["name"] for field in dataset["fields"]]
    asked += [window["field"] for window in windows_of(dataset)]
    asked += [dataset["link"]["field"]] if "link" in dataset else []
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


def windows_of(dataset: Dataset) -> list[dict[str, Any]]:
    """The windows of a dataset, in their order."""
    rule = dataset.get("window")
    if rule is None:
        return []
    windows: list[dict[str, Any]] = rule.get("all") or rule.get("any") or [rule]
    return windows


def _check_window(window: dict[str, Any], place: str) -> None:
    if "from" not in window and "to" not in window:
        raise Refused("E_DATE", "a window without a bound", place)
    parts = _date_parts(window["format"], f"{place}/format")
    if ("YY" in parts) != ("pivot" in window):
        raise Refused("E_DATE", "a pivot without years of two digits, or such years without a pivot", place)
    is_instant = window["format"] in _EPOCH or "Z" in parts or "X" in parts
    bounds = [window[name] for name in ("from", "to") if name in window]
    if any(("offset" in bound) != is_instant for bound in bounds):
        raise Refused("E_DATE", "an instant without the offset of its bound, or an offset without an instant", place)
    if "from" in window and "to" in window and first_moment(window["from"]) > last_moment(window["to"]):
        raise Refused("E_DATE", "a window without a day", place)


def first_moment(bound: dict[str, Any]) -> int:
    """The first second that a bound lets in, from year 1 on, in UTC; without an offset, as if the day were one of UTC."""
    day = date.fromisoformat(bound["date"]).toordinal() + (0 if bound["inclusive"] else 1)
    return day * _DAY - offset_seconds(bound)


def last_moment(bound: dict[str, Any]) -> int:
    """The last second that a bound lets in, as above."""
    day = date.fromisoformat(bound["date"]).toordinal() - (0 if bound["inclusive"] else 1)
    return (day + 1) * _DAY - offset_seconds(bound) - 1


def offset_seconds(bound: dict[str, Any]) -> int:
    """How far east of UTC the day of a bound is meant."""
    sign, hours, minutes = re.fullmatch(r"([+-])(\d\d):(\d\d)", bound.get("offset", "+00:00")).groups()  # type: ignore[union-attr]
    return (int(hours) * 60 + int(minutes)) * (-60 if sign == "-" else 60)


def kept_days(window: dict[str, Any]) -> tuple[float, float]:
    """The first and the last day, as ordinals, that a date of the window can have, at the offset of its first bound."""
    east = offset_seconds(window.get("from", window.get("to")))
    first = (first_moment(window["from"]) + east) // _DAY if "from" in window else float("-inf")
    last = (last_moment(window["to"]) + east) // _DAY if "to" in window else float("inf")
    return first, last


def _date_parts(pattern: str, place: str) -> set[str]:
    """The parts of a date format, the separators among them; none of epoch."""
    if pattern in _EPOCH:
        return set()
    found = _DATE_PARTS.findall(pattern)
    if "".join(found) != pattern:
        raise Refused("E_DATE", "a date format with an unknown part", place)
    if any(part[0] in "XZ" for part in found[:-1]):
        raise Refused("E_DATE", "a date format with a zone that doesn't end it", place)
    letters = [part[0] if part[0] in "SX" else part for part in found if part not in tuple("T /.:-")]
    parts = set(letters)
    if len(parts) < len(letters) or not {"MM", "DD"} <= parts or ("YYYY" in parts) == ("YY" in parts):
        raise Refused("E_DATE", "a date format without exactly one year, month and day", place)
    if any(part in parts and needed not in parts for part, needed in _NEEDS.items()):
        raise Refused("E_DATE", "a date format with a part that lacks the one before it", place)
    return parts


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
