"""Timing one piece of work, and the SQL it runs."""

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

Statement = tuple[str, Any, bool]


@dataclass(frozen=True, slots=True)
class Timing:
    """Median and least of the repetitions in milliseconds, and the median of this process's own processor time."""

    median: float
    least: float
    cpu: float

    def __add__(self, other: "Timing") -> "Timing":
        return Timing(self.median + other.median, self.least + other.least, self.cpu + other.cpu)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the result: what was measured, and the floor with its name."""

    name: str
    took: Timing
    floor: Timing
    floor_name: str
    queries: int = 0


def timed(work: Callable[[], object], repetitions: int) -> Timing:
    """Run once to warm up, then measure each repetition without the garbage collector's pauses."""
    [timing] = in_turn([work], repetitions)
    return timing


def in_turn(
    works: Sequence[Callable[[], object]], repetitions: int, before: Callable[[], object] = lambda: None
) -> list[Timing]:
    """The same for several that are compared: one after another in each round, so that a busy machine slows all.

    `before` prepares each run and is not measured.
    """
    spans: list[list[tuple[float, float]]] = [[] for _ in works]
    for work in works:
        before()
        work()
    gc.collect()
    gc.disable()
    try:
        for _ in range(repetitions):
            for work, taken in zip(works, spans, strict=True):
                before()
                taken.append(_clocked(work))
    finally:
        gc.enable()
    return [_timing(taken) for taken in spans]


def _clocked(work: Callable[[], object]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return (time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000


def _timing(taken: list[tuple[float, float]]) -> Timing:
    walls, cpus = zip(*taken, strict=True)
    return Timing(statistics.median(walls), min(walls), statistics.median(cpus))


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
