"""Guidance and helping agencies of the small city."""

from dataclasses import dataclass
from datetime import date

from accounts.models import User
from assessments.models import Assessment, Guidance, Helping, HelpingDeed, Plan
from assessments.year import guidance, helping
from assessments.year.guidance import Content
from criteria.models import Entry


@dataclass(frozen=True)
class Guiding:
    """Of the agency officer's own agency."""

    draft: Guidance
    published: Guidance


@dataclass(frozen=True)
class Helped:
    """The agency helps two units of the ward: one with something done."""

    with_deed: Helping
    without: Helping
    deed: HelpingDeed


def entry_ids(plan: Plan, *keys: str) -> list[int]:
    return list(Entry.objects.filter(criteria_set=plan.criteria_set_id, key__in=keys).values_list("pk", flat=True))


def draft(user: User, plan: Plan, title: str = "Hướng dẫn tiêu chí", keys: tuple[str, ...] = ("tc-1.2",)) -> Guidance:
    assert user.agency is not None
    content = Content(title, date(plan.year, 1, 5), "35/HD-PTN", "Lập biên bản họp dân.", "https://laichau.gov.vn/a")
    return guidance.save(
        user=user, plan_id=plan.pk, agency_id=user.agency.pk, content=content, entry_ids=entry_ids(plan, *keys)
    )


def publish(user: User, plan: Plan, title: str = "Hướng dẫn chung", keys: tuple[str, ...] = ("tc-1.1",)) -> Guidance:
    made = draft(user, plan, title, keys)
    return guidance.publish(user=user, guidance_id=made.pk, version=made.version)


def guiding(user: User, plan: Plan) -> Guiding:
    return Guiding(draft(user, plan), publish(user, plan))


def helped(home_affairs: User, officer: User, own: Assessment, other: Assessment) -> Helped:
    assert officer.agency is not None
    plan, units = own.registration.plan, [own.unit.pk, other.unit.pk]
    made = helping.assign(
        user=home_affairs, plan_id=plan.pk, agency_id=officer.agency.pk, unit_ids=units, focus="Vệ sinh môi trường"
    )
    by_unit = {row.unit_id: row for row in made}
    day, first = date(plan.year, 1, 20), by_unit[own.unit.pk]
    deed = helping.add_deed(
        user=officer, helping_id=first.pk, done_on=day, content="Tặng 10 thùng đựng rác", worth=5_000_000
    )
    return Helped(first, by_unit[other.unit.pk], deed)
