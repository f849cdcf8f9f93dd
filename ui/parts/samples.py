"""Sample prompts for the empty page: with the thumbnails in assets/samples where they are, else as words."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ui.markup import Markup, doer, element, join

SAMPLES = Path(__file__).parents[2] / "assets" / "samples"


@dataclass(frozen=True, slots=True)
class Sample:
    """One sentence to begin with."""

    prompt: str
    """As a person would type it."""
    file: str = ""
    """Its moving thumbnail below assets/samples; empty for none."""


PLAIN = (
    Sample("A red ball bounces across the meadow"),
    Sample("A yellow star spins in the night"),
    Sample("A blue fish swims to the left in the sea"),
    Sample("A green car rolls to the right through the city"),
    Sample("An orange rocket flies up through space"),
    Sample("A white balloon rises over the desert"),
)


def read_samples(folder: Path = SAMPLES) -> tuple[Sample, ...]:
    """The samples listed in samples.json; the plain ones where there is no list."""
    listing = folder / "samples.json"
    if not listing.is_file():
        return PLAIN
    rows = json.loads(listing.read_text(encoding="utf-8"))
    return tuple(Sample(str(row["prompt"]), str(row.get("file", ""))) for row in rows)[:6]


def chips(samples: Sequence[Sample], recipe: str) -> Markup:
    """The samples as buttons that fill the prompt of a recipe's page in."""
    return element("div", *(_chip(sample, recipe) for sample in samples), class_="samples")


def _chip(sample: Sample, recipe: str) -> Markup:
    picture = (
        element("img", src=f"samples/{sample.file}", alt="", loading="lazy", width=96, height=96)
        if sample.file
        else None
    )
    face = join((picture, element("span", sample.prompt)))
    return doer(face, "sample", class_="sample", recipe=recipe, prompt=sample.prompt)
