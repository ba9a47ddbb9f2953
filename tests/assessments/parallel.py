"""Deeds at the same moment, each on a connection of its own."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction

from assessments.models import Assessment, Event

SECONDS = 20
# For the module's pytestmark.
REAL_TRANSACTIONS = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("fresh_tables")]


def outcome(deed: Callable[[], Any]) -> Any:
    """What a deed returns or raises, on a connection of its own."""
    try:
        return deed()
    except Exception as error:
        return error
    finally:
        connection.close()


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """All deeds start together; their outcomes in order."""
    barrier, results = threading.Barrier(len(deeds)), [None] * len(deeds)

    def run(number: int, deed: Callable[[], Any]) -> None:
        barrier.wait(SECONDS)
        results[number] = outcome(deed)

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
        assert not thread.is_alive(), "two deeds wait for each other"
    return results


@contextmanager
def beside(first: Callable[[], Any], second: Callable[[], Any]) -> Iterator[list[Any]]:
    """The first is done but not yet committed, the second stands at its lock or has run; its outcome comes after."""
    results: list[Any] = []
    thread = threading.Thread(target=lambda: results.append(outcome(second)))
    with transaction.atomic():
        first()
        thread.start()
        wait_for_a_lock(thread)
        yield results
    thread.join(SECONDS)
    assert results, "the second never ended"


def second_waits_for_first(first: Callable[[], Any], second: Callable[[], Any]) -> Any:
    """The second starts while the first is done but not yet committed; what becomes of the second."""
    with beside(first, second) as results:
        pass
    return results[0]


def wait_for_a_lock(thread: threading.Thread) -> None:
    """Until the other connection stands at our lock, or has run through."""
    at_locks = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    for _ in range(SECONDS * 100):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(at_locks)
            if cursor.fetchone()[0] or not thread.is_alive():
                return
        thread.join(0.01)


def kinds(results: list[Any]) -> list[str]:
    """What came of the deeds, whoever was first."""
    return sorted(type(result).__name__ for result in results)


def events(assessment: Assessment, action: str) -> int:
    """How often the record tells of this action."""
    return Event.objects.filter(assessment=assessment, action=action).count()


def state(assessment: Assessment) -> str:
    """The stored state, whatever the instance says."""
    return Assessment.objects.values_list("state", flat=True).get(pk=assessment.pk)
