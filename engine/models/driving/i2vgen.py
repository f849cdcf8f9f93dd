"""I2VGen-XL: a picture and words become a short clip (Zhang et al. 2023); WorldGPT's own choice.

diffusers keeps its pipeline without caring for it any more: it reads words from a place where the text encoder has none
now, so they are read here. It draws some noise from nobody's generator, tells nobody of its steps, and has no room for
a last frame.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from engine.models.driving.driver import Driver, Order, Rules, pixels
from engine.models.driving.steps import told

if TYPE_CHECKING:
    from engine.models.preview import Frames


def run(pipeline: Any, order: Order) -> Frames:
    """A clip that begins much like the known first frame."""
    import torch

    loop = {name: value for name, value in order.loop.items() if name != "callback_on_step_end"}
    with torch.random.fork_rng(), told(pipeline, order):
        torch.manual_seed(order.generator.initial_seed())
        output = pipeline(
            image=order.picture(0),
            prompt_embeds=_read(pipeline, order.script.prompt),
            negative_prompt_embeds=_read(pipeline, order.script.avoid),
            **order.size,
            num_frames=order.sampling.frames,
            target_fps=order.fps,
            **loop,
            **order.guidance,
        )
    return pixels(output.frames[0])


def _read(pipeline: Any, words: str) -> Any:
    """Words as the last layer but one has them (1, tokens, channels): what the weights were trained on."""
    import torch

    tokenizer, encoder = pipeline.tokenizer, pipeline.text_encoder
    longest = {"padding": "max_length", "max_length": tokenizer.model_max_length, "truncation": True}
    tokens = tokenizer(words, **longest, return_tensors="pt").input_ids.to(pipeline._execution_device)
    with torch.no_grad():
        return encoder.final_layer_norm(encoder(tokens, output_hidden_states=True).hidden_states[-2])


I2VGEN_XL: Final = Driver(
    name="i2vgen-xl",
    pipelines=("I2VGenXLPipeline",),
    rules=Rules(multiple=64, most_pixels=1280 * 704, frame_step=1, begins=True),
    run=run,
    dtypes={"default": "float16"},
)
