"""Agents that need no device begin at once: they do not bring the libraries of those that do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIGHT = (
    "prompt_writer", "frame_fitter", "video_fitter", "film_cutter", "film_returner", "mask_maker", "mask_tracker",
    "background_refiner",
)  # fmt: skip


LOOK = """
import importlib, sys
for name in sys.argv[1:]:
    importlib.import_module(f"engine.agents.{name}")
    if {"torch", "diffusers"} & set(sys.modules):
        sys.exit(f"{name} brings torch or diffusers")
"""


def test_an_agent_without_a_model_does_not_load_torch() -> None:
    done = subprocess.run([sys.executable, "-c", LOOK, *LIGHT], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
