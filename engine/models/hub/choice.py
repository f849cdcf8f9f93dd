"""Which files of a hub repository a model needs: told from their names alone, nothing is opened or asked.

Taken are JSON, texts, tokenizer models and safetensors; never a pickle, never code. In a diffusers pipeline (one with
a `model_index.json`) the files of the parts that it names; elsewhere those at the top. Where weights come in several
precisions one is taken for the whole repository: bf16 if a part offers it, else fp16, else the plain files; a part
that lacks it gives its plain ones, and a precision that would leave a part with neither is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from engine.errors import OnlyPicklesError, SettingError, WeightsMissingError

INDEX: Final = "model_index.json"
"""Names the parts of a pipeline."""
VARIANTS: Final = ("bf16", "fp16")
"""Precisions that are preferred to the plain files, the best first."""
_LORA: Final = "pytorch_lora_weights.safetensors"
_PICKLES: Final = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".pdparams", ".msgpack", ".h5")
_WEIGHTLESS: Final = {f"{of}_config.json" for of in ("tokenizer", "preprocessor", "processor", "scheduler")}
_READABLE: Final = re.compile(r"[^/]+\.(json|txt|jinja|model|tiktoken|spm)")
_SHARD: Final = r"-(?P<shard>\d{5})-of-(?P<shards>\d{5})"
_WEIGHTS: Final = re.compile(
    rf"(?P<stem>diffusion_pytorch_model|model)(\.(?P<variant>bf16|fp16))?({_SHARD})?(\.(?P<late>bf16|fp16))?\.safetensors"
)
_SHARD_INDEX: Final = re.compile(
    r"(diffusion_pytorch_model|model)(\.(?P<variant>bf16|fp16))?\.safetensors\.index(\.(?P<late>bf16|fp16))?\.json"
)


@dataclass(frozen=True, slots=True)
class HubFile:
    """One file of a repository at one commit."""

    name: str
    """Below the repository's root, with slashes: `unet/config.json`."""
    size_bytes: int
    """Its length."""
    digest: str
    """What the hub names its content by: sha256 (64 hex digits) of large files, git's blob id (40) of small ones."""


Groups = Mapping[str, Sequence[HubFile]]
"""Folder -> its files; the top is the empty name."""
Weights = Mapping[HubFile, re.Match[str]]
"""Weights files of one folder, and what their names say."""


def choose(
    files: Iterable[HubFile], parts: Sequence[str] | None, wanted: Collection[str] | None
) -> tuple[HubFile, ...]:
    """The files that are needed, by name.

    `parts` are the folders that the pipeline's index names, `None` for a repository without one. `wanted` limits it to
    some parts, or to single weights files (`style.safetensors`); of a repository without an index it names folders.
    Raises OnlyPicklesError, WeightsMissingError for a part or a shard that is not there, SettingError when it is not
    clear which weights are meant.
    """
    groups: dict[str, list[HubFile]] = {}
    for file in files:
        folder, _, _ = file.name.rpartition("/")
        groups.setdefault(folder, []).append(file)
    if wanted is not None and all(name.endswith(".safetensors") for name in wanted):
        chosen = _single(groups, wanted)
    elif parts is not None:
        chosen = [file for file in groups.get("", ()) if file.name == INDEX]
        chosen += _needed(groups, _known(parts, wanted))
    elif wanted is not None:
        chosen = _needed(groups, tuple(wanted))
    elif any(file.name == "config.json" for file in groups.get("", ())):
        chosen = _needed(groups, ("",))
    else:
        chosen = _loose(groups.get("", ()))
    return tuple(sorted(chosen, key=lambda file: file.name))


def variant_of(names: Iterable[str]) -> str | None:
    """The precision that the chosen files come in, as diffusers' `variant` wants it; `None` for plain files."""
    found = {_variant(match) for name in names if (match := _WEIGHTS.fullmatch(_base(name)))}
    return next((variant for variant in VARIANTS if variant in found), None)


