"""What a trained forward model draws, many transitions at a time: `python -m bench.painting DIR --pairs 200`.

Its own latents (regressed) beside its painter's, best of N by the inverse model, and walks with and without memory.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL, WanTransformer3DModel
from PIL import Image

from engine.evaluate import candidates, imagined, strides
from engine.evaluate.candidates import Pictures, Trial
from engine.evaluate.happened import pictures
from engine.pocket.render import layout
from engine.pocket.worlds import painter as painting
from engine.pocket.worlds.forward import MODALITIES, ForwardModel, Senses
from engine.pocket.worlds.inverse import ActionReader
from engine.pocket.worlds.reflector import Triple
from engine.pocket.worlds.sayings import say
from engine.pocket.worlds.steps import sample_step, walk
from engine.train.costs import spread
from engine.train.forward import ForwardPreset, ForwardTrainer
from engine.train.futures import future, futures, ids_of
from engine.train.reminders import Lesson

ROOT = Path(__file__).resolve().parents[1]
AT_ONCE = 50


class Studio:
    """A forward model with its painter, if there is one, and what shows its latents."""

    def __init__(self, folder: Path, autoencoder: Path, device: torch.device) -> None:
        vae = AutoencoderKL.from_pretrained(autoencoder, dtype=torch.float32)
        self.trainer = ForwardTrainer(ForwardPreset(), vae, device, 0)
        self.model = ForwardModel.from_pretrained(folder, dtype=torch.float32, use_safetensors=True).to(device).eval()
        self.painter: WanTransformer3DModel | None = None
        if (folder / painting.FOLDER).is_dir():
            self.painter = painting.load(folder / painting.FOLDER).to(device).eval()
        self.device = device

    @torch.no_grad()
    def foresee(self, state: Senses, action: torch.Tensor, seed: int, recalled: Triple | None = None) -> torch.Tensor:
        """Latents of the states to come: painted, or as the model itself has them, from a noisier state each time."""
        random = torch.Generator().manual_seed(seed)
        if self.painter is None and seed:
            state = replace(state, picture=spread(state.shown, 0.2))
        made: Senses = self.model.predict(state, action, ("picture",), recalled)
        if self.painter is None or made.thought is None:
            return made.shown
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type == "cuda"):
            return painting.paint(self.painter, made.thought, state.picture, random)

    @torch.no_grad()
    def shown(self, latents: torch.Tensor) -> Pictures:
        """The pictures of latents."""
        config = self.trainer.vae.config
        unscaled = latents / config.scaling_factor + config.shift_factor
        pixels = torch.cat([self.trainer.vae.decode(part).sample for part in unscaled.split(AT_ONCE)])
        return pixels.add(1).mul(127.5).round().clamp(0, 255).to(torch.uint8).movedim(1, -1).cpu().numpy()

    def trials(self, pairs: int, seeds: int) -> Iterator[tuple[Trial, Callable[[int], Pictures]]]:
        """Held-out transitions, and what makes their candidates."""
        for seed in range(1, seeds + 1):
            for first in range(seed * 10**6, seed * 10**6 + pairs, AT_ONCE):
                numbers = range(first, min(first + AT_ONCE, seed * 10**6 + pairs))
                steps = [future(number, True)[1] for number in numbers]
                lesson = Lesson.of(self.trainer.rows(futures(numbers, held_out=True)))
                before, after = pictures(steps, self.trainer.renderer)
                make = partial(self._made, lesson)
                yield Trial(before, [step.action for step in steps], after), make

    def _made(self, lesson: Lesson, seed: int) -> Pictures:
        return self.shown(self.foresee(lesson.before.only(MODALITIES), lesson.action, seed))

    def walks(self, count: int, steps: int) -> dict[str, float]:
        """What is left of the truth after so many actions."""
        ways = [walk(sample_step(7_000_000 + n).before, steps, random.Random(f"walk/{n}")) for n in range(count)]
        rng = random.Random(0)
        ids = [
            torch.from_numpy(ids_of([say(way[n].action, way[n].before, rng) for way in ways])).to(self.device)
            for n in range(steps)
        ]
        start = self.trainer.latents(layout([way[0].before for way in ways], 1))
        first = pictures([way[0] for way in ways], self.trainer.renderer)[0]
        last = pictures([way[-1] for way in ways], self.trainer.renderer)[1]
        shares = {}
        for remembers in (True, False):
            made = self.shown(strides.stride(self.model, self._step, start, ids, remembers))
            shares[remembers] = np.array([imagined.share_right(*each) for each in zip(first, made, last, strict=True)])
        gains = shares[True] - shares[False]
        widths = {name: 1.96 * each.std() / count**0.5 for name, each in (("on", shares[True]), ("gain", gains))}
        figures = {
            "with memory": shares[True].mean(), "width": widths["on"], "without": shares[False].mean(),
            "gain": gains.mean(), "gain_width": widths["gain"],
        }  # fmt: skip
        return {name: round(float(value), 4) for name, value in figures.items()}

    def _step(self, latents: torch.Tensor, action: torch.Tensor, recalled: Triple | None) -> torch.Tensor:
        return self.foresee(Senses(latents), action, 0, recalled)

    def sheet(self, path: Path) -> None:
        """Twelve transitions: what was, what is foreseen, what came."""
        trial, make = next(self.trials(12, 1))
        columns = np.concatenate([trial.before, make(0), make(1), trial.after], 2)
        Image.fromarray(columns.reshape(-1, *columns.shape[2:])).save(path)


def main() -> None:
    """Print each part as a line of JSON."""
    asked = argparse.ArgumentParser(prog="python -m bench.painting", description=__doc__)
    asked.add_argument("folder", type=Path, help="the forward model")
    asked.add_argument("--autoencoder", type=Path, default=ROOT / "assets/pocket/vae")
    asked.add_argument("--inverse", type=Path, default=ROOT / "assets/inverse")
    asked.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    asked.add_argument("--pairs", type=int, default=200, help="transitions a seed")
    asked.add_argument("--seeds", type=int, default=3)
    asked.add_argument("--most", type=int, default=8, help="candidates")
    asked.add_argument("--walks", type=int, default=50)
    asked.add_argument("--steps", type=int, default=20)
    asked.add_argument("--sheet", type=Path, help="a picture of some")
    chosen = asked.parse_args()
    device = torch.device(chosen.device)
    studio = Studio(chosen.folder, chosen.autoencoder, device)
    reader = ActionReader.from_pretrained(chosen.inverse).to(device)
    if chosen.sheet:
        studio.sheet(chosen.sheet)
    painter, studio.painter = studio.painter, None
    own = candidates.measure(reader, studio.trials(chosen.pairs, chosen.seeds), 1)
    print(json.dumps({"regressed": own}), flush=True)
    studio.painter = painter
    best = candidates.measure(reader, studio.trials(chosen.pairs, chosen.seeds), chosen.most)
    print(json.dumps({"painted" if painter else "regressed, noisier each time": best}), flush=True)
    print(json.dumps({f"{chosen.steps} actions": studio.walks(chosen.walks, chosen.steps)}), flush=True)


if __name__ == "__main__":
    main()
