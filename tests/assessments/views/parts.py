"""Everybody's part in the small city: a council with two meetings, a submission, an agency, a delegation, questions."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import User
from assessments import moving
from assessments.models import (
    AgencyReport,
    AgencyReportLine,
    Assessment,
    Assignment,
    Attachment,
    Commendation,
    CommendationDecision,
    CommunityModel,
    CouncilMeeting,
    CouncilMember,
    Delegation,
    DelegationMember,
    Notice,
    Plan,
    Question,
    Submission,
    Visit,
)
from assessments.workflow import State
from assessments.year import commendation_decisions
from criteria.models import Entry
from localities.models import Unit, Ward
from reports import store
from reports.models import OfficeName, PrintJob, PrintPart, Signer
from reports.models.files import Format
from tests import factories, files
from tests.assessments.roads import answer_all, approve, council_of, meet, submit
from tests.assessments.views import year_reports
from tests.assessments.views.year_parts import Guiding, Helped, guiding, helped
from tests.assessments.views.year_plans import YearPlans, build_plans
from tests.assessments.year.commending import accepted, decide, judge, propose, send

ASSIGNED = ("tc-1.1", "tc-1.2", "tc-2.1")


@dataclass(frozen=True)
class Parts:
    at_council: Assessment  # waits for the open meeting
    ready: Assessment  # approved, not yet sent
    sent: Assessment  # submitted, not yet accepted
    member: CouncilMember
    meeting: CouncilMeeting  # open
    minutes: CouncilMeeting  # concluded
    submission: Submission
    report: AgencyReport
    delegation: Delegation
    visit: Visit  # of the world's own assessment
    closed_visit: Visit  # its minutes are closed
    elsewhere: Assessment  # of another ward, in appraisal, in no delegation
    to_ward: Question
    to_agency: Question
    scans: dict[str, Attachment]
    notice: Notice  # the officer's
    order: PrintJob  # the officer's, waiting to be made
    cancelled_order: PrintJob
    finished_order: PrintJob
    signer: Signer  # of the ward
    office_name: OfficeName  # of the agency
    plans: YearPlans
    commendation: Commendation  # the ward's draft
    sent_commendation: Commendation  # the ward's, waits for home affairs
    commending: CommendationDecision  # open
    commended: CommendationDecision  # confirmed
    guiding: Guiding
    helped: Helped
    models: dict[str, CommunityModel]  # of the world's own unit: an ordinary one, and "tieu-bieu"


def build_parts(people: dict[str, User], ward: Ward, plan: Plan, own: Assessment) -> Parts:
    """The parts beside the world's own assessment, whatever its state; all in the same ward."""
    officer, leader, agency = people["of"], people["lf"], people["ag"].agency
    assert agency is not None
    at_council, ready, sent = (_complete(officer, plan, ward, name) for name in ("Tổ 21", "Tổ 22", "Tổ 23"))
    meeting = meet(leader, at_council)
    minutes = approve(leader, ready, sent)
    submission = submit(leader, sent)
    for key in ASSIGNED:
        Assignment.objects.create(plan=plan, entry=_entry(plan, key), agency=agency, position=1)
    elsewhere = factories.in_state(factories.open_assessment(plan=plan), State.APPRAISAL, by=people["ha"])
    report = _report(people["ha"], agency.pk, plan, elsewhere)
    delegation, visit = _delegation(people["dm"], plan, own)
    closed_visit = Visit.objects.create(
        delegation=delegation,
        assessment=sent,
        held_on=timezone.localdate(),
        closed_by=people["dm"],
        closed_at=timezone.now(),
    )
    year_reports.build(people, ward, plan)
    questions = [_question(people["ha"], own, plan, asked) for asked in (None, agency.pk)]
    ready.refresh_from_db()
    sent.refresh_from_db()
    owners = {"meeting": minutes, "visit": closed_visit, "delegation": delegation, "report": report}
    plans = build_plans(people, plan)
    owners |= {"submission": submission, "city_plan": plan, "ward_plan": plans.sent}
    period = {
        "valid_from": timezone.localdate() + timedelta(days=1),
        "valid_until": timezone.localdate() + timedelta(days=300),
    }
    commendations = _commendations(people, plan)
    return Parts(
        **commendations,
        at_council=at_council,
        ready=ready,
        sent=sent,
        member=council_of(leader)[-1],
        meeting=meeting,
        minutes=minutes,
        submission=submission,
        report=report,
        delegation=delegation,
        visit=visit,
        closed_visit=closed_visit,
        elsewhere=elsewhere,
        to_ward=questions[0],
        to_agency=questions[1],
        scans={name: _scan(officer, name, owner) for name, owner in owners.items()},
        notice=Notice.objects.create(recipient=officer, kind=Notice.Kind.RETURNED, text="Trả lại", url="/"),
        order=_order(officer, own, "b"),
        cancelled_order=_order(officer, own, "c", cancelled_at=timezone.now()),
        finished_order=_order(
            officer, own, "d", finished_at=timezone.now(), file=store.keep("a" * 64, Format.ZIP, b"PK\5\6" + bytes(18))
        ),
        signer=Signer.objects.create(ward=ward, title="CHỦ TỊCH", **period),
        guiding=guiding(people["ag"], plan),
        helped=helped(people["ha"], people["ag"], own, ready),
        office_name=OfficeName.objects.create(agency=agency, name="Phòng Cũ", symbol="PC", **period),
        models=_models(officer, own.unit),
        plans=plans,
    )


