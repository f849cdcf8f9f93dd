"""What runs need beside their weights, counted with no GPU: `python -m bench.footprint [family …]`.

The real classes at full size, their tensors without numbers (torch's meta device; attention gives its result and keeps
no scores, as fused kernels do): one forward of the denoiser with guidance and one decoding, counting the bytes of the
tensors that are alive at once. What kernels take for themselves is not in it, nor what an allocator loses. The traced
rows of engine/models/memory/activations.py are from here.
"""

from __future__ import annotations

import argparse
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import diffusers
import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_iter

Size = tuple[int, int, int]
"""Frames, height and width."""


class Alive(TorchDispatchMode):
    """Counts the bytes of all storages that operations made and that are still held, and their most."""

    def __init__(self) -> None:
        super().__init__()
        self.now = self.most = 0
        self._known: dict[int, int] = {}

    def __torch_dispatch__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """See TorchDispatchMode."""
        out = function(*args, **(kwargs or {}))
        given = {id(one.untyped_storage()) for one in tree_iter((args, kwargs)) if isinstance(one, torch.Tensor)}
        for one in tree_iter(out):
            if isinstance(one, torch.Tensor):
                self._count(one.untyped_storage(), given)
        return out

    def _count(self, storage: torch.UntypedStorage, given: set[int]) -> None:
        key = storage._cdata
        if key in self._known or id(storage) in given:
            return
        self._known[key] = size = storage.nbytes()
        self.now += size
        self.most = max(self.most, self.now)
        weakref.finalize(storage, self._gone, key)

    def _gone(self, key: int) -> None:
        self.now -= self._known.pop(key, 0)


@dataclass(frozen=True)
class Family:
    """One family at full size."""

    denoiser: Callable[[], Any]
    told: Callable[[Size], Mapping[str, Any]]
    """What its denoiser is given for one forward, guidance as its pipeline does it."""
    decoder: Callable[[], Any]
    latents: Callable[[Size], tuple[int, ...]]
    """Shape of what is decoded."""
    sizes: tuple[Size, ...]
    """Two lengths or more, where it makes clips."""
    kind: torch.dtype = torch.bfloat16
    """The decoder's number format."""


@contextmanager
def without_numbers() -> Iterator[None]:
    """Tensors have shapes alone, and attention keeps no scores."""
    real = torch.nn.functional.scaled_dot_product_attention

    def attention(query: Any, key: Any, value: Any, *_: Any, **__: Any) -> Any:
        return query.new_empty(*query.shape[:-1], value.shape[-1])

    torch.nn.functional.scaled_dot_product_attention = attention
    try:
        with torch.device("meta"), torch.no_grad():
            yield
    finally:
        torch.nn.functional.scaled_dot_product_attention = real


def empty(*shape: int, kind: torch.dtype = torch.bfloat16) -> torch.Tensor:
    """A tensor without numbers."""
    return torch.empty(*shape, dtype=kind)


def most_alive(work: Callable[[], Any]) -> int:
    """Bytes of the tensors alive at once while it runs, its result counted in."""
    with Alive() as alive:
        made = work()
    del made
    return int(alive.most)


