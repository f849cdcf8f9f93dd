"""Optical flow by RAFT (Teed and Deng, 2020), as torchvision computes it, with the authors' own weights.

torchvision publishes the weights as a file of its own, not on the hub: raft_large of C_T_V1, the authors' `raft-things`
carried over, 20 MB. It is looked for where torch keeps what it downloads, and read as tensors alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import torch
import torch.nn.functional as F

from engine.errors import WeightsAlteredError
from engine.evaluate.metrics.features import Frames, Vectors
from engine.models.manifest import digest

NAME: Final = "RAFT"
FILE: Final = "raft_large_C_T_V1-22a6c225.pth"
"""Its name ends with the first digits of its sha256."""
_UPDATES: Final = 20
"""As the published figures are taken (VBench, vbench/dynamic_degree.py)."""
_STEP, _LEAST = 8, 128
"""Height and width have to be a multiple of the one, and no less than the other."""


def kept() -> Path:
    """Where the weights are, if somebody fetched them: `raft_large(weights="C_T_V1")` does."""
    return Path(torch.hub.get_dir()) / "checkpoints" / FILE


def revision(path: Path) -> str:
    """The sha256 of the weights, hex. Raises WeightsAlteredError for another file than the one that was published."""
    found, wanted = digest(path), path.stem.rpartition("-")[2]
    if not found.startswith(wanted):
        what = f"The model file {path.name} is not the one that belongs here"
        remedy = "Delete it, and fetch it again as the README says."
        raise WeightsAlteredError(what, remedy, value=f"sha256 {found}", limit=f"sha256 {wanted}…")
    return found


class Raft:
    """RAFT on a CPU, in float32."""

    name = NAME

    def __init__(self, path: Path) -> None:
        """path: a state of torchvision's raft_large; no code in it is run."""
        from torchvision.models.optical_flow import raft_large

        self._model = raft_large().eval()
        self._model.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))

    @torch.inference_mode()
    def flow(self, before: Frames, after: Frames) -> Vectors:
        """See engine.evaluate.metrics.features.FlowEstimator. The edges are repeated, on both sides alike, up to a
        size that the model takes."""
        height, width = before.shape[:2]
        left, right = _margins(width)
        top, bottom = _margins(height)
        pair = torch.from_numpy(np.stack([before, after])).permute(0, 3, 1, 2).float() / 127.5 - 1
        one, other = F.pad(pair, (left, right, top, bottom), mode="replicate")[:, None]
        found = self._model(one, other, num_flow_updates=_UPDATES)[-1][0]
        return np.asarray(found[:, top : top + height, left : left + width].permute(1, 2, 0))


def _margins(size: int) -> tuple[int, int]:
    """What is added before and after, in pixels."""
    missing = max(_LEAST, -(-size // _STEP) * _STEP) - size
    return missing // 2, missing - missing // 2
