"""The city's part of the demonstration: agencies appraise, a delegation visits, home affairs asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import Agency, User
from assessments import appraisal, closing, delegations, questioning, visiting
from assessments.answers import Stored
from assessments.delegations import Member
from assessments.demo.accounts import AGENCY_OFFICERS, place
from assessments.demo.data import CITY_FOUND, VISIT_FINDING, VISIT_FOUND, VISIT_PROPOSAL
from assessments.models import AgencyReport, Assessment, Assignment, Delegation, Layer, Plan, Visit
from assessments.self_assessment import NewAnswer, apply_many, open_layer, save_answer
from assessments.workflow import State

# Agencies that are through with everything they have; the others still have work on the grid.
FINISHED = ("y-te", "giao-duc-dao-tao", "quan-ly-do-thi")
CLOSED = "y-te"
ACTION = "demonstration"


@dataclass
class City:
    """The city's people and the delegation of one year."""

    users: Mapping[str, User]
    plan: Plan
    delegation: Delegation | None = None

    @property
    def home_affairs(self) -> User:
        return self.users["noivu"]

    @property
    def member(self) -> User:
        return self.users["doanthamdinh"]

    def officer_for(self, key: str) -> User:
        """Who appraises an entry: the responsible agency's officer, else home affairs."""
        code = Assignment.objects.values_list("agency__code", flat=True).get(plan=self.plan, entry__key=key, position=1)
        return self.users.get(AGENCY_OFFICERS.get(code, ""), self.home_affairs)


def found_delegation(city: City) -> None:
    """The year's delegation, its members named by office."""
    members = [
        Member("Phó Chủ tịch UBND thành phố", "UBND thành phố Lai Châu", "head"),
        Member("Trưởng phòng Nội vụ", "Phòng Nội vụ", "deputy"),
        Member("Chuyên viên Phòng Nội vụ", "Phòng Nội vụ", "secretary", city.home_affairs.pk),
        Member("Chuyên viên Phòng Kinh tế", "Phòng Kinh tế", "member", city.users["kinhte"].pk),
        Member("Thành viên đoàn thẩm định", "Mặt trận Tổ quốc thành phố", "member", city.member.pk),
    ]
    city.delegation = delegations.save_delegation(
        user=city.home_affairs,
        plan_id=city.plan.pk,
        delegation=Delegation(
            plan=city.plan,
            name="Đoàn thẩm định số 1",
            decision_number="MH-04/QĐ-UBND",
            decided_on=city.plan.issued_on + timedelta(days=30),
            decided_by="UBND thành phố Lai Châu",
            task="Thẩm định thực tế kết quả tự đánh giá của các tổ dân phố, bản (dữ liệu minh họa).",
        ),
        members=members,
    )


def agencies_appraise(city: City, assessment: Assessment) -> None:
    """Every agency confirms what the ward said of its entries, and one finds something; home affairs does the rest."""
    _find(city, assessment)
    for name in AGENCY_OFFICERS.values():
        appraisal.confirm_self_verdicts(user=city.users[name], assessment_id=assessment.pk)
    appraisal.confirm_self_verdicts(user=city.home_affairs, assessment_id=assessment.pk)


def agencies_begin(city: City, assessment: Assessment) -> None:
    """Some agencies are through, Phòng Kinh tế has begun, the others have not."""
    _find(city, assessment)
    finish_some(city, assessment)
    officer = city.users["kinhte"]
    with transaction.atomic():
        opened, table, answers = open_layer(officer, assessment.pk, Layer.AGENCY)
        own = answers[Layer.SELF]
        keys = [entry.key for entry in table.standards[1].entries][:3]
        wanted = {key: NewAnswer(own.get(key, Stored()).value) for key in keys}
        apply_many(
            user=officer,
            assessment=opened,
            table=table,
            answers=answers,
            layer=Layer.AGENCY,
            wanted=wanted,
            action=ACTION,
        )


def finish_some(city: City, assessment: Assessment) -> None:
    """Some agencies have judged everything that is theirs in this dossier."""
    for code in FINISHED:
        appraisal.confirm_self_verdicts(user=city.users[AGENCY_OFFICERS[code]], assessment_id=assessment.pk)


