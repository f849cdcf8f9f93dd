"""What will happen? The forward model: a state and an action in, the next state out, each in pictures, sound and words.

After WorldGPT (Ge et al., 2024): encoders bring whatever is given into one space, a small language model (transformers'
Llama) reads it together with the action, signal tokens stand for what is wanted, and heads bring what it makes of them
back: latents of the shipped autoencoder, a spectrogram, words. Any subset in, any subset out. A picture to look at is
drawn from what it means by a decoder of its own (painter.py).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from typing import Final

import torch
import torch.nn.functional as F
from diffusers import ConfigMixin, ModelMixin
from diffusers.configuration_utils import register_to_config
from torch import nn
from transformers import LlamaConfig, LlamaModel

from engine.pocket.worlds.reflector import Reflector, Triple
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
    thought: torch.Tensor | None = None
    """Of a state to come, where its picture was wanted: what was made of the action's words and of the picture's
    signals (b, WORDS + patches, width), zero after the words' end. A painter reads it."""

    @property
    def shown(self) -> torch.Tensor:
        """The picture. Raises ValueError where it is missing."""
        if self.picture is None:
            raise ValueError("a picture was wanted, and none came")
        return self.picture

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


@dataclass(frozen=True)
class _Part:
    """Tokens of one kind."""

    tokens: torch.Tensor
    """(b, tokens, width)"""
    there: torch.Tensor
    """Which are no padding, bool (b, tokens)."""
    level: int
    """0: given; 1: asks for a picture or a sound; 2: words to come. Each level sees the ones below it and itself, of
    the words to come each only those before it."""


def _whole(tokens: torch.Tensor, level: int) -> _Part:
    return _Part(tokens, torch.ones(tokens.shape[:2], dtype=torch.bool, device=tokens.device), level)


def _sight(parts: Sequence[_Part]) -> torch.Tensor:
    """Which token sees which: bool (b, 1, tokens, tokens)."""
    there = torch.cat([part.there for part in parts], 1)
    levels = torch.tensor([part.level for part in parts for _ in range(part.tokens.shape[1])], device=there.device)
    mine, other = levels[:, None], levels[None]
    earlier = torch.ones(len(levels), len(levels), dtype=torch.bool, device=there.device).tril()
    sees = (other < mine) | ((other == mine) & (earlier | (mine < 2)))
    return sees & there[:, None, None]


def _mean(tokens: torch.Tensor, there: torch.Tensor) -> torch.Tensor:
    """The mean of those that are there, (b, width)."""
    weights = there[..., None].to(tokens.dtype)
    return (tokens * weights).sum(1) / weights.sum(1).clamp(min=1)


