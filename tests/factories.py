"""Records for tests. Only what a test names is special; the rest is plain and valid."""

from datetime import date
from pathlib import Path
from typing import Any

import factory
from django.conf import settings
from django.db import models
from django.db.models import Max
from factory.django import DjangoModelFactory, Password

from accounts.models import Agency, Role, User
from assessments.deeds import record
from assessments.models import Assessment, CouncilMeeting, Event, Milestone, Plan
from assessments.registering import register
from criteria.loading import load_criteria
from criteria.models import Alternative, CriteriaSet, Entry, Exemption, Indicator, Section
from localities.models import Unit, UnitYear, Ward

PASSWORD = "mat-khau-thu-nghiem-2020"
FIXTURE_2020 = Path(settings.BASE_DIR) / "fixtures" / "criteria-2020.json"
_PARTS: tuple[type[models.Model], ...] = (Section, Entry, Alternative, Exemption, Indicator)
_rows_2020: dict[type[models.Model], list[Any]] = {}


def published_2020() -> CriteriaSet:
    """The real 2020 set. Loading its file takes a second, so later tests insert the same rows in bulk."""
    existing = CriteriaSet.objects.filter(code="2020").first()
    if existing is not None:
        return existing
    if not _rows_2020:
        load_criteria(FIXTURE_2020)
        _rows_2020.update({model: list(model._default_manager.all()) for model in (CriteriaSet, *_PARTS)})
        return CriteriaSet.objects.get(code="2020")
    published: CriteriaSet = _rows_2020[CriteriaSet][0]
    CriteriaSet.objects.bulk_create([_draft_of(published)])
    for model in _PARTS:
        model._default_manager.bulk_create(_rows_2020[model])
    CriteriaSet.objects.filter(pk=published.pk).update(status="published", published_at=published.published_at)
    return CriteriaSet.objects.get(pk=published.pk)


def _draft_of(published: CriteriaSet) -> CriteriaSet:
    fields = {field.attname: getattr(published, field.attname) for field in CriteriaSet._meta.concrete_fields}
    return CriteriaSet(**fields | {"status": "draft", "published_at": None})


class WardFactory(DjangoModelFactory):
    class Meta:
        model = Ward

    kind = Ward.Kind.WARD
    code = factory.Sequence(lambda n: f"{90000 + n}")
    name = factory.Sequence(lambda n: f"Thử Nghiệm {n}")
    authority_name = factory.LazyAttribute(lambda ward: f"Ủy ban nhân dân phường {ward.name}")
    place_name = factory.SelfAttribute("name")


class UnitFactory(DjangoModelFactory):
    class Meta:
        model = Unit

    ward = factory.SubFactory(WardFactory)
    kind = Unit.Kind.GROUP
    # Above the numbers that tests give by hand.
    name = factory.Sequence(lambda n: f"Tổ {n + 101}")


class UnitYearFactory(DjangoModelFactory):
    class Meta:
        model = UnitYear

    unit = factory.SubFactory(UnitFactory)
    year = 2025
    households = 120
    persons = 480


class AgencyFactory(DjangoModelFactory):
    class Meta:
        model = Agency

    code = factory.Sequence(lambda n: f"phong-thu-{n}")
    name = factory.Sequence(lambda n: f"Phòng Thử nghiệm {n}")
    symbol = "PTN"


class UserFactory(DjangoModelFactory):
    """An account without a place; the factories below give each role its own."""

    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"nguoi-dung-{n}")
    full_name = factory.Sequence(lambda n: f"Người dùng thử {n}")
    password = Password(PASSWORD)
    role = Role.CITY_LEADER


class WardOfficerFactory(UserFactory):
    role = Role.WARD_OFFICER
    ward = factory.SubFactory(WardFactory)


class WardLeaderFactory(UserFactory):
    role = Role.WARD_LEADER
    ward = factory.SubFactory(WardFactory)


class UnitHeadFactory(UserFactory):
    role = Role.UNIT_HEAD
    unit = factory.SubFactory(UnitFactory)


class AgencyOfficerFactory(UserFactory):
    role = Role.AGENCY_OFFICER
    agency = factory.SubFactory(AgencyFactory)


class HomeAffairsFactory(UserFactory):
    role = Role.HOME_AFFAIRS
    agency = factory.SubFactory(AgencyFactory)


class FinancePlanningFactory(UserFactory):
    role = Role.FINANCE_PLANNING
    agency = factory.SubFactory(AgencyFactory)


class DelegationMemberFactory(UserFactory):
    role = Role.DELEGATION_MEMBER


class CityLeaderFactory(UserFactory):
    role = Role.CITY_LEADER


class AdministratorFactory(UserFactory):
    role = Role.ADMINISTRATOR
    is_staff = True


class PlanFactory(DjangoModelFactory):
    """A plan of the year after the newest, 2025 first, on the real 2020 set."""

    class Meta:
        model = Plan

    year = factory.LazyFunction(lambda: (Plan.objects.aggregate(newest=Max("year"))["newest"] or 2024) + 1)
    number = factory.Sequence(lambda n: f"{600 + n}/KH-UBND")
    issued_on = factory.LazyAttribute(lambda plan: f"{plan.year}-02-28")
    title = "Kế hoạch xây dựng tổ dân phố, bản tự quản, phát triển toàn diện"
    criteria_set = factory.LazyFunction(published_2020)


class MilestoneFactory(DjangoModelFactory):
    class Meta:
        model = Milestone

    plan = factory.SubFactory(PlanFactory)
    duty = Milestone.Duty.DOSSIER
    before = factory.LazyAttribute(lambda milestone: f"{milestone.plan.year}-10-15")


def open_assessment(
    *, unit: Unit | None = None, plan: Plan | None = None, officer: User | None = None, aim: str = "new"
) -> Assessment:
    """A freshly registered assessment, by the deed the screens use; what is left out is made."""
    if unit is None:
        unit = UnitFactory(ward=officer.ward) if officer else UnitFactory()
    officer = officer or WardOfficerFactory(ward=unit.ward)
    plan = plan or Plan.objects.first() or PlanFactory()
    return register(user=officer, plan_id=plan.pk, unit_id=unit.pk, aim=aim, pilot=False)


def in_state(assessment: Assessment, state: str, *, by: User | None = None) -> Assessment:
    """The same assessment put into a state without walking the road there; with `by` the record says so."""
    from django.utils import timezone

    if by is not None:
        record(assessment, Event.Kind.MOVED, by, from_state=assessment.state, to_state=str(state))
    Assessment.objects.filter(pk=assessment.pk).update(state=state, submitted_at=timezone.now())
    assessment.refresh_from_db()
    return assessment


def meeting_over(assessment: Assessment, recorded_by: User) -> CouncilMeeting:
    """A meeting of the ward's council, everybody present, past the deeds; nothing is on its agenda yet."""
    return CouncilMeeting.objects.create(
        ward=assessment.unit.ward,
        plan=assessment.plan,
        held_on=date(2025, 9, 8),
        place="UBND phường",
        members_total=7,
        present=7,
        recorded_by=recorded_by,
    )
