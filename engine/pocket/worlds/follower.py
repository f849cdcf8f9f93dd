"""An instruction follower: it sees how a world began and how it is now, reads what should be done, and names what is
left to do first.

The inverse model's eye and questions; words stand beside its queries, and all of them look at the pictures and at each
other. It remembers nothing: what is done already, it has to see.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from engine.pocket.worlds.actions import Action
from engine.pocket.worlds.forward import WORDS
from engine.pocket.worlds.inverse import InverseModel, likeliest, to_view

_LAYERS: Final = 4
_AT_ONCE: Final = 64


class Follower(nn.Module):
    """Pairs of pictures (b, 2, 3, view, view) in 0..1, and words (b, WORDS), to logits as the inverse model's."""

    def __init__(self, eye: InverseModel, vocabulary: int) -> None:
        """eye: the inverse model whose weights it begins with; its own stay as they are."""
        super().__init__()
        self.eye = deepcopy(eye)
        width = int(eye.config.width)
        self.words = nn.Embedding(vocabulary, width, padding_idx=0)
        self.order = nn.Parameter(torch.randn(WORDS, width) * 0.02)
        layer = nn.TransformerDecoderLayer(width, 4, 2 * width, 0.0, "gelu", batch_first=True, norm_first=True)
        self.reader = nn.TransformerDecoder(layer, _LAYERS, nn.LayerNorm(width))

    def forward(self, pairs: torch.Tensor, words: torch.Tensor) -> dict[str, torch.Tensor]:
        """Question -> logits (b, answers)."""
        queries = self.eye.queries.expand(len(pairs), -1, -1)
        told = torch.cat([queries, self.words(words) + self.order], 1)
        none = torch.cat([words.new_zeros(len(words), queries.shape[1]).bool(), words == 0], 1)
        return self.eye.answer(self.reader(told, self.eye.look(pairs), tgt_key_padding_mask=none))

    @torch.inference_mode()
    def next(self, first: NDArray[np.uint8], now: NDArray[np.uint8], words: NDArray[np.int64]) -> Sequence[Action]:
        """What is left to do first; pictures uint8 (errands, height, width, 3), words (errands, WORDS)."""
        device, view = self.order.device, int(self.eye.config.view)
        told: list[Action] = []
        for begun in range(0, len(first), _AT_ONCE):
            some = slice(begun, begun + _AT_ONCE)
            views = [to_view(torch.from_numpy(np.array(side[some])).to(device).movedim(-1, 1), view)
                     for side in (first, now)]  # fmt: skip
            logits = self(torch.stack(views, 1), torch.from_numpy(words[some]).to(device))
            chances = {name: values.double().softmax(-1).cpu().numpy() for name, values in logits.items()}
            told += [
                likeliest({name: each[place] for name, each in chances.items()}, 1)[0].action
                for place in range(len(views[0]))
            ]
        return told
