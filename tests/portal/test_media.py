"""Pictures are served from their folder; documents only by the door that knows who may read."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings):
    for name in ("images/plan.png", "documents/private.pdf"):
        path = settings.MEDIA_ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"content")


def test_a_picture_is_served(client):
    answer = client.get("/media/images/plan.png")

    assert b"".join(answer.streaming_content) == b"content"
    assert "max-age=2592000" in answer["Cache-Control"]
    assert "Cookie" not in answer.get("Vary", "")
    answer.close()


@pytest.mark.parametrize(
    "address",
    [
        "/media/documents/private.pdf",
        "/media/./documents/private.pdf",
        "/media//documents/private.pdf",
        "/media/images/../documents/private.pdf",
        "/media/images/%2e%2e/documents/private.pdf",
        "/media/images/..%2Fdocuments/private.pdf",
        "/media/%2e/documents/private.pdf",
        "/media/../secret_key",
        "/media/images/../../secret_key",
        "/media/",
        "/media/images/",
    ],
)
def test_nothing_else_is_reached_through_the_pictures(client, address):
    assert client.get(address).status_code == 404
