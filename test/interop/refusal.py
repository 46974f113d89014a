"""The one error of this verifier: why a document is refused (the codes of doc/format.md)."""

from __future__ import annotations


class Refused(Exception):
    """A document doesn't hold. `code` is the code of doc/format.md; `place` is a JSON Pointer or a file position."""

    def __init__(self, code: str, message: str, place: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.place = place

    def __str__(self) -> str:
        place = f" at {self.place}" if self.place else ""
        return f"{self.message}{place} ({self.code})"
