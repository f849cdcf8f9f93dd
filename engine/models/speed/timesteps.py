"""One timestep a latent frame instead of one a token: an exact rewrite of Wan 2.2's 5B.

Its pipeline gives every token a timestep (27,280 of them at 1280x704 and 121 frames), of which all tokens of a latent
frame have the same: the known first frame has none left, the others have the step's. So the embedding, and the six
modulations that every block adds to it, are computed once a latent frame and spread by broadcasting.
"""

from __future__ import annotations

from types import MethodType
from typing import Any

import torch

from engine.models.speed.switches import ONE_TIMESTEP


class FrameTimesteps:
    """The rewrite on one transformer; off until it is switched on. Made before any hook of diffusers wraps it."""

    name = ONE_TIMESTEP

    def __init__(self, transformer: Any) -> None:
        self._on = False
        self._frames = self._tokens = 0
        self._alike: dict[int, bool] = {}
        self._embed = transformer.condition_embedder.forward
        transformer.register_forward_pre_hook(self._look, with_kwargs=True)
        transformer.condition_embedder.forward = self._embedded
        for block in transformer.blocks:
            block.forward = MethodType(_forward, block)

    def on(self) -> None:
        """From now on; that timesteps are alike within a frame is looked at once more."""
        self._on = True
        self._alike.clear()

    def off(self) -> None:
        """As the library does it."""
        self._on = False

    def _look(self, transformer: Any, args: tuple[Any, ...], named: dict[str, Any]) -> None:
        """How many latent frames and tokens a frame the next forward has."""
        latents = named["hidden_states"] if "hidden_states" in named else args[0]
        frames, height, width = latents.shape[2:]
        in_time, in_height, in_width = transformer.config.patch_size
        self._frames, self._tokens = frames // in_time, (height // in_height) * (width // in_width)

    def _embedded(
        self, timestep: torch.Tensor, words: torch.Tensor, image: Any = None, timestep_seq_len: int | None = None
    ) -> tuple[Any, ...]:
        """WanTimeTextImageEmbedding.forward: timestep (batch * tokens,) -> with a row a frame for the blocks."""
        if not (self._on and timestep_seq_len == self._frames * self._tokens and self._same(timestep)):
            found: tuple[Any, ...] = self._embed(timestep, words, image, timestep_seq_len=timestep_seq_len)
            return found
        rows = self._by_frame(timestep)[:, :, 0].flatten()
        time, modulation, words, image = self._embed(rows, words, image, timestep_seq_len=self._frames)
        return time.repeat_interleave(self._tokens, dim=1), modulation, words, image

    def _by_frame(self, timestep: torch.Tensor) -> torch.Tensor:
        return timestep.reshape(-1, self._frames, self._tokens)

    def _same(self, timestep: torch.Tensor) -> bool:
        """Whether the tokens of each frame share theirs; asked of the device once a run and length."""
        count = len(timestep)
        if count not in self._alike:
            frames = self._by_frame(timestep)
            self._alike[count] = bool((frames == frames[:, :, :1]).all())
        return self._alike[count]


def _forward(
    self: Any, hidden_states: torch.Tensor, encoder_hidden_states: Any, temb: torch.Tensor, rotary_emb: Any
) -> torch.Tensor:
    """WanTransformerBlock.forward, which also takes a modulation (batch, frames, 6, channels): a row a frame."""
    if temb.ndim != 4 or temb.shape[1] == hidden_states.shape[1]:
        made: torch.Tensor = type(self).forward(self, hidden_states, encoder_hidden_states, temb, rotary_emb)
        return made
    frames = temb.shape[1]
    shift, scale, gate, ff_shift, ff_scale, ff_gate = (self.scale_shift_table.unsqueeze(0) + temb.float()).chunk(6, 2)

    def by_frame(x: torch.Tensor) -> torch.Tensor:
        return x.reshape(x.shape[0], frames, -1, x.shape[2])

    def modulated(x: torch.Tensor, scale: torch.Tensor, shift: torch.Tensor) -> torch.Tensor:
        return (by_frame(x) * (1 + scale) + shift).flatten(1, 2).type_as(hidden_states)

    def gated(x: torch.Tensor, gate: torch.Tensor) -> torch.Tensor:
        return (by_frame(x) * gate).flatten(1, 2)

    normed = modulated(self.norm1(hidden_states.float()), scale, shift)
    attended = self.attn1(normed, None, None, rotary_emb)
    hidden_states = (hidden_states.float() + gated(attended, gate)).type_as(hidden_states)
    normed = self.norm2(hidden_states.float()).type_as(hidden_states)
    hidden_states = hidden_states + self.attn2(normed, encoder_hidden_states, None, None)
    normed = modulated(self.norm3(hidden_states.float()), ff_scale, ff_shift)
    hidden_states = (hidden_states.float() + gated(self.ffn(normed).float(), ff_gate)).type_as(hidden_states)
    return hidden_states
