"""A small city with something in every state, and the addresses of all its pages per role."""

from dataclasses import dataclass

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from assessments.evidence import add_files, add_reference
from assessments.models import Assessment, Assignment, Decision, Layer, Milestone, Plan, Submission, Target
from assessments.models.certificate import Certificate
from assessments.moving import council_return
from assessments.recognition import confirm_decision
from assessments.self_assessment import NewAnswer
from assessments.workflow import State
from criteria.models import Entry
from criteria.spec import Figure
from localities.models import Unit
from reports.models import PrintJob, PrintPart
from reports.models.files import Format
from tests import factories, files
from tests.assessments.roads import People, answer, record, save_year, walk
from tests.browser.city_year import Year, build
from tests.reports.data import city_authority

LONG = "Tổ dân phố Quyết Thắng số 12 khu vực chợ trung tâm và đại lộ Lê Lợi"
WORD = "bien_ban_hop_to_dan_pho_" + "x" * 90


@dataclass(frozen=True)
class City:
    people: People
    plan: Plan
    by_state: dict[str, Assessment]
    waiting: Decision
    confirmed: Decision
    finance: User
    year: Year

    def pages(self, user: User) -> list[str]:
        """Every page this person can open."""
        if user == self.finance:
            return self.year.finance_pages()
        common = [
            reverse("assessments:home"),
            reverse("assessments:list", args=[self.plan.year]),
            reverse("assessments:plan_list"),
            reverse("assessments:plan", args=[self.plan.year]),
            reverse("assessments:decision_list", args=[self.plan.year]),
            reverse("assessments:decision", args=[self.confirmed.pk]),
            reverse("criteria:index"),
            reverse("criteria:detail", args=[self.plan.criteria_set_id]),
            reverse("accounts:password_change"),
            reverse("assessments:workflow"),
            reverse("assessments:notices"),
            reverse("assessments:question_list"),
            reverse("assessments:my_visits"),
            reverse("assessments:assignments", args=[self.plan.year]),
            reverse("assessments:record", args=[self.by_state["draft"].pk]),
            reverse("assessments:compare", args=[self.by_state["appraisal"].pk]),
            reverse("assessments:detail", args=[self.by_state["draft"].pk]),
            reverse("assessments:unit", args=[self.by_state["recognised"].unit.pk]),
            reverse("reports:papers_of_plan", args=[self.plan.year]),
            reverse("reports:paper", args=["phieu-danh-gia", str(self.by_state["recognised"].pk)]),
            reverse("reports:paper", args=["quyet-dinh", str(self.confirmed.pk)]),
            reverse("reports:orders"),
            reverse("reports:certificate_ask"),
            "/khong-co-trang-nay/",
        ]
        return common + self._own(user) + self.year.pages(user, self.people)

    def _own(self, user: User) -> list[str]:
        draft, appraised = self.by_state["draft"], self.by_state["appraisal"]
        people, year = self.people, self.plan.year
        own = {
            people.officer: [
                reverse("assessments:register", args=[year]),
                reverse("assessments:unit_year", args=[draft.unit.pk, year]),
                self.step("draft", "gui-hoi-dong"),
                reverse("assessments:council_members"),
                reverse("assessments:council", args=[year]),
            ],
            people.leader: [
                reverse("assessments:detail", args=[self.by_state["council"].pk]),
                self.step("council", "gui-thanh-pho"),
                self.step("council", "tra-lai-can-bo"),
                reverse("assessments:council_new", args=[year]),
                reverse("assessments:submissions", args=[year]),
                reverse("reports:office", args=["xa-phuong", people.leader.ward.pk]),
                self.order(user),
                *(reverse("assessments:submission", args=[sent.pk]) for sent in Submission.objects.all()[:1]),
            ],
            people.home_affairs: [
                reverse("assessments:appraise", args=[appraised.pk]),
                self.step("appraisal", "ket-luan"),
                self.step("appraisal", "tra-lai-xa-phuong"),
                reverse("assessments:appraisal_list", args=[year]),
                reverse("assessments:ask", args=[appraised.pk, "tc-1.1"]),
                reverse("assessments:agency_list", args=[year]),
                reverse("assessments:grid", args=[year]),
                reverse("assessments:delegations", args=[year]),
                reverse("assessments:delegation_new", args=[year]),
                reverse("assessments:plan_record", args=[year]),
                reverse("reports:paper", args=["du-thao-quyet-dinh", str(self.plan.pk)]),
                reverse("reports:paper", args=["bang-tham-dinh", str(self.plan.pk)]),
                reverse("reports:paper", args=["giay-cong-nhan", str(Certificate.objects.latest("pk").pk)]),
                reverse("reports:certificate_check", args=[Certificate.objects.latest("pk").code]),
                reverse("reports:offices"),
                reverse("reports:signer_new", args=["xa-phuong", people.leader.ward.pk]),
                reverse("reports:office_name_new", args=[people.home_affairs.agency.pk]),
                reverse(
                    "reports:order_new", args=["phieu-danh-gia-xa-phuong", f"{self.plan.pk}-{people.leader.ward.pk}"]
                ),
                reverse("assessments:correction_new", args=[self.confirmed.pk]),
                reverse("assessments:decision_new", args=[year]),
                reverse("assessments:decision", args=[self.waiting.pk]),
                reverse("assessments:decision_edit", args=[self.waiting.pk]),
            ],
            people.city_leader: [
                reverse("assessments:appraise", args=[appraised.pk]),
                reverse("assessments:decision", args=[self.waiting.pk]),
            ],
        }
        return own[user]

    def order(self, user: User) -> str:
        """The page of an order that could not be made."""
        job = PrintJob.objects.create(
            owner=user, title=f"Phiếu đánh giá, {LONG}", format=Format.PDF, key="0" * 64, finished_at=timezone.now()
        )
        part = {"kind": "phieu-danh-gia", "subject": str(self.by_state["draft"].pk), "format": Format.PDF}
        PrintPart.objects.create(job=job, position=1, label=LONG, error="Không đọc được minh chứng.", **part)
        return reverse("reports:order", args=[job.pk])

    def step(self, state: str, slug: str) -> str:
        return reverse("assessments:move", args=[self.by_state[state].pk, slug])


