"""The part of JSON Schema 2020-12 that the published schemas use (doc/format.md section 3)."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Callable, NamedTuple, Optional

from refusal import Refused
from strict_json import canonical, pointer_token

# Keywords that state no rule, and those that another keyword reads.
_WITHOUT_RULE = frozenset({"$schema", "$id", "$defs", "title", "description", "discriminator", "then", "else"})

# Encodings of section 1 and keys of section 5, which have codes of their own.
_CODES = {
    "base64": "E_ENCODING",
    "digest": "E_ENCODING",
    "keyedDigest": "E_ENCODING",
    "fingerprint": "E_ENCODING",
    "publicKey": "E_KEY",
    "kemKey": "E_KEY",
}


class Fault(NamedTuple):
    """Where a value breaks its schema (JSON Pointer), in what, and the code of doc/format.md."""

    place: str
    reason: str
    code: str = "E_SCHEMA"


# White space as ECMA-262 defines it for \s; Python's set differs.
_ECMA_SPACE = "\\t\\n\\x0b\\x0c\\r \\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff"


def _python_pattern(pattern: str) -> re.Pattern[str]:
    """An ECMA-262 pattern for Python: `$` is the very end, `\\s` the set of ECMA-262, `.` no line terminator."""
    result: list[str] = []
    in_class = False
    at = 0
    while at < len(pattern):
        piece = pattern[at : at + 2] if pattern[at] == "\\" else pattern[at]
        at += len(piece)
        if piece == "\\s":
            piece = _ECMA_SPACE if in_class else f"[{_ECMA_SPACE}]"
        elif piece == "[" and not in_class:
            in_class = True
        elif piece == "]":
            in_class = False
        elif piece == "$" and not in_class:
            piece = "\\Z"
        elif piece == "." and not in_class:
            piece = "[^\\n\\r\\u2028\\u2029]"
        result.append(piece)
    return re.compile("".join(result))


def _has_type(value: Any, name: str) -> bool:
    return {
        "object": isinstance(value, dict),
        "array": isinstance(value, list),
        "string": isinstance(value, str),
        "boolean": isinstance(value, bool),
        "null": value is None,
        "integer": isinstance(value, int) and not isinstance(value, bool),
        "number": isinstance(value, int) and not isinstance(value, bool),
    }[name]


def _same(one: Any, other: Any) -> bool:
    # Python holds True == 1; canonical JSON doesn't.
    return canonical(one) == canonical(other)


class Schemas:
    """The schema files of a folder, by file name; a `$ref` is a file of the folder, a `#/$defs/…` of it, or both."""

    def __init__(self, folder: Path) -> None:
        self.files: dict[str, Any] = {
            path.name: json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.schema.json"))
        }
        if not self.files:
            raise FileNotFoundError(f"no schemas in {folder}")
        self.patterns: dict[str, re.Pattern[str]] = {}

    def check(self, value: Any, kind: str) -> None:
        """Refuses with the JSON Pointer of the first fault: E_SCHEMA, or the code of an encoding or key."""
        name = f"{kind}.schema.json"
        fault = self._fault(value, self.files[name], name, "")
        if fault:
            raise Refused(fault.code, fault.reason, fault.place or "the root")

    def _resolve(self, reference: str, file: str) -> tuple[Any, str]:
        name, _, fragment = reference.partition("#")
        file = name or file
        schema = self.files[file]
        for token in fragment.split("/")[1:]:
            schema = schema[token]
        return schema, file

    def _fault(self, value: Any, schema: Any, file: str, at: str) -> Optional[Fault]:
        """The first fault, or nothing."""
        for keyword, rule in schema.items():
            if keyword in _WITHOUT_RULE:
                continue
            check: Callable[..., Optional[Fault]] = getattr(self, f"_{keyword.lstrip('$')}", _unknown(keyword))
            fault = check(value, rule, schema, file, at)
            if fault:
                return fault
        return None

    def _ref(self, value: Any, rule: str, _schema: Any, file: str, at: str) -> Optional[Fault]:
        target, target_file = self._resolve(rule, file)
        fault = self._fault(value, target, target_file, at)
        code = _CODES.get(rule.rsplit("/", 1)[-1])
        if fault and code and fault.code == "E_SCHEMA" and isinstance(value, str):
            return fault._replace(code=code)
        return fault

    def _type(self, value: Any, rule: str, _schema: Any, _file: str, at: str) -> Optional[Fault]:
        return None if _has_type(value, rule) else Fault(at, f"no {rule}")

    def _const(self, value: Any, rule: Any, _schema: Any, _file: str, at: str) -> Optional[Fault]:
        return None if _same(value, rule) else Fault(at, "not the one value that is allowed")

    def _enum(self, value: Any, rule: list[Any], _schema: Any, _file: str, at: str) -> Optional[Fault]:
        return None if any(_same(value, one) for one in rule) else Fault(at, "none of the values that are allowed")

    def _pattern(self, value: Any, rule: str, _schema: Any, _file: str, at: str) -> Optional[Fault]:
        if rule not in self.patterns:
            self.patterns[rule] = _python_pattern(rule)
        if isinstance(value, str) and not self.patterns[rule].search(value):
            return Fault(at, "not in its form")
        return None

    def _minLength(self, value: Any, rule: int, _schema: Any, _file: str, at: str) -> Optional[Fault]:
        return Fault(at, f"shorter than {rule}") if isinstance(value, str) and len(value) < rule else None

    def _maxLength(self, value: Any, rule: int, _schema: Any, _file: str, at: str) -> Optional[Fault]:
        return Fault(at, f"longer than {rule}") if isinstance(value, str) and len(value) > rule else None

    def _minimum(self, value: Any, rule: int, _schema: Any, _file: str, at: str) -> Optional[Fault]:
        return Fault(at, f"less than {rule}") if _has_type(value, "number") and value < rule else None

    def _maximum(self, value: Any, rule: int, _schema: Any, _file: str, at: str) -> Optional[Fault]:
        return Fault(at, f"more than {rule}") if _has_type(value, "number") and value > rule else None

    def _minItems(self, value: Any, rule: int, _schema: Any, _file: str, at: str) -> Optional[Fault]:
        return Fault(at, f"fewer than {rule} items") if isinstance(value, list) and len(value) < rule else None

    def _maxItems(self, value: Any, rule: int, _schema: Any, _file: str, at: str) -> Optional[Fault]:
        return Fault(at, f"more than {rule} items") if isinstance(value, list) and len(value) > rule else None

    def _uniqueItems(self, value: Any, rule: bool, _schema: Any, _file: str, at: str) -> Optional[Fault]:
        if rule and isinstance(value, list) and len({canonical(item) for item in value}) < len(value):
            return Fault(at, "an item appears twice")
        return None

    def _items(self, value: Any, rule: Any, _schema: Any, file: str, at: str) -> Optional[Fault]:
        for index, item in enumerate(value if isinstance(value, list) else []):
            fault = self._fault(item, rule, file, f"{at}/{index}")
            if fault:
                return fault
        return None

    def _contains(self, value: Any, rule: Any, _schema: Any, file: str, at: str) -> Optional[Fault]:
        if isinstance(value, list) and all(self._fault(item, rule, file, at) for item in value):
            return Fault(at, "an item that is needed is not there")
        return None

    def _required(self, value: Any, rule: list[str], _schema: Any, _file: str, at: str) -> Optional[Fault]:
        missing = [name for name in rule if isinstance(value, dict) and name not in value]
        return Fault(at, f'no member "{missing[0]}"') if missing else None

    def _properties(self, value: Any, rule: dict[str, Any], _schema: Any, file: str, at: str) -> Optional[Fault]:
        for name, schema in rule.items():
            if isinstance(value, dict) and name in value:
                fault = self._fault(value[name], schema, file, f"{at}/{pointer_token(name)}")
                if fault:
                    return fault
        return None

    def _additionalProperties(self, value: Any, rule: Any, schema: Any, _file: str, at: str) -> Optional[Fault]:
        if rule is not False:
            raise NotImplementedError("additionalProperties other than false is not implemented")
        known = schema.get("properties", {})
        unknown = [name for name in value if name not in known] if isinstance(value, dict) else []
        return Fault(f"{at}/{pointer_token(unknown[0])}", "an unknown member") if unknown else None

    def _allOf(self, value: Any, rule: list[Any], _schema: Any, file: str, at: str) -> Optional[Fault]:
        return next(filter(None, (self._fault(value, one, file, at) for one in rule)), None)

    def _anyOf(self, value: Any, rule: list[Any], _schema: Any, file: str, at: str) -> Optional[Fault]:
        faults = [self._fault(value, one, file, at) for one in rule]
        return None if None in faults else _deepest(faults)

    def _oneOf(self, value: Any, rule: list[Any], _schema: Any, file: str, at: str) -> Optional[Fault]:
        faults = [self._fault(value, one, file, at) for one in rule]
        if faults.count(None) == 1:
            return None
        return _deepest(faults) if None not in faults else Fault(at, "in more than one form at once")

    def _if(self, value: Any, rule: Any, schema: Any, file: str, at: str) -> Optional[Fault]:
        branch = "else" if self._fault(value, rule, file, at) else "then"
        return self._fault(value, schema.get(branch, {}), file, at)


def _deepest(faults: list[Optional[Fault]]) -> Optional[Fault]:
    """Of the faults of several forms, the one that reaches deepest: the form that was most likely meant."""
    return max((fault for fault in faults if fault), key=lambda fault: fault.place.count("/"), default=None)


def _unknown(keyword: str) -> Callable[..., None]:
    def stop(*_: Any) -> None:
        # A keyword that is passed over would let through what the schema refuses.
        raise NotImplementedError(f"the schema keyword {keyword} is not implemented")

    return stop
