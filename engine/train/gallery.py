"""Clips that wait on the device to be asked about: a ring, so that a clip is drawn once and seen several times."""

from __future__ import annotations

import torch

from engine.pocket.critic import FRAMES, VIEW, chosen
from engine.pocket.render import Renderer
from engine.train.quizzes import SHEET, Quiz


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
        self._next = self._held = 0

    def __len__(self) -> int:
        return self._held

    def add(self, frames: torch.Tensor, quiz: Quiz) -> None:
        """Hang up a lesson's clips."""
        capacity, device = len(self._frames), self._frames.device
        places = (torch.arange(len(frames), device=device) + self._next) % capacity
        self._frames[places] = frames
        self._tokens[places] = torch.from_numpy(quiz.tokens).to(device)
        self._targets[places] = torch.from_numpy(quiz.targets).to(device)
        self._next = (self._next + len(frames)) % capacity
        self._held = min(capacity, self._held + len(frames))

    def pick(self, count: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Any clips, each with one of its sheets: frames, tokens (count, SHEET), targets (count, SHEET)."""
        device, sheets = self._frames.device, self._tokens.shape[1]
        places = torch.randint(self._held, (count,), device=device)
        sheet = torch.randint(sheets, (count,), device=device)
        return self._frames[places], self._tokens[places, sheet].long(), self._targets[places, sheet].long()
