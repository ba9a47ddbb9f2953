"""Timing one piece of work, and the SQL it runs."""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

Statement = tuple[str, Any, bool]


@dataclass(frozen=True, slots=True)
class Timing:
    """Median and least of the repetitions, in milliseconds."""

    median: float
    least: float


def timed(work: Callable[[], object], repetitions: int) -> Timing:
    """Run once to warm up, then measure each repetition without the garbage collector's pauses."""
    work()
    spans = []
    gc.collect()
    gc.disable()
    try:
        for _ in range(repetitions):
            start = time.perf_counter()
            work()
            spans.append((time.perf_counter() - start) * 1000)
    finally:
        gc.enable()
    return Timing(statistics.median(spans), min(spans))


def statements(work: Callable[[], object]) -> list[Statement]:
    """The SQL statements of one run, as the driver gets them."""
    seen: list[Statement] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.append((sql, params, many))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        work()
    return seen


def replayed(seen: list[Statement], repetitions: int) -> Timing:
    """The same statements bare, their rows fetched, in a transaction that is rolled back."""

    def run() -> None:
        with connection.cursor() as cursor:
            for sql, params, many in seen:
                cursor.executemany(sql, params) if many else cursor.execute(sql, params)
                if cursor.description:
                    cursor.fetchall()

    with transaction.atomic():
        timing = timed(run, repetitions)
        transaction.set_rollback(True)
    return timing
