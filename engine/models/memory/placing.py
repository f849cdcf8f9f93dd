"""A pipeline that was read from disk, held in a mode: the only file that knows diffusers' ways to do so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import torch
from diffusers.hooks import apply_group_offloading

from engine.models.driving.driver import Pair
from engine.models.memory.modes import Mode
from engine.models.memory.weights import DECODER, DENOISERS

_FP8: Final = torch.float8_e4m3fn


def place(pipeline: Any, mode: Mode, device: torch.device) -> None:
    """Bring a pipeline (or a refiner's pair of them), read onto the CPU, to the device in this mode.

    On a CPU a pipeline is where it belongs already.
    """
    if mode.tiled:
        _decode_in_tiles(pipeline)
    if mode.fp8:
        _store_in_eight_bits(pipeline)
    if mode.offload == "group":
        _move_blocks(pipeline, device)
    elif mode.offload == "model":
        for one in _pipelines(pipeline):
            one.enable_model_cpu_offload(device=device)
    elif device.type != "cpu":
        pipeline.to(device)


def _pipelines(pipeline: Any) -> tuple[Any, ...]:
    return (pipeline.base, pipeline.refiner) if isinstance(pipeline, Pair) else (pipeline,)


def _components(pipeline: Any) -> Iterator[tuple[str, Any]]:
    """Name and module of every component, those that two pipelines share once."""
    seen: set[int] = set()
    for one in _pipelines(pipeline):
        for name, component in one.components.items():
            if isinstance(component, torch.nn.Module) and id(component) not in seen:
                seen.add(id(component))
                yield name, component


def _decode_in_tiles(pipeline: Any) -> None:
    """As far as the decoder knows how: Stable Video Diffusion's knows neither."""
    for name, component in _components(pipeline):
        if name == DECODER:
            for able, enable in (("use_tiling", "enable_tiling"), ("use_slicing", "enable_slicing")):
                if hasattr(component, able):
                    getattr(component, enable)()


def _store_in_eight_bits(pipeline: Any) -> None:
    """The denoisers; what diffusers knows to need its precision (norms, embeddings of patches) keeps it.

    A LoRA's pairs would be made as their layer is stored, and nothing multiplies eight bits: `compute_dtype` is where
    peft looks for what else they should be.
    """
    for name, component in _components(pipeline):
        if name in DENOISERS:
            computed = component.dtype
            component.enable_layerwise_casting(storage_dtype=_FP8, compute_dtype=computed)
            for layer in component.modules():
                if getattr(layer, "weight", None) is not None and layer.weight.dtype == _FP8:
                    layer.compute_dtype = computed


def _move_blocks(pipeline: Any, device: torch.device) -> None:
    """Denoisers block by block, the others layer by layer; on a GPU the next is on its way while one computes.

    Not so in a decoder: which layer is next was seen in the first run, and tiles or an encoding make it another.
    """
    for name, component in _components(pipeline):
        blocks = name in DENOISERS
        streams = device.type == "cuda" and name != DECODER
        apply_group_offloading(
            component,
            onload_device=device,
            offload_device=torch.device("cpu"),
            offload_type="block_level" if blocks else "leaf_level",
            num_blocks_per_group=1 if blocks else None,
            use_stream=streams,
            record_stream=streams,
            non_blocking=streams,
        )
