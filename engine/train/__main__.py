"""Train the pocket models, then release them into assets/: `python -m engine.train --help`.

The autoencoder, the generator, the critic and the forward model on N GPUs of one host: `torchrun --standalone
--nproc-per-node N -m -- engine.train generator …`, where the two dashes keep torchrun from taking `--start` for an
option of its own.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import torch
from diffusers import AutoencoderKL

from engine.evaluate.videoverse import benchmark
from engine.evaluate.videoverse.labels import encoded, of_results
from engine.evaluate.videoverse.labels import read as read_labels
from engine.pocket.worlds import painter as painting
from engine.train import toys
from engine.train.arguments import parsed
from engine.train.autoencoder import AutoencoderPreset, AutoencoderTrainer
from engine.train.budget import Budget
from engine.train.critic import CriticPreset, CriticTrainer
from engine.train.detector import PATIENT, DetectorPreset, DetectorTrainer
from engine.train.forward import ForwardPreset, ForwardTrainer
from engine.train.generator import GeneratorTrainer
from engine.train.inverse import InversePreset, InverseTrainer
from engine.train.judge import JudgePreset, JudgeTrainer
from engine.train.kinds import GeneratorPreset
from engine.train.ranks import Ranks, joined
from engine.train.reading import ReadingPreset, ReadingTrainer


def train_generator(arguments: argparse.Namespace, budget: Budget) -> dict[str, float]:
    """Train the generator on top of a trained autoencoder; in all processes that torchrun started."""
    with joined(arguments.device) as (ranks, device):
        logging.getLogger().setLevel(logging.INFO if ranks.leads else logging.WARNING)
        vae = AutoencoderKL.from_pretrained(arguments.autoencoder, dtype=torch.float32)
        preset = toys.GENERATOR if arguments.toy else GeneratorPreset()
        trainer = GeneratorTrainer(preset, vae, device, ranks)
        checkpoint = arguments.checkpoint or arguments.output / "checkpoint.pt"
        if arguments.start:
            trainer.start_from(arguments.start, arguments.reading)
        if arguments.reading:
            trainer.read_from(arguments.reading)
        if checkpoint.exists():
            trainer.learner.resume(checkpoint, budget)
        trainer.run(budget, checkpoint, -(-arguments.processes // ranks.count))
        if ranks.leads:
            trainer.export(arguments.output, budget)
    return {}


def train_detector(arguments: argparse.Namespace, budget: Budget) -> dict[str, float]:
    """Train the detector: with one GPU's numbers, or one CPU's."""
    device = torch.device(arguments.device)
    preset = toys.DETECTOR if arguments.toy else PATIENT if device.type == "cpu" else DetectorPreset()
    trainer = DetectorTrainer(preset, device, arguments.processes, arguments.start)
    checkpoint = arguments.checkpoint or arguments.output / "checkpoint.pt"
    if checkpoint.exists():
        trainer.learner.resume(checkpoint, budget)
    trainer.run(budget, checkpoint)
    return trainer.finish(budget, arguments.output)


def train_inverse(arguments: argparse.Namespace, budget: Budget) -> dict[str, float]:
    """Train the inverse model: what happened between two states."""
    preset, device = toys.INVERSE if arguments.toy else InversePreset(), torch.device(arguments.device)
    folder = arguments.autoencoder
    vae = AutoencoderKL.from_pretrained(folder, dtype=torch.float32) if folder else None
    trainer = InverseTrainer(preset, device, arguments.processes, vae)
    checkpoint = arguments.checkpoint or arguments.output / "checkpoint.pt"
    if checkpoint.exists():
        trainer.learner.resume(checkpoint, budget)
    trainer.run(budget, checkpoint)
    return trainer.finish(budget, arguments.output)


def train_forward(arguments: argparse.Namespace, budget: Budget) -> dict[str, float]:
    """Train the forward model on top of the shipped autoencoder: what will happen; in all of torchrun's processes."""
    with joined(arguments.device) as (ranks, device):
        logging.getLogger().setLevel(logging.INFO if ranks.leads else logging.WARNING)
        trainer = _forward_trainer(arguments, device, ranks)
        if arguments.painter:
            trainer.teach_to_paint(painting.load(arguments.painter))
        checkpoint = arguments.checkpoint or arguments.output / "checkpoint.pt"
        if checkpoint.exists():
            trainer.learner.resume(checkpoint, budget)
        trainer.run(budget, checkpoint)
        return trainer.finish(budget, arguments.output) if ranks.leads else {}


