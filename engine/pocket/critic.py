"""The pocket critic: a small vision-language model that looks at a clip and answers questions about it.

LLaVA's class (Liu et al., 2023) with a ViViT tower (Arnab et al., 2021; tubelets of two frames, attention over space
and time) and a small Llama decoder: 16 frames become 1,152 visual tokens, then comes a question, and the next token is
"yes" or "no", or a letter for each event in its order. Many questions about one clip share its visual tokens: they
stand in one sequence, and none sees another; each has the positions that it would have alone, so the answers are the
same to rounding. Patches are small, since which of two things is in front shows in a few pixels.

Who is asked for an order may lean towards the event that is listed first. So every list is asked in several orders at
once (`listings`) and what is meant is averaged: a list and the same one turned round have one answer. For the same
reason a question of two things is asked the other way round as well (`turned`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from transformers import DynamicCache, LlavaForConditionalGeneration, PreTrainedTokenizerFast

from engine.pocket.critic_shape import FRAMES as FRAMES
from engine.pocket.critic_shape import VIEW as VIEW
from engine.pocket.critic_shape import VISUAL as VISUAL
from engine.pocket.quiz import LETTERS
from engine.pocket.reading_out import listings, order_text, turned, yes_no_text

SEEN: Final = "seen:"
"""What a description follows (engine.pocket.quiz); training alone asks for one."""
IMAGE: Final = "<image>"
"""The token in whose place a visual token stands."""
_CALIBRATION = "calibration.json"
_CERTAIN = -1e-9
"""The greatest log probability that has odds."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Temperatures fitted on held-out clips (Guo et al., 2017): logits of a yes and of an order are divided by them."""

    yes_no: float = 1.0
    order: float = 1.0


@dataclass(frozen=True, slots=True)
class Packing:
    """Segments of one sequence behind the visual tokens: which sees which, and where each stands."""

    mask: torch.Tensor
    """Bool (1, 1, length, length), True where a token is seen."""
    positions: torch.Tensor
    """(1, length)"""


def packing(lengths: Sequence[int], device: torch.device) -> Packing:
    """Segments of these lengths: each sees the visual tokens and what stands before in itself."""
    whose = torch.cat([torch.zeros(VISUAL), *(torch.full((each,), n + 1.0) for n, each in enumerate(lengths))])
    places = torch.cat([torch.arange(VISUAL), *(VISUAL + torch.arange(each) for each in lengths)])
    row = torch.arange(len(whose))
    seen = (row[:, None] >= row) & ((whose == 0) | (whose[:, None] == whose))
    return Packing(seen[None, None].to(device), places[None].to(device))


def visual(model: LlavaForConditionalGeneration, pixels: torch.Tensor) -> torch.Tensor:
    """Visual tokens (batch, VISUAL, width) of frames (batch, FRAMES, 3, VIEW, VIEW) in -1..1."""
    return torch.stack(tuple(model.model.get_image_features(pixel_values=pixels, return_dict=True).pooler_output))


def logits(
    model: LlavaForConditionalGeneration, seen: torch.Tensor, tokens: torch.Tensor, packed: Packing
) -> torch.Tensor:
    """What comes after each token of the segments: (batch, tokens, vocabulary), for tokens (batch, tokens)."""
    inputs = torch.cat([seen, model.get_input_embeddings()(tokens).to(seen.dtype)], 1)
    hidden = model.model.language_model(
        inputs_embeds=inputs, attention_mask=packed.mask, position_ids=packed.positions, use_cache=False
    ).last_hidden_state
    found: torch.Tensor = model.lm_head(hidden[:, VISUAL:])
    return found


def chosen(frames: int) -> NDArray[np.int64]:
    """Which of so many frames are looked at."""
    return np.linspace(0, frames - 1, FRAMES).round().astype(np.int64)


def to_pixels(frames: torch.Tensor) -> torch.Tensor:
    """Frames (..., 3, height, width), uint8 or 0..1, to what the tower takes: -1..1 at VIEW."""
    pixels = frames.float() / 255 if frames.dtype == torch.uint8 else frames.float()
    if pixels.shape[-2:] != (VIEW, VIEW):
        flat = F.interpolate(pixels.flatten(0, -4), (VIEW, VIEW), mode="bilinear", antialias=True)
        pixels = flat.view(*pixels.shape[:-2], VIEW, VIEW)
    return pixels * 2 - 1


@dataclass(frozen=True, slots=True)
class Sight:
    """A clip that was looked at: keys and values of its visual tokens, which every question finds there."""

    layers: tuple[tuple[torch.Tensor, torch.Tensor], ...]
    """(1, heads, VISUAL, width / heads) each."""


