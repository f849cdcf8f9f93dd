"""A tiny twin of Qwen2.5-VL, with its processor: random weights, the pocket world's words."""

from __future__ import annotations

from pathlib import Path

import torch
from transformers import (
    Qwen2_5_VLConfig,
    Qwen2_5_VLForConditionalGeneration,
    Qwen2_5_VLProcessor,
    Qwen2VLImageProcessor,
    Qwen2VLVideoProcessor,
)

from tests.models.twins.parts import tokenizer

MARKS = ["<|im_start|>", "<|im_end|>", "<|vision_start|>", "<|vision_end|>", "<|image_pad|>", "<|video_pad|>"]
TEMPLATE = (
    "{% for m in messages %}<|im_start|>{% for c in m['content'] %}{% if c['type'] == 'video' %}<|vision_start|>"
    "<|video_pad|><|vision_end|>{% else %}{{ c['text'] }}{% endif %}{% endfor %}<|im_end|>{% endfor %}<|im_start|>"
)


def qwen(folder: Path) -> Path:
    """The whole of it in a folder; returns that."""
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
    Qwen2_5_VLForConditionalGeneration(config).save_pretrained(folder)
    sizes = {"shortest_edge": 28 * 28, "longest_edge": 56 * 56 * 9}
    Qwen2_5_VLProcessor(
        image_processor=Qwen2VLImageProcessor(),
        tokenizer=words,
        video_processor=Qwen2VLVideoProcessor(size=sizes, cap_pixels_per_frame=True),
        chat_template=TEMPLATE,
    ).save_pretrained(folder)
    return folder
