"""The one checked way by which files leave: each is named by project and digest or take, and asked of the Studio.

Nothing is served by path. Content types come from a short list, and browsers are told not to guess others.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from tempfile import mkdtemp

from starlette.background import BackgroundTask
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from engine.errors import GreenlightError, UnknownProjectError
from engine.seen import ProjectView
from engine.studio import Studio
from engine.types import Take
from ui.parts.samples import SAMPLES

LOOK = Path(__file__).parent / "look"
TYPES = {
    ".png": "image/png",
    ".webp": "image/webp",
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".wav": "audio/wav",
    ".json": "application/json",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".zip": "application/zip",
}
SAFE = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"}
LOOPBACK = ("127.0.0.1", "localhost", "::1")
Answer = Callable[[Request], Response]


def routes(studio: Studio) -> list[Route]:
    """Every address beside Gradio's own."""

    def media(request: Request) -> Response:
        path = studio.path(request.path_params["project"], request.path_params["sha256"])
        return _file(path, "private, max-age=31536000, immutable")

    def preview(request: Request) -> Response:
        picture = studio.preview(request.path_params["take"])
        kind = "image/webp" if picture and picture[:4] == b"RIFF" else "image/png"
        if picture is None:
            return Response(status_code=204)
        return Response(picture, media_type=kind, headers={**SAFE, "Cache-Control": "private, max-age=60"})

    def sound(request: Request) -> Response:
        heard = studio.sound(request.path_params["project"], request.path_params["sha256"])
        if not heard:
            return Response(status_code=204)
        return Response(heard, media_type=TYPES[".wav"], headers={**SAFE, "Cache-Control": "private, max-age=31536000"})

    def download(request: Request) -> Response:
        view = studio.view(request.path_params["project"])
        take_id, _, ending = request.path_params["name"].partition(".")
        return _download(studio, view, _take(view, take_id), ending)

    def export(request: Request) -> Response:
        view = studio.view(request.path_params["project"])
        folder = Path(mkdtemp(prefix="greenlight-"))
        archive = folder / f"{_slug(view.title)}.zip"
        studio.export_project(view.id, archive)
        done = BackgroundTask(_clear, archive)
        return FileResponse(archive, media_type=TYPES[".zip"], filename=archive.name, headers=SAFE, background=done)

    def look(request: Request) -> Response:
        return _named(LOOK, request.path_params["name"])

    def sample(request: Request) -> Response:
        return _named(SAMPLES, request.path_params["name"])

    return [
        Route("/media/{project}/{sha256}", _answering(media)),
        Route("/sound/{project}/{sha256}", _answering(sound)),
        Route("/preview/{take}", _answering(preview)),
        Route("/download/{project}/{name}", _answering(download)),
        Route("/export/{project}.zip", _answering(export)),
        *_of_measurements(studio),
        Route("/look/{name}", _answering(look)),
        Route("/samples/{name}", _answering(sample)),
    ]


def _of_measurements(studio: Studio) -> list[Route]:
    """Where reports, and the videos that they are about, are fetched."""

    def report(request: Request) -> Response:
        path = studio.measuring.report(request.path_params["measurement"], request.path_params["name"])
        return _attachment(path.read_bytes(), path.name)

    def measured(request: Request) -> Response:
        path = studio.measuring.video(request.path_params["measurement"], request.path_params["address"])
        return _file(path, "private, max-age=3600")

    return [
        Route("/report/{measurement}/{name}", _answering(report)),
        Route("/measured/{measurement}/{address:path}", _answering(measured)),
    ]


def middleware(host: str) -> list[Middleware]:
    """On a loopback address, answer only to loopback names: another site's page cannot point its own name here."""
    return [Middleware(TrustedHostMiddleware, allowed_hosts=list(LOOPBACK))] if host in LOOPBACK else []


def _answering(answer: Answer) -> Answer:
    """Say in one sentence why a file cannot be had."""

    @wraps(answer)
    def answered(request: Request) -> Response:
        try:
            return answer(request)
        except UnknownProjectError as error:
            return PlainTextResponse(str(error), status_code=404, headers=SAFE)
        except GreenlightError as error:
            return PlainTextResponse(str(error), status_code=409, headers=SAFE)

    return answered


def _download(studio: Studio, view: ProjectView, take: Take, ending: str) -> Response:
    name = f"{_slug(view.title)}-{take.stage.replace('_', '-')}-{take.number}"
    if ending == "recipe.json":
        recipe = json.dumps(studio.recipe(view.id, take.id), indent=2, ensure_ascii=False)
        return _attachment(recipe.encode(), f"{name}.json")
    if ending == "transitions.json":
        return _attachment(studio.transitions(view.id), f"{name}.json")
    if take.artifact.kind == "video":
        return _attachment(studio.export_video(view.id, take.id), f"{name}.mp4")
    return _attachment(studio.read(view.id, take.artifact.sha256), f"{name}{take.artifact.suffix}")


def _attachment(data: bytes, name: str) -> Response:
    headers = {**SAFE, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data, media_type=TYPES.get(Path(name).suffix, "application/octet-stream"), headers=headers)


def _take(view: ProjectView, take_id: str) -> Take:
    for stage in view.stages:
        for take in stage.takes:
            if take.id == take_id:
                return take
    raise UnknownProjectError("There is no such take", "Go back to the project and choose another.", value=take_id)


def _named(folder: Path, name: str) -> Response:
    """A file of the house itself, by its plain name."""
    path = folder / name
    if path.parent != folder or path.suffix not in TYPES or not path.is_file():
        raise UnknownProjectError("There is no such file", "Reload the page.", value=name)
    return _file(path, "no-cache")


def _file(path: Path, cache: str) -> Response:
    kind = TYPES.get(path.suffix, "application/octet-stream")
    return FileResponse(path, media_type=kind, headers={**SAFE, "Cache-Control": cache})


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:48] or "greenlight"


def _clear(archive: Path) -> None:
    archive.unlink(missing_ok=True)
    archive.parent.rmdir()
