"""LoRAs on a pipeline: put on, weighed, taken off (Hu et al. 2021, through diffusers and peft).

A model keeps what it wears from run to run, and changes when a run asks for other files. What does not fit is refused
before anything is changed; whatever fails afterwards leaves the model bare.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import torch

from engine.errors import ModelError, WeightsRefusedError, WishError
from engine.models.driving.driver import Pair
from engine.models.lora.finding import Lora

State = Mapping[str, torch.Tensor]
_TAIL: Final = re.compile(r"\.lora(?:_(?P<letter>[AB])|(?:_linear_layer)?\.(?P<way>down|up))\.weight$")
"""Ends the name of each of a pair: the one that narrows, and the one that widens again."""
_OTHER: Final = "Choose one that was made for this model."
_FAMILIES: Final = (
    (r"single_transformer_blocks|double_blocks|lora_unet_single_blocks", "FLUX"),
    (r"text_encoder_2|lora_te2_|transformer_blocks[._][2-9]\D.*attn", "Stable Diffusion XL"),
    (r"^(lora_)?unet", "a Stable Diffusion model"),
    (r"(^|[._])blocks[._]\d+[._](self_attn|cross_attn|attn1|attn2|ffn)", "Wan"),
    (r"transformer_blocks\.\d+\.(attn1|attn2|ff)", "LTX-Video, CogVideoX or another transformer"),
)
"""How the names of tensors look -> whose they are."""


class Wardrobe:
    """What one loaded model wears."""

    def __init__(self, pipeline: Any) -> None:
        self._pipeline = pipeline.base if isinstance(pipeline, Pair) else pipeline
        self._worn: tuple[tuple[str, str], ...] = ()
        """Names and hashes of the files."""

    def change(self, title: str, loras: Sequence[Lora]) -> None:
        """Wear exactly these, each at its weight; those that count nothing are left off.

        `title` is the model's, for errors. Raises WishError for a model that takes none, WeightsRefusedError for one
        that does not fit, ModelError where peft is missing.
        """
        counting = [one for one in loras if one.wanted.weight]
        files = tuple((one.path.name, one.wanted.sha256) for one in counting)
        if files != self._worn:
            self._take_off()
            if counting:
                self._put_on(title, counting)
                self._worn = files
        if counting:
            weights = [one.wanted.weight for one in counting]
            self._pipeline.set_adapters([_adapter(place) for place in range(len(weights))], weights)

    def _take_off(self) -> None:
        if self._worn:
            self._pipeline.unload_lora_weights()
            self._worn = ()

    def _put_on(self, title: str, loras: Sequence[Lora]) -> None:
        if not hasattr(self._pipeline, "load_lora_weights"):
            raise WishError(
                f"{title} takes no LoRA", "Leave it out, or choose another model.", value=loras[0].wanted.name
            )
        for one in loras:
            check(self._pipeline, title, one)
        try:
            for place, one in enumerate(loras):
                for more in _places(self._pipeline, one):
                    self._load(one, _adapter(place), more)
        except torch.OutOfMemoryError:  # the lease knows what to do
            self._pipeline.unload_lora_weights()
            raise
        except (RuntimeError, ValueError, KeyError, TypeError, AttributeError) as error:
            self._pipeline.unload_lora_weights()
            raise _refused(title, one, f"{type(error).__name__}: {error}") from error

    def _load(self, one: Lora, adapter: str, more: Mapping[str, Any]) -> None:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Already found a `peft_config`")  # a second one is meant
            self._pipeline.load_lora_weights(
                str(one.path.parent), weight_name=one.path.name, adapter_name=adapter, use_safetensors=True,
                local_files_only=True, **more,
            )  # fmt: skip


def check(pipeline: Any, title: str, lora: Lora) -> None:
    """Raise WeightsRefusedError for a LoRA with a tensor that has no place in the pipeline, or another shape there."""
    from diffusers.utils import USE_PEFT_BACKEND

    if not USE_PEFT_BACKEND:
        raise ModelError("LoRAs need the package peft, which is not installed", "Install it: pip install peft.")
    try:
        state = _read(pipeline, lora)
    except (RuntimeError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise _refused(title, lora, f"{type(error).__name__}: {error}") from error
    if not state:
        raise _refused(title, lora, "no tensors")
    for name, tensor in state.items():
        match = _TAIL.search(_plain(name))
        if match is None:
            if "lora" in name:
                continue  # a bias or a scale beside a pair
            raise _refused(title, lora, name)
        module = _module(pipeline, _plain(name)[: match.start()])
        if module is None:
            raise _refused(title, lora, name)
        side = 1 if "A" in match.groups() or "down" in match.groups() else 0
        if module.weight.shape[side] != tensor.shape[side]:
            limit = f"{module.weight.shape[side]} channels, not {tensor.shape[side]}"
            raise _refused(title, lora, name, limit)


def _read(pipeline: Any, lora: Lora) -> State:
    """Its tensors under the names that diffusers gives them, whichever trainer wrote them."""
    kind = type(pipeline)
    more = {"unet_config": pipeline.unet.config} if hasattr(pipeline, "unet") else {}
    told = kind.lora_state_dict(
        str(lora.path.parent), weight_name=lora.path.name, use_safetensors=True, local_files_only=True, **more
    )
    state: State = told[0] if isinstance(told, tuple) else told
    return state


def _plain(name: str) -> str:
    """The oldest files name a pair after the attention's processor, not after its layer."""
    if ".processor." not in name:
        return name
    return name.replace(".processor.", ".").replace("to_out_lora.", "to_out.0.lora.").replace("_lora.", ".lora.")


def _module(pipeline: Any, name: str) -> Any:
    """The layer that a pair of tensors belongs to; `None` where there is none."""
    part, _, path = name.partition(".")
    model = getattr(pipeline, part, None)
    if not isinstance(model, torch.nn.Module):
        return None
    try:
        module = model.get_submodule(path)
    except AttributeError:
        return None
    return module if isinstance(getattr(module, "weight", None), torch.Tensor) else None


def _places(pipeline: Any, lora: Lora) -> Iterator[Mapping[str, Any]]:
    """Where a LoRA goes, as diffusers is told.

    Of two experts for noisy and for clear steps (Wan A14B) a file with `low` in its name belongs to the second, one
    with `high` to the first, and any other to both.
    """
    if getattr(pipeline, "transformer_2", None) is None:
        yield {}
        return
    name = lora.path.stem.lower()
    if "low" not in name or "high" in name:
        yield {}
    if "high" not in name or "low" in name:
        yield {"load_into_transformer_2": True}


def _adapter(place: int) -> str:
    """What peft calls one by its place among those that are worn."""
    return f"lora_{place}"


def _refused(title: str, lora: Lora, value: str, limit: str = "") -> WeightsRefusedError:
    """What does not fit, and what it was made for as far as can be told."""
    made_for = lora.made_for or _family(value)
    says = f" It was made for {made_for}." if made_for else ""
    what = f"The LoRA {lora.wanted.name} does not fit {title}.{says}".rstrip(".")
    return WeightsRefusedError(what, _OTHER, value=value[:160], limit=limit)


def _family(name: str) -> str:
    """Whose model has a tensor of this name; empty where it could be anybody's."""
    return next((family for pattern, family in _FAMILIES if re.search(pattern, name)), "")
