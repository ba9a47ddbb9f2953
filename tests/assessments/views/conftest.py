"""The small city of world.py for every test here, and a client that shows a 500 as a page does."""

import logging
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from assessments.workflow import State
from tests.assessments.views.world import World, build


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@pytest.fixture
def world(db: None) -> World:
    """A complete draft; test_matrix knows the appraisal."""
    return build(State.DRAFT)


@pytest.fixture
def signed_in(client: Client, world: World) -> Client:
    """The ward's officer at work."""
    client.force_login(world["of"])
    client.get(reverse("health"))  # writes down when the person was last seen
    return client


@pytest.fixture
def nothing_broke(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    assert not [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
