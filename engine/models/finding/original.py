"""Grounding DINO as its authors' package computes it (groundingdino-py): the checkpoints that they published.

A checkpoint is a pickle, so it is read by torch's `weights_only`, which makes tensors and runs nothing. Its sizes are
read from its own tensors, since the package keeps them in Python files. Two things of the package are mended: its
wrapper of BERT calls what transformers 5 no longer has, and its constructor would fetch BERT from the hub.
"""

from __future__ import annotations

import pickle
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import torch
from transformers import AutoTokenizer, BertConfig, BertModel

from engine.errors import ModelError, WeightsMissingError, WeightsRefusedError

INSTALL: Final = "pip install groundingdino-py"
_HEADS: Final = 8
_POINTS: Final = 4
_LEVELS: Final = 4
_UNUSED: Final = ("label_enc.", "bert.embeddings.position_ids")
"""Tensors of the published checkpoints that no module has: what only training used, and what BERT now counts itself."""
_IDLE: Final = ("bert.pooler.",)
"""Modules that are there and never asked."""
_COUNTED: Final = ("relative_position_index",)
"""Tensors that a module makes itself."""
_DAMAGED: Final = (pickle.UnpicklingError, RuntimeError, EOFError, LookupError, TypeError, ValueError, AttributeError)
"""What torch raises on a file that is cut, or holds more than tensors."""
State = Mapping[str, torch.Tensor]


class TextEncoder(BertModel):
    """BERT with a mask of its own for each phrase, in the place of the package's wrapper; the same parameter names."""

    def forward(self, *, attention_mask: torch.Tensor, **given: Any) -> Any:
        """`attention_mask`: bool (batch, tokens, tokens), true where a token may look."""
        return super().forward(attention_mask=attention_mask[:, None], **given)


class OriginalGroundingDino:
    """See engine.models.finding.grounded.Network."""

    def __init__(self, model: Any) -> None:
        self.model = model.eval()
        self.tokenizer = model.tokenizer

    @classmethod
    def from_checkpoint(cls, folder: Path) -> OriginalGroundingDino:
        """From a folder with one checkpoint (`*.pth`) and BERT's tokenizer and `config.json`. Nothing is downloaded.

        Raises ModelError where groundingdino-py is missing, WeightsMissingError where the folder lacks a file,
        WeightsRefusedError for a checkpoint that is more than tensors, or of another model.
        """
        package = _package()
        state = read_checkpoint(folder)
        config = folder / "config.json"
        if not config.is_file():
            what, remedy = "The folder lacks the settings of its text encoder", "Put those of bert-base-uncased there."
            raise WeightsMissingError(what, remedy, value=config.name)
        bert = TextEncoder(BertConfig.from_json_file(config))
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True, use_fast=True)
        model = _built(package, state, bert, tokenizer)
        try:
            odd = _odd(model.load_state_dict(state, strict=False))
        except RuntimeError as error:  # a tensor of another shape
            odd = str(error).splitlines()[1:2]
        if odd:
            raise _another(odd[0].strip())
        return cls(model)

    def to(self, device: torch.device) -> OriginalGroundingDino:
        """Move the weights."""
        self.model.to(device)
        return self

    def answer(self, pixels: torch.Tensor, text: str) -> tuple[torch.Tensor, torch.Tensor]:
        """See engine.models.finding.grounded.Network."""
        output = self.model(pixels, captions=[text])
        return output["pred_logits"][0].float(), output["pred_boxes"][0].float()


def read_checkpoint(folder: Path) -> State:
    """The tensors of the folder's one checkpoint, by the names that the package's modules have.

    Raises WeightsMissingError where there is not one, WeightsRefusedError for one that holds more than tensors.
    """
    paths = sorted(folder.glob("*.pth"))
    if len(paths) != 1:
        what = "The folder should hold one checkpoint of Grounding DINO"
        raise WeightsMissingError(what, "Put one .pth file there.", value=f"{len(paths)} files", limit="1 file")
    try:
        whole: Any = torch.load(paths[0], map_location="cpu", weights_only=True)
        state = {name.removeprefix("module."): tensor for name, tensor in whole["model"].items()}
    except (*_DAMAGED, OSError) as error:
        reason = type(error).__name__
    else:
        if all(isinstance(tensor, torch.Tensor) for tensor in state.values()):
            return {name: tensor for name, tensor in state.items() if not name.startswith(_UNUSED)}
        reason = "not only tensors"
    raise WeightsRefusedError(
        "The checkpoint holds something else than tensors, and is not read",
        "Get it again from the authors' page, or use the detector that comes as safetensors.",
        value=f"{paths[0].name}: {reason}",
    )


