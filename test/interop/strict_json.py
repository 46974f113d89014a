"""Strict JSON (doc/format.md section 3) and canonical JSON (section 2)."""

from __future__ import annotations

import re
from typing import Any

from refusal import Refused

MEBIBYTE = 1024 * 1024
DOCUMENT_LIMIT = MEBIBYTE
MANIFEST_LIMIT = 64 * MEBIBYTE
DEPTH_LIMIT = 64
LARGEST_INTEGER = 2**53 - 1
FORBIDDEN_NAMES = frozenset({"__proto__", "constructor", "prototype"})

_SPACE = re.compile(r"[ \t\n\r]*")
_PLAIN = re.compile(r'[^"\\\x00-\x1f]*')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_INTEGER = re.compile(r"0|-?[1-9][0-9]*")
_HEX4 = re.compile(r"[0-9a-fA-F]{4}")
_ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_LITERALS = (("true", True), ("false", False), ("null", None))


def pointer_token(name: str) -> str:
    """One reference token of a JSON Pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


class _Reader:
    """Reads one JSON text; `places` remembers the offset of each value by its JSON Pointer when it is asked for."""

    def __init__(self, text: str, places: dict[str, int] | None = None) -> None:
        self.text = text
        self.at = 0
        self.places = places

    def refuse(self, code: str, message: str, pointer: str, at: int | None = None) -> Refused:
        where = f"{position(self.text, self.at if at is None else at)}, {pointer or 'the root'}"
        return Refused(code, message, where)

    def document(self) -> Any:
        value = self.value("", 0)
        self.space()
        if self.at != len(self.text):
            raise self.refuse("E_JSON", "text after the value", "")
        return value

    def space(self) -> None:
        match = _SPACE.match(self.text, self.at)
        assert match is not None
        self.at = match.end()

    def take(self, character: str) -> bool:
        if self.text.startswith(character, self.at):
            self.at += 1
            return True
        return False

    def value(self, pointer: str, depth: int) -> Any:
        self.space()
        if self.places is not None:
            self.places[pointer] = self.at
        first = self.text[self.at : self.at + 1]
        if first == "{":
            return self.object(pointer, depth + 1)
        if first == "[":
            return self.array(pointer, depth + 1)
        if first == '"':
            return self.string(pointer)
        if first and first in "-0123456789":
            return self.number(pointer)
        for word, meaning in _LITERALS:
            if self.text.startswith(word, self.at):
                self.at += len(word)
                return meaning
        raise self.refuse("E_JSON", "no JSON value", pointer)

    def enter(self, pointer: str, depth: int) -> None:
        if depth > DEPTH_LIMIT:
            raise self.refuse("E_LIMIT", f"nested deeper than {DEPTH_LIMIT}", pointer)
        self.at += 1
        self.space()

    def object(self, pointer: str, depth: int) -> dict[str, Any]:
        self.enter(pointer, depth)
        result: dict[str, Any] = {}
        if self.take("}"):
            return result
        while True:
            self.space()
            start = self.at
            if not self.text.startswith('"', start):
                raise self.refuse("E_JSON", "no member name", pointer)
            name = self.string(pointer)
            if name in FORBIDDEN_NAMES:
                raise self.refuse("E_JSON", "a forbidden member name", pointer, start)
            if name in result:
                raise self.refuse("E_JSON_DUP", "a member appears twice", pointer, start)
            self.space()
            if not self.take(":"):
                raise self.refuse("E_JSON", "no colon after a member name", pointer)
            result[name] = self.value(f"{pointer}/{pointer_token(name)}", depth)
            self.space()
            if self.take("}"):
                return result
            if not self.take(","):
                raise self.refuse("E_JSON", "an object is not closed", pointer)

    def array(self, pointer: str, depth: int) -> list[Any]:
        self.enter(pointer, depth)
        result: list[Any] = []
        if self.take("]"):
            return result
        while True:
            result.append(self.value(f"{pointer}/{len(result)}", depth))
            self.space()
            if self.take("]"):
                return result
            if not self.take(","):
                raise self.refuse("E_JSON", "an array is not closed", pointer)

    def string(self, pointer: str) -> str:
        start = self.at
        self.at += 1
        parts: list[str] = []
        while True:
            match = _PLAIN.match(self.text, self.at)
            assert match is not None
            parts.append(match.group())
            self.at = match.end()
            if self.take('"'):
                break
            if not self.take("\\"):
                raise self.refuse("E_JSON", "a string is not closed, or holds a control character", pointer)
            parts.append(self.escape(pointer))
        # A pair of escaped surrogates is one scalar value; a lone one doesn't survive this.
        try:
            return "".join(parts).encode("utf-16-le", "surrogatepass").decode("utf-16-le")
        except UnicodeDecodeError:
            raise self.refuse("E_ENCODING", "a lone surrogate", pointer, start) from None

    def escape(self, pointer: str) -> str:
        letter = self.text[self.at : self.at + 1]
        self.at += 1
        if letter == "u":
            match = _HEX4.match(self.text, self.at)
            if match is None:
                raise self.refuse("E_JSON", "an escape without four hexadecimal digits", pointer)
            self.at = match.end()
            return chr(int(match.group(), 16))
        if letter not in _ESCAPES:
            raise self.refuse("E_JSON", "an unknown escape", pointer)
        return _ESCAPES[letter]

    def number(self, pointer: str) -> int:
        match = _NUMBER.match(self.text, self.at)
        if match is None:
            raise self.refuse("E_JSON", "not a number", pointer)
        word = match.group()
        # A digit that follows is a leading zero: no number of RFC 8259.
        if self.text[match.end() : match.end() + 1].isdigit():
            raise self.refuse("E_JSON", "a number with a leading zero", pointer)
        # The length is checked first: converting a very long numeral is slow.
        if not _INTEGER.fullmatch(word) or len(word) > 17 or abs(int(word)) > LARGEST_INTEGER:
            raise self.refuse("E_NUMBER", "a number that is no integer from -(2^53-1) to 2^53-1", pointer)
        self.at = match.end()
        return int(word)


def position(text: str, offset: int) -> str:
    """Line and column of an offset, both from 1; a column is one character."""
    line = text.count("\n", 0, offset) + 1
    return f"line {line}, column {offset - text.rfind(chr(10), 0, offset)}"


def decode(data: bytes, limit: int) -> str:
    """The text of a file, within its size and in UTF-8 without byte order mark."""
    if len(data) > limit:
        raise Refused("E_LIMIT", f"more than {limit} bytes")
    try:
        text = data.decode("utf-8", "strict")
    except UnicodeDecodeError as error:
        raise Refused("E_ENCODING", "not UTF-8", f"byte {error.start}") from None
    if text.startswith("\ufeff"):
        raise Refused("E_ENCODING", "a byte order mark", "byte 0")
    return text


def read(data: bytes, limit: int = DOCUMENT_LIMIT) -> Any:
    """The value of a JSON text, or why it is refused."""
    return _Reader(decode(data, limit)).document()


def locate(data: bytes, pointer: str) -> str:
    """Line and column of the value at a JSON Pointer; empty when there is none."""
    places: dict[str, int] = {}
    text = data.decode("utf-8")
    _Reader(text, places).document()
    return position(text, places[pointer]) if pointer in places else ""


_CANONICAL_ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _canonical_string(text: str) -> str:
    return '"' + "".join(
        _CANONICAL_ESCAPES.get(c) or (f"\\u{ord(c):04x}" if c < " " else c) for c in text
    ) + '"'


def _canonical_text(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return _canonical_string(value)
    if isinstance(value, list):
        return "[" + ",".join(map(_canonical_text, value)) + "]"
    names = sorted(value, key=lambda name: name.encode("utf-16-be"))
    return "{" + ",".join(f"{_canonical_string(n)}:{_canonical_text(value[n])}" for n in names) + "}"


def canonical(value: Any) -> bytes:
    """Canonical JSON: RFC 8785 for the values of section 2."""
    return _canonical_text(value).encode("utf-8")
