"""Tiny models with random weights, saved as the hub's repositories are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from transformers import (
    BertConfig,
    BertModel,
    BlipConfig,
    BlipForConditionalGeneration,
    CLIPConfig,
    CLIPImageProcessorPil,
    CLIPModel,
    CLIPVisionConfig,
    CLIPVisionModelWithProjection,
    ViTConfig,
    ViTModel,
    XCLIPConfig,
    XCLIPModel,
)

from tests.models.twins.parts import tokenizer

EDGE = 16
_SIZES: dict[str, Any] = {
    "hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2,
}  # fmt: skip
_EYE: dict[str, Any] = {**_SIZES, "image_size": EDGE, "patch_size": 8}


def _words() -> dict[str, Any]:
    return {
        **_SIZES,
        "vocab_size": len(tokenizer()),
        "max_position_embeddings": 77,
        "eos_token_id": 2,
        "bos_token_id": 1,
    }


def clip() -> CLIPModel:
    """As openai/clip-vit-base-patch32."""
    return CLIPModel(CLIPConfig(text_config=_words(), vision_config=_EYE, projection_dim=8))


def dino() -> ViTModel:
    """As facebook/dino-vitb16."""
    return ViTModel(ViTConfig(**_EYE), add_pooling_layer=False)


def head() -> CLIPVisionModelWithProjection:
    """As shunk031/aesthetics-predictor-v1-vit-large-patch14, without its head."""
    return CLIPVisionModelWithProjection(CLIPVisionConfig(**_EYE, projection_dim=8))


def xclip() -> XCLIPModel:
    """As microsoft/xclip-base-patch32."""
    eye = {**_EYE, "num_frames": 4, "mit_hidden_size": 16, "mit_intermediate_size": 16, "mit_num_attention_heads": 2}
    eye |= {"mit_num_hidden_layers": 1}
    return XCLIPModel(XCLIPConfig(text_config=_words(), vision_config=eye, projection_dim=16, prompt_layers=1,
                                  prompt_num_attention_heads=2))  # fmt: skip


def bert() -> BertModel:
    """As google-bert/bert-base-uncased."""
    return BertModel(BertConfig(**{**_SIZES, "vocab_size": len(tokenizer())}), add_pooling_layer=False)


def blip() -> BlipForConditionalGeneration:
    """As Salesforce/blip-image-captioning-base."""
    words = {**_words(), "encoder_hidden_size": 16, "sep_token_id": 2, "pad_token_id": 0}
    return BlipForConditionalGeneration(BlipConfig(text_config=words, vision_config=_EYE, projection_dim=16))


def save(folder: Path, make: Callable[[], Any]) -> Any:
    """Build one, save it with words and an image processor, and hand it back."""
    torch.manual_seed(0)
    model = make().eval()
    model.save_pretrained(folder)
    tokenizer(77).save_pretrained(folder)
    size = {"height": EDGE, "width": EDGE}
    CLIPImageProcessorPil(size=size, do_center_crop=False).save_pretrained(folder)
    return model


def add_head(folder: Path) -> tuple[torch.Tensor, torch.Tensor]:
    """Put LAION's linear head among the tensors."""
    tensors = load_file(folder / "model.safetensors")
    weight, bias = torch.randn(1, 8), torch.tensor([5.0])
    save_file(
        {**tensors, "predictor.weight": weight, "predictor.bias": bias},
        folder / "model.safetensors",
        metadata={"format": "pt"},
    )
    return weight, bias
