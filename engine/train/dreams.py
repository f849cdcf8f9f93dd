"""Dreams: errands whose states the forward model fills in, so that an agent can learn from what never happened.

After WorldGPT's dream tuning (Ge et al., 2024), with the world models at hand: seeds become instructions and their
actions, the World tab's models make the states, the inverse model says which of them show what was asked for, and
what is much like what is there already is left out. The agent is engine.pocket.worlds.follower, tuned on dreams, or on
states that the simulator drew; how well it does its errands, the simulator says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from engine.errors import ImpossibleActionError
from engine.evaluate.candidates import Pictures
from engine.evaluate.stepping import Stepper, untouched
from engine.pocket.render import Renderer, layout
from engine.pocket.world import Clip
from engine.pocket.worlds.actions import Action
from engine.pocket.worlds.follower import Follower
from engine.pocket.worlds.happening import happen
from engine.pocket.worlds.inverse import ActionReader, InverseModel, to_view
from engine.train.augment import degrade
from engine.train.budget import learning_rate_factor
from engine.train.errands import MOST, Errand, novel, reached
from engine.train.futures import ids_of, vocabulary
from engine.train.inverse import answer_loss
from engine.train.ring import Rows
from engine.train.steps import answers_of

SURE = 0.5
"""From this likelihood on a dreamt state shows what was asked for."""
_DONE = Action("wait")
"""What is left to do when all is done."""
_WARMUP = 50


@dataclass(frozen=True, eq=False)
class Dream:
    """An errand with pictures of its states."""

    errand: Errand
    states: Sequence[NDArray[np.uint8]]
    """The first, and one after each action; those after the first that does not show what was asked for are missing."""


def drawn(states: Sequence[Clip], renderer: Renderer) -> Pictures:
    """States as the simulator draws them."""
    if not states:
        return np.zeros((0, renderer.size, renderer.size, 3), np.uint8)
    pixels: Pictures = renderer.render(layout(states, 1))[:, 0].permute(0, 2, 3, 1).contiguous().cpu().numpy()
    return pixels


def real(errands: Sequence[Errand], renderer: Renderer) -> list[Dream]:
    """Errands with all their states drawn."""
    found = []
    every = drawn([state for one in errands for state in _states(one)], renderer)
    first = 0
    for one in errands:
        count = 1 + len(one.steps)
        found.append(Dream(one, list(every[first : first + count])))
        first += count
    return found


def _states(one: Errand) -> list[Clip]:
    return [one.steps[0].before, *(step.after for step in one.steps)]


def dreamt(errands: Sequence[Errand], stepper: Stepper, reader: ActionReader, renderer: Renderer) -> list[Dream]:
    """Errands with their states filled in, from the first, which is drawn; what is known there the rules carry on."""
    states = drawn([one.steps[0].before for one in errands], renderer)
    paths = [[state.copy()] for state in states]
    going = list(range(len(errands)))
    for number in range(MOST):
        going = [place for place in going if len(errands[place].steps) > number]
        if not going:
            break
        steps = [errands[place].steps[number] for place in going]
        actions, there = [step.action for step in steps], [step.before.things for step in steps]
        before = states[going]
        made = stepper.follow(before, actions, number, there)
        made = untouched(before, made, there, actions, [()] * len(going))
        sure = reader.likelihood(before, made, actions) >= SURE
        states[going] = made
        going = [place for place, right in zip(going, sure, strict=True) if right]
        for place in going:
            paths[place].append(states[place].copy())
    return [Dream(one, path) for one, path in zip(errands, paths, strict=True)]


def pool(dreams: Sequence[Dream]) -> list[Dream]:
    """Dreams of which at least one action is shown, and that are new beside the others."""
    shown = [dream for dream in dreams if len(dream.states) > 1]
    new = novel([dream.errand for dream in shown]) if shown else []
    return [dream for dream, fresh in zip(shown, new, strict=True) if fresh]


def lessons(dreams: Sequence[Dream], view: int, device: torch.device) -> Rows:
    """What a follower learns of them: `views` uint8 (n, 2, 3, view, view), the first state and another, the errand's
    `words`, and as `answers` what is left to do first there; nothing, where all is done."""
    firsts: list[NDArray[np.uint8]] = []
    nows: list[NDArray[np.uint8]] = []
    words: list[str] = []
    answers: list[list[int]] = []
    for dream in dreams:
        left = [*(step.action for step in dream.errand.steps), _DONE]
        for state, action in zip(dream.states, left, strict=False):
            firsts.append(dream.states[0])
            nows.append(state)
            words.append(dream.errand.words)
            answers.append(answers_of(action))
    views = torch.stack([_viewed(np.stack(side), view, device) for side in (firsts, nows)], 1)
    ids = torch.from_numpy(ids_of(words)).to(device)
    return {"views": views, "words": ids, "answers": torch.tensor(answers, device=device)}


def _viewed(pictures: Pictures, view: int, device: torch.device) -> torch.Tensor:
    """Pictures as the follower sees them, uint8 (n, 3, view, view)."""
    parts = [to_view(part.to(device).movedim(-1, 1), view) for part in torch.from_numpy(pictures).split(256)]
    return torch.cat(parts).mul(255).round().clamp(0, 255).to(torch.uint8)


def untuned(eye: InverseModel, seed: int) -> Follower:
    """A follower that has learnt nothing but to see."""
    torch.manual_seed(seed)
    return Follower(eye, len(vocabulary())).to(eye.device).train()


def tuned(eye: InverseModel, rows: Rows, steps: int, batch: int, seed: int) -> Follower:
    """A follower after so many steps on the lessons, each time on some of them, worn as what a model painted is."""
    model = untuned(eye, seed)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.02, betas=(0.9, 0.98))
    device = eye.device
    for step in range(steps):
        some = torch.randint(len(rows["answers"]), (batch,), device=device)
        pixels = degrade(rows["views"][some].float() / 255, step)
        with torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda"):
            logits = model(pixels, rows["words"][some])
        loss = answer_loss({name: values.float() for name, values in logits.items()}, rows["answers"][some])
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for group in optimizer.param_groups:
            group["lr"] = 1e-3 * learning_rate_factor(step, step / steps, _WARMUP, 0.5)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
    return model.eval()


def successes(model: Follower, errands: Sequence[Errand], renderer: Renderer) -> list[bool]:
    """Of each errand whether the simulator's state shows its goal after as many of the follower's actions as it has,
    or fewer where it finds that all is done; what is impossible does nothing, and counts as one of them."""
    states = [one.steps[0].before for one in errands]
    first, words = drawn(states, renderer), ids_of([one.words for one in errands])
    going = list(range(len(errands)))
    for number in range(MOST):
        going = [place for place in going if len(errands[place].steps) > number]
        if not going:
            break
        now = drawn([states[place] for place in going], renderer)
        named = model.next(first[going], now, words[going])
        for place, action in zip(going, named, strict=True):
            states[place] = _after(states[place], action)
        going = [place for place, action in zip(going, named, strict=True) if action != _DONE]
    return [reached(state, one.goal) for state, one in zip(states, errands, strict=True)]


def _after(state: Clip, action: Action) -> Clip:
    try:
        return happen(state, action).after
    except ImpossibleActionError:
        return state
