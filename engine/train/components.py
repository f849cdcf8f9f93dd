"""The pocket models' architectures, and the tokenizer made from the grammar's words.

All of them are stock classes of diffusers and transformers; only the numbers are ours.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from diffusers import AutoencoderKL, FlowMatchEulerDiscreteScheduler, WanTransformer3DModel
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.normalizers import Lowercase
from tokenizers.pre_tokenizers import Punctuation, WhitespaceSplit
from tokenizers.pre_tokenizers import Sequence as PreTokenizers
from transformers import PreTrainedTokenizerFast, T5Config, T5EncoderModel

from engine.pocket.pipeline import TEXT_TOKENS

LATENT_CHANNELS = 8
TEXT_WIDTH = 256


def autoencoder() -> AutoencoderKL:
    """A 2-D autoencoder: 192x192x3 to 24x24x8 and back, 3.3 M parameters."""
    return AutoencoderKL(
        in_channels=3,
        out_channels=3,
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        block_out_channels=(32, 64, 96, 128),
        layers_per_block=1,
        latent_channels=LATENT_CHANNELS,
        norm_num_groups=16,
        sample_size=192,
        scaling_factor=1.0,
        shift_factor=0.0,
        mid_block_add_attention=False,
    )


def transformer(layers: int = 10) -> WanTransformer3DModel:
    """Wan's transformer, width 256, 11 M parameters in ten blocks; input = noisy latents, known latents, mask."""
    return WanTransformer3DModel(
        patch_size=(1, 2, 2),
        num_attention_heads=4,
        attention_head_dim=64,
        in_channels=2 * LATENT_CHANNELS + 1,
        out_channels=LATENT_CHANNELS,
        text_dim=TEXT_WIDTH,
        freq_dim=128,
        ffn_dim=1024,
        num_layers=layers,
        rope_max_seq_len=64,
    )


def text_encoder(vocabulary_size: int, layers: int = 3) -> T5EncoderModel:
    """A T5 encoder, blocks of width 256, 2 M parameters when there are three; trained along with the transformer.

    It begins by looking at near words. T5's own start tells no word from its neighbour; trained so, for 13,000 steps,
    it stayed a bag of words: which colour belongs to which thing was lost (docs/LOG.md).
    """
    model = T5EncoderModel(
        T5Config(
            vocab_size=vocabulary_size,
            d_model=TEXT_WIDTH,
            d_kv=64,
            d_ff=512,
            num_layers=layers,
            num_heads=4,
            dropout_rate=0.0,
            feed_forward_proj="gated-gelu",
            pad_token_id=0,
            eos_token_id=2,
        )
    )
    look_near(model)
    return model


@torch.no_grad()
def look_near(model: T5EncoderModel) -> None:
    """Set the relative attention bias: a head for words on both sides, one for each side, one for all words.

    Falls off linearly with the distance, as in ALiBi (Press et al., 2022).
    """
    bias = model.encoder.block[0].layer[0].SelfAttention.relative_attention_bias.weight
    half = bias.shape[0] // 2
    distance = torch.arange(half, dtype=bias.dtype)
    before, after = bias[:half], bias[half:]
    for head in range(bias.shape[1]):
        slope = (0.5, 1.0, 1.0, 0.0)[head % 4]
        before[:, head] = -slope * distance - (8.0 if head % 4 == 2 else 0.0)
        after[:, head] = -slope * distance - (8.0 if head % 4 == 1 else 0.0)


def tokenizer(words: Sequence[str]) -> PreTrainedTokenizerFast:
    """A word-level tokenizer over `words` and punctuation; what it does not know becomes <unk>.

    Padded and cut to TEXT_TOKENS. The same words give the same files.
    """
    tokens = ["<pad>", "<unk>", "</s>", *sorted({*words, ",", ".", ";", ":", "-", "'"})]
    inner = Tokenizer(WordLevel({token: index for index, token in enumerate(tokens)}, unk_token="<unk>"))
    inner.normalizer = Lowercase()
    inner.pre_tokenizer = PreTokenizers([WhitespaceSplit(), Punctuation()])
    return PreTrainedTokenizerFast(
        tokenizer_object=inner,
        pad_token="<pad>",
        unk_token="<unk>",
        eos_token="</s>",
        model_max_length=TEXT_TOKENS,
        model_input_names=["input_ids", "attention_mask"],
    )


def scheduler() -> FlowMatchEulerDiscreteScheduler:
    """Flow matching, Euler steps, shifted towards the noisy end as videos want it."""
    return FlowMatchEulerDiscreteScheduler(num_train_timesteps=1000, shift=3.0)
