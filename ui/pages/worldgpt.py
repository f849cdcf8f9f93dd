"""WorldGPT: a picture and a wish; the last frame is made by a mask, and the video fills what lies between."""

from __future__ import annotations

from ui.parts.samples import Sample
from ui.parts.sources import Ask
from ui.parts.start import Form


def worldgpt() -> Form:
    """What its start page says."""
    return Form(
        recipe="worldgpt",
        promise=(
            "Bring a picture and say how it should end. What is meant is found in it and masked, the last picture "
            "is made there and nowhere else, and the video runs from yours to that one."
        ),
        question="What should happen to it?",
        example="The ball rolls to the right",
        button="Read this picture",
        samples=(
            Sample("The ball rolls to the right"),
            Sample("The boat drifts to the left"),
            Sample("The balloon rises out of the picture"),
        ),
        asks=(Ask("image", "The picture that it begins with"),),
    )
