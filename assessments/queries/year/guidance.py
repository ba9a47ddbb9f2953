"""What is read of guidance: the list of a year, and what stands beside the criteria of an assessment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject
from django.utils import timezone

from accounts.models import Agency
from assessments.models import Attachment, Guidance, Plan
from assessments.permissions import AnyUser, visible_guidance
from criteria import spec
from criteria.models import Entry

AT_ONCE = 280  # characters shown without opening anything
IN_PLACE = 1500  # characters that are opened in place; what is longer stands on its own page


@dataclass(frozen=True, slots=True)
class Beside:
    """Guidance as the assessment shows it beside an entry."""

    guidance: Guidance
    files: list[dict[str, object]]  # pk and name

    @property
    def agency(self) -> Agency:
        return self.guidance.agency

    @property
    def is_long(self) -> bool:
        return len(self.guidance.text) > AT_ONCE

    @property
    def too_long(self) -> bool:
        return len(self.guidance.text) > IN_PLACE


def _counting(plan: Plan) -> Q:
    """Of this plan, or of an earlier one with the same criteria as long as it is valid in the plan's year."""
    carried = Q(plan__criteria_set=plan.criteria_set_id, plan__year__lt=plan.year)
    carried &= Q(valid_until__isnull=True) | Q(valid_until__gte=date(plan.year, 1, 1))
    return Q(plan=plan) | carried


def in_force(plan: Plan) -> QuerySet[Guidance]:
    """Published guidance that counts for this plan's assessments today."""
    lasting = Q(valid_until__isnull=True) | Q(valid_until__gte=date(plan.year, 1, 1))
    begun = Q(valid_from__lte=timezone.localdate())
    return Guidance.objects.filter(_counting(plan), lasting, begun, state=Guidance.State.PUBLISHED)


def beside(plan: Plan, entry_id: int | None = None) -> dict[int, list[Beside]]:
    """What stands beside each entry (by its id), or beside this one alone, in one query."""
    through = Guidance.entries.through.objects.filter(guidance=OuterRef("pk")).values("entry_id")
    files = Attachment.objects.filter(guidance=OuterRef("pk")).order_by("pk")
    standing = in_force(plan)
    if entry_id is not None:
        standing = standing.filter(entries=entry_id)
    found = (
        standing.select_related("agency")
        .annotate(
            entry_ids=ArraySubquery(through),
            files=ArraySubquery(files.values(json=JSONObject(pk="pk", name="original_name"))),
        )
        .order_by("agency__position", "-valid_from", "-pk")
    )
    placed: dict[int, list[Beside]] = {}
    for guidance in found:
        shown = Beside(guidance, guidance.files)
        for entry_id in guidance.entry_ids:
            placed.setdefault(entry_id, []).append(shown)
    return placed


def listed(
    user: AnyUser, plan: Plan, *, agency: Agency | None = None, entry: str = "", state: str = ""
) -> QuerySet[Guidance]:
    """The year's guidance that the person sees, and what earlier years left standing; by agency, the newest first."""
    of_year = Q(plan=plan) | (_counting(plan) & Q(state=Guidance.State.PUBLISHED))
    found = visible_guidance(user).filter(of_year)
    if agency is not None:
        found = found.filter(agency=agency)
    if entry:
        found = found.filter(pk__in=Guidance.entries.through.objects.filter(entry__key=entry).values("guidance"))
    if state:
        found = found.filter(state=state)
    found = found.select_related("agency", "plan").prefetch_related("entries", "attachments")
    return found.order_by("agency__position", "agency__name", "-valid_from", "-pk")


def one(user: AnyUser, pk: int) -> Guidance:
    """Guidance with its plan and agency; Guidance.DoesNotExist outside the person's scope."""
    return visible_guidance(user).select_related("plan__criteria_set", "agency", "published_by").get(pk=pk)


def agencies_with(plan: Plan) -> QuerySet[Agency]:
    """Agencies that have guidance counting for the plan, drafts included: for the filter of the list."""
    return Agency.objects.filter(pk__in=Guidance.objects.filter(_counting(plan)).values("agency"))


def code_in_words(entry: Entry | spec.Entry) -> str:
    """1.1 for a criterion; items and cases have numbers of their own, so a word tells them apart: Trường hợp 1."""
    word = {"item": "Mục tự quản ", "case": "Trường hợp "}.get(entry.kind, "")
    return word + entry.code


def codes(entries: Iterable[Entry]) -> str:
    """The criteria in one line, in printed order."""
    return ", ".join(code_in_words(entry) for entry in sorted(entries, key=lambda entry: entry.position))
