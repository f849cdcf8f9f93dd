"""Extend: a video goes on, or begins earlier."""

from __future__ import annotations

from ui.parts.samples import Sample
from ui.parts.sources import Ask
from ui.parts.start import Form


def extend() -> Form:
    """What its start page says."""
    return Form(
        recipe="extend",
        promise=(
            "Bring a video and say how it goes on, or what came before it. New pieces are made one after the other, "
            "each for you to approve, and joined to yours. Your own frames stay as they are, with their sound."
        ),
        question="How does it go on?",
        example="The boat sails on to the right, into the night",
        button="Go on from this video",
        samples=(
            Sample("It goes on just as it did"),
            Sample("It slows down and stops"),
            Sample("It turns around and comes back"),
        ),
        asks=(Ask("video", "The video to go on from"),),
    )
