"""Runs of seconds: models in their real sizes, next to no data. They show that everything runs, and teach nothing."""

from __future__ import annotations

from engine.pocket.critic_shape import Shape
from engine.train.autoencoder import AutoencoderPreset
from engine.train.critic import CriticPreset
from engine.train.detector import DetectorPreset
from engine.train.forward import ForwardPreset
from engine.train.inverse import InversePreset
from engine.train.judge import JudgePreset
from engine.train.kinds import GeneratorPreset, Kind, Pool
from engine.train.reading import ReadingPreset
from engine.train.stream import StreamOptions

AUTOENCODER = AutoencoderPreset(batch=8, frames=2, size=64, crop=32, measured=4)
READING = ReadingPreset(batch=8, measured=16)
JUDGE = JudgePreset(batch=2, measured=20)
DETECTOR = DetectorPreset(batch=4, queries=3, leaves=0.5, strokes=0.5, measured=4)
INVERSE = InversePreset(batch=4, capacity=8, filled=4, size=48, view=48, measured=8)
FORWARD = ForwardPreset(batch=4, capacity=8, filled=4, measured=4)
CRITIC = CriticPreset(
    batch=2, sheets=2, capacity=4, filled=2, drawn=2, shape=Shape(48, 1, 96, 1, 96, 2), fitted=2, measured=3
)
GENERATOR = GeneratorPreset(
    kinds=(
        Kind("images", "make", 1, 4, 1, 1),
        Kind("image edits", "edit", 1, 4, 1, 1),
        Kind("clips", "end", 1, 4, 1, 1),
        Kind("clips", "make", 9, 2, 1, 1),
        Kind("clips", "make", 17, 2, 1, 1),
        Kind("long clips", "make", 25, 2, 1, 1),
        Kind("late clips", "continue", 17, 2, 1, 1),
        Kind("edits", "edit", 17, 2, 1, 1),
        Kind("joins", "join", 17, 2, 1, 1),
    ),
    pools={
        "images": Pool(StreamOptions(20, 1, 0, styled=0.15), 40),
        "image edits": Pool(StreamOptions(4, 1, 100, what="edits"), 8),
        "clips": Pool(StreamOptions(10, 17, 200, styled=0.15), 20),
        "long clips": Pool(StreamOptions(2, 25, 3000), 8),
        "late clips": Pool(StreamOptions(2, 17, 6000, late=True), 8),
        "edits": Pool(StreamOptions(2, 17, 4000, what="edits"), 8),
        "joins": Pool(StreamOptions(2, 17, 5000, what="joins"), 8),
    },
    refill_every=5,
    size=32,
)
