"""Files leave through one checked place, with the right type, and nothing else does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from engine.types import Request
from tests.fakes import Desk
from ui.routes import middleware, routes


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "home")


@pytest.fixture
def client(desk: Desk) -> Iterator[TestClient]:
    app = Starlette(routes=routes(desk.studio), middleware=middleware("127.0.0.1"))
    with TestClient(app, base_url="http://127.0.0.1") as opened:
        yield opened


@pytest.fixture
def finished(desk: Desk) -> str:
    """A project whose stages are all approved."""
    stages = ("prompt", "key_frame", "video")
    project = desk.studio.create(Request("text-to-video", "a <b>ball</b>", automatic=stages))
    desk.work()
    assert desk.studio.view(project).finished
    return project


def digests(desk: Desk, project: str) -> dict[str, str]:
    chosen = [stage.chosen for stage in desk.studio.view(project).stages]
    return {take.stage: take.artifact.sha256 for take in chosen if take}


def test_pictures_and_clips_have_their_type_and_may_not_be_guessed(
    desk: Desk, client: TestClient, finished: str
) -> None:
    named = digests(desk, finished)
    for stage, kind in (("prompt", "application/json"), ("key_frame", "image/png"), ("video", "video/mp4")):
        answer = client.get(f"/media/{finished}/{named[stage]}")
        assert answer.status_code == 200
        assert answer.headers["content-type"].split(";")[0] == kind
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in answer.headers["content-security-policy"]


def test_a_state_sounds_or_is_silent(desk: Desk, client: TestClient, finished: str) -> None:
    frame = digests(desk, finished)["key_frame"]
    assert client.get(f"/sound/{finished}/{frame}").status_code == 204
    assert client.get(f"/sound/{finished}/{'0' * 64}").status_code in (404, 409)


def test_part_of_a_clip_can_be_asked_for(desk: Desk, client: TestClient, finished: str) -> None:
    address = f"/media/{finished}/{digests(desk, finished)['video']}"
    whole = client.get(address).content
    part = client.get(address, headers={"Range": "bytes=4-9"})
    assert part.status_code == 206
    assert part.content == whole[4:10]
    assert part.headers["content-range"] == f"bytes 4-9/{len(whole)}"


@pytest.mark.parametrize(
    "address",
    [
        "/media/{project}/" + "0" * 64,
        "/media/nobody/" + "0" * 64,
        "/media/{project}/..%2Fjournal.jsonl",
        "/media/{project}/journal.jsonl",
        "/download/{project}/nothing.mp4",
        "/export/nobody.zip",
        "/look/..%2Fdesk.py",
        "/look/nothing.css",
        "/samples/..%2Ficons.svg",
    ],
)
def test_what_the_journal_does_not_name_is_not_there(client: TestClient, finished: str, address: str) -> None:
    answer = client.get(address.format(project=finished))
    assert answer.status_code == 404
    assert "Traceback" not in answer.text


def test_a_picture_is_downloaded_under_a_plain_name(desk: Desk, client: TestClient, finished: str) -> None:
    take = desk.studio.view(finished).stages[1].chosen
    assert take
    answer = client.get(f"/download/{finished}/{take.id}.png")
    assert answer.headers["content-disposition"] == f'attachment; filename="a-b-ball-b-key-frame-{take.number}.png"'
    assert answer.content == desk.studio.read(finished, take.artifact.sha256)


def test_a_recipe_is_downloaded_as_json(desk: Desk, client: TestClient, finished: str) -> None:
    take = desk.studio.view(finished).stages[2].chosen
    assert take
    answer = client.get(f"/download/{finished}/{take.id}.recipe.json")
    assert answer.json() == desk.studio.recipe(finished, take.id)


def test_an_export_leaves_nothing_behind(client: TestClient, finished: str, tmp_path: Path) -> None:
    answer = client.get(f"/export/{finished}.zip")
    assert answer.headers["content-type"] == "application/zip"
    assert answer.content[:2] == b"PK"


def test_a_take_without_a_preview_shows_nothing(client: TestClient) -> None:
    assert client.get("/preview/abc").status_code == 204


def test_the_look_is_served(client: TestClient) -> None:
    for name, kind in (("studio.css", "text/css"), ("studio.js", "text/javascript"), ("player.js", "text/javascript")):
        assert client.get(f"/look/{name}").headers["content-type"].startswith(kind)


def test_on_a_loopback_address_foreign_names_are_not_answered(client: TestClient, finished: str) -> None:
    assert client.get("/look/studio.css", headers={"Host": "evil.example"}).status_code == 400
    assert middleware("0.0.0.0") == []
