"""Models that make a video, of every other family."""

from __future__ import annotations

from typing import Final

from engine.models.rows.words import RAIL, WORDS
from engine.types import ModelProfile

_NOT_EVERYWHERE: Final = (
    "Not for use in the European Union, the United Kingdom or South Korea: the licence does not apply there."
)
SVD_XT: Final = ModelProfile(
    name="svd-xt",
    title="Stable Video Diffusion XT",
    repository="stabilityai/stable-video-diffusion-img2vid-xt",
    revision=None,
    licence="Stability AI Community License",
    jobs=("image_to_video",),
    memory_gib=15.0,
    defaults={"steps": 25, "guidance_scale": 3.0, "motion_bucket": 127, "noise_augmentation": 0.02, "decode_chunk": 8},
    sizes=((1024, 576), (576, 1024)),
    frame_counts=(25, 14),
    fps=7,
    driver="stable-video-diffusion",
    honours=("guidance",),
    contexts=(1,),
    disk_gib=4.2,
    memory_by_mode={"device": 15.0, "model offload": 11.0, "group offload": 9.0},
    gpu=True,
    restrictions="To be accepted on the hub. Free for research, and commercially below one million US dollars of "
    "yearly revenue, after registering with Stability AI.",
)
LTX_2B: Final = ModelProfile(
    name="ltx-0.9.5",
    title="LTX-Video 0.9.5 2B",
    repository="Lightricks/LTX-Video-0.9.5",
    revision=None,
    licence="LTX-Video Open RAIL-M License",
    jobs=("image_to_video", "extender", "connector"),
    memory_gib=19.0,
    defaults={"steps": 40, "guidance_scale": 3.0},
    sizes=((704, 480), (480, 704), (768, 512)),
    frame_counts=(121, 97, 161),
    fps=24,
    driver="ltx",
    contexts=(9, 1, 17, 25),
    disk_gib=23.7,
    memory_by_mode={"device": 19.0, "model offload": 10.0, "group offload": 5.0},
    gpu=True,
    restrictions=RAIL,
)
LTX_13B: Final = ModelProfile(
    name="ltx-0.9.7",
    title="LTX-Video 0.9.7 13B",
    repository="Lightricks/LTX-Video-0.9.7-dev",
    revision=None,
    licence="LTX-Video Open Weights License",
    jobs=("image_to_video", "extender", "connector"),
    memory_gib=44.0,
    defaults={"steps": 40, "guidance_scale": 5.0},
    sizes=((832, 480), (480, 832), (1216, 704)),
    frame_counts=(121, 97, 161),
    fps=24,
    driver="ltx",
    contexts=(9, 1, 17, 25),
    disk_gib=44.6,
    memory_by_mode={"device": 44.0, "model offload": 32.0, "group offload": 14.0},
    gpu=True,
    restrictions="Free, also commercially, below ten million US dollars of yearly revenue; above it a licence must be "
    "bought. Not for the uses that the licence lists as harmful.",
)
LTX2: Final = ModelProfile(
    name="ltx-2",
    title="LTX-2 19B",
    repository="Lightricks/LTX-2",
    revision=None,
    licence="LTX-2 Community License",
    jobs=("image_to_video", "extender", "connector"),
    memory_gib=74.0,
    defaults={"steps": 40, "guidance_scale": 4.0},
    sizes=((768, 512), (512, 768), (1216, 704)),
    frame_counts=(121, 97, 161),
    fps=24,
    driver="ltx-2",
    contexts=(9, 1, 17, 25),
    disk_gib=63.0,
    memory_by_mode={"device": 74.0, "model offload": 42.0, "group offload": 16.0},
    gpu=True,
    restrictions="A business with ten million US dollars of yearly revenue or more must buy a licence; some uses are "
    "forbidden: read the licence at github.com/Lightricks/LTX-2. Its text encoder is Google's Gemma 3, which has terms "
    "of its own.",
)
COGVIDEOX_5B: Final = ModelProfile(
    name="cogvideox-5b",
    title="CogVideoX 5B, image to video",
    repository="zai-org/CogVideoX-5b-I2V",
    revision=None,
    licence="CogVideoX License",
    jobs=("image_to_video", "extender"),
    memory_gib=27.0,
    defaults={"steps": 50, "guidance_scale": 6.0},
    sizes=((720, 480),),
    frame_counts=(49,),
    fps=8,
    driver="cogvideox",
    honours=WORDS,
    contexts=(1,),
    disk_gib=20.0,
    memory_by_mode={"device": 27.0, "model offload": 18.0, "group offload": 10.0},
    gpu=True,
    restrictions="Free for research; commercially only after registering with Zhipu AI, and up to one million visits "
    "a month.",
)
HUNYUAN_VIDEO: Final = ModelProfile(
    name="hunyuan-video-1.5",
    title="HunyuanVideo 1.5, image to video, 480p",
    repository="hunyuanvideo-community/HunyuanVideo-1.5-Diffusers-480p_i2v",
    revision=None,
    licence="Tencent Hunyuan Community License",
    jobs=("image_to_video", "extender"),
    memory_gib=44.0,
    defaults={"steps": 50, "guidance_scale": 6.0},
    sizes=((848, 480), (480, 832), (640, 640)),
    frame_counts=(121, 81, 49),
    fps=24,
    driver="hunyuan-video-1.5",
    honours=WORDS,
    contexts=(1,),
    disk_gib=50.0,
    memory_by_mode={"device": 44.0, "model offload": 28.0, "group offload": 14.0},
    gpu=True,
    restrictions=f"{_NOT_EVERYWHERE} For what else it asks, read the licence at "
    "huggingface.co/tencent/HunyuanVideo-1.5.",
)
FRAMEPACK: Final = ModelProfile(
    name="framepack",
    title="FramePack 13B",
    repository="hunyuanvideo-community/HunyuanVideo",
    revision=None,
    licence="Tencent Hunyuan Community License",
    jobs=("image_to_video", "extender", "connector"),
    memory_gib=52.0,
    defaults={"steps": 25, "guidance_scale": 9.0},
    sizes=((832, 480), (480, 832), (640, 608)),
    frame_counts=(145, 73, 109, 181),
    fps=30,
    driver="framepack",
    honours=("prompt", "guidance", "last_image"),
    contexts=(1,),
    disk_gib=40.6,
    memory_by_mode={"device": 52.0, "model offload": 28.0, "group offload": 12.0},
    gpu=True,
    restrictions=f"{_NOT_EVERYWHERE} Its own weights are HunyuanVideo's, taught further; what looks at the picture "
    "comes with FLUX.1 Redux, whose makers have terms of their own.",
    borrowed={
        "transformer": "lllyasviel/FramePackI2V_HY",
        "image_encoder": "lllyasviel/flux_redux_bfl/image_encoder",
        "feature_extractor": "lllyasviel/flux_redux_bfl/feature_extractor",
    },
)
I2VGEN_XL: Final = ModelProfile(
    name="i2vgen-xl",
    title="I2VGen-XL",
    repository="ali-vilab/i2vgen-xl",
    revision=None,
    licence="MIT",
    jobs=("image_to_video",),
    memory_gib=16.0,
    defaults={"steps": 50, "guidance_scale": 9.0},
    sizes=((1280, 704), (704, 704)),
    frame_counts=(16,),
    fps=16,
    driver="i2vgen-xl",
    honours=WORDS,
    contexts=(1,),
    disk_gib=4.6,
    memory_by_mode={"device": 16.0, "model offload": 14.0, "group offload": 12.0},
    gpu=True,
    restrictions="The licence is free, but its makers' page says that the model is for research and non-commercial use "
    "only, because of the videos and pictures that taught it.",
)
