"""The city's plan as a paper: its own words, targets, milestones, the units that take part and who appraises what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from accounts.models import Agency
from assessments.models import Assignment, DecisionLine, Milestone, Plan, Registration, Target
from assessments.permissions import AnyUser
from assessments.queries.year.city_plans import plans_for
from criteria.queries import table
from localities.models import Authority
from localities.queries import authority_on
from reports import offices, wording
from reports.models import OfficeName
from reports.papers import law
from reports.papers.city import CityPaper, city_letterhead

# What each duty asks for, inside the section on organisation.
_DUTIES = {
    Milestone.Duty.WARD_PLAN: "xây dựng kế hoạch chi tiết, gửi về UBND thành phố",
    Milestone.Duty.BUDGET: "xây dựng dự toán kinh phí, gửi cơ quan tài chính thẩm định",
    Milestone.Duty.HALF_YEAR_REPORT: "gửi báo cáo 6 tháng",
    Milestone.Duty.YEARLY_REPORT: "gửi báo cáo năm",
    Milestone.Duty.DOSSIER: "hoàn thành hồ sơ đề nghị công nhận, gửi UBND thành phố",
    Milestone.Duty.AGENCY_RESULT: "báo cáo kết quả thẩm định các tiêu chí được phân công",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the plan's own words, and whether it is the heading of a clause."""

    text: str
    heading: bool


def lines(text: str) -> list[Line]:
    """Numbered lines without an end are headings of clauses: "1. Mục đích"."""
    found = []
    for line in (part.strip() for part in text.splitlines()):
        if line:
            number, dot, rest = line.partition(". ")
            heading = bool(dot and rest) and number.isdigit() and rest[-1] not in ".;:,)"
            found.append(Line(line, heading))
    return found


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit of the first appendix."""

    number: int
    unit: str
    ward: str
    aim: str
    pilot: bool


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """What one agency appraises."""

    name: str
    leading: str
    helping: str


@dataclass(frozen=True, slots=True)
class CityPlanPaper(CityPaper):
    """Everything the template prints. What units register changes the first appendix, so no copy is kept."""

    abbreviation = "KH"
    plan: Plan
    authority: Authority | None
    targets: list[Target]
    milestones: list[Milestone]
    units: list[UnitRow]
    expected: bool  # nobody has registered: the units are those recognised before
    agencies: list[AgencyRow]
    signing: offices.Signing

    edition = ""

    @property
    def title(self) -> str:
        return f"Kế hoạch xây dựng tổ dân phố, bản tự quản, phát triển toàn diện năm {self.year}"

    @property
    def short(self) -> str:
        return f"ke-hoach-{self.year}"

    @property
    def year(self) -> int:
        return self.plan.year

    @property
    def letterhead(self) -> offices.Letterhead:
        return city_letterhead(self.authority)

    @property
    def draft(self) -> bool:
        return self.plan.status == Plan.Status.DRAFT

    @property
    def number(self) -> str:
        return self.plan.number

    @property
    def dated(self) -> date | None:
        return None if self.draft else self.plan.issued_on

    @property
    def abstract(self) -> str:
        """What the plan is about, without the word that stands above it."""
        title = self.plan.title
        for word in ("Kế hoạch ", "kế hoạch "):
            title = title.removeprefix(word)
        return title[:1].upper() + title[1:]

    @property
    def grounds(self) -> Sequence[str]:
        found = law.organisation(self.plan.issued_on)
        found += [
            f"Căn cứ {line.strip(' ;.').removeprefix('Căn cứ ')}"
            for line in self.plan.criteria_set.legal_basis.splitlines()
            if line.strip(" ;.") and not (self.plan.number and f"{self.plan.number} " in line)
        ]
        return found

    @property
    def receivers(self) -> Sequence[str]:
        return [
            "TT. Thành ủy, HĐND thành phố",
            "Lãnh đạo UBND thành phố",
            "Các cơ quan, đơn vị, đoàn thể thành phố",
            "Đảng ủy, UBND các xã, phường",
            "Trang thông tin điện tử thành phố",
        ]

    @property
    def attached(self) -> str:
        """What the appendices hang on."""
        day = wording.long_date(self.dated) if self.dated else wording.open_date(self.year)
        return f"Kèm theo Kế hoạch số {self.number_line.removeprefix('Số: ')} {day} của {self.committee}"

    @property
    def purpose(self) -> list[Line]:
        return lines(self.plan.purpose)

    @property
    def goals(self) -> list[Line]:
        return lines(self.plan.goals)

    @property
    def tasks(self) -> list[Line]:
        return lines(self.plan.tasks)

    @property
    def funding(self) -> list[Line]:
        return lines(self.plan.funding)

    @property
    def target_lines(self) -> list[str]:
        """Each target as a sentence without its end."""
        found = []
        for target in self.targets:
            number = target.span if target.maximum else f"{target.minimum:02d}"
            if target.kind == Target.Kind.PILOT_PER_WARD:
                found.append(f"Mỗi xã, phường xây dựng điểm {number} tổ dân phố, bản tự quản, phát triển toàn diện")
            elif target.kind == Target.Kind.MAINTAIN:
                found.append(f"Duy trì {number} tổ dân phố, bản đã được công nhận")
            else:
                found.append(f"Xây dựng {number} tổ dân phố, bản đạt mới")
        return found

    @property
    def agency_days(self) -> list[str]:
        """What agencies owe, and until when."""
        return self._days(agencies=True)

    @property
    def ward_days(self) -> list[str]:
        """What wards owe, and until when."""
        return self._days(agencies=False)

    def _days(self, *, agencies: bool) -> list[str]:
        return [
            f"{_DUTIES[Milestone.Duty(m.duty)]} trước ngày {m.before:%d/%m/%Y}"
            for m in self.milestones
            if (m.duty == Milestone.Duty.AGENCY_RESULT) == agencies
        ]


def read(user: AnyUser, ids: tuple[int, ...]) -> CityPlanPaper:
    """The plan's paper; a draft for home affairs and the leader. Raises Plan.DoesNotExist for others."""
    [pk] = ids
    plan = plans_for(user).get(pk=pk)
    authority = authority_on(plan.issued_on)
    units, expected = _units(plan)
    return CityPlanPaper(
        plan=plan,
        authority=authority,
        targets=list(plan.targets.all()),
        milestones=list(plan.milestones.all()),
        units=units,
        expected=expected,
        agencies=_agencies(plan),
        signing=offices.signing(authority, plan.issued_on) if authority else offices.Signing("", ["CHỦ TỊCH"]),
    )


