"""A judge of this machine on a tiny twin of Qwen2.5-VL: it loads, it looks at all frames, it says the same twice."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import (
    Qwen2_5_VLConfig,
    Qwen2_5_VLForConditionalGeneration,
    Qwen2_5_VLProcessor,
    Qwen2VLImageProcessor,
    Qwen2VLVideoProcessor,
)

from engine.errors import ModelError, WeightsRefusedError
from engine.evaluate.videoverse.local import Local
from tests.evaluate.extractors import twins
from tests.models.twins.parts import tokenizer

MARKS = ["<|im_start|>", "<|im_end|>", "<|vision_start|>", "<|vision_end|>", "<|image_pad|>", "<|video_pad|>"]
TEMPLATE = (
    "{% for m in messages %}<|im_start|>{% for c in m['content'] %}{% if c['type'] == 'video' %}<|vision_start|>"
    "<|video_pad|><|vision_end|>{% else %}{{ c['text'] }}{% endif %}{% endfor %}<|im_end|>{% endfor %}<|im_start|>"
)


@pytest.fixture(scope="module")
def twin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole of it in a folder."""
    torch.manual_seed(0)
    words = tokenizer(4096)
    words.add_special_tokens({"additional_special_tokens": MARKS})
    _, end, vision_start, vision_end, image, video = words.convert_tokens_to_ids(MARKS)
    text = {
        "vocab_size": len(words), "hidden_size": 32, "intermediate_size": 32, "num_hidden_layers": 1,
        "num_attention_heads": 2, "num_key_value_heads": 1, "max_position_embeddings": 4096, "bos_token_id": 1,
        "eos_token_id": end, "pad_token_id": 0,
        "rope_scaling": {"type": "mrope", "mrope_section": [2, 3, 3], "rope_type": "default"},
    }  # fmt: skip
    eye = {
        "depth": 1, "hidden_size": 32, "intermediate_size": 32, "num_heads": 2, "out_hidden_size": 32, "patch_size": 14,
        "window_size": 56, "fullatt_block_indexes": [0], "spatial_merge_size": 2, "temporal_patch_size": 2,
    }  # fmt: skip
    config = Qwen2_5_VLConfig(
        text_config=text, vision_config=eye, image_token_id=image, video_token_id=video,
        vision_start_token_id=vision_start, vision_end_token_id=vision_end,
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("qwen")
    Qwen2_5_VLForConditionalGeneration(config).save_pretrained(folder)
    sizes = {"shortest_edge": 28 * 28, "longest_edge": 56 * 56 * 9}
    Qwen2_5_VLProcessor(
        image_processor=Qwen2VLImageProcessor(),
        tokenizer=words,
        video_processor=Qwen2VLVideoProcessor(size=sizes, cap_pixels_per_frame=True),
        chat_template=TEMPLATE,
    ).save_pretrained(folder)
    return folder


def test_it_answers_the_same_twice_and_looks_at_every_frame(twin: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    judge = Local(str(twin), twin, "cpu")
    frames = np.random.default_rng(0).integers(0, 255, (8, 56, 56, 3), np.uint8)
    said = judge.answer(frames, 8.0, "is the ball red")
    assert said == judge.answer(frames, 8.0, "is the ball red")
    seen: list[torch.Tensor] = []
    whole = judge._model.generate

    def watched(**given: torch.Tensor) -> torch.Tensor:
        seen.append(given["video_grid_thw"])
        made: torch.Tensor = whole(**given)
        return made

    monkeypatch.setattr(judge._model, "generate", watched)
    judge.answer(frames, 8.0, "is the ball red")
    assert seen[0][0, 0] == 4


def test_what_takes_no_videos_or_brings_code_is_refused(twin: Path, tmp_path: Path) -> None:
    twins.save(tmp_path / "clip", twins.clip)
    with pytest.raises(ModelError, match="does not look at videos"):
        Local(str(tmp_path / "clip"), tmp_path, "cpu")
    (tmp_path / "clip" / "modeling.py").write_text("")
    with pytest.raises(WeightsRefusedError, match="modeling"):
        Local(str(tmp_path / "clip"), tmp_path, "cpu")
