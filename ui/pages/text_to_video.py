"""Text to video: one sentence becomes a video."""

from __future__ import annotations

from ui.parts.samples import read_samples
from ui.parts.start import Form


def text_to_video() -> Form:
    """What its start page says."""
    return Form(
        recipe="text-to-video",
        promise=(
            "Say what should happen. You get a prompt to improve, then a picture to approve or paint over, "
            "then the video, or a longer film of several shots. Nothing moves on until you give it the green light."
        ),
        question="What should happen?",
        example="A red ball bounces across the meadow",
        button="Write the prompt",
        samples=read_samples(),
    )
