"""Tiny random detectors: Grounding DINO as both packages keep it, with the same weights, and SAM 2."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import torch
from transformers import (
    BertConfig,
    BertTokenizerFast,
    GroundingDinoConfig,
    GroundingDinoForObjectDetection,
    Sam2Config,
    Sam2Model,
    SwinConfig,
)
from transformers.models.sam2.configuration_sam2 import Sam2HieraDetConfig, Sam2VisionConfig

_WORDS: Final = ("red", "blue", "ball", "car", "tree", "a", "the", "drag", "##on", "thing")
_SIZE: Final = 1100
_SPECIAL: Final = {0: "[PAD]", 100: "[UNK]", 101: "[CLS]", 102: "[SEP]", 103: "[MASK]", 1012: ".", 1029: "?"}
"""Where BERT has them: both packages count on it."""
_NAMES: Final[tuple[tuple[str, str], ...]] = (
    (r"^model\.backbone\.conv_encoder\.model\.(swin\.)?", "backbone.0."),
    (r"^backbone\.0\.embeddings\.patch_embeddings\.projection", "backbone.0.patch_embed.proj"),
    (r"^backbone\.0\.embeddings\.norm", "backbone.0.patch_embed.norm"),
    (r"^backbone\.0\.encoder\.", "backbone.0."),
    (r"\.hidden_states_norms\.stage2\.", ".norm1."),
    (r"\.hidden_states_norms\.stage3\.", ".norm2."),
    (r"\.hidden_states_norms\.stage4\.", ".norm3."),
    (r"\.attention\.relative_position_bias\.", ".attn."),
    (r"\.attention\.o_proj\.", ".attn.proj."),
    (r"\.layernorm_before\.", ".norm1."),
    (r"\.layernorm_after\.", ".norm2."),
    (r"^model\.input_proj_vision\.", "input_proj."),
    (r"^model\.text_backbone\.", "bert."),
    (r"^model\.text_projection\.", "feat_map."),
    (r"^model\.query_position_embeddings\.", "transformer.tgt_embed."),
    (r"^model\.encoder_output_bbox_embed\.", "transformer.enc_out_bbox_embed."),
    (r"^model\.encoder\.layers\.(\d+)\.text_enhancer_layer\.", r"transformer.encoder.text_layers.\1."),
    (r"\.layer_norm_before\.", ".norm1."),
    (r"\.layer_norm_after\.", ".norm2."),
    (r"^model\.encoder\.layers\.(\d+)\.fusion_layer\.", r"transformer.encoder.fusion_layers.\1."),
    (r"\.vision_param$", ".gamma_v"),
    (r"\.text_param$", ".gamma_l"),
    (r"\.layer_norm_vision\.", ".layer_norm_v."),
    (r"\.layer_norm_text\.", ".layer_norm_l."),
    (r"\.(values_|out_)?vision_proj\.", r".\1v_proj."),
    (r"\.(values_|out_)?text_proj\.", r".\1l_proj."),
    (r"^model\.encoder\.layers\.(\d+)\.deformable_layer\.", r"transformer.encoder.layers.\1."),
    (r"^(transformer\.encoder\.layers\.\d+)\.self_attn_layer_norm\.", r"\1.norm1."),
    (r"^(transformer\.encoder\.layers\.\d+)\.final_layer_norm\.", r"\1.norm2."),
    (r"^model\.decoder\.layer_norm\.", "transformer.decoder.norm."),
    (r"^model\.decoder\.reference_points_head\.", "transformer.decoder.ref_point_head."),
    (r"^model\.", "transformer."),
    (r"\.encoder_attn_text_layer_norm\.", ".catext_norm."),
    (r"\.encoder_attn_layer_norm\.", ".norm1."),
    (r"\.self_attn_layer_norm\.", ".norm2."),
    (r"\.final_layer_norm\.", ".norm3."),
    (r"\.encoder_attn_text\.", ".ca_text."),
    (r"\.encoder_attn\.", ".cross_attn."),
    (r"^(transformer\S+)\.fc(\d)\.", r"\1.linear\2."),
)
"""A name in transformers -> in the authors' package: every rule is applied, in this order."""


def tokenizer(folder: Path) -> BertTokenizerFast:
    """A few words, where BERT has its special ones."""
    filled = dict(enumerate(_WORDS, 110)) | _SPECIAL
    vocabulary = [filled.get(index, f"[unused{index}]") for index in range(_SIZE)]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vocab.txt").write_text("\n".join(vocabulary))
    return BertTokenizerFast(vocab={word: index for index, word in enumerate(vocabulary)})


