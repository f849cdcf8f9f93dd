"""Image to video: a picture of the person's own becomes the first frame, and another one the last, if they like."""

from __future__ import annotations

from ui.parts.samples import Sample
from ui.parts.sources import Ask
from ui.parts.start import Form


def image_to_video() -> Form:
    """What its start page says."""
    return Form(
        recipe="image-to-video",
        promise=(
            "Bring the first picture and say what should move. Your picture is fitted, your words are made into a "
            "prompt, and the video begins exactly there."
        ),
        question="What should move?",
        example="The boat rocks and drifts to the right",
        button="Start with this picture",
        samples=(
            Sample("It rolls to the right"),
            Sample("It bounces on the spot"),
            Sample("It rises slowly and stays there"),
        ),
        asks=(Ask("image", "The first picture"), Ask("last_image", "The last picture", needed=False)),
    )