def _find(city: City, assessment: Assessment) -> None:
    key, reason = CITY_FOUND
    save_answer(
        user=city.officer_for(key),
        assessment_id=assessment.pk,
        layer=Layer.AGENCY,
        key=key,
        version=0,
        answer=NewAnswer("not_met", reason),
    )


def plan_visit(city: City, assessment: Assessment, day: date) -> Visit:
    """The unit is put on the delegation's schedule."""
    home_affairs, delegation = city.home_affairs, _delegation(city)
    [visit] = delegations.choose_units(
        user=home_affairs,
        delegation_id=delegation.pk,
        assessment_ids=[assessment.pk],
        version=delegation.version,
    )
    delegations.schedule(
        user=home_affairs,
        delegation_id=delegation.pk,
        visit_ids=[visit.pk],
        planned_on=day,
        planned_at=time(8, 30),
        place=f"Nhà văn hóa {assessment.unit}",
        version=_delegation(city).version,
    )
    return Visit.objects.get(pk=visit.pk)


def _delegation(city: City) -> Delegation:
    assert city.delegation is not None
    return Delegation.objects.get(pk=city.delegation.pk)


def look_around(city: City, assessment: Assessment) -> None:
    """The member writes down on site what differs, and one thing that does not."""
    key, reason = VISIT_FOUND
    for own_key, answer in ((key, NewAnswer("not_met", reason)), ("tc-3.4", NewAnswer("met", "Đã kiểm tra sổ."))):
        save_answer(
            user=city.member,
            assessment_id=assessment.pk,
            layer=Layer.DELEGATION,
            key=own_key,
            version=0,
            answer=answer,
        )


def close_visit(city: City, visit: Visit, held_on: date) -> None:
    """The minutes of the visit are written and closed."""
    unit = visit.assessment.unit
    values = {
        "held_on": held_on,
        "starts_at": time(8, 30),
        "ends_at": time(10, 45),
        "place": visit.place,
        "hosts": f"Đại diện UBND {place(unit.ward)}; cấp ủy, người đứng đầu và Ban công tác Mặt trận {unit}",
        "findings": VISIT_FINDING,
        "proposals": VISIT_PROPOSAL,
    }
    version = Visit.objects.get(pk=visit.pk).version
    visiting.close_minutes(user=city.member, visit_id=visit.pk, version=version, values=values)


def ask(city: City, of_ward: Assessment, of_agency: Assessment) -> None:
    """One question to a ward that is open, and one to an agency that was answered."""
    questioning.ask(
        user=city.home_affairs,
        assessment_id=of_ward.pk,
        key="tc-2.2",
        text="Đề nghị xã, phường gửi sổ theo dõi thu nhập của các hộ tham gia mô hình kinh tế.",
        due_on=timezone.localdate() + timedelta(days=5),
    )
    agency = Agency.objects.get(code="kinh-te")
    question = questioning.ask(
        user=city.home_affairs,
        assessment_id=of_agency.pk,
        key="tc-2.3",
        text="Đề nghị Phòng Kinh tế cho biết căn cứ xác định tuyến phố kinh doanh văn minh của đơn vị.",
        agency_id=agency.pk,
    )
    questioning.explain(
        user=city.users["kinhte"],
        question_id=question.pk,
        answer="Căn cứ danh sách đăng ký đầu năm của phường và biên bản kiểm tra quý III của Phòng.",
    )


def close_one_agency(city: City) -> None:
    """An agency that has nothing left closes its work with a report."""
    agency = Agency.objects.get(code=CLOSED)
    waiting = Assessment.objects.filter(registration__plan=city.plan, state=State.APPRAISAL)
    closing.close(
        user=city.users[AGENCY_OFFICERS[CLOSED]],
        plan_id=city.plan.pk,
        agency_id=agency.pk,
        assessment_ids=list(waiting.values_list("pk", flat=True)),
        report=AgencyReport(
            number="MH-05/BC-PYT",
            signed_on=timezone.localdate(),
            signer_title="TRƯỞNG PHÒNG",
            signer_name="Trưởng phòng Y tế",
            remarks="Kết quả tự đánh giá của các đơn vị phù hợp với số liệu theo dõi của Phòng (dữ liệu minh họa).",
        ),
    )
