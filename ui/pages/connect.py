"""Connect: two videos become one, with a transition made between them."""

from __future__ import annotations

from ui.parts.samples import Sample
from ui.parts.sources import Ask
from ui.parts.start import Form


def connect() -> Form:
    """What its start page says."""
    return Form(
        recipe="connect",
        promise=(
            "Bring two videos and say how the first becomes the second. The transition is made between the last "
            "frames of one and the first of the other; you look at both seams, and can hold a plain cross-fade "
            "beside it."
        ),
        question="How does the first become the second?",
        example="The ball rolls out of the meadow and onto the beach",
        button="Connect these two",
        samples=(
            Sample("One melts softly into the other"),
            Sample("A red ball in a meadow; then a blue car in a city"),
            Sample("The second wipes the first away to the right"),
        ),
        asks=(Ask("video", "The first video"), Ask("second_video", "The second video")),
    )
