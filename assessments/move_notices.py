"""Who is told of a step on the road. Called by the deeds inside their transactions; what else happens tells itself."""

from collections import Counter
from collections.abc import Callable
from datetime import date

from django.db.models import Count, Q
from django.urls import reverse

from accounts.models import User
from assessments.models import Assessment, Assignment, Decision, DecisionLine, Notice, Plan
from assessments.notices import (
    agency_officers,
    city_leaders,
    home_affairs,
    send,
    unit_heads,
    ward_leaders,
    ward_officers,
    ward_people,
)
from assessments.workflow import Action

REASON_SHOWN = 200


def moved(assessment: Assessment, action: Action, user: User, reason: str = "", due: date | None = None) -> None:
    """Tell whom this step concerns; a step without an entry in the table concerns nobody else."""
    teller = _TELLERS.get(action)
    if teller is not None:
        teller(assessment, user, reason, due)


def _address(assessment: Assessment) -> str:
    return reverse("assessments:detail", args=[assessment.pk])


def _name(assessment: Assessment) -> str:
    """The unit as its own ward calls it, and the year."""
    return f"{assessment.registration.unit} năm {assessment.registration.plan.year}"


def _full_name(assessment: Assessment) -> str:
    registration = assessment.registration
    return f"{registration.unit}, {registration.unit.ward}, năm {registration.plan.year}"


def _short(reason: str) -> str:
    one_line = " ".join(reason.split())
    return one_line if len(one_line) <= REASON_SHOWN else one_line[:REASON_SHOWN].rstrip() + "…"


def _sent_to_council(assessment: Assessment, user: User, reason: str, due: date | None) -> None:
    to = ward_leaders(assessment.registration.unit.ward_id)
    text = f"{_name(assessment)} chờ hội đồng xã, phường xem xét."
    send(Notice.Kind.COUNCIL, to, text, _address(assessment), actor=user, assessment=assessment)


def _returned_by_council(assessment: Assessment, user: User, reason: str, due: date | None) -> None:
    unit = assessment.registration.unit
    text, key = f"Hội đồng trả lại hồ sơ {unit}: {reason}", f"council-return-{assessment.pk}-{assessment.version}"
    for to in (ward_officers(unit.ward_id), unit_heads(unit.pk)):
        send(Notice.Kind.RETURNED, to, text, _address(assessment), actor=user, assessment=assessment, key=key)


def _handed_over(assessment: Assessment, user: User, reason: str, due: date | None) -> None:
    unit, year = assessment.registration.unit, assessment.registration.plan.year
    text, key = f"{unit} đã chuyển bản tự đánh giá năm {year} cho cán bộ xã, phường.", _handed_key(assessment)
    to = ward_officers(unit.ward_id)
    send(Notice.Kind.HANDED, to, text, _address(assessment), actor=user, assessment=assessment, key=key)


def _handed_back(assessment: Assessment, user: User, reason: str, due: date | None) -> None:
    unit = assessment.registration.unit
    text, key = f"Cán bộ xã, phường trả lại bản tự đánh giá {unit}: {reason}", _handed_key(assessment)
    send(
        Notice.Kind.RETURNED,
        unit_heads(unit.pk),
        text,
        _address(assessment),
        actor=user,
        assessment=assessment,
        key=key,
    )


def _handed_key(assessment: Assessment) -> str:
    return f"handed-{assessment.pk}-{assessment.version}"


def _returned(assessment: Assessment, user: User, reason: str, due: date | None) -> None:
    unit = assessment.registration.unit
    until = f" Nộp lại trước ngày {due:%d/%m/%Y}." if due else ""
    text = f"Thành phố trả lại hồ sơ {_name(assessment)}.{until} Lý do: {_short(reason)}"
    for to in (ward_people(unit.ward_id), unit_heads(unit.pk)):
        send(Notice.Kind.RETURNED, to, text, _address(assessment), actor=user, assessment=assessment, due_on=due)


def _withdrawn(assessment: Assessment, user: User, reason: str, due: date | None) -> None:
    text = f"{_full_name(assessment)}: xã, phường đã rút hồ sơ về."
    send(Notice.Kind.SUBMITTED, home_affairs(), text, _address(assessment), actor=user, assessment=assessment)


def _accepted(assessment: Assessment, user: User, reason: str, due: date | None) -> None:
    unit, plan = assessment.registration.unit, assessment.registration.plan
    text = f"Hồ sơ {_name(assessment)} đã được thành phố tiếp nhận để thẩm định."
    send(Notice.Kind.ACCEPTED, ward_people(unit.ward_id), text, _address(assessment), actor=user, assessment=assessment)
    _tell_agencies(plan, user)