def _needed(groups: Groups, parts: Sequence[str]) -> list[HubFile]:
    """What the models in these folders need, all in one precision where they offer it."""
    weights: dict[str, Weights] = {}
    for part in parts:
        if part not in groups:
            raise _missing(f"{part}/", "a part that its index names")
        weights[part] = {file: match for file in groups[part] if (match := _WEIGHTS.fullmatch(_base(file.name)))}
        if not weights[part]:
            _refuse_pickles(groups[part], part or "the repository")
            if not part or _is_model(groups[part]):
                raise _missing(f"{part}/model.safetensors".lstrip("/"), "weights that can be loaded")
    offered = [{_variant(match) for match in one.values()} for one in weights.values() if one]
    variant = next((v for v in VARIANTS if any(v in o for o in offered) and all({v, None} & o for o in offered)), None)
    return [file for part in parts for file in _part(groups[part], weights[part], variant)]


def _part(files: Sequence[HubFile], weights: Weights, variant: str | None) -> list[HubFile]:
    """One folder's weights, in shards where it has them whole as well, and the texts that are read beside them."""
    if variant not in {_variant(match) for match in weights.values()}:
        variant = None
    taken = {file: match for file, match in weights.items() if _variant(match) == variant}
    if weights and not taken:
        raise _missing(next(iter(weights)).name, "one precision that all its parts come in, beside this file")
    taken = {file: match for file, match in taken.items() if match["shard"]} or taken
    _refuse_gaps(taken)
    sharded = any(match["shard"] for match in taken.values())
    return [*taken, *(file for file in files if _reads(_base(file.name), variant, sharded))]


def _is_model(files: Sequence[HubFile]) -> bool:
    """Whether a folder's texts are those of a model, which has weights, and of nothing that has none."""
    names = {_base(file.name) for file in files}
    return "config.json" in names and not names & _WEIGHTLESS


def _reads(name: str, variant: str | None, sharded: bool) -> bool:
    """Whether this is a text that a loader reads beside weights of this variant."""
    if ".index." in name:
        match = _SHARD_INDEX.fullmatch(name)
        return match is not None and sharded and _variant(match) == variant
    return _READABLE.fullmatch(name) is not None


def _refuse_gaps(taken: Weights) -> None:
    """Raise WeightsMissingError where shards say that there are more of them."""
    there = {int(match["shard"]) for match in taken.values() if match["shard"]}
    for file, match in taken.items():
        lacking = set(range(1, int(match["shards"] or 0) + 1)) - there
        if lacking:
            name = re.sub(r"-\d{5}-of-", f"-{min(lacking):05}-of-", file.name)
            raise _missing(name, "a piece of its weights")


def _refuse_pickles(files: Sequence[HubFile], part: str) -> None:
    pickles = sorted(file.name for file in files if file.name.endswith(_PICKLES))
    if pickles:
        raise OnlyPicklesError(
            f"The weights of {part} come as pickles alone, and loading a pickle can run anybody's code",
            "Choose a repository, or a revision of this one, that has them as safetensors.",
            value=", ".join(pickles[:3]), limit="safetensors",
        )  # fmt: skip


def _single(groups: Groups, wanted: Collection[str]) -> list[HubFile]:
    """Weights files named one by one."""
    there = {file.name: file for files in groups.values() for file in files}
    for name in wanted:
        if name not in there:
            raise _missing(name, "that file")
    return [there[name] for name in wanted]


def _loose(files: Sequence[HubFile]) -> list[HubFile]:
    """The weights of a repository that holds neither a pipeline nor a model: a LoRA."""
    weights = [file for file in files if file.name.endswith(".safetensors")]
    if not weights:
        _refuse_pickles(files, "the repository")
        raise _missing("*.safetensors", "weights that can be loaded")
    named = [file for file in weights if file.name == _LORA] or weights
    if len(named) > 1:
        names = ", ".join(file.name for file in named[:4])
        raise SettingError("The repository holds several weights files", "Name the one you mean.", value=names)
    return named


def _known(parts: Sequence[str], wanted: Collection[str] | None) -> Sequence[str]:
    """The parts that are wanted. Raises SettingError for one that the pipeline does not have."""
    for name in wanted or ():
        if name not in parts:
            raise SettingError("The pipeline has no part of this name", f"Choose among {', '.join(parts)}.", value=name)
    return parts if wanted is None else [part for part in parts if part in wanted]


def _missing(name: str, what: str) -> WeightsMissingError:
    return WeightsMissingError(
        f"The repository lacks {what}", "Tell its owner, or choose another repository or revision.", value=name
    )


def _variant(match: re.Match[str]) -> str | None:
    return match["variant"] or match["late"]


def _base(name: str) -> str:
    return name.rpartition("/")[2]
