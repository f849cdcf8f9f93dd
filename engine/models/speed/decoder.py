"""Wan's decoder, lighter: bfloat16 with the channels last, one kernel where the library has ten, several latent frames
at a time, and frames that leave the device as the bytes that they become.

A latent frame is decoded after the one before it, whose last features its convolutions along time remember; more of
them at once are the same sums. Only the number format changes pixels: the library decodes in float32. The encoder,
which reads the picture that a clip begins with, keeps it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import torch
import torch.nn.functional as F
from diffusers.models.autoencoders.autoencoder_kl_wan import unpatchify

from engine.models.speed.switches import LIGHT_DECODER

CHUNK: Final = 1
"""Latent frames at a time: two and four are 2 and 8 % slower on an H200, and take 1.5 and 2.3 times the memory."""
_TINY: Final = 1e-24
"""Under a root: the library divides by a norm of at least its root."""


class LightDecoder:
    """The rewrite of one AutoencoderKLWan; off until it is switched on. Made before any hook wraps its parts."""

    name = LIGHT_DECODER

    def __init__(self, vae: Any) -> None:
        self._vae = vae
        self.is_on = False
        self.chunk = CHUNK
        self.heard: Callable[[Any], None] | None = None
        """Who wants frames as soon as they are there: uint8 (frames, H, W, 3) in the host's memory."""
        self._heavy: dict[str, torch.Tensor] = {}
        """The weights as they were, off the device, while others are in their place."""
        self._layout = torch.contiguous_format
        for module in vae.decoder.modules():
            _rewrite(self, module)

    @property
    def rounds(self) -> bool:
        """Whether it computes in another number format than the library: pixels may be a few levels of 255 apart."""
        return self.is_on and bool(self._heavy)

    @property
    def _parts(self) -> Any:
        return torch.nn.ModuleDict({"decoder": self._vae.decoder, "before": self._vae.post_quant_conv})

    def on(self) -> None:
        """From now on, with the weights' format and layout as they are: the same pixels, for a CPU."""
        self.is_on = True

    def lighten(self, kind: torch.dtype = torch.bfloat16) -> None:
        """From now on, in this number format and with the channels last, as a GPU likes it."""
        parts = self._parts
        if self._vae.post_quant_conv.weight.dtype != kind:
            self._heavy = self._heavy or {name: one.detach().cpu() for name, one in parts.state_dict().items()}
            parts.to(kind)
        _lay_out(parts, torch.channels_last_3d)
        self._layout = torch.channels_last_3d
        self.is_on = True

    def off(self) -> None:
        """As the library does it, with the weights of before."""
        if self._heavy:
            parts = self._parts
            parts.to(next(iter(self._heavy.values())).dtype)
            parts.load_state_dict(self._heavy)
            self._heavy = {}
        if self._layout != torch.contiguous_format:
            self._layout = torch.contiguous_format
            _lay_out(self._parts, self._layout)
        self.is_on = False

    def pieces(self, latents: torch.Tensor) -> Iterator[torch.Tensor]:
        """Latents as the decoder wants them (1, channels, frames, h, w) -> numbers from -1 to 1 (3, frames, H, W),
        those of a few latent frames at a time."""
        vae, kind = self._vae, self._vae.post_quant_conv.weight.dtype
        _arrive(vae)
        if vae.use_tiling:
            yield vae.decode(latents.to(kind), return_dict=False)[0][0]
            return
        vae.clear_cache()
        x = vae.post_quant_conv(latents.to(kind)).contiguous(memory_format=self._layout)
        for begin, end in _spans(latents.shape[2], self.chunk):
            vae._conv_idx = [0]
            out = vae.decoder(
                x[:, :, begin:end], feat_cache=vae._feat_map, feat_idx=vae._conv_idx, first_chunk=begin == 0
            )
            if vae.config.patch_size is not None:
                out = unpatchify(out, patch_size=vae.config.patch_size)
            yield out[0].clamp(-1.0, 1.0)
        vae.clear_cache()


def unnormalized(vae: Any, latents: torch.Tensor) -> torch.Tensor:
    """Latents of the denoiser -> latents of the decoder, as the Wan pipelines do it."""
    mean, deviation = (
        torch.tensor(numbers).view(1, -1, 1, 1, 1).to(latents.device, latents.dtype)
        for numbers in (vae.config.latents_mean, vae.config.latents_std)
    )
    return latents / (1.0 / deviation) + mean


def as_bytes(piece: torch.Tensor) -> torch.Tensor:
    """Numbers from -1 to 1 (3, frames, H, W) -> uint8 (frames, H, W, 3), on the device, rounded as the drivers do."""
    shares = (piece.float() * 0.5 + 0.5).clamp(0.0, 1.0)
    return (shares * 255).round().to(torch.uint8).permute(1, 2, 3, 0).contiguous()


def _spans(count: int, chunk: int) -> Iterator[tuple[int, int]]:
    """The first latent frame alone, since it becomes a single frame; then `chunk` at a time."""
    yield 0, 1
    for begin in range(1, count, chunk):
        yield begin, min(begin + chunk, count)


def _lay_out(parts: Any, layout: torch.memory_format) -> None:
    """The kernels' numbers in this order."""
    for one in parts.parameters():
        if one.ndim == 5:
            one.data = one.data.contiguous(memory_format=layout)


def _arrive(vae: Any) -> None:
    """Where components move to the device for their turn: this is the autoencoder's."""
    hook: Any = getattr(vae, "_hf_hook", None)
    if hook is not None and hasattr(hook, "pre_forward"):
        hook.pre_forward(vae)


def _rewrite(decoder: LightDecoder, module: Any) -> None:
    """The parts that cost memory traffic and compute little: same numbers, fewer passes."""
    stock: Callable[..., torch.Tensor] = module.forward
    name = type(module).__name__
    if name == "WanRMS_norm" and module.channel_first and not isinstance(module.bias, torch.nn.Parameter):

        def norm(x: torch.Tensor) -> torch.Tensor:
            if not decoder.is_on:
                return stock(x)
            weight = module.gamma.flatten()
            return F.rms_norm(x.movedim(1, -1), weight.shape, weight, _TINY).movedim(-1, 1)

        module.forward = norm
    elif name == "WanCausalConv3d" and module._padding[4] > 0:

        def convolve(x: torch.Tensor, cache_x: torch.Tensor | None = None) -> torch.Tensor:
            if not decoder.is_on:
                return stock(x, cache_x)
            return _causal(module, x, cache_x)

        module.forward = convolve
    elif name == "WanUpsample":

        def enlarge(x: torch.Tensor) -> torch.Tensor:
            if not decoder.is_on:
                return stock(x)
            made: torch.Tensor = torch.nn.Upsample.forward(module, x)
            return made  # it copies pixels: no precision is lost without float32

        module.forward = enlarge


def _causal(conv: Any, x: torch.Tensor, before: torch.Tensor | None) -> torch.Tensor:
    """A convolution that sees the past alone; the frame's edges are padded by the kernel, not by a copy."""
    missing = conv._padding[4]
    parts = [x]
    if before is not None:
        parts = [before.to(x.device), x]
        missing -= before.shape[2]
    if missing > 0:
        parts.insert(0, x.new_zeros(*x.shape[:2], missing, *x.shape[3:]))
    whole = torch.cat(parts, dim=2) if len(parts) > 1 else x
    sides = (0, conv._padding[2], conv._padding[0])
    return F.conv3d(whole, conv.weight, conv.bias, conv.stride, sides, conv.dilation, conv.groups)
