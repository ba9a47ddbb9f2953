"""manage.py load_reference: places, agencies, the 2020 table and the plans, each row only while it is missing."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import serializers
from django.core.management.base import BaseCommand, CommandError
from django.db import models, transaction
from django.db.models import Q

from accounts.administrators import ensure_group
from accounts.models import Agency
from assessments.assigning import load_default
from assessments.models import Assignment, Milestone, Plan, Target
from criteria.loading import CriteriaFileError, Outcome, load_criteria
from localities.models import Authority, Ward


class Command(BaseCommand):
    help = "Nạp dữ liệu tham chiếu còn thiếu: địa bàn, cơ quan, bộ tiêu chí năm 2020, kế hoạch năm 2020 và 2025."

    def handle(self, *args: Any, **options: Any) -> None:
        """Everything or nothing; what home affairs edited since the last run stays as it is."""
        with transaction.atomic():
            added = load_missing("places.json") + load_missing("agencies.json")
            try:
                criteria = load_criteria(fixture("criteria-2020.json"))
            except CriteriaFileError as error:
                raise CommandError(str(error)) from error
            added += load_missing("plans.json")
            # Plans that nobody has assigned anything in: what home affairs chose stays.
            for plan in Plan.objects.filter(assignments=None):
                if load_default(plan):
                    added[Assignment] += 1
            ensure_group()
        if options["verbosity"]:
            self.stdout.write(sentence(added, criteria.outcome is not Outcome.UNCHANGED))


def fixture(name: str) -> Path:
    """A file of the reference data."""
    return Path(settings.BASE_DIR) / "fixtures" / name


def load_missing(name: str) -> Counter[type[models.Model]]:
    """Insert the file's rows that the database lacks; how many of each model."""
    added: Counter[type[models.Model]] = Counter()
    new_plans: set[int] = set()
    for found in serializers.deserialize("json", fixture(name).read_text(encoding="utf-8")):
        row = found.object
        # A milestone or target that the office took out of an existing plan stays out.
        if isinstance(row, Milestone | Target) and row.plan_id not in new_plans:
            continue
        if not type(row)._default_manager.filter(_ALREADY_THERE[type(row)](row)).exists():
            row.pk = None
            row.save(force_insert=True)
            added[type(row)] += 1
            if isinstance(row, Plan):
                new_plans.add(row.pk)
        elif isinstance(row, Plan):
            _give_texts(row)
    return added


def _give_texts(plan: Plan) -> None:
    """Plans of a release that kept no texts get them; one that has any stays as the office wrote it."""
    same = Plan.objects.filter(year=plan.year, number=plan.number, **dict.fromkeys(_TEXTS, ""))
    same.update(**{name: getattr(plan, name) for name in _TEXTS})


def _same_time(row: Any) -> Q:
    """Rows whose period touches this one's: names, codes' meaning and period are the office's to edit."""
    starts = Q(valid_until__isnull=True) | Q(valid_until__gte=row.valid_from or date.min)
    ends = Q(valid_from__isnull=True) | Q(valid_from__lte=row.valid_until or date.max)
    return starts & ends


_TEXTS = ("purpose", "goals", "tasks", "funding")

# What makes a row of the file and a row of the database one and the same.
_ALREADY_THERE: Mapping[type[models.Model], Callable[[Any], Q]] = {
    Authority: _same_time,
    Ward: lambda ward: Q(code=ward.code) & _same_time(ward),
    Agency: lambda agency: Q(code=agency.code),
    Plan: lambda plan: Q(year=plan.year),
    Milestone: lambda milestone: Q(plan=milestone.plan, duty=milestone.duty),
    Target: lambda target: Q(plan=target.plan, kind=target.kind),
}


def sentence(added: Mapping[type[models.Model], int], criteria: bool) -> str:
    """What was done, in one line."""
    parts = [f"{added[model]} {model._meta.verbose_name}" for model in _ALREADY_THERE if added.get(model)]
    if added.get(Assignment):
        parts.append(f"phân công thẩm định của {added[Assignment]} kế hoạch")
    if criteria:
        parts.append("bộ tiêu chí năm 2020")
    return f"Dữ liệu tham chiếu: đã thêm {', '.join(parts)}." if parts else "Dữ liệu tham chiếu đã đầy đủ."
