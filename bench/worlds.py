"""Make the small pictures of the digital worlds: `python -m bench.worlds` writes assets/samples/world-*.webp.

The first frame of a sample (bench.samples), drawn in each style by engine.pocket.styles.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from engine.pocket import styles
from engine.pocket.vocabulary import STYLES

SAMPLES = Path(__file__).parents[1] / "assets" / "samples"
SOURCE = "car.webp"
WORLDS = ("voxel", "low-poly", "neon", "pixel art")
FRAME, SHOWN = 192, 144
"""Edge in pixels as it is drawn, and as it is shown."""


def main() -> None:
    """Draw and write them all."""
    argparse.ArgumentParser(prog="python -m bench.worlds", description=__doc__).parse_args()
    with Image.open(SAMPLES / SOURCE) as sample:
        plain = np.array(sample.convert("RGB").resize((FRAME, FRAME)))
    frame = torch.from_numpy(plain).permute(2, 0, 1)[None, None]
    for world in WORLDS:
        drawn = styles.apply(frame, torch.tensor([STYLES.index(world)]))[0, 0].permute(1, 2, 0).numpy()
        small = Image.fromarray(drawn).resize((SHOWN, SHOWN), Image.Resampling.LANCZOS)
        small.save(SAMPLES / f"world-{world.replace(' ', '-')}.webp", quality=82)


if __name__ == "__main__":
    main()
