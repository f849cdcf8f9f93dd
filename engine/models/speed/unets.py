"""Exact rewrites of Stable Video Diffusion's networks: attention to a single key, and convolutions along time alone.

Its cross-attention looks at one vector, the picture's. A softmax over one key is 1, so it equals to_out(to_v(vector)),
whatever the query. Its temporal convolutions, 3x1x1, are two-dimensional ones over (frames, all places of a frame):
the same sums, which a compiler can lay out with the channels last: then they take 0.7 to 1.2 of the time. Left as they
lie they take 1.1 to 1.5 of it (one H200), so it is done where the UNet is compiled and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import torch
import torch.nn.functional as F
from diffusers.models.attention_processor import AttnProcessor2_0

from engine.models.speed.switches import FLAT_CONVOLUTIONS, SINGLE_KEY


class _OneKey(AttnProcessor2_0):
    """Attention that asks nobody when there is one to ask."""

    def __call__(
        self, attn: Any, hidden_states: torch.Tensor, encoder_hidden_states: Any = None, *args: Any, **named: Any
    ) -> torch.Tensor:
        """See AttnProcessor2_0; `encoder_hidden_states` is (batch, keys, channels)."""
        plain = encoder_hidden_states is not None and not args and all(one is None for one in named.values())
        if not plain or encoder_hidden_states.shape[1] != 1 or hidden_states.ndim != 3:
            made: torch.Tensor = super().__call__(attn, hidden_states, encoder_hidden_states, *args, **named)
            return made
        value = attn.to_out[1](attn.to_out[0](attn.to_v(encoder_hidden_states))) / attn.rescale_output_factor
        found: torch.Tensor = value.expand(-1, hidden_states.shape[1], -1)
        return found


class SingleKey:
    """The rewrite of a UNet's cross-attention; off until it is switched on."""

    name = SINGLE_KEY

    def __init__(self, unet: Any) -> None:
        self._modules = [
            module.attn2
            for module in unet.modules()
            if getattr(module, "attn2", None) is not None and type(module.attn2.processor) is AttnProcessor2_0
        ]
        self._stock = [module.processor for module in self._modules]

    def on(self) -> None:
        """From now on."""
        for module in self._modules:
            module.processor = _OneKey()

    def off(self) -> None:
        """As the library does it."""
        for module, stock in zip(self._modules, self._stock, strict=True):
            module.processor = stock


class FlatConvolutions:
    """The rewrite of convolutions along time; off until it is switched on. Made before any hook wraps them."""

    name = FLAT_CONVOLUTIONS

    def __init__(self, *networks: Any) -> None:
        self._on = False
        for module in (module for network in networks for module in _along_time(network)):
            module.forward = self._flat(module)

    def on(self) -> None:
        """From now on."""
        self._on = True

    def off(self) -> None:
        """As the library does it."""
        self._on = False

    def _flat(self, module: Any) -> Callable[[torch.Tensor], torch.Tensor]:
        """Its forward: a function, since a compiler looks into nothing else."""

        def forward(x: torch.Tensor) -> torch.Tensor:
            """Conv3d.forward for x (batch, channels, frames, height, width)."""
            if not (self._on and torch.compiler.is_compiling()):
                return torch.nn.Conv3d.forward(module, x)
            weight, reach = module.weight.squeeze(-1), (module.padding[0], 0)
            made = F.conv2d(x.flatten(3), weight, module.bias, padding=reach)
            return made.reshape(*made.shape[:3], *x.shape[3:])

        return forward


def _along_time(network: Any) -> Iterator[Any]:
    """Its three-dimensional convolutions that reach along time alone, step by step."""
    for module in network.modules():
        if type(module) is torch.nn.Conv3d and module.kernel_size[1:] == (1, 1):
            plain = module.stride == (1, 1, 1) == module.dilation and module.groups == 1
            if plain and module.padding_mode == "zeros" and module.padding[1:] == (0, 0):
                yield module
