"""Train the forward model on transitions in all modalities: in stages, or all mixes at once for as many steps."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import torch
from diffusers import AutoencoderKL, WanTransformer3DModel

from engine.evaluate.foreseen import Exam, foreseen
from engine.pocket.render import Layout, Renderer
from engine.pocket.worlds import painter as painting
from engine.pocket.worlds.forward import MODALITIES, ForwardModel, Senses, patches
from engine.train.budget import Budget, write_record
from engine.train.costs import change_weights, future_loss, spread
from engine.train.futures import FutureChunk, future_stream, futures, vocabulary
from engine.train.generator import draw_sigmas
from engine.train.learner import Learner
from engine.train.ranks import Ranks
from engine.train.reminders import REMINDERS, Lesson
from engine.train.ring import Ring

Mix = tuple[tuple[str, ...], tuple[str, ...]]
"""What is given, and what is wanted."""


_ALONE = Ranks()
_AT_ONCE = 256
"""Pictures that are encoded together."""
_SEEING = 3
"""How much more often than others a mix is drawn that shows the state; with a painter also one that wants a picture."""


@dataclass(frozen=True)
class ForwardPreset:
    """Numbers of a run. The defaults are for one GPU."""

    batch: int = 256
    """Transitions a step, and in a chunk."""
    capacity: int = 32768
    """Transitions in the ring: 34 kB each."""
    filled: int = 8192
    """Of them before the first step."""
    refill_every: int = 12
    """Steps between two chunks that are drawn and encoded: at 4 these took longer than the learning."""
    learning_rate: float = 1.5e-3
    painting_rate: float = 4e-4
    """Learning rate of a painter."""
    weight_decay: float = 0.02
    layers: int = 6
    width: int = 128
    staged: bool = True
    """Single modalities, then pairs, then up to all, a quarter of the run each, then all mixes; else these at once."""
    weighted: bool = True
    """Whether a patch counts by how much it changes."""
    noise: float = 0.2
    """The most noise on given latents, evenly from none on: what it foresees itself is not clean either, and several
    futures can be drawn of one state."""
    size: int = 192
    """Edge that states are drawn in: the autoencoder makes an eighth of it."""
    measured: int = 400
    """Held-out transitions that it is measured on."""


def mixes(fraction: float, staged: bool) -> list[Mix]:
    """The mixes that a step is drawn from when so much of the run is done."""
    some = [each for count in (1, 2, 3) for each in combinations(MODALITIES, count)]
    every = [(given, wanted) for given in some for wanted in some]
    if not staged or fraction >= 0.75:
        return every
    if fraction < 0.25:
        return [(given, wanted) for given, wanted in every if given == wanted and len(given) == 1]
    most = 1 if fraction < 0.5 else 2
    return [(given, wanted) for given, wanted in every if len(given) <= most and len(wanted) <= most]


class ForwardTrainer:
    """Holds the model, its learner, the renderer and the autoencoder; `run` trains, `finish` measures and saves."""

    def __init__(
        self, preset: ForwardPreset, vae: AutoencoderKL, device: torch.device, processes: int, ranks: Ranks = _ALONE
    ) -> None:
        """processes: those that draw for this one. ranks: those that train together, each from states of its own."""
        torch.manual_seed(6)
        self.preset, self.device, self.processes, self.ranks = preset, device, processes, ranks
        self.vae = vae.to(device).to(memory_format=torch.channels_last).eval().requires_grad_(False)
        self.model = ForwardModel(len(vocabulary()), preset.width, preset.layers).to(device)
        self.painter: WanTransformer3DModel | None = None
        self.learner = self._learner()
        self.renderer = Renderer(str(device), preset.size)

    def start_from(self, folder: Path) -> None:
        """Begin with a trained model's weights; the optimizer begins anew."""
        self.model = ForwardModel.from_pretrained(folder, dtype=torch.float32, use_safetensors=True).to(self.device)
        self.learner = self._learner()

    def teach_to_paint(self, generator: WanTransformer3DModel) -> None:
        """Have a generator learn along to draw what the model means."""
        self.painter = painting.reading_thoughts(generator, self.preset.width).to(self.device)
        if self.device.type == "cuda":
            self.painter.compile_repeated_blocks(dynamic=False)
        self.learner = self._learner()

    def _learner(self) -> Learner:
        optimizers = [
            torch.optim.AdamW(weights, lr=rate, weight_decay=self.preset.weight_decay, betas=(0.9, 0.98))
            for weights, rate in self.taught()
        ]
        return Learner([each for weights, _ in self.taught() for each in weights], optimizers, ranks=self.ranks)

    def taught(self) -> list[tuple[list[torch.nn.Parameter], float]]:
        """The weights that learn, and how fast."""
        found = [(list(self.model.parameters()), self.preset.learning_rate)]
        if self.painter is not None:
            found.append((list(self.painter.parameters()), self.preset.painting_rate))
        return found

    @torch.no_grad()
    def latents(self, plan: Layout) -> torch.Tensor:
        """One frame of each clip as normalised latents."""
        pixels = self.renderer.render(plan)[:, 0].float().div(127.5).sub(1)
        pixels = pixels.contiguous(memory_format=torch.channels_last)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type == "cuda"):
            mode = torch.cat([self.vae.encode(part).latent_dist.mode() for part in pixels.split(_AT_ONCE)]).float()
        latents: torch.Tensor = (mode - self.vae.config.shift_factor) * self.vae.config.scaling_factor
        return latents

    def rows(self, chunk: FutureChunk) -> dict[str, torch.Tensor]:
        """What the ring keeps of a chunk: latents and spectrograms in half precision, words as ids."""
        earlier, before, after = self.latents(Layout.joined([chunk.earlier, chunk.before, chunk.after])).half().chunk(3)
        words = {"state": chunk.state, "action": chunk.action, "following": chunk.following, "deed": chunk.deed}
        ids = {name: torch.from_numpy(value).to(self.device, torch.int16) for name, value in words.items()}
        sounds = torch.from_numpy(chunk.sounds).to(self.device).half()
        return {"earlier": earlier, "before": before, "after": after, "sounds": sounds, **ids}

    def loss(self, lesson: Lesson, mix: Mix, reminded: int) -> torch.Tensor:
        """The loss over the lesson's transitions, of which so much is given and wanted; reminded: see `Lesson`."""
        given, wanted = mix
        noisy = lesson.before.only(given)
        if noisy.picture is not None:
            noisy = Senses(spread(noisy.picture, self.preset.noise), noisy.sound, noisy.words)
        recalled = lesson.recalled(self.model, reminded)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type == "cuda"):
            made = self.model(noisy, lesson.action, wanted, lesson.after.words, recalled)
        loss = future_loss(made, lesson.before, lesson.after, self.preset.weighted)
        if self.painter is None or made.thought is None:
            return loss
        return loss + self._painting_loss(made.thought, noisy.picture, lesson)

    def _painting_loss(self, thought: torch.Tensor, source: torch.Tensor | None, lesson: Lesson) -> torch.Tensor:
        """Flow matching towards the next state; a place counts by how much its patch changes."""
        if self.painter is None:
            raise ValueError("nobody is there who could paint")
        target, before = lesson.after.shown, lesson.before.shown
        sigmas = draw_sigmas(len(target), painting.SHIFT, self.device)[:, :, 0]
        noise = torch.randn_like(target)
        noisy = torch.lerp(target, noise, sigmas)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type == "cuda"):
            made = painting.velocity(self.painter, noisy, sigmas.flatten(), thought, source)
        distance = patches(made - (noise - target), 4).square().mean(-1)
        weights = change_weights(patches(before, 4), patches(target, 4)) if self.preset.weighted else 1.0
        return (distance * weights).mean()

    def run(self, budget: Budget, checkpoint: Path) -> None:
        """Train until the budget is spent; a checkpoint every minute and at the end. The first process decides."""
        if self.ranks.count > 1:
            torch.manual_seed(6 + self.ranks.rank)
        self.learner.run(self._losses(budget), budget, checkpoint, "forward")

    def _losses(self, budget: Budget) -> Iterator[tuple[torch.Tensor, str]]:
        """A step's loss after the other's, each with its mix; between them the ring is filled up."""
        preset, ring = self.preset, Ring(self.preset.capacity)
        first = budget.step // preset.refill_every * self.ranks.count + self.ranks.rank
        chunks = iter(future_stream(preset.batch, first, self.processes, self.ranks.count))
        while len(ring) < preset.filled:
            ring.add(self.rows(next(chunks)))
        while True:
            rng = random.Random(budget.step)
            some = mixes(self.ranks.agree(budget.fraction), preset.staged)
            mix = rng.choices(some, [self._share(each) for each in some])[0]
            loss = self.loss(Lesson.of(ring.pick(preset.batch)), mix, rng.randrange(REMINDERS))
            yield loss, f" of {'+'.join(mix[0])}>{'+'.join(mix[1])}"
            if budget.step % preset.refill_every == 0:
                ring.add(self.rows(next(chunks)))

    def _share(self, mix: Mix) -> int:
        """How often the mix is drawn."""
        paints = self.painter is not None and "picture" in mix[1]
        return (_SEEING if "picture" in mix[0] else 1) * (_SEEING if paints else 1)

    @torch.no_grad()
    def finish(self, budget: Budget, folder: Path) -> dict[str, float]:
        """Take the averaged weights, save them with the tokenizer, measure what was saved on held-out transitions.

        Scores: see engine.evaluate.foreseen.
        """
        self.learner.settle()
        self.save(folder)
        scores = foreseen(self.saved(folder), self._exams(), self._exam(range(-self.preset.measured, 0), False))
        write_record(folder, budget, scores)
        return scores

    def saved(self, folder: Path) -> ForwardModel:
        """The model as it was saved there."""
        loaded: ForwardModel = ForwardModel.from_pretrained(folder, dtype=torch.float32, use_safetensors=True)
        loaded.to(self.device)
        return loaded

    def save(self, folder: Path) -> None:
        """Write the weights in half precision, a painter's in a folder of their own, and the tokenizer."""
        self.model.half().save_pretrained(folder)
        vocabulary().save_pretrained(folder)
        if self.painter is not None:
            self.painter.half().save_pretrained(folder / painting.FOLDER)

    def _exams(self) -> Iterator[Exam]:
        """Held-out transitions, some at a time."""
        at_once = min(100, self.preset.measured)
        for first in range(10**6, 10**6 + self.preset.measured, at_once):
            yield self._exam(range(first, first + at_once), True)

    def _exam(self, numbers: range, held_out: bool) -> Exam:
        chunk = futures(numbers, held_out=held_out)
        lesson = Lesson.of(self.rows(chunk))
        return Exam(lesson.before, lesson.action, lesson.after, torch.from_numpy(chunk.plain).to(self.device))
