"""{% papers "assessment" assessment %}: what of a thing can be printed by whoever looks at the page."""

from typing import Any

from django import template

from reports import bundles, menus, readiness, registry, wording

register = template.Library()


@register.filter
def counted(value: int) -> str:
    """A number inside a sentence of a paper, as offices write it: 05, 37, 1.250; nothing is 0."""
    return f"{value:02d}" if 0 < value < 10 else wording.number(value)


@register.filter
def inside(name: object) -> str:
    """The name of a ward inside a sentence: phường Tân Phong."""
    return wording.inside(name)


@register.inclusion_tag("reports/partials/papers.html", takes_context=True)
def papers(context: dict[str, Any], about: str, *rows: Any, small: bool = False, only: str = "") -> dict[str, Any]:
    """The papers of one row, or of several that belong together (a plan and a ward), from the registry.

    `only` names codes, apart by spaces, where a page is about some of them. What would be refused as too early is left
    out, and so are reminder letters that are not named: no row at hand knows whether anything is owed.
    """
    thing = rows[0] if len(rows) == 1 else rows
    request = context["request"]
    named = only.split()
    without = readiness.of_page(request).early(request.user, about, thing, named) | readiness.LETTERS.difference(named)
    found = menus.links(request.user, about, thing, named, without)
    return {"papers": found, "small": small}


@register.inclusion_tag("reports/partials/bundles.html", takes_context=True)
def many(context: dict[str, Any], about: str, *rows: Any) -> dict[str, Any]:
    """{% many "ward_plan" plan ward %}: the sets of papers of a thing, the first of them ordered in one click."""
    thing = rows[0] if len(rows) == 1 else rows
    found = bundles.offered(context["request"].user, registry.About(about), thing)
    subject = registry.subject(thing)
    return {"bundles": found, "subject": subject, "csrf_token": context.get("csrf_token")}
