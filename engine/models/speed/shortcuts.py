"""Approximate means: what diffusers can leave out of a denoiser. Each changes the pixels, and is named so when used.

Of its caches, pyramid attention broadcast and FasterCache want ranges tuned for each model, and MagCache a calibration:
none is offered. First-block caches fail on HunyuanVideo 1.5 and LTX-2.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from diffusers import FirstBlockCacheConfig, TaylorSeerCacheConfig

from engine.errors import WishError
from engine.models.speed.ways import Shortcut

THRESHOLD: Final = 0.05
"""How much the first block's answer may differ from the last one, of its size, for the others to be skipped."""
INTERVAL: Final = 3
"""Every so many steps attention is computed; between them it is foretold."""
ATTENTION: Final = r".*blocks\.\d+\.attn\d?"
"""Names of the modules that are foretold: the library's own pattern matches none of those that end with a digit."""
ALWAYS_FIRST: Final = 3
"""Steps at the beginning that are always computed."""


KNOWN: Final[Mapping[Shortcut, tuple[str, ...]]] = {
    "first block": ("WanTransformer3DModel",),
    "taylor": ("WanTransformer3DModel",),
}
"""Shortcut -> denoisers whose tiny twins ran with it, and were changed by it."""


def begin(title: str, denoisers: list[Any], shortcut: Shortcut) -> None:
    """Leave things out from now on. Raises WishError for a network of which nothing is known to be left out."""
    if not denoisers or not all(type(one).__name__ in KNOWN[shortcut] for one in denoisers):
        raise WishError(f"{title} knows no such shortcut", "Choose another way to make it sooner.", value=shortcut)
    for denoiser in denoisers:
        denoiser.enable_cache(_config(shortcut))


def end(denoisers: list[Any]) -> None:
    """Compute everything again."""
    for denoiser in denoisers:
        if getattr(denoiser, "is_cache_enabled", False):
            denoiser.disable_cache()


def _config(shortcut: Shortcut) -> Any:
    if shortcut == "taylor":
        return TaylorSeerCacheConfig(
            cache_interval=INTERVAL, disable_cache_before_step=ALWAYS_FIRST, max_order=1, cache_identifiers=[ATTENTION]
        )
    return FirstBlockCacheConfig(threshold=THRESHOLD)
