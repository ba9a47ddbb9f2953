"""What tests of the database's own rules need."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import IntegrityError, connection, transaction


@contextmanager
def refused(rule: str) -> Iterator[None]:
    """The database refuses what happens inside, naming this rule; the test's transaction goes on."""
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        yield
        # Rules that wait for the end of the transaction speak now.
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def run(sql: str, *values: object) -> None:
    """One statement past the models."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
