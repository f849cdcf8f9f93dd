"""Image to video: the key frame begins to move as the prompt says."""

from __future__ import annotations

from collections.abc import Mapping

from engine.agents.reporting import StepReport, picture, text
from engine.media.images import fit
from engine.media.videos import encode_video
from engine.models.denoising import Script, denoise, sampling
from engine.models.lease import Lease
from engine.models.profiles import profile
from engine.types import Draft, Input, Kind, ModelProfile, Reporter, Settings


class ImageToVideo:
    """Makes a video that starts with the image and does what the motion says."""

    name = "image_to_video"
    needs = frozenset({"image", "scene", "motion", "avoid"})
    yields: Kind = "video"

    def __init__(self, lease: Lease) -> None:
        self._lease = lease

    def run(self, inputs: Mapping[str, Input], seed: int, settings: Settings, reporter: Reporter) -> Draft:
        """An H.264 MP4 of the profile's size. Settings: profile, frames, steps, guidance_scale."""
        row = profile(str(settings.get("profile", "pocket")))
        count = int(settings.get("frames") or row.frame_counts[0])
        plan = sampling(row, settings, frames=count)
        fps = row.fps or 8
        report = StepReport(reporter, fps)
        first = fit(picture(inputs["image"]), (plan.width, plan.height), "crop")
        prompt = join_prompt(text(inputs["scene"]), text(inputs["motion"]))
        report.waiting()
        with self._lease.borrow(row) as loaded:
            frames = denoise(loaded, Script(prompt, text(inputs["avoid"]), {0: first}), plan, seed, report.step)
            revision = loaded.revision
        report.encoding()
        return Draft(
            kind="video",
            data=encode_video(frames, fps),
            suffix=".mp4",
            settings={**settings, "profile": row.name, "frames": count, **plan.as_settings()},
            model=row.name,
            revision=revision,
            facts=_facts(row, plan.width, plan.height, count),
        )


def join_prompt(scene: str, motion: str) -> str:
    """Scene and motion as the one sentence pair that a video model reads."""
    return ". ".join(part for part in (scene.strip().rstrip("."), motion.strip()) if part)


def _facts(row: ModelProfile, width: int, height: int, frames: int) -> Settings:
    fps = row.fps or 8
    return {"width": width, "height": height, "frames": frames, "fps": fps, "seconds": frames / fps}