def _package() -> Any:
    """The package's modules. Raises ModelError with one line on what to do where it is not there."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it imports by names that timm has given up
            from groundingdino.models.GroundingDINO import groundingdino, transformer
            from groundingdino.models.GroundingDINO.backbone import backbone, position_encoding, swin_transformer
    except ImportError as error:
        raise ModelError(
            "The package groundingdino-py is not installed, or cannot be used here",
            f"Install it ({INSTALL}), or choose the Grounding DINO that needs no package.",
            value=str(error)[:120],
        ) from None
    return SimpleNamespace(
        model=groundingdino.GroundingDINO,
        room=groundingdino,
        transformer=transformer.Transformer,
        join=backbone.Joiner,
        swin=swin_transformer.SwinTransformer,
        places=position_encoding.PositionEmbeddingSineHW,
    )


def _built(package: Any, state: State, bert: TextEncoder, tokenizer: Any) -> Any:
    """The package's model in the sizes that the tensors have. Raises WeightsRefusedError where they have none."""
    try:
        sizes = _sizes(state)
    except (KeyError, ValueError) as error:
        raise _another(str(error)) from None
    swin = package.swin(**sizes["swin"], out_indices=(1, 2, 3), drop_path_rate=0.0)
    places = package.places(sizes["width"] // 2, 20, 20, normalize=True)
    joined = package.join(swin, places)
    joined.num_channels = swin.num_features[1:]
    body = package.transformer(**sizes["transformer"], **_FIXED)
    with _lent(package.room, bert, tokenizer):
        return package.model(
            joined, body, num_queries=sizes["transformer"]["num_queries"], aux_loss=False, iter_update=True,
            query_dim=4, num_feature_levels=_LEVELS, nheads=_HEADS, two_stage_type="standard",
            two_stage_bbox_embed_share=False, two_stage_class_embed_share=False,
        )  # fmt: skip


_FIXED: Final[Mapping[str, Any]] = {
    "dropout": 0.0, "nhead": _HEADS, "normalize_before": False, "return_intermediate_dec": True, "query_dim": 4,
    "activation": "relu", "num_patterns": 0, "num_feature_levels": _LEVELS, "enc_n_points": _POINTS,
    "dec_n_points": _POINTS, "learnable_tgt_init": True, "two_stage_type": "standard", "embed_init_tgt": True,
    "use_text_enhancer": True, "use_fusion_layer": True, "use_checkpoint": False, "use_transformer_ckpt": False,
    "use_text_cross_attention": True, "text_dropout": 0.0, "fusion_dropout": 0.0, "fusion_droppath": 0.1,
}  # fmt: skip
"""What both published configurations have."""


def _sizes(state: State) -> dict[str, Any]:
    """What differs between checkpoints, from the shapes of their tensors. Raises KeyError, ValueError."""
    table = "backbone.0.layers.{}.blocks.0.attn.relative_position_bias_table"
    stages = _count(state, "backbone.0.layers.")
    window = (int(state[table.format(0)].shape[0] ** 0.5) + 1) // 2
    width = state["input_proj.0.0.weight"].shape[0]
    return {
        "width": width,
        "swin": {
            "embed_dim": state["backbone.0.patch_embed.proj.weight"].shape[0],
            "depths": [_count(state, f"backbone.0.layers.{stage}.blocks.") for stage in range(stages)],
            "num_heads": [state[table.format(stage)].shape[1] for stage in range(stages)],
            "window_size": window,
        },
        "transformer": {
            "d_model": width,
            "num_queries": state["transformer.tgt_embed.weight"].shape[0],
            "num_encoder_layers": _count(state, "transformer.encoder.layers."),
            "num_decoder_layers": _count(state, "transformer.decoder.layers."),
            "dim_feedforward": state["transformer.encoder.layers.0.linear1.weight"].shape[0],
        },
    }


def _count(state: State, prefix: str) -> int:
    """How many numbered modules there are. Raises ValueError for none."""
    return 1 + max(int(name.removeprefix(prefix).split(".")[0]) for name in state if name.startswith(prefix))


def _another(name: str) -> WeightsRefusedError:
    what = "The checkpoint is of another model than Grounding DINO"
    return WeightsRefusedError(what, "Use groundingdino_swint_ogc.pth or its like.", value=name[:120])


def _odd(left: Any) -> list[str]:
    """Names of tensors that one side has and the other lacks."""
    missing = [name for name in left.missing_keys if not name.startswith(_IDLE) and not name.endswith(_COUNTED)]
    return [*missing, *left.unexpected_keys]


@contextmanager
def _lent(module: Any, bert: TextEncoder, tokenizer: Any) -> Iterator[None]:
    """While the package's model is made, its text encoder and tokenizer are these, not the hub's."""
    kept = module.get_tokenlizer, module.BertModelWarper
    module.get_tokenlizer = SimpleNamespace(
        get_tokenlizer=lambda _: tokenizer, get_pretrained_language_model=lambda _: bert
    )
    module.BertModelWarper = lambda bert_model: bert_model
    try:
        yield
    finally:
        module.get_tokenlizer, module.BertModelWarper = kept
