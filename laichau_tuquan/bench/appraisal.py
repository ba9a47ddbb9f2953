"""Home affairs' list with many dossiers of the city, all of them half appraised."""

from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import Agency
from assessments.models import Assessment, Assignment, Plan, Summary
from criteria.models import Entry
from laichau_tuquan.bench.data import Scene
from localities.models import Unit

SIZES = (100, 1000)
# Every dossier says what the complete one says; the agencies have judged two entries of three, some otherwise.
_ANSWERS = """
INSERT INTO assessments_verdict
  (assessment_id, entry_id, layer, stated, value, note, version, updated_by_id, updated_at)
SELECT a.id, v.entry_id, layer.name, v.stated,
       CASE WHEN layer.name = 'agency' AND v.entry_id %% 20 = 0 AND v.value = 'met' THEN 'not_met' ELSE v.value END,
       'Đối chiếu hồ sơ', 1, v.updated_by_id, now()
FROM assessments_assessment a
JOIN assessments_registration r ON r.id = a.registration_id AND r.plan_id = %s
CROSS JOIN (VALUES ('self'), ('agency')) AS layer(name)
JOIN assessments_verdict v ON v.assessment_id = %s AND v.layer = 'self'
WHERE a.id <> %s AND (layer.name = 'self' OR v.entry_id %% 3 > 0)
ON CONFLICT DO NOTHING
"""


def measure(scene: Scene, client: Client, page: Callable[[str, Client, str], None]) -> None:
    """One row for each size; `page` measures an address."""
    agencies = list(Agency.objects.all())
    Assignment.objects.bulk_create(
        (
            Assignment(plan=scene.plan, entry=entry, agency=agencies[number % len(agencies)], position=1)
            for number, entry in enumerate(Entry.objects.filter(criteria_set=scene.plan.criteria_set_id))
        ),
        ignore_conflicts=True,
    )
    for size in SIZES:
        fill(scene, size)
        count = with_the_city(scene.plan)
        page(
            f"danh sách kết luận, {count} hồ sơ", client, reverse("assessments:appraisal_list", args=[scene.plan.year])
        )


def with_the_city(plan: Plan) -> int:
    """How many of the plan's dossiers are in appraisal."""
    return Assessment.objects.filter(registration__plan=plan, state="appraisal").count()


def fill(scene: Scene, size: int) -> None:
    """As many dossiers in appraisal, past the deeds: only reading them is measured."""
    registration, unit = scene.full.registration, scene.full.registration.unit
    have = scene.plan.registrations.count()
    units = Unit.objects.bulk_create(
        Unit(ward=unit.ward, name=f"Tổ đo {number}", kind=unit.kind) for number in range(have, size)
    )
    registrations = type(registration).objects.bulk_create(
        type(registration)(plan=scene.plan, unit=made, aim="new", registered_by=scene.officer) for made in units
    )
    Assessment.objects.bulk_create(Assessment(registration=made) for made in registrations)
    with connection.cursor() as cursor:
        cursor.execute(_ANSWERS, [scene.plan.pk, scene.full.pk, scene.full.pk])
    own = Summary.objects.get(assessment=scene.full, layer="self")
    Summary.objects.bulk_create(
        (
            Summary(
                assessment=made, layer=layer, qualifies=layer == "self", assessed=n, to_assess=83, outcome=own.outcome
            )
            for made in Assessment.objects.filter(registration__plan=scene.plan)
            for layer, n in (("self", 83), ("agency", 55), ("effective", 55))
        ),
        ignore_conflicts=True,
    )
    Assessment.objects.filter(registration__plan=scene.plan).update(state="appraisal", submitted_at=own.updated_at)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