def wan(heads: int, channels: int, ffn: int, spatial: int, each: bool, **vae: Any) -> Family:
    """Wan: one forward for each side of guidance, one after the other."""

    def told(size: Size) -> Mapping[str, Any]:
        """What one forward is given."""
        frames, height, width = ((size[0] - 1) // 4 + 1, size[1] // spatial, size[2] // spatial)
        return {
            "hidden_states": empty(1, channels, frames, height, width),
            "timestep": empty(1, frames * height * width // 4, kind=torch.float32) if each else empty(1),
            "encoder_hidden_states": empty(1, 512, 4096),
        }

    out = 48 if each else 16
    return Family(
        lambda: diffusers.WanTransformer3DModel(
            num_attention_heads=heads, in_channels=channels, out_channels=out, ffn_dim=ffn, num_layers=2
        ),
        told,
        lambda: diffusers.AutoencoderKLWan(**vae),
        lambda size: (1, out, (size[0] - 1) // 4 + 1, size[1] // spatial, size[2] // spatial),
        ((5, 704, 1280), (13, 704, 1280)),
        torch.float32,
    )


def cogvideox() -> Family:
    """CogVideoX 5B: both sides of guidance at once."""

    def told(size: Size) -> Mapping[str, Any]:
        """What one forward is given."""
        frames = (size[0] - 1) // 4 + 1
        tokens = frames * size[1] // 16 * size[2] // 16
        return {
            "hidden_states": empty(2, frames, 32, size[1] // 8, size[2] // 8),
            "encoder_hidden_states": empty(2, 226, 4096),
            "timestep": empty(2),
            "image_rotary_emb": (empty(tokens, 64, kind=torch.float32), empty(tokens, 64, kind=torch.float32)),
        }

    shape = {"sample_width": 90, "sample_height": 60, "sample_frames": 49, "use_rotary_positional_embeddings": True}
    return Family(
        lambda: diffusers.CogVideoXTransformer3DModel(
            num_attention_heads=48, in_channels=32, out_channels=16, num_layers=2, **shape
        ),
        told,
        diffusers.AutoencoderKLCogVideoX,
        lambda size: (1, 16, (size[0] - 1) // 4 + 1, size[1] // 8, size[2] // 8),
        ((9, 480, 720), (17, 480, 720)),
    )


def ltx() -> Family:
    """LTX-Video 2B as of 0.9.5: both sides of guidance at once, one timestep a token."""

    def told(size: Size) -> Mapping[str, Any]:
        """What one forward is given."""
        tokens = ((size[0] - 1) // 8 + 1) * (size[1] // 32) * (size[2] // 32)
        return {
            "hidden_states": empty(2, tokens, 128),
            "encoder_hidden_states": empty(2, 256, 4096),
            "timestep": empty(2, tokens, kind=torch.float32),
            "encoder_attention_mask": empty(2, 256),
            "video_coords": empty(2, 3, tokens, kind=torch.float32),
        }

    return Family(
        lambda: diffusers.LTXVideoTransformer3DModel(num_layers=2),
        told,
        lambda: diffusers.AutoencoderKLLTXVideo(**LTX_DECODER),
        lambda size: (1, 128, (size[0] - 1) // 8 + 1, size[1] // 32, size[2] // 32),
        ((25, 480, 704), (121, 480, 704)),
    )


LTX_DECODER: Mapping[str, Any] = {
    "block_out_channels": (128, 256, 512, 1024, 2048), "down_block_types": ("LTXVideo095DownBlock3D",) * 4,
    "decoder_block_out_channels": (256, 512, 1024), "layers_per_block": (4, 6, 6, 2, 2),
    "decoder_layers_per_block": (5, 5, 5, 5), "spatio_temporal_scaling": (True,) * 4,
    "decoder_spatio_temporal_scaling": (True,) * 3, "decoder_inject_noise": (False,) * 4,
    "downsample_type": ("spatial", "temporal", "spatiotemporal", "spatiotemporal"),
    "upsample_residual": (True,) * 3, "upsample_factor": (2, 2, 2), "timestep_conditioning": False,
}  # fmt: skip
FIVE: Mapping[str, Any] = {
    "base_dim": 160, "decoder_base_dim": 256, "z_dim": 48, "is_residual": True, "in_channels": 12, "out_channels": 12,
    "patch_size": 2, "temperal_downsample": [False, True, True], "scale_factor_spatial": 16,
    "latents_mean": [0.0] * 48, "latents_std": [1.0] * 48,
}  # fmt: skip
FAMILIES: Mapping[str, Callable[[], Family]] = {
    "wan 5B": lambda: wan(24, 48, 14336, 16, True, **FIVE),
    "wan A14B": lambda: wan(40, 36, 13824, 8, False),
    "cogvideox": cogvideox,
    "ltx": ltx,
}


def figures(family: Family, size: Size, tiled: bool) -> list[int]:
    """Bytes alive at once: while it denoises, while it decodes, and decoding in tiles."""
    denoiser, decoder = family.denoiser().to(torch.bfloat16).eval(), family.decoder().to(family.kind).eval()

    def decode() -> Any:
        return decoder.decode(empty(*family.latents(size), kind=family.kind), return_dict=False)[0]

    found = [most_alive(lambda: denoiser(**family.told(size), return_dict=False)), most_alive(decode)]
    if tiled:
        decoder.enable_tiling()
        found.append(most_alive(decode))
    return found


def main() -> None:
    """Print a line for every family and size."""
    parser = argparse.ArgumentParser(prog="python -m bench.footprint", description=__doc__)
    parser.add_argument("families", nargs="*", help=f"of {', '.join(FAMILIES)}; all where none is named")
    for name in parser.parse_args().families or FAMILIES:
        family = FAMILIES[name]()
        for size in family.sizes:
            pixels = size[0] * size[1] * size[2]
            with without_numbers():
                found = figures(family, size, tiled=size == family.sizes[0])
            told = ", ".join(f"{one / 2**30:.2f} GiB ({one / pixels:.0f} B a pixel)" for one in found)
            print(f"{name}, {size[0]} x {size[2]} x {size[1]}: denoising, decoding, in tiles: {told}", flush=True)


if __name__ == "__main__":
    main()