def _forward_trainer(arguments: argparse.Namespace, device: torch.device, ranks: Ranks) -> ForwardTrainer:
    """With layers of its own, or with `--base` those of a large language model; begun with `--start` or anew."""
    vae = AutoencoderKL.from_pretrained(arguments.autoencoder, dtype=torch.float32)
    processes = -(-arguments.processes // ranks.count)
    if not arguments.base:
        preset = replace(toys.FORWARD if arguments.toy else ForwardPreset(), staged=not arguments.at_once)
        trainer = ForwardTrainer(preset, vae, device, processes, ranks)
        if arguments.start:
            trainer.start_from(arguments.start)
        return trainer
    from engine.train import enlarging

    preset = replace(toys.FORWARD if arguments.toy else enlarging.PRESET, staged=not arguments.at_once)
    large = enlarging.LargeForwardTrainer(preset, vae, device, processes, ranks)
    if arguments.start:
        large.start_from(arguments.start)
    large.enlarge(enlarging.language_model(arguments.base, Path(), device), arguments.lora)
    return large


def train_autoencoder(arguments: argparse.Namespace, budget: Budget) -> dict[str, float]:
    """Train the autoencoder; in all processes that torchrun started."""
    with joined(arguments.device) as (ranks, device):
        logging.getLogger().setLevel(logging.INFO if ranks.leads else logging.WARNING)
        preset = toys.AUTOENCODER if arguments.toy else AutoencoderPreset()
        trainer = AutoencoderTrainer(preset, device, -(-arguments.processes // ranks.count), arguments.start, ranks)
        trainer.run(budget)
        return trainer.finish(budget, arguments.output) if ranks.leads else {}


def train_reading(arguments: argparse.Namespace, budget: Budget) -> dict[str, float]:
    """Teach the text encoder to read."""
    trainer = ReadingTrainer(toys.READING if arguments.toy else ReadingPreset(), torch.device(arguments.device))
    trainer.run(budget, arguments.processes)
    return trainer.finish(budget, arguments.output)


def train_judge(arguments: argparse.Namespace, budget: Budget) -> dict[str, float]:
    """Train the judge."""
    preset, device = toys.JUDGE if arguments.toy else JudgePreset(), torch.device(arguments.device)
    trainer = JudgeTrainer(preset, device, arguments.processes, arguments.start)
    trainer.run(budget)
    return trainer.finish(budget, arguments.output)


def train_critic(arguments: argparse.Namespace, budget: Budget) -> dict[str, float]:
    """Train the pocket critic, or with `--base` a large one; in all processes that torchrun started."""
    if arguments.base:
        return train_adapter(arguments, budget)
    with joined(arguments.device) as (ranks, device):
        logging.getLogger().setLevel(logging.INFO if ranks.leads else logging.WARNING)
        preset = toys.CRITIC if arguments.toy else CriticPreset()
        trainer = CriticTrainer(replace(preset, labels=arguments.labels, wrong=arguments.wrong), device, ranks)
        checkpoint = arguments.checkpoint or arguments.output / "checkpoint.pt"
        if arguments.start:
            trainer.start_from(arguments.start)
        if checkpoint.exists():
            trainer.learner.resume(checkpoint, budget)
        trainer.run(budget, checkpoint, -(-arguments.processes // ranks.count))
        return trainer.finish(budget, arguments.output) if ranks.leads else {}


def train_adapter(arguments: argparse.Namespace, budget: Budget) -> dict[str, float]:
    """Teach a large model by LoRA from a file of labels; in all processes that torchrun started."""
    from engine.train.adapting import Adapter, LoraPreset

    adapter = Adapter.of(arguments.base, Path(), LoraPreset(rank=arguments.lora), arguments.device)
    checkpoint = arguments.checkpoint or arguments.output / "checkpoint.pt"
    adapter.run(read_labels(arguments.labels_from), budget, checkpoint)
    return adapter.finish(budget, arguments.output)


def write_labels(arguments: argparse.Namespace, budget: Budget) -> dict[str, float]:
    """Labels of a teacher's result file, as labels.jsonl in the output folder."""
    items, _ = benchmark.read(arguments.results)
    labels = tuple(of_results(items, arguments.videos.resolve()))
    arguments.output.mkdir(parents=True, exist_ok=True)
    (arguments.output / "labels.jsonl").write_bytes(encoded(labels, arguments.output.resolve()))
    return {"labels": len(labels)}


def ship(arguments: argparse.Namespace, budget: Budget) -> dict[str, float]:
    """Copy what was trained into assets. This alone needs what the app needs: trainers run where that is missing."""
    from engine.train.release import release

    models = ("judge", "detector", "inverse", "forward", "critic")
    trained = {"pocket": arguments.start, **{name: getattr(arguments, name) for name in models}}
    return release({name: folder for name, folder in trained.items() if folder}, arguments.output)


DEEDS: Mapping[str, Callable[[argparse.Namespace, Budget], dict[str, float]]] = {
    "autoencoder": train_autoencoder,
    "reading": train_reading,
    "judge": train_judge,
    "detector": train_detector,
    "inverse": train_inverse,
    "forward": train_forward,
    "generator": train_generator,
    "critic": train_critic,
    "labels": write_labels,
    "release": ship,
}
"""What can be asked for, by the command line's first word."""


def main(argv: list[str]) -> int:
    """Run one training; the scores go to the log and to training.json beside the weights."""
    arguments = parsed(argv, __doc__ or "", tuple(DEEDS))
    logging.basicConfig(format="%(asctime)s %(message)s")
    logging.getLogger().setLevel(logging.INFO)  # also where another command line has set up the log already
    torch.backends.cuda.matmul.allow_tf32 = True
    torch.backends.cudnn.allow_tf32 = True
    budget = Budget(arguments.steps, None if arguments.steps else arguments.minutes)
    scores = DEEDS[arguments.model](arguments, budget)
    logging.info("done: %d steps, %.1f minutes, %s", budget.step, budget.elapsed_seconds / 60, scores)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
