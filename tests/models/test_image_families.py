"""What is particular to a family of models of single pictures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from transformers import Qwen2VLProcessor
from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import Qwen2VLImageProcessorPil

from engine.agents.image_editor import ImageEditor
from engine.errors import WishError
from engine.media.images import open_image
from engine.models import wishes
from engine.models.driving.qwen_reading import PictureReader
from engine.models.rows.table import ROWS
from engine.models.script import Script, sampling
from engine.pocket.given import Source
from tests.agents.twin import Listener
from tests.models.twins import qwen
from tests.models.twins.acting import GIVEN, frames_of, still, take
from tests.models.twins.shelf import SIDE, Shelf, row

pytestmark = pytest.mark.usefixtures("table_of_twins")


def test_one_model_draws_a_picture_and_changes_one(shelf_of_twins: Shelf) -> None:
    editor, settings = ImageEditor(shelf_of_twins.lease), {"profile": "flux2-klein-4b"}
    drawn = take(shelf_of_twins, row("flux2-klein-4b"))[0]
    edits = [
        editor.run({"image": still(colour), "instruction": "a blue ball"}, 3, settings, Listener())
        for colour in ("red", "white")
    ]
    assert len({draft.data for draft in (drawn, *edits)}) == 3, "it looks at the picture"
    kept = np.asarray(open_image(editor.run(GIVEN["image_editor"], 3, settings, Listener()).data))
    assert (kept[:12] == (255, 0, 0)).all()
    assert (kept[20:44, 20:44] != (255, 0, 0)).any()


@pytest.mark.parametrize("name", ["z-image-turbo", "flux2-klein-4b"])
def test_what_the_distilled_do_not_read_is_told(shelf_of_twins: Shelf, name: str) -> None:
    assert "what to avoid" in str(take(shelf_of_twins, row(name))[0].facts["note"])


def test_no_family_of_pictures_fills_in_what_was_not_made_for_it() -> None:
    hidden = Script("a ball", "", source=Source(np.zeros((1, 8, 8, 3), np.uint8), None, shown=False))
    for name in ("z-image-turbo", "flux2-klein-4b"):
        with pytest.raises(WishError, match="cannot fill in"):
            wishes.check(row(name), hidden, sampling(row(name), {}, 1))


def test_guidance_is_counted_from_one_for_every_model(shelf_of_twins: Shelf) -> None:
    twin = shelf_of_twins.twin(row("z-image-turbo"))
    assert twin.defaults["guidance_scale"] == 1.0
    plain = frames_of(shelf_of_twins, twin, Script("a ball", ""))
    assert (plain == frames_of(shelf_of_twins, twin, Script("a ball", "rain"))).all(), "nothing is held against it"
    assert plain.shape == (1, SIDE, SIDE, 3)


def test_the_readme_names_every_model_with_its_licence() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    for one in ROWS:
        line = next(line for line in readme.splitlines() if line.startswith(f"| {one.title} |"))
        assert f"{one.disk_gib:g} GiB" in line
        assert line.removesuffix(" |").removesuffix("\\*").endswith(one.licence)
        assert line.endswith("\\* |") == bool(one.restrictions)


def test_pictures_are_read_as_the_librarys_own_processor_reads_them() -> None:
    words, pictures = qwen.marked(), Qwen2VLImageProcessorPil()
    own = object.__new__(Qwen2VLProcessor)  # its constructor wants the half for videos, and that wants torchvision
    own.image_processor, own.tokenizer, own.video_processor, own.chat_template = pictures, words, None, None
    own.image_token, own.video_token = "<|image_pad|>", "<|video_pad|>"
    own.image_token_id, own.video_token_id = words.convert_tokens_to_ids([own.image_token, own.video_token])
    mark = "<|vision_start|><|image_pad|><|vision_end|>"
    shown = [Image.effect_noise((90, 60), 50).convert("RGB"), Image.new("RGB", (56, 56), "red")]
    texts = [f"a ball {mark} and {mark} a dog"]
    expected = own(text=texts, images=shown, padding=True, return_tensors="pt")
    read = PictureReader(words, pictures)(texts, shown, padding=True, return_tensors="pt")
    assert set(read) == {"input_ids", "attention_mask", "pixel_values", "image_grid_thw"}
    assert all((value == expected[name]).all() for name, value in read.items())


def test_what_to_avoid_weighs_with_guidance_alone(shelf_of_twins: Shelf) -> None:
    twin = shelf_of_twins.twin(row("qwen-image-edit-2511"))
    shown = Source(np.full((1, SIDE, SIDE, 3), 200, np.uint8))

    def made(avoid: str, guidance: float) -> bytes:
        asked = replace(twin, defaults={**twin.defaults, "guidance_scale": guidance})
        return frames_of(shelf_of_twins, asked, Script("a ball", avoid, source=shown)).tobytes()

    assert made("a red dog", 1.0) == made("", 1.0)
    assert made("a red dog", 6.0) != made("", 6.0)
