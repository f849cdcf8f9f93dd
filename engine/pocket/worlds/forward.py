"""What will happen? The forward model: a state and an action in, the next state out, each in pictures, sound and words.

After WorldGPT (Ge et al., 2024): encoders bring whatever is given into one space, a small language model (transformers'
Llama) reads it together with the action, signal tokens stand for what is wanted, and heads bring what it makes of them
back: latents of the shipped autoencoder, a spectrogram, words. Any subset in, any subset out.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from typing import Final

import torch
from diffusers import ConfigMixin, ModelMixin
from diffusers.configuration_utils import register_to_config
from torch import nn
from transformers import LlamaConfig, LlamaModel

from engine.pocket.worlds.spectra import BANDS, MOMENTS

MODALITIES: Final = ("picture", "sound", "words")
CHANNELS: Final = 8
EDGE: Final = 24
"""Of the autoencoder's latents, as CHANNELS is."""
_PATCH: Final = {"picture": 4, "sound": 8}
_GRID: Final = {"picture": (EDGE // 4, EDGE // 4), "sound": (BANDS // 8, MOMENTS // 8)}
_NUMBERS: Final = {"picture": CHANNELS * 4 * 4, "sound": 8 * 8}
WORDS: Final = 32
"""Length that words are padded or cut to; 0 is padding, 2 the end."""
_END: Final = 2
"""The last of the ids that end words: padding, unknown, end."""


@dataclass(frozen=True)
class Senses:
    """States as they are perceived; None for what is missing."""

    picture: torch.Tensor | None = None
    """Normalised latents (b, CHANNELS, EDGE, EDGE)."""
    sound: torch.Tensor | None = None
    """Spectrograms (b, BANDS, MOMENTS)."""
    words: torch.Tensor | None = None
    """Token ids (b, WORDS)."""

    def only(self, names: Collection[str]) -> Senses:
        """These modalities, the others missing."""
        return Senses(**{field.name: getattr(self, field.name) for field in fields(self) if field.name in names})


def patches(values: torch.Tensor, edge: int) -> torch.Tensor:
    """(b, c, h, w) or (b, h, w) to square patches (b, patches, c * edge * edge), row by row."""
    planes = values[:, None] if values.ndim == 3 else values
    count, channels, height, width = planes.shape
    cut = planes.reshape(count, channels, height // edge, edge, width // edge, edge)
    return cut.permute(0, 2, 4, 1, 3, 5).reshape(count, -1, channels * edge * edge)


def unpatched(values: torch.Tensor, name: str) -> torch.Tensor:
    """Patches of a picture or a sound put together again."""
    (rows, columns), edge = _GRID[name], _PATCH[name]
    cut = values.reshape(len(values), rows, columns, -1, edge, edge).permute(0, 3, 1, 4, 2, 5)
    whole = cut.reshape(len(values), -1, rows * edge, columns * edge)
    return whole[:, 0] if name == "sound" else whole


def _silent(given: int, made: int) -> nn.Linear:
    """A layer that makes nothing until it has learnt something."""
    layer = nn.Linear(given, made)
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    return layer


class ForwardModel(ModelMixin, ConfigMixin):
    """Senses and an action to the senses that follow; 0.8 M parameters."""

    @register_to_config
    def __init__(self, vocabulary_size: int, width: int = 128, layers: int = 4, attention_heads: int = 4) -> None:
        super().__init__()
        self.middle = LlamaModel(
            LlamaConfig(
                vocab_size=vocabulary_size, hidden_size=width, intermediate_size=2 * width, num_hidden_layers=layers,
                num_attention_heads=attention_heads, max_position_embeddings=256, use_cache=False, pad_token_id=0,
            )
        )  # fmt: skip
        lengths = {name: rows * columns for name, (rows, columns) in _GRID.items()}
        self.encoders = nn.ModuleDict({name: nn.Linear(_NUMBERS[name], width) for name in lengths})
        self.heads = nn.ModuleDict({name: _silent(width, _NUMBERS[name]) for name in lengths})
        self.places = nn.ParameterDict(
            {name: torch.randn(count, width) * 0.02 for name, count in (*lengths.items(), ("words", 1), ("action", 1))}
        )
        self.signals = nn.ParameterDict(
            {name: torch.randn(count, width) * 0.02 for name, count in (*lengths.items(), ("words", 1))}
        )

    def forward(
        self, state: Senses, action: torch.Tensor, wanted: Collection[str], said: torch.Tensor | None = None
    ) -> Senses:
        """What is wanted of the next states: a picture, a sound, and of words the logits (b, WORDS, vocabulary).

        action: token ids (b, WORDS). said: the right words (b, WORDS), of which each place sees those before it; where
        words are wanted and none are given, only the first place means anything.
        """
        parts, there = self._given(state, action)
        begins: dict[str, int] = {}
        for name in (name for name in MODALITIES if name in wanted):
            begins[name] = sum(part.shape[1] for part in parts)
            signal = self.signals[name].expand(len(action), -1, -1)
            if name == "words":
                before = action.new_zeros(len(action), WORDS - 1) if said is None else said[:, :-1]
                signal = torch.cat([signal, self.middle.embed_tokens(before)], 1)
            parts.append(signal)
            there.append(torch.ones(signal.shape[:2], dtype=torch.bool, device=signal.device))
        hidden = self.middle(inputs_embeds=torch.cat(parts, 1), attention_mask=torch.cat(there, 1)).last_hidden_state
        made = {name: self._made(name, hidden[:, begin:], state) for name, begin in begins.items()}
        return Senses(**made)

    def _given(self, state: Senses, action: torch.Tensor) -> tuple[list[torch.Tensor], list[torch.Tensor]]:
        """Embeddings of the state and the action, and which of them are no padding."""
        parts: list[torch.Tensor] = []
        there: list[torch.Tensor] = []
        for name, encoder in self.encoders.items():
            values = getattr(state, name)
            if values is not None:
                parts.append(encoder(patches(values, _PATCH[name])) + self.places[name])
                there.append(torch.ones(parts[-1].shape[:2], dtype=torch.bool, device=values.device))
        for name, ids in (("words", state.words), ("action", action)):
            if ids is not None:
                parts.append(self.middle.embed_tokens(ids) + self.places[name])
                there.append(ids != 0)
        return parts, there

    def _made(self, name: str, hidden: torch.Tensor, state: Senses) -> torch.Tensor:
        """One modality from where its signals begin on; a picture is what changes in the given one."""
        if name == "words":
            logits: torch.Tensor = hidden[:, :WORDS] @ self.middle.embed_tokens.weight.T
            return logits
        rows, columns = _GRID[name]
        made = unpatched(self.heads[name](hidden[:, : rows * columns]), name)
        return made + state.picture if name == "picture" and state.picture is not None else made

    @torch.no_grad()
    def predict(self, state: Senses, action: torch.Tensor, wanted: Collection[str]) -> Senses:
        """What is wanted of the next states; words as ids (b, WORDS), each the likeliest after those before it."""
        seen: Senses = self(state, action, [name for name in wanted if name != "words"])
        if "words" not in wanted:
            return seen
        said = action.new_zeros(len(action), WORDS)
        ended = torch.zeros(len(action), dtype=torch.bool, device=action.device)
        for place in range(WORDS):
            logits = self(state, action, ("words",), said).words
            said[:, place] = torch.where(ended, 0, logits[:, place].argmax(-1))
            ended |= said[:, place] <= _END
            if bool(ended.all()):
                break
        return Senses(seen.picture, seen.sound, said)
