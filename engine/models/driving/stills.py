"""What drivers of still pictures share: the picture that is changed, the one that was made, and what a mask keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.errors import ModelError
from engine.models.driving.driver import Order, pixels

if TYPE_CHECKING:
    from engine.models.preview import Frames
    from engine.pocket.given import Source


def source(order: Order) -> Source:
    """What is changed. Raises ModelError where it is missing."""
    if order.script.source is None:
        raise ModelError("The model was not given the picture that it changes", "Make another take.")
    return order.script.source


def still(output: Any) -> Frames:
    """The one picture. Raises ModelError where the model's own safety checker blacked it out."""
    if any(getattr(output, "nsfw_content_detected", None) or ()):
        raise ModelError("The model's safety checker withheld the picture", "Say it in other words, or try again.")
    return pixels(output.images[:1])


def pasted(made: Frames, source: Source) -> Frames:
    """What was made where the source's mask opens it, and the source elsewhere; all of what was made without one."""
    from engine.pocket.given import paste_back

    return paste_back(made, source)