def _tell_agencies(plan: Plan, user: User) -> None:
    """Many dossiers are accepted one after the other: each officer has one unread notice for all of them."""
    agencies = Assignment.objects.filter(plan=plan).order_by().values_list("agency", flat=True).distinct()
    own = Q(notices__kind=Notice.Kind.APPRAISE, notices__plan=plan)
    officers = agency_officers(agencies).annotate(
        told=Count("notices", filter=own), unread=Count("notices", filter=own & Q(notices__read_at__isnull=True))
    )
    address = reverse("assessments:grid", args=[plan.year])
    by_number: dict[int, list[User]] = {}
    for officer in officers:
        if not officer.unread:
            by_number.setdefault(officer.told, []).append(officer)
    for number, people in by_number.items():
        send(
            Notice.Kind.APPRAISE,
            people,
            f"Năm {plan.year}: có hồ sơ mới được tiếp nhận, chờ cơ quan thẩm định.",
            address,
            actor=user,
            plan=plan,
            key=f"appraise:{plan.pk}:{number}",  # two acceptances at once make one notice
        )


def _concluded(assessment: Assessment, user: User, reason: str, due: date | None) -> None:
    text = f"Thành phố đã kết luận thẩm định hồ sơ {_name(assessment)}."
    to = ward_people(assessment.registration.unit.ward_id)
    send(Notice.Kind.CONCLUDED, to, text, _address(assessment), actor=user, assessment=assessment)


def _proposed(assessment: Assessment, user: User, reason: str, due: date | None) -> None:
    text = f"Hồ sơ {_name(assessment)} đã được trình UBND thành phố."
    to = ward_people(assessment.registration.unit.ward_id)
    send(Notice.Kind.CONCLUDED, to, text, _address(assessment), actor=user, assessment=assessment)


_TELLERS: dict[Action, Callable[[Assessment, User, str, date | None], None]] = {
    Action.HAND_OVER: _handed_over,
    Action.HAND_BACK: _handed_back,
    Action.SEND_TO_COUNCIL: _sent_to_council,
    Action.COUNCIL_RETURN: _returned_by_council,
    Action.RETURN: _returned,
    Action.WITHDRAW: _withdrawn,
    Action.ACCEPT: _accepted,
    Action.CONCLUDE: _concluded,
    Action.PROPOSE: _proposed,
}


def decision_recorded(decision: Decision, user: User) -> None:
    """The city's leaders find a decision to confirm; a changed one is told again."""
    text = f"Quyết định số {decision.number} ({decision.lines.count()} tổ dân phố, bản) chờ xác nhận."
    address = reverse("assessments:decision", args=[decision.pk])
    key = f"decision:{decision.pk}:{decision.version}"
    decision_dropped(decision)
    send(Notice.Kind.DECISION, city_leaders(), text, address, actor=user, plan=decision.plan, key=key)


def decision_dropped(decision: Decision) -> None:
    """Nobody is led to a decision, or a state of it, that is no more."""
    address = reverse("assessments:decision", args=[decision.pk])
    Notice.objects.filter(kind=Notice.Kind.DECISION, url=address, read_at__isnull=True).delete()


def decision_confirmed(decision: Decision, user: User) -> None:
    """Wards and heads of the listed units learn the result, home affairs that it is done."""
    address = reverse("assessments:decision", args=[decision.pk])
    decision_dropped(decision)
    by_ward: dict[int, Counter[str]] = {}
    lines = decision.lines.select_related("assessment__registration__unit")
    for line in lines:
        unit = line.assessment.registration.unit
        by_ward.setdefault(unit.ward_id, Counter())[line.result] += 1
        result = line.get_result_display().lower()
        text = f"{unit} năm {decision.plan.year}: {result} theo Quyết định số {decision.number}."
        send(
            Notice.Kind.DECISION, unit_heads(unit.pk), text, address, actor=user, assessment=line.assessment,
            plan=decision.plan,
        )  # fmt: skip
    for ward_id, results in by_ward.items():
        text = f"Quyết định số {decision.number}: xã, phường có {_results(results)}."
        send(Notice.Kind.DECISION, ward_people(ward_id), text, address, actor=user, plan=decision.plan)
    total = sum(by_ward.values(), Counter())
    text = f"Quyết định số {decision.number} đã được xác nhận: {_results(total)}."
    send(Notice.Kind.DECISION, home_affairs(), text, address, actor=user, plan=decision.plan)


def _results(results: Counter[str]) -> str:
    result = DecisionLine.Result
    parts = [(results[result.RECOGNISED], "được công nhận"), (results[result.NOT_RECOGNISED], "không công nhận")]
    return ", ".join(f"{number} tổ dân phố, bản {words}" for number, words in parts if number)
