"""Digital worlds: a sentence, a picture or a video, drawn as another world."""

from __future__ import annotations

from ui.parts.samples import Sample
from ui.parts.sources import Ask
from ui.parts.start import Form


def digital_worlds() -> Form:
    """What its start page says."""
    return Form(
        recipe="digital-worlds",
        promise=(
            "Choose a world and say what happens in it. Words alone are enough; bring a picture and it is redrawn "
            "first, bring a video and its motion stays while all of it is redrawn."
        ),
        question="What happens in this world?",
        example="A red car drives through the city",
        button="Enter this world",
        samples=(
            Sample("A red car drives through the city"),
            Sample("A boat rocks on the sea"),
            Sample("A star spins in the night"),
        ),
        asks=(
            Ask("image", "A picture to redraw", needed=False),
            Ask("video", "Or a video to redraw", needed=False),
        ),
    )
