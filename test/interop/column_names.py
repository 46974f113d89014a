"""The dictionaries of credentials and of free text (doc/dictionary.md, "Columns"), read from that page itself."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

DICTIONARY = Path(__file__).resolve().parents[2] / "doc" / "dictionary.md"

_ROW = re.compile(r"^\| (?!compared with)([a-z ]+) \| (.+) \|$")
_DIGITS = "0123456789"
_ENTRY = re.compile(r"`([A-Z]+)`")

# What the page says an entry is compared with: the words of a name, its folded name, and the entry.
_COMPARISONS: dict[str, Callable[[list[str], str, str], bool]] = {
    "the whole folded name": lambda _words, folded, entry: entry == folded,
    "any part of the folded name": lambda _words, folded, entry: entry in folded,
    "each word": lambda words, _folded, entry: entry in words,
    "any part of a word": lambda words, _folded, entry: any(entry in word for word in words),
}


def words(name: str) -> list[str]:
    """The words of a column's name, digits included: runs of letters and digits, in upper case, without marks."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.category(c).startswith("M"))
    result: list[str] = []
    previous = ""
    for character in plain:
        if character.isalnum():
            if not previous.isalnum() or (previous.islower() and character.isupper()):
                result.append("")
            result[-1] += character.upper()
        previous = character
    return result


@dataclass(frozen=True)
class ColumnDictionary:
    """One dictionary: entries with what each is compared with."""

    rules: tuple[tuple[str, tuple[str, ...]], ...]

    def knows(self, name: str) -> bool:
        """Whether a column of this name is in the dictionary."""
        parts = words(name)
        folded = "".join(parts)
        bare = [part.rstrip(_DIGITS) for part in parts]
        return any(_COMPARISONS[rule](bare, folded, entry) for rule, entries in self.rules for entry in entries)


def _dictionary(heading: str) -> ColumnDictionary:
    section = DICTIONARY.read_text("utf-8").split(f"\n### {heading}\n", 1)[1].split("\n#", 1)[0]
    rows = [match for match in map(_ROW.match, section.splitlines()) if match]
    if not rows or any(row.group(1) not in _COMPARISONS for row in rows):
        raise ValueError(f"{DICTIONARY.name} compares in an unknown way under {heading}")
    return ColumnDictionary(tuple((row.group(1), tuple(_ENTRY.findall(row.group(2)))) for row in rows))


CREDENTIALS = _dictionary("Credentials")
FREE_TEXT = _dictionary("Free text")
