"""The parts of a plan's year, for the menu on its pages: name, address, and who has it. The one list of them."""

from dataclasses import dataclass

from django.urls import reverse

from assessments import permissions
from assessments.permissions import AnyUser


@dataclass(frozen=True, slots=True)
class Part:
    """One entry of the menu; `right` is a permission that needs nothing but the person."""

    code: str
    name: str
    url_name: str
    right: str


PARTS: tuple[Part, ...] = (
    Part("plan", "Kế hoạch", "plan", "may_see_decisions"),
    Part("models", "Mô hình", "community_models", "may_see_models"),
)


def parts(user: AnyUser, year: int) -> list[tuple[Part, str]]:
    """What this person finds in the menu of the year, with addresses."""
    return [
        (part, reverse(f"assessments:{part.url_name}", args=[year]))
        for part in PARTS
        if getattr(permissions, part.right)(user)
    ]