class ForwardModel(ModelMixin, ConfigMixin):
    """Senses and an action to the senses that follow; 1.2 M parameters."""

    @register_to_config
    def __init__(self, vocabulary_size: int, width: int = 128, layers: int = 6, attention_heads: int = 4) -> None:
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
        self.reflector = Reflector(width, attention_heads)

    def forward(
        self,
        state: Senses,
        action: torch.Tensor,
        wanted: Collection[str],
        said: torch.Tensor | None = None,
        recalled: Triple | None = None,
    ) -> Senses:
        """What is wanted of the next states: a picture, a sound, and of words the logits (b, WORDS, vocabulary).

        action: token ids (b, WORDS). said: the right words (b, WORDS), of which each place sees those before it; where
        words are wanted and none are given, only the first place means anything. recalled: an earlier transition.
        """
        parts = self._given(state, action, recalled)
        told = sum(part.tokens.shape[1] for part in parts[: recalled is not None])
        begins: dict[str, int] = {}
        for name in (name for name in MODALITIES if name in wanted):
            begins[name] = sum(part.tokens.shape[1] for part in parts)
            parts.append(self._signals(name, state, action, said))
        tokens = torch.cat([part.tokens for part in parts], 1)
        hidden = self.middle(inputs_embeds=tokens, attention_mask=_sight(parts)).last_hidden_state
        made = {name: self._made(name, hidden[:, begin:], state) for name, begin in begins.items()}
        if "picture" in begins:
            words = hidden[:, told : told + WORDS] * (action != 0)[..., None]
            signals = hidden[:, begins["picture"] :][:, : len(self.signals["picture"])]
            made["thought"] = torch.cat([words, signals], 1)
        return Senses(**made)

    def _given(self, state: Senses, action: torch.Tensor, recalled: Triple | None) -> list[_Part]:
        """What came to mind, the action, and the state: it is read in the light of what is done to it."""
        parts = [] if recalled is None else [_whole(self._reflected(recalled), 0)]
        for name, ids in (("action", action), ("words", state.words)):
            if ids is not None:
                parts.append(_Part(self.middle.embed_tokens(ids) + self.places[name], ids != 0, 0))
        for name in self.encoders:
            values = getattr(state, name)
            if values is not None:
                parts.append(_whole(self._seen(name, values) + self.places[name], 0))
        return parts

    def _seen(self, name: str, values: torch.Tensor) -> torch.Tensor:
        """A picture or a sound, patch by patch (b, patches, width)."""
        tokens: torch.Tensor = self.encoders[name](patches(values, _PATCH[name]))
        return tokens

    def _reflected(self, recalled: Triple) -> torch.Tensor:
        sides = [self._seen("picture", values) + self.places["picture"] for values in (recalled.before, recalled.after)]
        there = torch.ones(sides[0].shape[:2], dtype=torch.bool, device=sides[0].device)
        words = self.middle.embed_tokens(recalled.action)
        tokens: torch.Tensor = self.reflector(
            (sides[0], words, sides[1]), torch.cat([there, recalled.action != 0, there], 1)
        )
        return tokens

    def _signals(self, name: str, state: Senses, action: torch.Tensor, said: torch.Tensor | None) -> _Part:
        """What asks for one modality: of a picture each place begins from what is there now."""
        signal = self.signals[name].expand(len(action), -1, -1)
        if name == "words":
            before = action.new_zeros(len(action), WORDS - 1) if said is None else said[:, :-1]
            return _whole(torch.cat([signal, self.middle.embed_tokens(before)], 1), 2)
        if name == "picture" and state.picture is not None:
            signal = signal + self._seen(name, state.picture)
        return _whole(signal, 1)

    def _made(self, name: str, hidden: torch.Tensor, state: Senses) -> torch.Tensor:
        """One modality from where its signals begin on; a picture is what changes in the given one."""
        if name == "words":
            logits: torch.Tensor = hidden[:, :WORDS] @ self.middle.embed_tokens.weight.T
            return logits
        rows, columns = _GRID[name]
        made = unpatched(self.heads[name](hidden[:, : rows * columns]), name)
        return made + state.picture if name == "picture" and state.picture is not None else made

    @torch.no_grad()
    def embed(self, state: Senses, action: torch.Tensor) -> torch.Tensor:
        """What a transition is found again by, from what was before it and what was done: (b, 2 * width).

        One half is the mean of what is perceived, the other that of the action's words; each of length 1.
        """
        kinds = [(name, getattr(state, name)) for name in self.encoders]
        seen = [self._seen(name, values).mean(1) for name, values in kinds if values is not None]
        if state.words is not None:
            seen.append(_mean(self.middle.embed_tokens(state.words), state.words != 0))
        told = _mean(self.middle.embed_tokens(action), action != 0)
        perceived = torch.stack(seen).mean(0) if seen else torch.zeros_like(told)
        return torch.cat([F.normalize(perceived, dim=-1), F.normalize(told, dim=-1)], -1)

    @torch.no_grad()
    def predict(
        self, state: Senses, action: torch.Tensor, wanted: Collection[str], recalled: Triple | None = None
    ) -> Senses:
        """What is wanted of the next states; words as ids (b, WORDS), each the likeliest after those before it."""
        seen: Senses = self(state, action, [name for name in wanted if name != "words"], None, recalled)
        if "words" not in wanted:
            return seen
        said = action.new_zeros(len(action), WORDS)
        ended = torch.zeros(len(action), dtype=torch.bool, device=action.device)
        for place in range(WORDS):
            logits = self(state, action, ("words",), said, recalled).words
            said[:, place] = torch.where(ended, 0, logits[:, place].argmax(-1))
            ended |= said[:, place] <= _END
            if bool(ended.all()):
                break
        return Senses(seen.picture, seen.sound, said, seen.thought)
