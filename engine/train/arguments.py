"""What the trainers' command line takes, and what it turns down before a minute is spent."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

import torch

_MADE = ("output", "checkpoint")
"""Places that a training makes; all others have to be there."""


def parsed(argv: Sequence[str], about: str, models: Sequence[str]) -> argparse.Namespace:
    """The arguments of one training. Ends with a sentence and exit code 2 where something that it needs is not named,
    or not there.
    """
    made = parser(about, models)
    arguments = made.parse_args(argv)
    for option in _needed(arguments):
        if getattr(arguments, option) is None:
            made.error(f"{arguments.model} needs --{option.replace('_', '-')}: see --help")
    for option, place in vars(arguments).items():
        if isinstance(place, Path) and option not in _MADE and not place.exists():
            made.error(f"nothing is there that --{option.replace('_', '-')} names (got {place})")
    return arguments


def parser(about: str, models: Sequence[str]) -> argparse.ArgumentParser:
    """The command line's grammar. about: what `--help` begins with; models: what can be trained."""
    made = argparse.ArgumentParser(prog="python -m engine.train", description=about)
    made.add_argument("model", choices=models)
    made.add_argument("--output", type=Path, required=True, help="folder for the weights")
    made.add_argument("--steps", type=int, help="optimizer steps; or else")
    made.add_argument("--minutes", type=float, default=10.0, help="wall-clock minutes, resumes included (10)")
    made.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu", help="cuda, or cpu")
    made.add_argument("--processes", type=int, default=max(1, (os.cpu_count() or 2) - 1), help="that draw the lessons")
    made.add_argument(
        "--autoencoder", type=Path, help="folder of the trained autoencoder (needed by generator and forward; inverse)"
    )
    made.add_argument("--reading", type=Path, help="folder of a text encoder taught to read (generator only)")
    made.add_argument("--start", type=Path, help="begin with this folder's weights; release: the generator's")
    made.add_argument("--judge", type=Path, help="folder of the trained judge (release only)")
    made.add_argument("--detector", type=Path, help="folder of the trained detector (release only)")
    made.add_argument("--inverse", type=Path, help="folder of the trained inverse model (release only)")
    made.add_argument("--forward", type=Path, help="folder of the trained forward model (release only)")
    made.add_argument("--critic", type=Path, help="folder of the trained critic (release only)")
    made.add_argument(
        "--labels",
        type=int,
        metavar="N",
        help="learn from so many answers alone; 0: see and describe alone (critic only)",
    )
    made.add_argument("--wrong", type=float, default=0.0, help="share of the answers turned round (critic only)")
    made.add_argument(
        "--base", metavar="NAME", help="a large model, owner/name or a folder, to be taught by LoRA (critic, forward)"
    )
    made.add_argument("--lora", type=int, default=16, metavar="RANK", help="rank of the LoRA (with --base; 16)")
    made.add_argument("--labels-from", type=Path, metavar="FILE", help="labels.jsonl (critic with --base needs it)")
    made.add_argument("--results", type=Path, metavar="FILE", help="a teacher's VideoVerse result file (labels)")
    made.add_argument("--videos", type=Path, metavar="DIR", help="folder of the videos it is about, KEY.mp4 (labels)")
    made.add_argument("--at-once", action="store_true", help="all mixes from the start, no stages (forward only)")
    made.add_argument(
        "--painter", type=Path, help="folder of a generator's transformer that learns to draw for it (forward only)"
    )
    made.add_argument("--toy", action="store_true", help="next to no data: only shows that everything runs")
    made.add_argument(
        "--checkpoint",
        type=Path,
        help="resume from here if it exists, save here (generator, detector, inverse, forward, critic)",
    )
    return made


def _needed(arguments: argparse.Namespace) -> tuple[str, ...]:
    """Options without which this training cannot begin."""
    match arguments.model:
        case "generator" | "forward":
            return ("autoencoder",)
        case "critic" if arguments.base:
            return ("labels_from",)
        case "labels":
            return ("results", "videos")
        case _:
            return ()
