"""The frame that Gradio draws the page in: an event is answered with what it changed, and costs no more than that."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from typing import Any

import gradio as gr


class Frame(gr.Blocks):
    """Gradio's blocks, without the work for outputs of which an answer says nothing.

    Gradio builds every output anew for each answer, changed or not: of a page with a hundred, that was most of the time
    that a click took.
    """

    async def postprocess_data(self, block_fn: Any, predictions: Any, state: Any) -> list[Any]:
        """The outputs as the browser gets them, in their order; what the answer leaves out stays as it is."""
        if not isinstance(predictions, Mapping):
            return await super().postprocess_data(block_fn, predictions, state)
        told = {} if predictions == gr.skip() else predictions
        changed = copy(block_fn)
        changed.outputs = [output for output in block_fn.outputs if output in told]
        data = await super().postprocess_data(changed, told, state) if told else []
        ready = dict(zip(changed.outputs, data, strict=True))
        return [ready.get(output, gr.skip()) for output in block_fn.outputs]
