"""How often a page may ask the database, and how often it does."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User

# One on every whole page is for the number at the bell.
# The sheet, and the cell beside the agency's grid, ask once for the agencies' guidance.
# A paper also asks for its signers and for the store that keeps it.
MOST = {"sheet": 17, "list": 11, "save": 10, "home": 25, "paper": 18, "cell": 15, "other": 15}


@contextmanager
def counted(numbers: list[int]) -> Iterator[None]:
    """Adds the number of queries; a savepoint is only the test's own transaction around everything."""
    with CaptureQueriesContext(connection) as queries:
        yield
    numbers.append(sum("SAVEPOINT" not in query["sql"] for query in queries))


def cost(client: Client, url: str) -> int:
    """Queries of one page for somebody who has been here before: session and person included."""
    client.get(url)  # tables of criteria, templates, the time the person was last seen
    numbers: list[int] = []
    with counted(numbers):
        response = client.get(url)
    assert response.status_code == 200, url
    return numbers[0]


def same_for_three(client: Client, who: User, url: str, add: Callable[[], object], most: int) -> None:
    client.force_login(who)
    add()
    one = cost(client, url)
    for _ in range(2):
        add()
    assert cost(client, url) == one
    assert one <= most, f"{url}: {one} queries"
