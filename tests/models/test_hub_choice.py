"""Which files a model needs, told from their names."""

from __future__ import annotations

import re

import pytest

from engine.errors import OnlyPicklesError, SettingError, WeightsMissingError
from engine.models.hub.choice import HubFile, choose, variant_of

PARTS = ("unet", "vae", "tokenizer")
U, V = "unet/diffusion_pytorch_model", "vae/diffusion_pytorch_model"
TEXTS = {"model_index.json", "unet/config.json", "vae/config.json", "tokenizer/tokenizer.model", "tokenizer/vocab.txt"}


def chosen(names: set[str], parts: tuple[str, ...] | None = PARTS, wanted: set[str] | None = None) -> set[str]:
    return {file.name for file in choose([HubFile(name, 1, "0" * 40) for name in names], parts, wanted)}


def weights(taken: set[str]) -> set[str]:
    return {name for name in taken if name.endswith(".safetensors")}


def test_code_pickles_and_files_that_no_part_reads_stay_where_they_are() -> None:
    needed = TEXTS | {f"{U}.safetensors", f"{V}.safetensors"}
    others = {"README.md", "whole.safetensors", f"{U}.bin", "unet/model.py", "unet/model.onnx", "unet/deep/a.json"}
    others |= {f"{U}.bin.index.json", "vae_1_0/config.json", "LICENSE", f"{U}.non_ema.safetensors", "root.txt"}
    assert chosen(needed | others) == needed


@pytest.mark.parametrize(
    ("offered", "taken"),
    [
        ({f"{U}.safetensors", f"{V}.safetensors"}, {f"{U}.safetensors", f"{V}.safetensors"}),
        (
            {f"{U}.safetensors", f"{U}.fp16.safetensors", f"{V}.safetensors", f"{V}.fp16.safetensors"},
            {f"{U}.fp16.safetensors", f"{V}.fp16.safetensors"},
        ),
        (
            {f"{U}.fp16.safetensors", f"{U}.bf16.safetensors", f"{V}.safetensors", f"{V}.fp16.safetensors"},
            {f"{U}.bf16.safetensors", f"{V}.safetensors"},
        ),
        (
            {f"{U}.fp16.safetensors", f"{U}.bf16.safetensors", f"{V}.fp16.safetensors"},
            {f"{U}.fp16.safetensors", f"{V}.fp16.safetensors"},
        ),
    ],
    ids=["plain", "half", "the best, and plain where it is not", "one that all have"],
)
def test_one_precision_is_taken(offered: set[str], taken: set[str]) -> None:
    assert weights(chosen(TEXTS | offered)) == taken
    variant = re.search(r"\.(bf16|fp16)\.", min(taken))
    assert variant_of(taken) == (variant[1] if variant else None)


def test_parts_that_share_no_precision_are_refused() -> None:
    with pytest.raises(WeightsMissingError, match="one precision"):
        chosen(TEXTS | {f"{U}.fp16.safetensors", f"{V}.bf16.safetensors"})


def test_shards_come_with_their_index_alone() -> None:
    shards = {f"{U}-0000{shard}-of-00002.safetensors" for shard in (1, 2)} | {f"{U}.safetensors.index.json"}
    half = {f"{U}.fp16-0000{shard}-of-00002.safetensors" for shard in (1, 2)} | {f"{U}.safetensors.index.fp16.json"}
    rest = TEXTS | {f"{V}.safetensors"}
    assert chosen(rest | shards) == rest | shards
    assert chosen(rest | shards | half) == rest | half
    with pytest.raises(WeightsMissingError, match="00002-of-00002"):
        chosen(rest | shards - {f"{U}-00002-of-00002.safetensors"})


def test_pickles_alone_are_refused_by_name() -> None:
    with pytest.raises(OnlyPicklesError, match=r"vae.*vae/diffusion_pytorch_model\.bin"):
        chosen(TEXTS | {f"{U}.safetensors", f"{V}.bin"})
    with pytest.raises(OnlyPicklesError, match="pytorch_model"):
        chosen({"config.json", "pytorch_model.bin"}, None)
    with pytest.raises(OnlyPicklesError, match=r"style\.ckpt"):
        chosen({"README.md", "style.ckpt"}, None)


def test_a_part_that_is_not_there_is_named() -> None:
    whole = TEXTS | {f"{U}.safetensors"}
    with pytest.raises(WeightsMissingError, match=r"vae/model\.safetensors"):
        chosen(whole)
    with pytest.raises(WeightsMissingError, match="vae/"):
        chosen(whole - {"vae/config.json"})


def test_some_parts_may_be_wanted_alone() -> None:
    whole = TEXTS | {f"{U}.safetensors", f"{V}.bin"}
    assert chosen(whole, wanted={"unet"}) == {"model_index.json", "unet/config.json", f"{U}.safetensors"}
    with pytest.raises(SettingError, match="unet, vae, tokenizer"):
        chosen(whole, wanted={"text_encoder"})


def test_a_model_that_is_no_pipeline_lies_at_the_top() -> None:
    needed = {"config.json", "preprocessor_config.json", "vocab.txt", "model.safetensors"}
    assert chosen(needed | {"onnx/config.json", "pytorch_model.bin", "consolidated.safetensors"}, None) == needed
    with pytest.raises(WeightsMissingError):
        chosen(needed - {"model.safetensors"} | {"model.gguf"}, None)


def test_a_lora_is_one_weights_file() -> None:
    assert chosen({"README.md", "style.safetensors"}, None) == {"style.safetensors"}
    several = {"quick.safetensors", "slow.safetensors"}
    assert chosen({"pytorch_lora_weights.safetensors", *several}, None) == {"pytorch_lora_weights.safetensors"}
    assert chosen(several, None, {"slow.safetensors"}) == {"slow.safetensors"}
    with pytest.raises(SettingError, match="Name the one"):
        chosen(several, None)
    with pytest.raises(WeightsMissingError, match="other"):
        chosen(several, None, {"other.safetensors"})
