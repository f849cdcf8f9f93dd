"""What an evaluation works with: the agents on a device, with weights from the folders that were named, and a judge."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from engine.crew import Crew
from engine.errors import WeightsMissingError
from engine.evaluate.aims import STYLES
from engine.types import ModelProfile

if TYPE_CHECKING:
    import torch

    from engine.evaluate.workbench import Workbench

_DETECTOR: Final = "detector"


@dataclass(frozen=True, slots=True)
class Equipment:
    """Folders and a device; called, it sets up the agents. Plain values, so that every process can have a copy."""

    weights: Path
    """The generator's."""
    judge: Path
    detector: Path
    """Need not be there."""
    device: str
    threads: int
    """That a process may compute in, on a CPU."""

    def check(self) -> None:
        """Raise WeightsMissingError where no generator or no judge is."""
        for folder, file in ((self.weights, "model_index.json"), (self.judge, "config.json")):
            if not (folder / file).is_file():
                raise WeightsMissingError("There are no weights in the folder", "Name another one.", value=str(folder))

    @property
    def why(self) -> Mapping[str, str]:
        """Agent or ability that is not there -> why."""
        missing = {}
        if not (self.detector / "config.json").is_file():
            missing[_DETECTOR] = "there are no weights for the detector"
        if not json.loads((self.judge / "config.json").read_text()).get("styles"):
            missing[STYLES] = "the judge has not learnt to tell styles"
        return missing

    @property
    def identity(self) -> Mapping[str, str]:
        """Digest of each model's weights; of the detector only where it is there."""
        folders = {"pocket": self.weights, "judge": self.judge, _DETECTOR: self.detector}
        return {name: _digest(folder) for name, folder in folders.items() if folder.is_dir()}

    def __call__(self) -> Workbench:
        """The agents that can work here, each loading its weights once; and the judge."""
        import torch

        from engine.evaluate.extractors.pocket import JudgeFeatures
        from engine.evaluate.judge import Judge, JudgeModel
        from engine.evaluate.workbench import Workbench
        from engine.models.lease import Lease
        from engine.pocket.render import Renderer

        torch.set_num_threads(self.threads)
        device = torch.device(self.device)
        drawing, looking = (
            Crew(lambda: None, lease=partial(Lease, device, partial(_load, folder), folder)).table
            for folder in (self.weights, self.detector)
        )
        table = {**drawing, _DETECTOR: looking[_DETECTOR]}
        agents = {name: row.make for name, row in table.items() if name not in self.why}
        judge, features = (JudgeModel.from_pretrained(self.judge, dtype=torch.float32) for _ in range(2))
        return Workbench(agents, Judge(judge, self.device), Renderer(self.device), JudgeFeatures(features))


def best_device() -> str:
    """The GPU, if there is one."""
    from engine.models.memory.accelerator import best_device

    return str(best_device())


def named(device: str) -> str:
    """A device in words."""
    import os

    import torch

    cores = f"{os.cpu_count()} CPU cores"
    return f"{torch.cuda.get_device_name(device)}, {cores}" if device.startswith("cuda") else cores


def _load(folder: Path, profile: ModelProfile, root: Path, device: torch.device) -> tuple[Any, str]:
    """As engine.models.loader.load, from that folder; weights that are not released yet have no manifest."""
    import torch

    from engine.models import loader
    from engine.models.manifest import MANIFEST
    from engine.pocket.detector import PocketDetector
    from engine.pocket.pipeline import PocketPipeline

    if (folder / MANIFEST).is_file():
        return loader.load(replace(profile, repository=str(folder.absolute())), root, device)
    dtype = torch.float32 if device.type == "cpu" else torch.bfloat16
    if _DETECTOR in profile.jobs:
        return PocketDetector.from_pretrained(folder, dtype).to(device), _digest(folder)
    pipeline = PocketPipeline.from_pretrained(folder, dtype=dtype, use_safetensors=True, local_files_only=True)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline.to(device), _digest(folder)


def _digest(folder: Path) -> str:
    """Of all weights in a folder, hex."""
    whole = hashlib.sha256()
    for path in sorted(folder.rglob("*.safetensors")):
        whole.update(path.read_bytes())
    return whole.hexdigest()
