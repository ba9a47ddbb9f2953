"""One rich world in which every kind of paper can be printed, and who may print it.

`plain` has short names and fixed dates: golden pictures. `longest` has the longest names, notes of thousands of
letters and words that fit no column. A paper about a new sort of thing needs a line in `things`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import time_machine
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection, models
from django.db.models import F

from accounts.models import Agency, User
from assessments.models import (
    Attendance,
    BudgetDecision,
    BudgetEstimate,
    BudgetLine,
    Certificate,
    Commendation,
    CommendationDecision,
    CommunityModel,
    CouncilItem,
    CouncilMeeting,
    CouncilMember,
    Decision,
    DecisionLine,
    Delegation,
    DelegationMember,
    Evidence,
    Guidance,
    Helping,
    HelpingDeed,
    Plan,
    Verdict,
    Visit,
    WardPlan,
    WardPlanTask,
    YearReport,
)
from assessments.models.agency import AgencyReport
from assessments.models.year.budget import MOST
from assessments.queries.year.reports import count
from assessments.workflow import State
from localities.models import Authority, Unit, Ward
from reports import making, registry, store
from reports.models.files import Format
from reports.papers.base import NotYet
from reports.registry import About
from tests import factories
from tests.assessments.views.world import World, build
from tests.assessments.views.year_reports import report
from tests.assessments.year import budget
from tests.reports import data

NOW = datetime(2025, 9, 8, 2, 30, tzinfo=UTC)
WORD = "w" * 200
LONG = "Đã họp dân, lập biên bản, niêm yết công khai tại nhà văn hóa và vận động từng hộ thực hiện. "
# What somebody might type, to be printed and not obeyed.
HOSTILE = "<script>alert(1)</script> <b>đậm</b> {{ d.pk }} ☐ ✓ ① ◆ 中 👍 \u202eđảo\u202c Ａ"


@dataclass(frozen=True)
class Papers:
    """The world with a printed copy of every paper that comes as PDF."""

    world: World
    recognised: DecisionLine  # of a unit that walked the whole road

    def things(self, about: About) -> list[Any]:
        """Things of this sort, the furthest along the road first."""
        world, parts = self.world, self.world.parts
        agency = world["ag"].agency
        found: dict[str, list[Any]] = {
            "assessment": [self.recognised.assessment, world.assessment, parts.sent],
            "meeting": [parts.minutes, parts.meeting],
            "submission": [parts.submission],
            "agency_work": [(world.plan, agency)],
            "report": [parts.report],
            "visit": [parts.closed_visit, parts.visit],
            "plan": [world.plan],
            "detailed_plan": [parts.plans.sent, parts.plans.ward_plan],
            "ward_plan": [(world.plan, world.ward)],
            "decision": [self.recognised.decision, world.decision],
            "certificate": [*Certificate.objects.all()],
            "year_report": [report(world.plan, "year"), report(world.plan, "year", world.ward)],
            "commendation_decision": [parts.commended, parts.commending],
            "estimate": [*BudgetEstimate.objects.filter(ward=world.ward).order_by("-plan__year")],
            "budget_decision": [*BudgetDecision.objects.order_by(F("confirmed_at").asc(nulls_last=True))],
        }
        return found[str(about)]

    def copies(self, paper: registry.Paper) -> Iterator[tuple[User, Any]]:
        """Who may print which thing on this paper now."""
        for thing in self.things(paper.about):
            if paper.ready(thing):
                for person in self.world.people.values():
                    if paper.may(person) and _sees(paper, person, thing):
                        yield person, thing
                        break

    def printed(self, paper: registry.Paper) -> Iterator["Printed"]:
        """Of the thing that is furthest along, and of one before it where there is such. At least one.

        Raises AssertionError where there is none in this world.
        """
        copies = list(self.copies(paper))
        assert copies, f"nobody can print {paper.code}: give this world such a thing (tests/reports/world_of_papers.py)"
        for person, thing in copies[:2]:
            ids = registry.ids(registry.subject(thing))
            with time_machine.travel(NOW, tick=False):
                made = paper.read(person, ids)
                document = making.make(person, paper, ids, Format.PDF)
                filled = making.html(paper, made) if paper.template else ""
                yield Printed(paper, made, filled, store.read(document.file))


@dataclass(frozen=True)
class Printed:
    """One paper: what it was made of and what came out."""

    paper: registry.Paper
    view: Any
    html: str
    pdf: bytes


def _sees(paper: registry.Paper, person: User, thing: Any) -> bool:
    try:
        paper.read(person, registry.ids(registry.subject(thing)))
    except (ObjectDoesNotExist, NotYet):
        return False
    return True


def plain() -> Papers:
    """Everything of each kind, under names that do not depend on what other tests made before.

    A module that uses it must be marked django_db: otherwise pytest-django makes no database for tests.
    """
    assert connection.settings_dict["NAME"].startswith("test_"), "mark this module: pytestmark = pytest.mark.django_db"
    with time_machine.travel(NOW, tick=False):
        data.city_authority()
        world = build(State.APPRAISAL, with_parts=True)
        recognised = _recognised(world)
        _milestones(world)
        _money(world)
        _rows(Authority).update(symbol="UBND", valid_until=None)
        for number, user in enumerate(world.people.values(), 1):
            _rows(User).filter(pk=user.pk).update(full_name=f"Người dùng {number}")
        for number, agency in enumerate(Agency.objects.order_by("pk"), 1):
            _rows(Agency).filter(pk=agency.pk).update(name=f"Phòng Thử nghiệm {number}")
        for number, plan in enumerate(Plan.objects.order_by("year"), 1):
            _rows(Plan).filter(pk=plan.pk).update(number=f"{600 + number}/KH-UBND")
        for number, ward in enumerate(Ward.objects.order_by("pk"), 1):
            name = f"Thử Nghiệm {number}"
            _rows(Ward).filter(pk=ward.pk).update(
                name=name, authority_name=f"Ủy ban nhân dân phường {name}", place_name=name, symbol="UBND"
            )
        _count_again()
    return Papers(_fresh(world), recognised)


def _count_again() -> None:
    """The figures that reports keep name offices: under the names of today."""
    with connection.cursor() as cursor:  # an accepted report is guarded by a trigger
        cursor.execute("SET LOCAL session_replication_role = replica")
        for row in YearReport.objects.filter(figures__isnull=False).select_related("plan", "ward", "agency"):
            _rows(YearReport).filter(pk=row.pk).update(figures=count(row))
        cursor.execute("SET LOCAL session_replication_role = origin")


def longest() -> Papers:
    """The same, filled to the brim past the deeds."""
    made = plain()
    world = made.world
    with connection.cursor() as cursor:  # what is final is guarded by triggers; here only its words change
        cursor.execute("SET LOCAL session_replication_role = replica")
        _names()
        _words()
        cursor.execute("SET LOCAL session_replication_role = origin")
    with time_machine.travel(NOW, tick=False):
        _count_again()
    return Papers(_fresh(world), made.recognised)


def _names() -> None:
    _lengthen(
        Authority, name="Ủy ban nhân dân thành phố Lai Châu ", superior_name="UBND tỉnh ", place_name="Thành phố "
    )
    _lengthen(Authority, home_affairs_name="Phòng Nội vụ ", signer_title="PHÓ CHỦ TỊCH ")
    for number, ward in enumerate(Ward.objects.order_by("pk"), 1):
        name = _long(f"Thử Nghiệm {number} Nặm Loỏng ", 100)
        _rows(Ward).filter(pk=ward.pk).update(
            name=name, place_name=name, authority_name=_long(f"Ủy ban nhân dân phường {name} ", 200)
        )
    for number, unit in enumerate(Unit.objects.order_by("pk"), 1):
        _rows(Unit).filter(pk=unit.pk).update(name=_long(f"Tổ {number} Nhiều Chữ ", 100))
    _lengthen(Agency, name="Phòng Kinh tế, Hạ tầng và Đô thị ", symbol="PKTHTVĐT")
    _lengthen(User, full_name="Người Dùng Tên Rất Dài ", job_title="Phó Chủ tịch Hội đồng ")
    for model in (CouncilMember, Attendance, DelegationMember):
        _lengthen(model, full_name="Thành Viên Tên Rất Dài ", job_title="Phó Chủ tịch Ủy ban Mặt trận ")
    _lengthen(Delegation, name="Đoàn thẩm định ", decided_by="Ủy ban nhân dân ", task=LONG)
    _lengthen(Plan, title="Kế hoạch xây dựng tổ dân phố ")
    for decided in (Decision, BudgetDecision, CommendationDecision):
        _lengthen(
            decided, title="Công nhận tổ dân phố, bản tự quản ", signer_title="KT. CHỦ TỊCH ", signer_name="Người Ký "
        )
    _lengthen(WardPlanTask, content=LONG, responsible="Công chức Địa chính ", partners=LONG, result=LONG)
    _lengthen(Commendation, name="Tập thể Nhân dân và cán bộ ", position="Trưởng ban ", form="Giấy khen ")
    for row in CommunityModel.objects.all():  # a name stands once in its unit
        _rows(CommunityModel).filter(pk=row.pk).update(name=_long(f"Mô hình {row.pk} tự quản ", 200))
    _lengthen(Guidance, number="135/HD-PTN ", title=LONG)
    _lengthen(Helping, decided_by="Kế hoạch số 15/KH-UBND ", focus=LONG)


def _words() -> None:
    text = f"{LONG * 20}\n{HOSTILE}\n{WORD}"
    _rows(Plan).update(notes=text[:2000])
    _rows(Attendance).update(reason=WORD)
    _rows(CouncilItem).update(opinion=text[:2000])
    _rows(CouncilMeeting).update(conclusion=text, guests=text[:2000], place=WORD)
    _rows(Visit).update(findings=text * 2, proposals=text, hosts=f"{WORD}\n{HOSTILE}\n{LONG}", place=WORD)
    _rows(AgencyReport).update(
        remarks=text, signer_title=_long("TRƯỞNG PHÒNG ", 100), signer_name=_long("Người Ký ", 100)
    )
    _rows(YearReport).update(results=text * 3, difficulties=text, causes=WORD, proposals=text, next_tasks=HOSTILE)
    _rows(DecisionLine).update(reasons=text, correction="")
    _rows(Plan).update(purpose=text[:8000], goals=LONG * 40, tasks=f"1. {LONG}\n{text * 4}", funding=WORD)
    _rows(WardPlan).update(goals=text[:8000], measures=f"1. {LONG}\n{text}", funding=HOSTILE)
    _rows(Commendation).update(achievements=text[:4000], reason=HOSTILE)
    _rows(CommunityModel).update(description=text[:4000], results=WORD)
    _rows(CommunityModel).exclude(exemplary_reason="").update(exemplary_reason=LONG * 10)
    _rows(Guidance).update(text=text[:8000])
    _rows(HelpingDeed).update(content=f"{WORD} {HOSTILE} {LONG * 6}"[:1000], worth=MOST)
    _rows(BudgetEstimate).update(explanation=text[:4000], appraisal_note=text[:4000])
    dear = {"quantity": 1, "unit_price": MOST, "asked": MOST, "state_budget": MOST, "social": 0, "other": 0}
    _rows(BudgetLine).update(content=_long(f"{WORD} {LONG}", 500), measure=_long("bộ đồng phục ", 50), **dear)
    judged = {"appraised": MOST, "appraised_note": _long(LONG, 500)}
    approved = {"approved": MOST, "approved_note": _long(HOSTILE, 500)}
    _rows(BudgetLine).filter(approved__isnull=False).update(**judged, **approved)
    _rows(BudgetLine).filter(appraised__isnull=False).update(**judged)
    _rows(Evidence).update(original_name=f"{WORD[:190]}.pdf")
    for key, note in (("tc-1.1", text), ("tc-1.2", WORD), ("tc-2.1", HOSTILE), ("tc-3.4", LONG * 4)):
        _rows(Verdict).filter(entry__key=key).update(note=note[:2000])


def _recognised(world: World) -> DecisionLine:
    """A unit with all answers and evidence, from registration to certificate."""
    unit = factories.UnitFactory(ward=world.ward, name="Tổ 31")
    assessment = factories.open_assessment(unit=unit, plan=world.plan, officer=world["of"])
    data.fill(world["of"], assessment)
    data.attach(world["of"], assessment, "tc-1.1", "Biên bản họp.pdf")
    data.refer(world["of"], assessment, "tc-1.2", "Báo cáo số 15/BC-CB ngày 05/9/2025")
    line = data.walk_to_decision(
        assessment, officer=world["of"], leader=world["lf"], home_affairs=world["ha"], city_leader=world["cl"]
    )
    if not Certificate.objects.filter(line=line).exists():  # unless the confirmation has given it
        Certificate.objects.create(line=line, plan=world.plan, number=1, code="23456789ABCDEFGHJKLM")
    return line


def _milestones(world: World) -> None:
    """Days by which offices owe something: some before NOW, one after it."""
    for duty, before in (
        ("ward_plan", "2025-03-20"),
        ("half_year_report", "2025-06-01"),
        ("agency_result", "2025-10-15"),
    ):
        factories.MilestoneFactory(plan=world.plan, duty=duty, before=before)


def _money(world: World) -> None:
    """The ward's estimate approved, the other ward's still in an open decision, and a draft of the year before."""
    own = budget.appraised(world["fp"], budget.sent(world["of"], world["lf"], world.plan))
    other = budget.appraised(world["fp"], budget.sent(world["oo"], world["ol"], world.plan))
    budget.confirmed(world["cl"], budget.decided(world["fp"], world.plan, own))
    budget.decided(world["fp"], world.plan, other, number="78/QĐ-UBND")
    budget.draft(world["of"], Plan.objects.get(year=world.plan.year - 1))


def _rows(model: type[models.Model]) -> models.QuerySet[Any]:
    return model._default_manager.all()


def _lengthen(model: type[models.Model], **begins: str) -> None:
    """Fill these fields to their end, each row with its number in front so that names stay different."""
    for field, words in begins.items():
        longest = model._meta.get_field(field).max_length or 2000  # type: ignore[union-attr]
        _rows(model).update(**{field: _long(words, longest)})


def _long(words: str, length: int) -> str:
    return (words * (length // len(words) + 1))[:length].strip()


def _fresh(world: World) -> World:
    """The people read again: their names were changed past them."""
    for user in world.people.values():
        user.refresh_from_db()
    return world