def _units(plan: Plan) -> tuple[list[UnitRow], bool]:
    """The registered units; while there are none, those recognised by the year before."""
    found = list(
        Registration.objects.filter(plan=plan)
        .select_related("unit__ward")
        .order_by("unit__ward__position", "unit__sort_name", "pk")
    )
    if found:
        return [
            UnitRow(n, str(row.unit), str(row.unit.ward), str(row.get_aim_display()), row.pilot)
            for n, row in enumerate(found, 1)
        ], False
    before = Plan.objects.filter(year__lt=plan.year).order_by("-year").first()
    lines_of = (
        DecisionLine.objects.filter(
            assessment__registration__plan=before,
            decision__confirmed_at__isnull=False,
            result=DecisionLine.Result.RECOGNISED,
            assessment__state="recognised",
        )
        .select_related("assessment__registration__unit__ward")
        .order_by("assessment__registration__unit__ward__position", "assessment__registration__unit__sort_name", "pk")
    )
    units = {line.assessment.registration.unit_id: line.assessment.registration.unit for line in lines_of}
    keep = str(Registration.Aim.MAINTAIN.label)
    return [UnitRow(n, str(unit), str(unit.ward), keep, False) for n, unit in enumerate(units.values(), 1)], True


def _agencies(plan: Plan) -> list[AgencyRow]:
    """Each agency with the entries it leads and those it helps with, in the table's order."""
    entries = {entry.id: entry for entry in table(plan.criteria_set_id).entries_by_key.values()}
    order = {pk: at for at, pk in enumerate(entries)}
    leading: dict[int, list[str]] = {}
    helping: dict[int, list[str]] = {}
    names: dict[int, Agency] = {}
    rows = Assignment.objects.filter(plan=plan).select_related("agency")
    for row in sorted(rows, key=lambda one: order.get(one.entry_id, 0)):
        names[row.agency_id] = row.agency
        entry = entries.get(row.entry_id)
        code = wording.entry_code(entry) if entry else ""
        (leading if row.position == 1 else helping).setdefault(row.agency_id, []).append(code)
    then = {row.agency_id: row.name for row in OfficeName.objects.filter(offices.valid_on(plan.issued_on))}
    return [
        AgencyRow(then.get(pk, agency.name), ", ".join(leading.get(pk, [])), ", ".join(helping.get(pk, [])))
        for pk, agency in sorted(names.items(), key=lambda pair: (pair[1].position, pair[1].name))
    ]
