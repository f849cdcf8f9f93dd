"""Tiny language models of the Qwen family, which read the words of newer pipelines, and tokenizers that keep a chat."""

from __future__ import annotations

from transformers import PreTrainedTokenizerFast, Qwen3Config, Qwen3ForCausalLM, Qwen3Model

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
