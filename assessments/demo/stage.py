"""The people and places of the demonstration, and what has been decided so far."""

from dataclasses import dataclass, field
from functools import cached_property

from accounts.models import User
from assessments.demo import appraising, data
from assessments.demo.appraising import City
from assessments.demo.data import Stage
from assessments.models import Assessment, Plan
from localities.models import Unit, Ward


@dataclass
class Stageplay:
    """The people, the places and what has been decided so far."""

    users: dict[str, User]
    wards: dict[str, Ward]
    units: dict[tuple[str, str], Unit] = field(default_factory=dict)
    proposed: dict[Stage, list[int]] = field(default_factory=dict)
    visited: list[Assessment] = field(default_factory=list)  # where the delegation still has work

    def officer(self, code: str) -> User:
        return self.users[f"canbo.{data.WARD_SLUGS[code]}"]

    def leader(self, code: str) -> User:
        return self.users[f"lanhdao.{data.WARD_SLUGS[code]}"]

    @property
    def home_affairs(self) -> User:
        return self.users["noivu"]

    @cached_property
    def city(self) -> City:
        """The city's side of 2025, with its delegation."""
        city = City(self.users, Plan.objects.get(year=2025))
        appraising.found_delegation(city)
        return city
