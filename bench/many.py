"""Several GPUs: two jobs on two against one after the other on one, and one job spread over them against whole.

    python -m bench.many                    as many GPUs as there are, Wan 5B at full size, random weights
    python -m bench.many --toy --device cpu --gpus 2     to see that it runs

Prints one JSON object. Every figure is of the denoising alone, after a first step that is not counted.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

import torch

from bench.models import full
from bench.models.folders import PLACE
from bench.models.running import SEED
from bench.models.timing import seconds_of
from engine.models.device import VISIBLE, gpus
from engine.models.speed.timesteps import FrameTimesteps
from engine.models.spreading import spread
from engine.models.spreading.spread import Spread

ROOT = Path(__file__).resolve().parents[1]
READY = "ready"


def parser() -> argparse.ArgumentParser:
    """The command line's grammar."""
    made = argparse.ArgumentParser(prog="python -m bench.many", description=__doc__.partition("\n")[0])
    made.add_argument("--device", choices=("cuda", "cpu"), default="cuda" if torch.cuda.is_available() else "cpu")
    made.add_argument("--gpus", type=int, help="how many; all there are where nothing is said")
    made.add_argument("--steps", type=int, default=6)
    made.add_argument("--toy", action="store_true", help="a thousandth of the size")
    made.add_argument("--job", action="store_true", help=argparse.SUPPRESS)
    return made


class Wan:
    """Wan 5B, its denoiser on the disk as well, where the other processes read it."""

    def __init__(self, device: torch.device, toy: bool) -> None:
        self.device = device
        self.subject = full.wan(device, five=True, toy=toy)
        self.folder = PLACE / ("wan-toy-denoiser" if toy else "wan-5b-denoiser")

    def save(self) -> None:
        """Write the denoiser, and let it know where it lies."""
        self.subject.denoiser.save_pretrained(self.folder)
        self.subject.denoiser.register_to_config(_name_or_path=str(self.folder))

    def run(self, steps: int) -> torch.Tensor:
        """The latents after so many steps, from the same noise each time."""
        noise = torch.Generator("cpu").manual_seed(SEED)
        made = self.subject.pipeline(
            **self.subject.told, num_inference_steps=steps, generator=noise, output_type="latent"
        )
        return torch.as_tensor(made.frames)

    def seconds(self, steps: int) -> tuple[float, torch.Tensor]:
        """How long so many steps take, and what they make."""
        found: list[torch.Tensor] = []
        return seconds_of(self.device, lambda: found.append(self.run(steps))), found[0]


def one_job(chosen: argparse.Namespace) -> int:
    """A job in a process of its own: says that it is ready, waits for a line, denoises, tells the seconds."""
    wan = Wan(torch.device(chosen.device), chosen.toy)
    wan.run(1)
    print(READY, flush=True)
    sys.stdin.readline()
    print(wan.seconds(chosen.steps)[0], flush=True)
    return 0


def side_by_side(names: Sequence[str], command: Sequence[str]) -> float:
    """Seconds until as many jobs as there are names are done, one a GPU, begun at one moment."""
    jobs = [
        subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, **({VISIBLE: name} if name else {})},
        )
        for name in names
    ]  # fmt: skip
    pipes = [(job.stdin, job.stdout) for job in jobs if job.stdin and job.stdout]
    for _, said in pipes:
        _expect(said, READY)
    for asked, _ in pipes:
        asked.write("\n")
        asked.flush()
    told: list[float] = []
    readers = [threading.Thread(target=lambda said=said: told.append(float(said.readline()))) for _, said in pipes]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    for job in jobs:
        job.communicate()
    return max(told)


def _expect(said: IO[str], line: str) -> None:
    for one in said:
        if one.strip() == line:
            return
    raise RuntimeError("a job ended before it was ready")


def whole_and_spread(chosen: argparse.Namespace, count: int) -> dict[str, Any]:
    """One job by one device, and by all of them."""
    device = torch.device(chosen.device)
    wan = Wan(device, chosen.toy)
    wan.save()
    found: dict[str, Any] = {}
    FrameTimesteps(wan.subject.denoiser).off()  # as a loaded model is, its rewrite off
    wan.run(1)
    whole, made = wan.seconds(chosen.steps)
    found["whole, seconds"] = round(whole, 3)
    part = Spread("Wan 5B", wan.subject.pipeline, device, whole=True)
    part.over(count)
    wan.run(1)
    parted, same = wan.seconds(chosen.steps)
    part.close()
    found["spread, seconds"] = round(parted, 3)
    found["ratio"] = round(whole / parted, 3)
    found["largest difference, of the largest value"] = float((made - same).abs().max() / made.abs().max())
    return found


def main(argv: list[str]) -> int:
    """Measure as the command line says."""
    chosen = parser().parse_args(argv)
    if chosen.job:
        return one_job(chosen)
    names = list(gpus()) if chosen.device == "cuda" else [""] * (chosen.gpus or 2)
    names = names[: chosen.gpus or len(names)]
    if len(names) < 2:
        print(f"bench.many needs two GPUs, and finds {len(names)}", file=sys.stderr)
        return 2
    spread.device_count = lambda device: len(names)
    command = [sys.executable, "-m", "bench.many", "--job", "--device", chosen.device, "--steps", str(chosen.steps)]
    command += ["--toy"] if chosen.toy else []
    alone = side_by_side(names[:1], command)
    together = side_by_side(names, command)
    report = {
        "command": " ".join(["python", "-m", "bench.many", *argv]),
        "gpus": len(names),
        "steps": chosen.steps,
        f"{len(names)} jobs on {len(names)} GPUs": {
            "one job, seconds": round(alone, 3),
            "all jobs at once, seconds": round(together, 3),
            "ratio to one after the other": round(len(names) * alone / together, 3),
        },
    }
    print(json.dumps(report), flush=True)
    report["one job over all of them"] = whole_and_spread(chosen, len(names))
    print(json.dumps(report, indent=1), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
