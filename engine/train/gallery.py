"""Clips that wait on the device to be asked about: a ring, so that a clip is drawn once and seen several times."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from engine.pocket.critic import FRAMES, VIEW, VISUAL, chosen
from engine.pocket.render import Renderer
from engine.pocket.world import MOST_THINGS
from engine.train import patches
from engine.train.quizzes import SHEET, Quiz


@dataclass(frozen=True, slots=True)
class Picked:
    """Clips that are asked about, each with one of its sheets."""

    frames: torch.Tensor
    """Uint8 (count, FRAMES, 3, VIEW, VIEW)."""
    tokens: torch.Tensor
    """Int64 (count, SHEET)."""
    targets: torch.Tensor
    """Int64 (count, SHEET): the token that follows, or UNASKED."""
    where: torch.Tensor
    """Float (count, VISUAL, KINDS * nouns): see engine.train.patches."""


def drawn(renderer: Renderer, quiz: Quiz) -> torch.Tensor:
    """The frames that the critic looks at: uint8 (clips, FRAMES, 3, VIEW, VIEW); where nothing is shown, one colour."""
    whole = renderer.render(quiz.layout)
    frames = whole[:, torch.from_numpy(chosen(whole.shape[1])).to(whole.device)].clone()
    gone = torch.from_numpy(quiz.nothing).to(frames.device)
    flat = frames[gone][:, :1, :, :1, :1]
    frames[gone] = torch.where(flat > 127, flat, torch.zeros_like(flat)).expand_as(frames[gone])
    return frames


class Gallery:
    """The ring; the newest clips take the places of the oldest."""

    def __init__(self, capacity: int, sheets: int, device: torch.device) -> None:
        self._frames = torch.empty((capacity, FRAMES, 3, VIEW, VIEW), dtype=torch.uint8, device=device)
        self._tokens, self._targets = (
            torch.empty((capacity, sheets, SHEET), dtype=torch.int16, device=device) for _ in range(2)
        )
        shape = (capacity, VISUAL, patches.KINDS, MOST_THINGS)
        self._where = torch.empty(shape, dtype=torch.bool, device=device)
        self._nouns = torch.empty((capacity, MOST_THINGS), dtype=torch.int64, device=device)
        self._next = self._held = 0

    def __len__(self) -> int:
        return self._held

    def add(self, frames: torch.Tensor, where: torch.Tensor, quiz: Quiz) -> None:
        """Hang up a lesson's clips, as `drawn` and engine.train.patches give them."""
        capacity, device = len(self._frames), self._frames.device
        places = (torch.arange(len(frames), device=device) + self._next) % capacity
        self._frames[places], self._where[places] = frames, where
        self._nouns[places] = torch.from_numpy(quiz.layout.nouns).to(device, torch.int64)
        self._tokens[places] = torch.from_numpy(quiz.tokens).to(device)
        self._targets[places] = torch.from_numpy(quiz.targets).to(device)
        self._next = (self._next + len(frames)) % capacity
        self._held = min(capacity, self._held + len(frames))

    def pick(self, count: int) -> Picked:
        """Any clips, each with one of its sheets."""
        device, sheets = self._frames.device, self._tokens.shape[1]
        places = torch.randint(self._held, (count,), device=device)
        sheet = torch.randint(sheets, (count,), device=device)
        tokens, targets = (each[places, sheet].long() for each in (self._tokens, self._targets))
        where = patches.targets(self._where[places], self._nouns[places])
        return Picked(self._frames[places], tokens, targets, where)
