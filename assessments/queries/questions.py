"""What is asked and answered, for whom it concerns."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Min, Q, QuerySet
from django.utils import timezone

from assessments.models import Assessment, Question
from assessments.permissions import AnyUser, may_see_city, questions_put_to, visible_questions

FRESH = timedelta(days=7)


def questions_of(assessment: Assessment) -> QuerySet[Question]:
    """Everything asked about one dossier, oldest first, for beside the entries."""
    found = Question.objects.filter(assessment=assessment).select_related(
        "agency", "entry", "asked_by", "answered_by", "assessment__registration__unit__ward"
    )
    return found.order_by("pk")


def question_list(user: AnyUser) -> QuerySet[Question]:
    """What this person is asked, or for the city everything; open ones first, the most urgent of them first."""
    found = visible_questions(user)
    if not may_see_city(user):
        found = found.filter(questions_put_to(user))
    return found.select_related(
        "assessment__registration__unit__ward", "assessment__registration__plan", "entry", "agency", "asked_by"
    ).order_by(F("answered_at").desc(nulls_first=True), F("due_on").asc(nulls_last=True), "-pk")


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many questions wait, and what was answered lately."""

    open: int
    overdue: int
    due: date | None  # the nearest
    fresh: int


def waiting(user: AnyUser) -> Waiting:
    """One query, whatever there is."""
    unanswered = Q(answered_at__isnull=True)
    found = visible_questions(user)
    if not may_see_city(user):
        found = found.filter(questions_put_to(user))
    counted = found.order_by().aggregate(
        open=Count("pk", filter=unanswered),
        overdue=Count("pk", filter=unanswered & Q(due_on__lte=timezone.localdate())),
        due=Min("due_on", filter=unanswered),
        fresh=Count("pk", filter=Q(answered_at__gte=timezone.now() - FRESH)),
    )
    return Waiting(**counted)
