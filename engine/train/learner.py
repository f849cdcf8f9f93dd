"""One optimizer step, the same for every trainer, the running average of the weights, and how both are kept."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import torch

from engine.train.budget import Budget, learning_rate_factor
from engine.train.ranks import Ranks

_ALONE = Ranks()
_TOLD_EVERY = 100
"""Steps."""
_SAVED_EVERY = 60.0
"""Seconds."""
logger = logging.getLogger(__name__)


class Learner:
    """Parameters, the optimizers that move them, and their average, which is what is shipped in the end."""

    def __init__(
        self,
        parameters: Iterable[torch.Tensor],
        optimizers: Sequence[torch.optim.Optimizer],
        memory: float = 0.998,
        ranks: Ranks = _ALONE,
    ) -> None:
        """memory: how much of the average stays with each step, once there have been some.

        ranks: the processes that learn together, each from a batch of its own.
        """
        self.parameters = list(parameters)
        self.average = [parameter.detach().clone() for parameter in self.parameters]
        self._optimizers, self._memory, self._ranks = optimizers, memory, ranks

    def step(self, loss: torch.Tensor, budget: Budget, factor: float) -> torch.Tensor:
        """One step down the loss, at `factor` times the optimizers' learning rates; returns the loss as a number.

        Among several processes the gradients are averaged before they are clipped, so all of them clip alike.
        """
        loss.backward()
        self._ranks.average(self.parameters)
        torch.nn.utils.clip_grad_norm_(self.parameters, 1.0)
        for optimizer in self._optimizers:
            for group in optimizer.param_groups:
                group["lr"] = optimizer.defaults["lr"] * factor
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        budget.step += 1
        with torch.no_grad():
            weight = min(self._memory, budget.step / (budget.step + 10))
            torch._foreach_lerp_(self.average, self.parameters, 1 - weight)
        return loss.detach()

    def run(
        self, losses: Iterator[tuple[torch.Tensor, str]], budget: Budget, checkpoint: Path, name: str, warmup: int = 200
    ) -> None:
        """Train until the budget is spent; a checkpoint every minute and at the end. The first process decides, saves.

        losses: each of the step that comes, made when it is asked for, with words on it. name: for the log.
        """
        saved = budget.elapsed_seconds
        while (fraction := self._ranks.agree(budget.fraction)) < 1:
            factor = learning_rate_factor(budget.step, fraction, warmup, decay=0.5)
            loss, told = next(losses)
            loss = self.step(loss, budget, factor)
            if budget.step % _TOLD_EVERY == 0:
                rate = budget.step / budget.elapsed_seconds
                logger.info("%s step %d (%.1f/s), loss %.4f%s", name, budget.step, rate, float(loss), told)
            if self._ranks.leads and budget.elapsed_seconds - saved > _SAVED_EVERY:
                saved = budget.elapsed_seconds
                self.save(checkpoint, budget)
        if self._ranks.leads:
            self.save(checkpoint, budget)

    @torch.no_grad()
    def settle(self) -> None:
        """Make the average the weights."""
        torch._foreach_copy_(self.parameters, self.average)

    def save(self, path: Path, budget: Budget) -> None:
        """Write everything that `resume` needs, by temporary file and rename."""
        path.parent.mkdir(parents=True, exist_ok=True)
        state: dict[str, Any] = {
            "weights": self.parameters,
            "average": self.average,
            "optimizers": [optimizer.state_dict() for optimizer in self._optimizers],
            "step": budget.step,
            "seconds": budget.elapsed_seconds,
        }
        torch.save(state, path.with_suffix(".part"))
        path.with_suffix(".part").replace(path)

    @torch.no_grad()
    def resume(self, path: Path, budget: Budget) -> None:
        """Go on from a checkpoint of the same preset."""
        state = torch.load(path, map_location="cpu", weights_only=True)
        kept, saved = [*self.parameters, *self.average], [*state["weights"], *state["average"]]
        for tensor, value in zip(kept, saved, strict=True):
            tensor.copy_(value)
        for optimizer, moments in zip(self._optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(moments)
        budget.step, budget.spent_seconds = state["step"], state["seconds"]
