"""Twins of the detector: one with tiny random weights, in the very same files; and one that sees by colour alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from engine.models.lease import Lease
from engine.models.manifest import write_manifest
from engine.models.profiles import DETECTOR
from engine.pocket.detector import DetectorModel, PocketDetector
from engine.pocket.vocabulary import COLOURS
from engine.train.queries import tokenizer
from engine.types import ModelProfile


def tiny_detector() -> PocketDetector:
    """Random weights, always the same."""
    torch.manual_seed(0)
    words = tokenizer()
    return PocketDetector(DetectorModel(len(words), view=96, width=8, text_width=8), words)


def detector_lease(root: Path) -> Lease:
    """A lease whose detector is the random twin, saved below `root` as assets/detector would be."""
    folder = root / DETECTOR.repository
    tiny_detector().save_pretrained(folder)
    write_manifest(folder)
    return Lease(torch.device("cpu"), root=root)


class ColourSeer:
    """Sees whatever has the colour that is said, and nothing else."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def look(self, frames: NDArray[np.uint8], phrases: Sequence[str]) -> NDArray[np.float32]:
        """As PocketDetector.look."""
        self.asked += phrases
        seen = np.zeros((len(frames), len(phrases), *frames.shape[1:3]), np.float32)
        for number, phrase in enumerate(phrases):
            for colour in set(phrase.split()) & set(COLOURS):
                near = np.abs(frames.astype(int) - COLOURS[colour]).sum(-1) < 60
                seen[:, number] = np.where(near, 0.95, 0.02)
        return seen


def colour_lease(seer: ColourSeer) -> Lease:
    """A lease whose every model is the seer."""

    def load(profile: ModelProfile, root: Path, device: torch.device) -> tuple[ColourSeer, str]:
        return seer, "none"

    return Lease(torch.device("cpu"), load=load)
