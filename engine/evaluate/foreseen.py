"""Measure the forward model: how near is what it foresees, for eight mixes of given and wanted, beside two baselines.

Nearness is the cosine between what was foreseen and what came, each as one vector: normalised latents, spectrograms,
counts of words. A state hardly changes by one action, so copying it is a strong baseline; the other is what followed
on the most alike of transitions that were seen earlier.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import torch
import torch.nn.functional as F

from engine.pocket.worlds.forward import MODALITIES, ForwardModel, Senses

MIXES: Final = (
    (("picture",), ("picture",)),
    (("picture",), ("sound",)),
    (("picture",), ("words",)),
    (("words",), ("picture",)),
    (("words",), ("words",)),
    (("sound",), ("words",)),
    (("picture", "words"), ("picture",)),
    (MODALITIES, MODALITIES),
)
"""What is given and what is wanted, the action's words always being there."""


@dataclass(frozen=True)
class Exam:
    """Some transitions, all of each."""

    before: Senses
    action: torch.Tensor
    """Token ids (b, WORDS)."""
    after: Senses
    plain: torch.Tensor
    """The state before in the plain words that the state after is told in."""


@torch.no_grad()
def foreseen(model: ForwardModel, exams: Iterable[Exam], memory: Exam) -> dict[str, float]:
    """Mean cosines: `picture>words` of what was foreseen; `copy_words` of the state before, and `nearest_words` of what
    followed in `memory`, for each modality. Where a mix wants what it is not given, also `copy_picture>words` and
    `nearest_picture>words`, by what it is given alone. `width_…`: half of a 95 % interval."""
    model.eval()
    vocabulary = int(model.config.vocabulary_size)
    past, followed = model.embed(memory.before, memory.action), vectors(memory.after, vocabulary)
    found: dict[str, list[torch.Tensor]] = {}
    for exam in exams:
        right = vectors(exam.after, vocabulary)
        copied = vectors(Senses(exam.before.picture, exam.before.sound, exam.plain), vocabulary)
        nearest = (model.embed(exam.before, exam.action) @ past.T).argmax(1)
        for name, vector in copied.items():
            found.setdefault(f"copy_{name}", []).append(F.cosine_similarity(vector, right[name]))
            remembered = F.cosine_similarity(followed[name][nearest], right[name])
            found.setdefault(f"nearest_{name}", []).append(remembered)
        for key, values in _from_given(model, exam, memory, right, vocabulary):
            found.setdefault(key, []).append(values)
        for given, wanted in MIXES:
            made = vectors(model.predict(exam.before.only(given), exam.action, wanted), vocabulary)
            for name in wanted:
                key = f"{'+'.join(given)}>{'+'.join(wanted)}" + (f":{name}" if len(wanted) > 1 else "")
                found.setdefault(key, []).append(F.cosine_similarity(made[name], right[name]))
    every = {key: torch.cat(values) for key, values in found.items()}
    means = {key: round(float(values.mean()), 4) for key, values in every.items()}
    return means | {f"width_{key}": round(_half_width(values), 4) for key, values in every.items()}


def _from_given(
    model: ForwardModel, exam: Exam, memory: Exam, right: Mapping[str, torch.Tensor], vocabulary: int
) -> Iterator[tuple[str, torch.Tensor]]:
    """Both baselines of mixes that want what they are not given.

    Who sees no words has none to copy: the state's own would be an answer from what only somebody else was shown. So
    the most alike of the transitions seen earlier, by what is given, lends its state to be copied, and what followed.
    """
    lent = vectors(Senses(memory.before.picture, memory.before.sound, memory.plain), vocabulary)
    followed = vectors(memory.after, vocabulary)
    for given, wanted in MIXES:
        for name in (each for each in wanted if each not in given):
            mine, past = (model.embed(each.before.only(given), each.action) for each in (exam, memory))
            alike = (mine @ past.T).argmax(1)
            for baseline, vector in (("copy", lent), ("nearest", followed)):
                yield (
                    f"{baseline}_{'+'.join(given)}>{name}",
                    F.cosine_similarity(vector[name][alike], right[name]),
                )


def _half_width(values: torch.Tensor) -> float:
    return float(1.96 * values.std(correction=0) / len(values) ** 0.5)


def vectors(senses: Senses, vocabulary: int) -> dict[str, torch.Tensor]:
    """Each modality that is there as one vector a state, (b, numbers)."""
    there: dict[str, torch.Tensor] = {}
    if senses.picture is not None:
        there["picture"] = senses.picture.float().flatten(1)
    if senses.sound is not None:
        # one more, so that two silences are alike
        there["sound"] = F.pad(senses.sound.float().flatten(1), (0, 1), value=1.0)
    if senses.words is not None:
        counts = F.one_hot(senses.words, vocabulary).sum(1).float()
        there["words"] = counts[:, 3:]  # without padding, unknown and end
    return there
