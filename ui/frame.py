"""The frame that Gradio draws the page in: an event is answered with what it changed, and costs no more than that."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from typing import Any

import gradio as gr

_PLAIN = frozenset({"__type__", "value", "visible", "interactive", "selected"})
"""Properties that Gradio would send on as they are."""


class Frame(gr.Blocks):
    """Gradio's blocks, without the work for outputs of which an answer says nothing, or nothing but plain properties.

    Gradio lays every output out anew for each answer, changed or not, to keep a second page for this browser on the
    server. Of a page with a hundred outputs that was most of the time that a click took, and Desk keeps what was sent.
    """

    async def postprocess_data(self, block_fn: Any, predictions: Any, state: Any) -> list[Any]:
        """The outputs as the browser gets them, in their order; what the answer leaves out stays as it is."""
        if not isinstance(predictions, Mapping):
            return list(await super().postprocess_data(block_fn, predictions, state))
        told = {} if predictions == gr.skip() else dict(predictions)
        ready = {piece: _ready(piece, told.pop(piece)) for piece in tuple(told) if _plain(told[piece])}
        if told:
            rest = copy(block_fn)
            rest.outputs = list(told)
            ready |= zip(told, await super().postprocess_data(rest, told, state), strict=True)
        return [ready.get(piece, gr.skip()) for piece in block_fn.outputs]


def _plain(update: Any) -> bool:
    return not isinstance(update, Mapping) or set(update) <= _PLAIN


def _ready(piece: Any, update: Any) -> Any:
    if not isinstance(update, Mapping):
        return piece.postprocess(update)
    return {**update, "value": piece.postprocess(update["value"])} if "value" in update else update
