"""What happened?: two pictures or a video, and the actions between them by name."""

from __future__ import annotations

from ui.parts.sources import Ask
from ui.parts.start import Form


def what_happened() -> Form:
    """What its start page says."""
    return Form(
        recipe="what-happened",
        promise=(
            "Bring a video, or a picture before and one after, and read what happened, with how sure that is. It knows "
            "the pocket world's thirteen kinds of actions; of anything else it says that it does not know."
        ),
        question="",
        example="",
        button="Say what happened",
        samples=(),
        asks=(
            Ask("video", "A video", needed=False),
            Ask("image", "Or the picture before", needed=False),
            Ask("last_image", "And the picture after", needed=False),
        ),
    )
