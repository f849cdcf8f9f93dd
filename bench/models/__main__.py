"""Real models' speed at full size, with random weights made on the device: `python -m bench.models --help`.

Each row is a part of docs/FIGURES.md: stock diffusers as its documentation says, and Greenlight, in one process.
Weights are random, so nothing is fetched and pictures show nothing: seconds, bytes and errors are what is measured.
Writes ROW.json and ROW.md.
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from bench.models import decoding, denoising, kernels, living, report

Row = Callable[[tuple[torch.device, bool]], dict[str, Any]]
ROWS: dict[str, Row] = {
    "wan-5b": denoising.wan_5b,
    "wan-5b-decoding": decoding.wan_5b_decoding,
    "wan-a14b": denoising.wan_a14b,
    "svd": denoising.svd,
    "sdxl": denoising.sdxl,
    "approximate": denoising.approximate,
    "candidates": denoising.candidates,
    "convolutions": decoding.convolutions,
    "kernels": kernels.kernels,
    "parts": kernels.parts,
    "start": living.start,
    "cap": living.cap,
    "failing": living.failing,
    "pocket": living.pocket,
}


def parser() -> argparse.ArgumentParser:
    """The command line's grammar."""
    made = argparse.ArgumentParser(prog="python -m bench.models", description=__doc__)
    made.add_argument("rows", nargs="+", choices=tuple(ROWS), metavar="ROW", help=", ".join(ROWS))
    made.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    made.add_argument("--toy", action="store_true", help="a thousandth of the size: to see that it runs")
    made.add_argument("--output", type=Path, default=Path("figures"), help="folder of ROW.json and ROW.md")
    return made


def place(name: str) -> torch.device:
    """The device of this name; of several GPUs the first, by its number, as limits of memory are set by it."""
    return torch.device("cuda", 0) if name == "cuda" else torch.device(name)


def main(argv: list[str]) -> int:
    """Measure row after row; one that fails is told, and the others are measured all the same."""
    asked = parser().parse_args(argv)
    device, failed = place(asked.device), 0
    for name in asked.rows:
        row, begun = ROWS[name], time.monotonic()
        told: dict[str, Any] = {
            "row": name,
            "what": (row.__doc__ or "").strip(),
            "command": f"python -m bench.models {name}{' --toy' if asked.toy else ''} --device {asked.device}",
            "machine": report.machine(device),
        }
        try:
            told["figures"] = row((device, asked.toy))
        except Exception as error:  # a row of an hour's lease must not cost the others
            told["figures"] = {"failed": f"{type(error).__name__}: {error}"}
            print(traceback.format_exc(), file=sys.stderr)
            failed += 1
        told["seconds of the row"] = round(time.monotonic() - begun, 1)
        report.write(asked.output, name, told)
        print(report.table(told), f"{told['seconds of the row']} s\n", sep="", flush=True)
        living.leave(device)
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
