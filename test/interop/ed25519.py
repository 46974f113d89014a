"""Ed25519 verification as doc/format.md section 4 asks for it, and the key checks of section 5.

Every signature is verified twice: by the arithmetic below (RFC 8032 section 5.1) and, where it is installed, by
`openssl pkeyutl`. The two must agree. OpenSSL alone would not do: it accepts public keys of small order.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Optional

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)

# Extended homogeneous coordinates (X, Y, Z, T): x = X/Z, y = Y/Z, xy = T/Z.
Point = tuple[int, int, int, int]
IDENTITY: Point = (0, 1, 1, 0)

# RFC 8410: SubjectPublicKeyInfo of an Ed25519 key, before its 32 bytes.
_SPKI_PREFIX = bytes.fromhex("302a300506032b6570032100")


def add(a: Point, b: Point) -> Point:
    """RFC 8032 section 5.1.4."""
    e_minus = (a[1] - a[0]) * (b[1] - b[0]) % P
    e_plus = (a[1] + a[0]) * (b[1] + b[0]) % P
    c = 2 * a[3] * b[3] * D % P
    d = 2 * a[2] * b[2] % P
    e, f, g, h = e_plus - e_minus, d - c, d + c, e_plus + e_minus
    return e * f % P, g * h % P, f * g % P, e * h % P


def multiply(scalar: int, point: Point) -> Point:
    """`scalar` times `point`. Not in constant time: nothing here is secret."""
    result = IDENTITY
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point = add(point, point)
        scalar >>= 1
    return result


def same(a: Point, b: Point) -> bool:
    """Whether two coordinates are of one point."""
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


def _x_of(y: int, sign: int) -> Optional[int]:
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - x2) % P or (x == 0 and sign):
        return None
    return P - x if x & 1 != sign else x


def decode(encoding: bytes) -> Optional[Point]:
    """The point of a canonical encoding; nothing where the bytes are not canonical, or no point (section 5.1.3)."""
    number = int.from_bytes(encoding, "little")
    y, sign = number & (2**255 - 1), number >> 255
    x = _x_of(y, sign) if y < P else None
    return None if x is None else (x, y, 1, x * y % P)


def encode(point: Point) -> bytes:
    """RFC 8032 section 5.1.2."""
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _base() -> Point:
    y = 4 * pow(5, P - 2, P) % P
    x = _x_of(y, 0)
    assert x is not None
    return x, y, 1, x * y % P


BASE = _base()


def is_of_small_order(point: Point) -> bool:
    """Whether the point is one of the eight whose order divides 8."""
    return same(multiply(8, point), IDENTITY)


def is_of_prime_order(point: Point) -> bool:
    """Whether the point is of order L: in the prime-order subgroup, and not the identity."""
    return same(multiply(L, point), IDENTITY) and not same(point, IDENTITY)


@lru_cache(maxsize=None)
def is_sound_key(key: bytes) -> bool:
    """Whether a public key is the canonical encoding of a point of the prime-order subgroup (section 5)."""
    point = decode(key)
    return point is not None and is_of_prime_order(point)


def _equation_holds(key: bytes, message: bytes, signature: bytes) -> bool:
    """S·B = R + h·A without cofactor, with the refusals of section 4."""
    s = int.from_bytes(signature[32:], "little")
    a, r = decode(key), decode(signature[:32])
    if s >= L or a is None or r is None or is_of_small_order(a) or is_of_small_order(r):
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    return same(multiply(s, BASE), add(r, multiply(h, a)))


@lru_cache(maxsize=1)
def openssl() -> Optional[str]:
    """The `openssl` command, where it is installed and at least version 3 (`-rawin` for Ed25519)."""
    command = shutil.which("openssl")
    if command is None:
        return None
    version = subprocess.run([command, "version"], capture_output=True, text=True, check=False).stdout.split()
    is_new_enough = len(version) > 1 and version[0] == "OpenSSL" and int(version[1].split(".")[0]) >= 3
    return command if is_new_enough else None


def _openssl_accepts(command: str, key: bytes, message: bytes, signature: bytes) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        key_file, message_file, signature_file = (Path(folder, name) for name in ("key", "message", "signature"))
        key_file.write_bytes(_SPKI_PREFIX + key)
        message_file.write_bytes(message)
        signature_file.write_bytes(signature)
        options = ["pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-rawin", "-inkey", str(key_file)]
        files = ["-in", str(message_file), "-sigfile", str(signature_file)]
        return subprocess.run([command, *options, *files], capture_output=True, check=False).returncode == 0


@lru_cache(maxsize=None)
def verify(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the 64 bytes are a signature of the message under the key."""
    holds = _equation_holds(key, message, signature)
    command = openssl()
    # OpenSSL accepts what section 4 refuses, so that only a signature it refuses can contradict.
    if holds and command is not None and not _openssl_accepts(command, key, message, signature):
        raise RuntimeError("openssl refuses a signature whose equation holds")
    return holds


@lru_cache(maxsize=1)
def small_order_u() -> frozenset[int]:
    """The u-coordinates of X25519 (RFC 7748) that are of small order: of the curve, and of its twist."""
    torsion = [p for p in map(_point_of_order_eight, range(2, 40)) if p is not None][:1]
    us = {P - 1}  # the points of order 4 of the twist
    for multiple in range(8):
        point = multiply(multiple, torsion[0])
        y = point[1] * pow(point[2], P - 2, P) % P
        us.add((1 + y) * pow(1 - y, P - 2, P) % P)  # RFC 7748 section 4.1; the neutral element becomes 0
    return frozenset(us)


def _point_of_order_eight(y: int) -> Optional[Point]:
    x = _x_of(y, 0)
    point = None if x is None else multiply(L, (x, y, 1, x * y % P))
    return point if point and not same(multiply(4, point), IDENTITY) else None


def is_sound_x25519(key: bytes) -> bool:
    """Whether an X25519 key is canonical and not of small order (section 5)."""
    u = int.from_bytes(key, "little")
    return u < P and u not in small_order_u()
