"""Who hits what, of drawn pictures: `python -m bench.blows --pairs 300`.

Held-out transitions are drawn; the detector sees what is there before and after; what follows from that is made to
sound, and the judge of sound hears who hit what. Right where that is the simulator's truth. Errors are printed.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import torch

from engine.agents.beholding import beheld
from engine.evaluate.happened import half_width, pictures
from engine.models.lease import Lease
from engine.pocket.render import Renderer
from engine.pocket.worlds.actions import TRAVELS
from engine.pocket.worlds.blows import sound_from
from engine.pocket.worlds.happening import Happening, Impact
from engine.pocket.worlds.spectra import heard_impact
from engine.pocket.worlds.steps import sample_step

ROOT = Path(__file__).resolve().parents[1]
FIRST = 6_000_000


def moved(pairs: int, styled: float) -> Iterator[Happening]:
    """So many held-out transitions in which something travels, falls or breaks."""
    number, found = FIRST, 0
    while found < pairs:
        step = sample_step(number, held_out=True, styled=styled)
        number += 1
        if step.action.kind in (*TRAVELS, "drop", "break"):
            found += 1
            yield step


def heard(lease: Lease, renderer: Renderer, step: Happening) -> Impact | None:
    """Who hits what, as it sounds."""
    before, after = (beheld(lease, side[0]) for side in pictures([step], renderer))
    levels = sound_from(before, step.action, after)
    return None if levels is None else heard_impact(levels)


def main() -> None:
    """Print a line for each error, then one with the shares."""
    asked = argparse.ArgumentParser(prog="python -m bench.blows", description=__doc__)
    asked.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    asked.add_argument("--pairs", type=int, default=300)
    asked.add_argument("--styled", type=float, default=0.0, help="share of pictures in a style other than flat")
    chosen = asked.parse_args()
    lease, renderer = Lease(torch.device(chosen.device), root=ROOT), Renderer(chosen.device, 192)
    right: dict[str, list[bool]] = {"blow": [], "no blow": []}
    for step in moved(chosen.pairs, chosen.styled):
        told = heard(lease, renderer, step)
        right["blow" if step.impact else "no blow"].append(told == step.impact)
        if told != step.impact:
            print(json.dumps({"wrong": step.action.kind, "truth": str(step.impact), "heard": str(told)}), flush=True)
    shares = {name: sum(each) / max(1, len(each)) for name, each in right.items()}
    print(json.dumps({
        name: {"right": round(share, 4), "width": round(half_width(share, len(right[name])), 4), "of": len(right[name])}
        for name, share in shares.items()
    }))  # fmt: skip


if __name__ == "__main__":
    main()
