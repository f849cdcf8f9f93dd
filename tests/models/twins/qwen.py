"""Tiny language models of the Qwen family, which read the words of newer pipelines, and tokenizers that keep a chat."""

from __future__ import annotations

from typing import Any

from transformers import (
    PreTrainedTokenizerFast,
    Qwen2_5_VLConfig,
    Qwen2_5_VLForConditionalGeneration,
    Qwen3Config,
    Qwen3ForCausalLM,
    Qwen3Model,
)

from tests.models.twins import parts

CHAT = "{% for message in messages %}{{ message['content'] }}{% endfor %}"


def chatting() -> PreTrainedTokenizerFast:
    """The pocket world's words, with a template for what is said in a chat."""
    words = parts.tokenizer()
    words.chat_template = CHAT
    return words


def config(words: PreTrainedTokenizerFast, layers: int) -> Qwen3Config:
    """As many layers as a pipeline looks at."""
    return Qwen3Config(
        vocab_size=len(words),
        hidden_size=parts.WIDTH,
        intermediate_size=16,
        num_hidden_layers=layers,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=8,
        max_position_embeddings=512,
        bos_token_id=1,
        eos_token_id=2,
        pad_token_id=0,
    )


def reader(words: PreTrainedTokenizerFast) -> Qwen3Model:
    """Two layers, of which the last but one is read."""
    return Qwen3Model(config(words, 2)).eval()


def deep_reader(words: PreTrainedTokenizerFast) -> Qwen3ForCausalLM:
    """The 27th layer is the last that is read."""
    return Qwen3ForCausalLM(config(words, 28)).eval()


MARKS = ("<|im_start|>", "<|im_end|>", "<|vision_start|>", "<|vision_end|>", "<|image_pad|>", "<|video_pad|>")
"""What is not read as words."""


def marked() -> PreTrainedTokenizerFast:
    """A tokenizer with the marks that stand for pictures."""
    words = chatting()
    words.add_special_tokens({"additional_special_tokens": list(MARKS)})
    return words


def seeing_reader(words: PreTrainedTokenizerFast) -> Any:
    """One layer for words, one for pictures."""
    vision_start, vision_end, image, video = (int(index) for index in words.convert_tokens_to_ids(list(MARKS[2:])))
    text = {
        **config(words, 1).to_dict(),
        "model_type": "qwen2_5_vl_text",
        "rope_parameters": {"rope_type": "default", "rope_theta": 10000.0, "mrope_section": [1, 1, 2]},
    }
    vision = {
        "depth": 1,
        "hidden_size": 16,
        "intermediate_size": 16,
        "num_heads": 2,
        "out_hidden_size": parts.WIDTH,
        "fullatt_block_indexes": [0],
    }
    return Qwen2_5_VLForConditionalGeneration(
        Qwen2_5_VLConfig(
            text_config=text,
            vision_config=vision,
            vision_start_token_id=vision_start,
            vision_end_token_id=vision_end,
            image_token_id=image,
            video_token_id=video,
        )
    ).eval()
