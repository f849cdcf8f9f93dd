"""Agents that need no device begin at once: they do not bring the libraries of those that do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LIGHT = (
    "prompt_writer", "frame_fitter", "video_fitter", "film_cutter", "film_returner", "mask_maker", "mask_tracker",
    "background_refiner",
)  # fmt: skip


@pytest.mark.parametrize("agent", LIGHT)
def test_an_agent_without_a_model_does_not_load_torch(agent: str) -> None:
    told = f"import engine.agents.{agent}, sys; print('torch' in sys.modules or 'diffusers' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