class PocketCritic:
    """A loaded critic: `look` at a video once, then ask about it."""

    def __init__(
        self, model: LlavaForConditionalGeneration, tokenizer: PreTrainedTokenizerFast, calibration: Calibration
    ) -> None:
        self.model = model.eval()
        self.tokenizer = tokenizer
        self.calibration = calibration
        self._yes, self._no = tokenizer.convert_tokens_to_ids(["yes", "no"])
        self._letters = tokenizer.convert_tokens_to_ids([letter.lower() for letter in LETTERS])

    @classmethod
    def from_pretrained(cls, folder: Path, dtype: torch.dtype = torch.float32) -> PocketCritic:
        """Load model, tokenizer and temperatures from a folder: safetensors only, nothing downloaded."""
        options: dict[str, Any] = {"dtype": dtype, "use_safetensors": True, "local_files_only": True}
        model = LlavaForConditionalGeneration.from_pretrained(folder, **options)
        tokenizer = PreTrainedTokenizerFast.from_pretrained(folder, local_files_only=True)
        return cls(model, tokenizer, Calibration(**json.loads((folder / _CALIBRATION).read_text())))

    def to(self, device: torch.device) -> PocketCritic:
        """Move the weights to the device."""
        self.model.to(device)
        return self

    def save_pretrained(self, folder: Path) -> None:
        """Write model, tokenizer and temperatures."""
        self.model.save_pretrained(folder)
        self.tokenizer.save_pretrained(folder)
        (folder / _CALIBRATION).write_text(json.dumps(asdict(self.calibration)) + "\n")

    @torch.inference_mode()
    def look(self, frames: NDArray[np.uint8]) -> Sight:
        """What is seen in a video, uint8 (frames, height, width, 3), for any number of questions."""
        some = torch.from_numpy(frames[chosen(len(frames))]).to(self.model.device).movedim(-1, -3)
        seen = visual(self.model, to_pixels(some)[None].to(self.model.dtype))
        kept = self.model.model.language_model(inputs_embeds=seen, use_cache=True).past_key_values
        return Sight(tuple((layer.keys, layer.values) for layer in kept.layers))

    @torch.inference_mode()
    def yes(self, seen: Sight, questions: Sequence[str]) -> list[float]:
        """How likely each question's answer is yes, 0..1, calibrated."""
        others = [turned(question) for question in questions]
        every = [*questions, *(other.question for other in others if other)]
        if not every:
            return []
        sure = self._sure(seen, every)
        first, rest = sure[: len(questions)], iter(sure[len(questions) :])
        return [other.settled(own, next(rest)) if other else own for own, other in zip(first, others, strict=True)]

    def _sure(self, seen: Sight, questions: Sequence[str]) -> list[float]:
        """The answers to questions as they stand."""
        segments = [self._ids(yes_no_text(question)) for question in questions]
        found = self._after(seen, segments)
        ends = np.cumsum([len(each) for each in segments]) - 1
        two = found[torch.from_numpy(ends).to(found.device)][:, [self._yes, self._no]]
        sure: list[float] = (two / self.calibration.yes_no).softmax(-1)[:, 0].tolist()
        return sure

    @torch.inference_mode()
    def order(self, seen: Sight, events: Sequence[str]) -> str:
        """The letters of the events in the order in which they happen; of those that do not, none."""
        happened: list[int] = []
        while len(happened) < len(events):
            likely = self._following(seen, events, happened)[-1]
            likely[happened] = -torch.inf
            best = int(likely.argmax())
            if best == len(events):
                break
            happened.append(best)
        return "".join(LETTERS[place] for place in happened)

    @torch.inference_mode()
    def order_is(self, seen: Sight, events: Sequence[str], order: str) -> float:
        """How likely it is that the events happen in this order of letters, and no others: 0..1, calibrated."""
        told = [LETTERS.index(letter) for letter in order]
        likely = self._following(seen, events, told)
        sure = likely[range(len(told) + 1), [*told, len(events)]].double().sum()
        odds = sure - torch.log(-torch.expm1(sure.clamp(max=_CERTAIN)))
        return float((odds / self.calibration.order).sigmoid())

    def _following(self, seen: Sight, events: Sequence[str], told: Sequence[int]) -> torch.Tensor:
        """How likely each event is to come next, before the first and after each of those told: the mean over listings.

        (told + 1, events + 1) log probabilities; the last column is the end.
        """
        orders = listings(len(events))
        questions = [self._ids(order_text([events[place] for place in listed])) for listed in orders]
        answers = [[self._letters[listed.index(place)] for place in told] for listed in orders]
        segments = [[*question, *answer] for question, answer in zip(questions, answers, strict=True)]
        found = self._after(seen, segments).split([len(each) for each in segments])
        end = self.tokenizer.eos_token_id
        by_event = []
        for listed, logit in zip(orders, found, strict=True):
            letters = [self._letters[listed.index(place)] for place in range(len(events))]
            by_event.append(logit[-len(told) - 1 :, [*letters, end]].log_softmax(-1))
        return torch.stack(by_event).mean(0)

    def _ids(self, text: str) -> list[int]:
        ids: list[int] = self.tokenizer(text)["input_ids"]
        return ids

    def _after(self, seen: Sight, segments: Sequence[Sequence[int]]) -> torch.Tensor:
        """Logits behind every token of the segments in a row, (tokens, vocabulary)."""
        packed = packing([len(each) for each in segments], self.model.device)
        tokens = torch.tensor([[token for each in segments for token in each]], device=self.model.device)
        before = DynamicCache()
        for layer, (keys, values) in enumerate(seen.layers):
            before.update(keys, values, layer)
        hidden = self.model.model.language_model(
            input_ids=tokens, attention_mask=packed.mask[:, :, VISUAL:], position_ids=packed.positions[:, VISUAL:],
            past_key_values=before,
        ).last_hidden_state  # fmt: skip
        found: torch.Tensor = self.model.lm_head(hidden)[0].float()
        return found