def grounding_dino(folder: Path) -> None:
    """As transformers keeps it."""
    text = BertConfig(
        vocab_size=_SIZE, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16
    )
    swin = SwinConfig(
        embed_dim=8, depths=[1, 2, 1, 1], num_heads=[1, 1, 2, 2], window_size=7, image_size=224,
        out_features=["stage2", "stage3", "stage4"], drop_path_rate=0.0,
    )  # fmt: skip
    config = GroundingDinoConfig(
        backbone_config=swin, text_config=text, num_queries=20, encoder_layers=1, decoder_layers=2,
        encoder_ffn_dim=16, decoder_ffn_dim=16, d_model=256, dropout=0.0, fusion_droppath=0.1,
    )  # fmt: skip
    model = GroundingDinoForObjectDetection(config).eval()
    for name, weight in model.named_parameters():
        if weight.ndim > 1 and "relative_position" not in name:
            torch.nn.init.normal_(weight, std=0.9 / weight[0].numel() ** 0.5)
        elif name.endswith(("bias", "param")) or "relative_position" in name:
            torch.nn.init.normal_(weight, std=0.2)
    for parameter in model.model.decoder.layer_norm.parameters():
        parameter.data.mul_(0.05)  # so that scores lie about the middle
    model.save_pretrained(folder)
    tokenizer(folder).save_pretrained(folder)


def original(native: Path, folder: Path) -> None:
    """The same weights as the authors keep them: a checkpoint, with BERT's settings and tokenizer beside it."""
    model = GroundingDinoForObjectDetection.from_pretrained(native)
    tokenizer(folder).save_pretrained(folder)
    (folder / "config.json").write_text(model.config.text_config.to_json_string(use_diff=False))
    torch.save({"model": renamed(model.state_dict())}, folder / "groundingdino_tiny.pth")


def renamed(state: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """transformers' tensors under the names of the authors' package; queries, keys and values joined where it joins."""
    made: dict[str, torch.Tensor] = {}
    for name, tensor in state.items():
        new = name
        for pattern, put in _NAMES:
            new = re.sub(pattern, put, new)
        made[new] = tensor
    for name in [name for name in made if re.search(r"\.attention\.q_proj\.", name)]:
        parts = [made.pop(name.replace("q_proj", f"{one}_proj")) for one in "qkv"]
        made[name.replace("attention.q_proj", "attn.qkv")] = torch.cat(parts)
    joined = r"^transformer\.(encoder\.text_layers|decoder\.layers)\.\d+\.(self_attn|ca_text)\.query\."
    for name in [name for name in made if re.search(joined, name)]:
        parts = [made.pop(name.replace(".query.", f".{one}.")) for one in ("query", "key", "value")]
        made[name.replace(".query.", ".in_proj_")] = torch.cat(parts)
    shared = {name: tensor for name, tensor in made.items() if name.startswith("bbox_embed.")}
    made |= {f"transformer.decoder.{name}": tensor for name, tensor in shared.items()}
    return {name: tensor for name, tensor in made.items() if not name.startswith("backbone.0.layernorm")}


def sam(folder: Path) -> None:
    """A SAM 2 of five blocks that looks at 128 x 128 pixels."""
    trunk = Sam2HieraDetConfig(
        hidden_size=8, num_attention_heads=1, blocks_per_stage=[1, 1, 2, 1], embed_dim_per_stage=[8, 16, 32, 64],
        num_attention_heads_per_stage=[1, 1, 2, 4], window_size_per_stage=[4, 4, 4, 4], global_attention_blocks=[3],
        image_size=[128, 128], window_positional_embedding_background_size=[4, 4],
    )  # fmt: skip
    vision = Sam2VisionConfig(
        backbone_config=trunk, backbone_channel_list=[64, 32, 16, 8], fpn_hidden_size=32,
        backbone_feature_sizes=[[32, 32], [16, 16], [8, 8]],
    )  # fmt: skip
    decoder = {
        "hidden_size": 32, "mlp_dim": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "iou_head_hidden_dim": 16,
    }  # fmt: skip
    prompts = {"hidden_size": 32, "image_size": 128, "patch_size": 16}
    config = Sam2Config(vision_config=vision, prompt_encoder_config=prompts, mask_decoder_config=decoder)
    Sam2Model(config).eval().save_pretrained(folder)
