"""Text to image: the scene of a prompt becomes a key frame."""

from __future__ import annotations

from collections.abc import Mapping

from PIL import Image

from engine.agents.reporting import StepReport, text
from engine.media.images import encode_png
from engine.models.denoising import Script, denoise, sampling
from engine.models.lease import Lease
from engine.models.profiles import profile
from engine.types import Draft, Input, Kind, Reporter, Settings


class TextToImage:
    """Makes one still image from the scene, and from what to avoid."""

    name = "text_to_image"
    needs = frozenset({"scene", "avoid"})
    yields: Kind = "image"

    def __init__(self, lease: Lease) -> None:
        self._lease = lease

    def run(self, inputs: Mapping[str, Input], seed: int, settings: Settings, reporter: Reporter) -> Draft:
        """A PNG of the profile's size. Settings: profile, steps, guidance_scale."""
        row = profile(str(settings.get("profile", "pocket")))
        plan = sampling(row, settings, frames=1)
        report = StepReport(reporter, fps=1)
        script = Script(text(inputs["scene"]), text(inputs["avoid"]), {})
        report.waiting()
        with self._lease.borrow(row) as loaded:
            frames = denoise(loaded, script, plan, seed, report.step)
            revision = loaded.revision
        return Draft(
            kind="image",
            data=encode_png(Image.fromarray(frames[0])),
            suffix=".png",
            settings={**settings, "profile": row.name, **plan.as_settings()},
            model=row.name,
            revision=revision,
            facts={"width": plan.width, "height": plan.height},
        )
