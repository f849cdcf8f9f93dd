"""World: act on a picture, see what may follow, pick one, go on: a tree of states that can be filmed."""

from __future__ import annotations

from ui.parts.samples import Sample
from ui.parts.sources import Ask
from ui.parts.start import Form


def world() -> Form:
    """What its start page says."""
    return Form(
        recipe="world",
        promise=(
            "Bring a picture and say what is done. You get four states that may follow, each with how likely it is "
            "that your words led there; pick one, act again, or go back and branch. The way to a state becomes a film."
        ),
        question="What happens first?",
        example="The ball drops",
        button="See what follows",
        samples=(
            Sample("The ball drops"),
            Sample("The car drives to the left"),
            Sample("Night falls"),
        ),
        asks=(Ask("image", "The picture that the world begins with"),),
    )
