"""Make the sample prompts' moving thumbnails: `python -m bench.samples` writes assets/samples."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from PIL import Image

from engine.agent import Input, Progress
from engine.agents.image_to_video import ImageToVideo
from engine.agents.prompt_writer import PromptWriter
from engine.agents.text_to_image import TextToImage
from engine.media.videos import read_video
from engine.models.lease import Lease
from engine.prompts import decode

FOLDER = Path(__file__).resolve().parents[1] / "assets" / "samples"
EDGE = 128
SEED = 5
PROMPTS = {
    "ball": "A red ball bounces across the meadow",
    "star": "A yellow star spins in the night",
    "fish": "A blue fish swims to the left in the sea",
    "car": "A green car drives to the right through the city",
    "rocket": "An orange rocket flies up through space",
    "balloon": "A pink balloon rises over the desert",
}


class Silent:
    """Nobody watches."""

    def report(self, progress: Progress, preview: bytes | None = None) -> None:
        """Take no notice."""


def make(lease: Lease, prompt: str) -> list[Image.Image]:
    """Walk one prompt to its frames, nothing selected."""
    written = decode(PromptWriter(None).run({"prompt": prompt}, SEED, {}, Silent()).data)
    fields: dict[str, Input] = {name: written.fields[name] for name in ("scene", "motion", "avoid")}
    frame = (
        TextToImage(lease).run({"scene": fields["scene"], "avoid": fields["avoid"]}, SEED, {"steps": 12}, Silent()).data
    )
    frames, _ = read_video(ImageToVideo(lease).run({"image": frame, **fields}, SEED, {}, Silent()).data)
    return [Image.fromarray(picture).resize((EDGE, EDGE), Image.Resampling.LANCZOS) for picture in frames]


def main() -> None:
    """Make all six, and their list."""
    argparse.ArgumentParser(prog="python -m bench.samples", description=__doc__).parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    lease = Lease()
    for name, prompt in PROMPTS.items():
        frames = make(lease, prompt)
        pauses = [110] * (len(frames) - 1) + [600]
        options: dict[str, Any] = {"append_images": frames[1:], "duration": pauses, "loop": 0, "quality": 70}
        frames[0].save(FOLDER / f"{name}.webp", save_all=True, **options)
    rows = [{"prompt": prompt, "file": f"{name}.webp"} for name, prompt in PROMPTS.items()]
    (FOLDER / "samples.json").write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
