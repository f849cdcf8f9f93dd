"""Edit: a video is changed by an instruction, and keeps its motion."""

from __future__ import annotations

from ui.parts.samples import Sample
from ui.parts.sources import Ask
from ui.parts.start import Form


def edit() -> Form:
    """What its start page says."""
    return Form(
        recipe="edit",
        promise=(
            "Bring a video and say what should be different. You see what was found and where it may change, "
            "then the changed first frame, then the whole video: with the motion of yours, and all else kept."
        ),
        question="What should be different?",
        example="Make the ball green",
        button="Look at this video",
        samples=(
            Sample("Make the ball green"),
            Sample("Turn the car into a boat"),
            Sample("Make it night"),
            Sample("Remove the star"),
        ),
        asks=(Ask("video", "The video to change"),),
    )