def _commendations(people: dict[str, User], plan: Plan) -> dict[str, Any]:
    """The ward's draft and what it sent; a decision that waits, and one over the agency's proposal that stands."""
    names = ("Tổ hòa giải", "Tổ bảo vệ", "Đội văn nghệ")
    draft, sent, listed = (propose(people["lf"], plan, name=name) for name in names)
    send(people["lf"], sent, listed)
    judge(people["ha"], listed)
    person = {"kind": "person", "name": "Công chức chuyên môn", "position": "Phòng chuyên môn"}
    awarded = [accepted(people["ag"], people["ha"], plan, **told) for told in ({"name": "Tổ công tác"}, person)]
    plan.refresh_from_db()  # its day as a date
    day = {"issued_on": plan.issued_on}
    waiting = decide(people["ha"], listed, number="81/QĐ-UBND", **day)
    standing = decide(people["ha"], *awarded, number="82/QĐ-UBND", **day)
    commendation_decisions.confirm(user=people["cl"], pk=standing.pk)
    standing.refresh_from_db()
    return {
        "commendation": draft,
        "sent_commendation": sent,
        "commending": waiting,
        "commended": standing,
    }


def _models(officer: User, unit: Unit) -> dict[str, CommunityModel]:
    """An ordinary economic model, and a group that others learn from."""
    since, kinds = date(2021, 3, 1), CommunityModel.Kind
    chosen = {"exemplary_since": date(2025, 6, 1), "exemplary_reason": "Nơi khác làm theo được."}
    told = {"description": "Góp vốn quay vòng.", "results": "Thu nhập tăng 15%."}
    make = CommunityModel.objects.create
    given: dict[str, Any] = {"unit": unit, "since": since, "households": 24, "added_by": officer, **told}
    return {
        "": make(kind=kinds.ECONOMIC, name="Nhóm hộ trồng rau", **given),
        "tieu-bieu": make(kind=kinds.GROUP, name="Tổ tự quản nhà văn hóa", **given, **chosen),
    }


def _order(owner: User, assessment: Assessment, key: str, **ended: Any) -> PrintJob:
    job = PrintJob.objects.create(owner=owner, title="Phiếu đánh giá", format=Format.ZIP, key=key * 64, **ended)
    PrintPart.objects.create(
        job=job, position=1, kind="phieu-danh-gia", subject=assessment.pk, format=Format.PDF, label="Tổ",
        file=job.file, file_name="to.pdf",
    )  # fmt: skip
    return job


def _complete(officer: User, plan: Plan, ward: Ward, name: str) -> Assessment:
    unit: Unit = factories.UnitFactory(ward=ward, name=name)
    assessment = factories.open_assessment(unit=unit, plan=plan, officer=officer)
    answer_all(officer, assessment)
    return moving.send_to_council(user=officer, assessment_id=assessment.pk)


def _entry(plan: Plan, key: str) -> Entry:
    return Entry.objects.get(criteria_set=plan.criteria_set_id, key=key)


def _report(user: User, agency_id: int, plan: Plan, elsewhere: Assessment) -> AgencyReport:
    """Over a dossier of another ward, so that the world's own stays open to the agency."""
    report = AgencyReport.objects.create(
        plan=plan,
        agency_id=agency_id,
        signed_on=timezone.localdate(),
        signer_title="TRƯỞNG PHÒNG",
        signer_name="Trưởng phòng",
        closed_by=user,
        closed_at=timezone.now(),
    )
    AgencyReportLine.objects.create(report=report, agency_id=agency_id, assessment=elsewhere)
    return report


def _delegation(member: User, plan: Plan, own: Assessment) -> tuple[Delegation, Visit]:
    delegation = Delegation.objects.create(
        plan=plan,
        name="Đoàn thẩm định số 1",
        decision_number="77/QĐ-UBND",
        decided_on=timezone.localdate(),
        decided_by="UBND thành phố",
    )
    DelegationMember.objects.create(
        delegation=delegation, user=member, full_name="Trưởng đoàn", job_title="Phòng Nội vụ", role="head"
    )
    visit = Visit.objects.create(delegation=delegation, assessment=own, planned_on=timezone.localdate())
    return delegation, visit


def _question(user: User, own: Assessment, plan: Plan, agency_id: int | None) -> Question:
    return Question.objects.create(
        assessment=own,
        entry=_entry(plan, "tc-1.2"),
        agency_id=agency_id,
        text="Đề nghị làm rõ.",
        asked_by=user,
        asked_at=timezone.now(),
    )


def _scan(user: User, name: str, owner: object) -> Attachment:
    row = Attachment(
        original_name=f"{name}.pdf",
        content_type="application/pdf",
        size=len(files.pdf()),
        sha256="0" * 64,
        added_by=user,
        **{name: owner},
    )
    row.file.save(f"{name}.pdf", ContentFile(files.pdf()), save=False)
    row.save()
    return row
