"""What a model cannot do is said before anything is loaded."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from engine.errors import WishError
from engine.models import wishes
from engine.models.profiles import POCKET
from engine.models.rows.edits import INSTRUCT_PIX2PIX, SD_INPAINTING
from engine.models.rows.images import SDXL
from engine.models.rows.videos import COGVIDEOX_5B, LTX_13B, SVD_XT
from engine.models.rows.wan import WAN_5B, WAN_14B, WAN_VACE
from engine.models.script import Script, sampling
from engine.pocket.given import Source
from engine.types import ModelProfile


def known(*indices: int) -> Script:
    picture = Image.new("RGB", (8, 8))
    return Script("a ball", "", dict.fromkeys(indices, picture))


def source(*, shown: bool) -> Script:
    return Script("a ball", "", source=Source(np.zeros((1, 8, 8, 3), np.uint8), None, shown))


def check(row: ModelProfile, script: Script, frames: int | None = None) -> None:
    wishes.check(row, script, sampling(row, {}, frames or next(iter(row.frame_counts), 1)))


@pytest.mark.parametrize(
    ("row", "script"),
    [
        (POCKET, known()),
        (POCKET, known(0, 1, 2, 9, 16)),
        (SDXL, known()),
        (INSTRUCT_PIX2PIX, source(shown=True)),
        (SD_INPAINTING, source(shown=False)),
        (WAN_14B, known(0, 80)),
        (LTX_13B, known()),
        (WAN_VACE, known(*range(5), 30, 80)),
        (LTX_13B, known(*range(9), *range(112, 121))),
        (LTX_13B, known(0, 60, 120)),
    ],
)
def test_what_a_model_can_do_is_let_through(row: ModelProfile, script: Script) -> None:
    check(row, script)


@pytest.mark.parametrize(
    ("row", "script", "said"),
    [
        (SDXL, known(0), "words alone"),
        (SDXL, source(shown=True), "cannot edit"),
        (INSTRUCT_PIX2PIX, source(shown=False), "cannot fill in"),
        (INSTRUCT_PIX2PIX, known(), "there is none"),
        (WAN_5B, known(), "begins with"),
        (WAN_5B, known(0, 120), "how the video ends"),
        (WAN_14B, known(0, 40), "only at the ends"),
        (WAN_14B, known(0, 1, 2), "so many frames"),
        (WAN_14B, known(80), "begins with"),
        (LTX_13B, known(*range(5)), "so many frames"),
        (SVD_XT, replace(known(0), source=Source(np.zeros((25, 8, 8, 3), np.uint8))), "cannot edit"),
        (COGVIDEOX_5B, known(0, 48), "how the video ends"),
        (WAN_VACE, source(shown=True), "there is no mask"),
    ],
)
def test_what_a_model_cannot_do_is_named(row: ModelProfile, script: Script, said: str) -> None:
    with pytest.raises(WishError, match=said) as caught:
        check(row, script)
    assert row.title in str(caught.value)
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("row", "frames", "said"),
    [
        (replace(WAN_5B, sizes=((1280, 720 + 8),)), None, "this size"),
        (replace(WAN_5B, sizes=((1920, 1088),)), None, "this size"),
        (replace(WAN_5B, frame_counts=(120,)), None, "this length"),
        (WAN_5B, 1, "no single pictures"),
        (replace(SDXL, frame_counts=(9,)), 9, "no videos"),
    ],
)
def test_sizes_and_lengths_follow_the_family(row: ModelProfile, frames: int | None, said: str) -> None:
    with pytest.raises(WishError, match=said):
        check(row, known(0) if row.frame_counts and row.driver == "wan" else known(), frames)


def test_words_that_no_model_reads_are_told() -> None:
    assert "reads no words" in wishes.unheard(SVD_XT, known(0))
    deaf = replace(SDXL, honours=("prompt", "guidance"))
    assert "what to avoid" in wishes.unheard(deaf, Script("a ball", "rain"))
    assert wishes.unheard(deaf, Script("a ball", "")) == wishes.unheard(POCKET, Script("a ball", "rain")) == ""
