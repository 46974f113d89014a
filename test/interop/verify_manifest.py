#!/usr/bin/env python3
"""An independent verifier of Sealift manifests, written from doc/format.md alone.

    python3 verify_manifest.py manifest.json --lab lab.roster.json [--witness sha256:…]
    python3 verify_manifest.py --vectors folder

It needs Python 3.9 or newer and nothing else; where the `openssl` command (3.0 or newer) is there, every signature is
verified by it as well. It exits with 0 when everything holds, with 1 when it doesn't, with 2 when it wasn't understood.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Optional

sys.dont_write_bytecode = True

from documents import read_document  # noqa: E402
from manifests import read_manifest, verify_manifest  # noqa: E402
from refusal import Refused  # noqa: E402
from rosters import check_roster  # noqa: E402
from vectors import run_vectors  # noqa: E402


def _verify(manifest: Path, lab: Path, witness: Optional[str]) -> None:
    pinned = check_roster(read_document(lab.read_bytes(), "roster"))
    verified = verify_manifest(read_manifest(manifest.read_bytes()), pinned, witness)
    for step in verified.steps:
        print(step.seq, step.time, step.kind, step.signer)
    print(f"job {verified.job} is {verified.state}: {len(verified.steps)} entries hold")


def main(arguments: list[str]) -> int:
    """Runs the command; returns its exit code."""
    parser = argparse.ArgumentParser(description="Verify a Sealift manifest, independently of Sealift.")
    parser.add_argument("manifest", nargs="?", type=Path, help="the job's manifest.json")
    parser.add_argument("--lab", type=Path, help="the laboratory's roster, its fingerprint compared beforehand")
    parser.add_argument("--witness", help="the digest of an entry that somebody kept; the chain must hold it")
    parser.add_argument("--vectors", type=Path, help="run the vectors of this folder instead")
    options = parser.parse_args(arguments)
    if options.vectors is None and (options.manifest is None or options.lab is None):
        parser.error("name a manifest and --lab, or --vectors")
    try:
        if options.vectors is not None:
            return run_vectors(options.vectors)
        _verify(options.manifest, options.lab, options.witness)
    except Refused as refusal:
        print(f"error: {refusal}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"error: {error.strerror}: {error.filename} (E_FILE)", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
