"""Weights from disk to a pipeline: safetensors only, no code but the libraries', nothing downloaded.

Knows no agent and no queue. A folder that ships with the code has a `manifest.json` (file name -> sha256), and every
file is checked against it first.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import diffusers
import torch
from diffusers import DiffusionPipeline

from engine.errors import ModelError
from engine.models import places, sources, trust, witnessing, worlds
from engine.models.driving.driver import Driver, Pair
from engine.models.driving.pocket import POCKET
from engine.models.driving.table import driver_of
from engine.models.finding.finder import FINDERS
from engine.models.hub.choice import variant_of
from engine.models.manifest import MANIFEST, revision_of, verify
from engine.models.places import Place
from engine.models.profiles import FORWARD, INVERSE
from engine.models.speed import rewrites
from engine.pocket.pipeline import PocketPipeline
from engine.types import ModelProfile

_SHARED = ("text_encoder_2", "tokenizer_2", "vae")
"""Parts that a refiner has in common with its base model: held once."""


def pipeline_class(name: str) -> type[DiffusionPipeline]:
    """The class of this name: ours, or one that the installed diffusers exports.

    Raises ModelError for a class that neither has.
    """
    if name == PocketPipeline.__name__:
        return PocketPipeline
    found = getattr(diffusers, name, None)
    if not (isinstance(found, type) and issubclass(found, DiffusionPipeline)):
        raise ModelError("The installed diffusers has no such pipeline", "Upgrade diffusers.", value=name)
    return found


def load(profile: ModelProfile, root: Path, device: torch.device) -> tuple[Any, str]:
    """Read a profile's pipeline from disk onto the CPU, in the number formats of the device that it is meant for (see
    engine.models.memory.placing), or its detector or world model onto that device; returns it with the revision of
    its weights.

    `root` is where folder repositories start from (the project's root). The driver says in which number format on a
    GPU; float32 on a CPU. Raises WeightsMissingError, WeightsAlteredError, WeightsRefusedError, ModelError.
    """
    if profile in (FORWARD, INVERSE):
        return worlds.load(profile, root, device)
    place = places.locate(profile.repository, profile.revision, root)
    ships = profile.driver == POCKET.name or (place.folder / MANIFEST).is_file()
    revision = verify(place.folder) if ships else revision_of(place)
    if "critic" in profile.jobs:
        from engine.pocket.critic import PocketCritic

        return PocketCritic.from_pretrained(place.folder).to(device), revision
    if "detector" in profile.jobs:
        return _detector(profile, place, revision, root, device)
    if "witness" in profile.jobs:
        if place.commit is None:
            trust.check_files(place.folder)
        return witnessing.load(place.folder, device), revision
    driver = driver_of(profile)
    kinds = formats(driver, device)
    pipeline: Any = _pipeline(driver.pipelines, place, kinds, **dict.fromkeys(driver.parts))
    lenders = sources.lenders(profile, root)
    pipeline.register_modules(**_parts(profile, driver, place, lenders, kinds))
    revision = " and ".join([revision, *(revision_of(lender) for lender in lenders.values())])
    if profile.refiner is not None:
        second = places.locate(profile.refiner, None, root)
        shared = {name: getattr(pipeline, name) for name in _SHARED}
        pipeline = Pair(pipeline, _pipeline((driver.refiner,), second, kinds, **shared))
        revision = f"{revision} and {revision_of(second)}"
    pipeline.set_progress_bar_config(disable=True)
    rewrites.install(pipeline)
    return pipeline, revision


def _parts(
    profile: ModelProfile, driver: Driver, place: Place, lenders: Mapping[str, Place], kinds: Mapping[str, torch.dtype]
) -> dict[str, Any]:
    """What the driver makes itself, from the model's folder or from whoever lends it. Raises WeightsRefusedError."""
    for lender in lenders.values():
        if lender.commit is None:
            trust.check_files(lender.folder)
    folders = sources.borrowed(profile, lenders)
    return {
        name: make(folders.get(name, place.folder), kinds.get(name, kinds["default"]))
        for name, make in driver.parts.items()
    }


def _detector(profile: ModelProfile, place: Place, revision: str, root: Path, device: torch.device) -> tuple[Any, str]:
    """A detector, with what makes shapes of its boxes; and the revisions of both."""
    finder = FINDERS[profile.driver]
    second = None if profile.refiner is None else places.locate(profile.refiner, None, root)
    for one in (place, second):
        if one is not None and one.commit is None:
            trust.check_files(one.folder, finder.pickles if one is place else ())
    loaded = finder.load(place.folder, None if second is None else second.folder, profile.sizes[0]).to(device)
    return loaded, revision if second is None else f"{revision} and {revision_of(second)}"


def formats(driver: Driver, device: torch.device) -> dict[str, torch.dtype]:
    """Component -> number format: what the driver says on a GPU, float32 on a CPU."""
    plain = device.type == "cpu"
    return {part: torch.float32 if plain else getattr(torch, kind) for part, kind in driver.dtypes.items()}


def _pipeline(classes: tuple[str, ...], place: Place, kinds: dict[str, torch.dtype], **parts: Any) -> Any:
    """The first of these classes from a folder of any of them, in these number formats; `parts` are there already.

    Raises WeightsRefusedError for a folder that holds anything else.
    """
    if place.commit is None:
        trust.check_files(place.folder)
    trust.check(place.folder, classes)
    return pipeline_class(classes[0]).from_pretrained(
        place.folder,
        dtype=kinds,
        variant=variant_of(path.name for path in place.folder.rglob("*.safetensors")),
        use_safetensors=True,
        local_files_only=True,
        **parts,
    )