def _assessment(people: People, plan: Plan, state: str) -> Assessment:
    unit = factories.UnitFactory(ward=people.officer.ward, name=f"{LONG} ({state})", kind=Unit.Kind.VILLAGE)
    return factories.open_assessment(unit=unit, plan=plan, officer=people.officer)


def _returned_draft(people: People, plan: Plan) -> Assessment:
    """A draft that came back, with everything an assessment page can show."""
    found = _assessment(people, plan, "draft")
    save_year(people.officer, found, 0, {"households": 200})
    walk(people, found, State.COUNCIL, bad=["tc-3.5", "tc-3.6", "nd-1.1", "th-1"])
    council_return(user=people.leader, assessment_id=found.pk, reason=f"Xem lại mục 3.5.\n{WORD}")
    wanted = {
        "tc-1.1": NewAnswer("met", f"Ghi chú dài. {WORD}", {"chuc-danh-duoc-boi-duong": Figure(4, 5)}),
        "tc-1.2": NewAnswer(""),
        "th-4": NewAnswer("absent", "", {"ho-vi-pham": Figure(30, None)}),
    }
    answer(people.officer, found, Layer.SELF, wanted)
    who = {"user": people.officer, "assessment_id": found.pk, "layer": Layer.SELF.value, "key": "tc-1.1"}
    add_files(**who, files=[files.upload(f"{WORD}.pdf", files.pdf())])
    add_reference(**who, reference=f"Báo cáo số 15/BC-UBND {WORD}")
    return found


@pytest.fixture
def city(people: People, plan: Plan) -> City:
    city_authority()
    Milestone.objects.create(plan=plan, duty=Milestone.Duty.DOSSIER, before=f"{plan.year}-10-15")
    Target.objects.create(plan=plan, kind=Target.Kind.NEW, minimum=17)
    factories.UnitFactory(ward=people.officer.ward, name=LONG)
    for key in ("tc-1.1", "tc-1.2", "nd-1.1", "th-1"):  # so that home affairs has a grid of its own
        entry = Entry.objects.get(criteria_set=plan.criteria_set_id, key=key)
        Assignment.objects.create(plan=plan, entry=entry, agency=people.home_affairs.agency, position=1)
    states = {state: _assessment(people, plan, state) for state in ("council", "appraisal", "proposed", "recognised")}
    walk(people, states["council"], State.COUNCIL)
    walk(people, states["appraisal"], State.APPRAISAL, bad=["tc-3.5", "th-1"])
    walk(people, states["proposed"], State.PROPOSED)
    walk(people, states["recognised"], State.PROPOSED)
    another = _assessment(people, plan, "waiting")
    walk(people, another, State.PROPOSED, bad=["tc-1.1"])
    waiting = record(people, another, number="13/QĐ-UBND")
    confirmed = record(people, states["recognised"])
    confirm_decision(user=people.city_leader, decision_id=confirmed.pk)
    answers = {"tc-3.5": NewAnswer("not_met", f"Đã kiểm tra. {WORD}"), "tc-3.6": NewAnswer("not_met", "Thực địa")}
    answer(people.home_affairs, states["appraisal"], Layer.AGENCY, answers)
    finance = factories.FinancePlanningFactory()
    year = build(people, plan, finance, states["recognised"].unit, LONG)
    return City(people, plan, states | {"draft": _returned_draft(people, plan)}, waiting, confirmed, finance, year)
