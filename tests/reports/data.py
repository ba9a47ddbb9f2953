"""Assessments with something in them, made by the deeds the screens use."""

import hashlib
from collections.abc import Mapping
from datetime import date

from accounts.models import User
from assessments.appraisal import confirm_self_verdicts
from assessments.council import Resolution, conclude_meeting
from assessments.deeds import table_of, with_context
from assessments.models import Assessment, CouncilMeeting, Decision, DecisionLine, Evidence, Layer
from assessments.moving import accept, conclude, propose, send_to_council
from assessments.recognition import confirm_decision, record_decision
from assessments.self_assessment import NewAnswer, apply_many, open_layer
from criteria import spec
from localities.models import Authority
from tests.assessments import roads

HOUSEHOLDS = 198


def own_table(assessment: Assessment) -> spec.Table:
    return table_of(with_context(Assessment.objects.filter(pk=assessment.pk)).get())


def best_figures(entry: spec.Entry, households: int | None) -> dict[str, spec.Figure]:
    """Figures that hold for every indicator of the entry; for a case, ones that stay below."""
    figures = {}
    for indicator in entry.indicators:
        total = 37 if indicator.denominator_source is spec.DenominatorSource.OWN else households
        if indicator.kind is spec.IndicatorKind.COUNT:
            figures[indicator.key] = spec.Figure(indicator.threshold, None)
        elif entry.kind is spec.EntryKind.CASE:
            figures[indicator.key] = spec.Figure(3, total)
        else:
            figures[indicator.key] = spec.Figure(total, total)
    return figures


def fill(user: User, assessment: Assessment, special: Mapping[str, NewAnswer] | None = None) -> None:
    """Assess everything as good with figures and a note each; `special` replaces single answers."""
    opened, table, answers = open_layer(user, assessment.pk, Layer.SELF)
    wanted = {}
    for entry in table.judged_by_hand:
        good = spec.Verdict.ABSENT if entry.kind is spec.EntryKind.CASE else spec.Verdict.MET
        note = f"Ghi chú của {entry.key}: đã họp dân, lập biên bản và niêm yết công khai tại nhà văn hóa."
        wanted[entry.key] = NewAnswer(good, note, best_figures(entry, opened.households))  # type: ignore[attr-defined]
    wanted |= special or {}
    apply_many(
        user=user, assessment=opened, table=table, answers=answers, layer=Layer.SELF, wanted=wanted, action="test"
    )


def attach(user: User, assessment: Assessment, key: str, name: str, *, layer: str = Layer.SELF) -> Evidence:
    """A row of evidence without its bytes: documents only read what is known of the file."""
    entry = own_table(assessment).entries_by_key[key]
    return Evidence.objects.create(
        assessment=assessment,
        entry_id=entry.id,
        layer=layer,
        file=f"ab/{hashlib.sha256(name.encode()).hexdigest()}.pdf",
        original_name=name,
        content_type="application/pdf",
        size=1_572_864,
        sha256=hashlib.sha256(name.encode()).hexdigest(),
        added_by=user,
    )


def refer(user: User, assessment: Assessment, key: str, reference: str) -> Evidence:
    """Evidence that names a paper document."""
    entry = own_table(assessment).entries_by_key[key]
    return Evidence.objects.create(
        assessment=assessment, entry_id=entry.id, layer=Layer.SELF, reference=reference, added_by=user
    )


def approve(leader: User, assessment: Assessment) -> CouncilMeeting:
    """The council meets with eight of nine, seven for it, and concludes."""
    meeting = roads.meet(
        leader,
        assessment,
        present=8,
        held_on=date(2025, 9, 8),
        place="Hội trường UBND phường",
        conclusion="Nhất trí đề nghị thành phố công nhận.",
    )
    resolution = Resolution(approve=True, votes_for=7)
    return conclude_meeting(user=leader, meeting_id=meeting.pk, resolutions={assessment.pk: resolution})


def walk_to_decision(
    assessment: Assessment, *, officer: User, leader: User, home_affairs: User, city_leader: User
) -> DecisionLine:
    """From a completely filled draft to a confirmed decision."""
    send_to_council(user=officer, assessment_id=assessment.pk)
    approve(leader, assessment)
    roads.submit(leader, assessment)
    accept(user=home_affairs, assessment_id=assessment.pk)
    confirm_self_verdicts(user=home_affairs, assessment_id=assessment.pk)
    conclude(user=home_affairs, assessment_id=assessment.pk)
    propose(user=home_affairs, assessment_id=assessment.pk)
    decision = record_decision(
        user=home_affairs,
        plan_id=assessment.plan.pk,
        assessment_ids=[assessment.pk],
        decision=Decision(
            number="1234/QĐ-UBND",
            issued_on=date(2025, 6, 9),
            title="Công nhận tổ dân phố, bản tự quản",
            signer_title="CHỦ TỊCH",
        ),
    )
    confirm_decision(user=city_leader, decision_id=decision.pk)
    return DecisionLine.objects.get(assessment=assessment)


def city_authority() -> Authority:
    return Authority.objects.create(
        name="Ủy ban nhân dân thành phố Lai Châu",
        superior_name="UBND tỉnh Lai Châu",
        place_name="Thành phố Lai Châu",
        home_affairs_name="Phòng Nội vụ",
        home_affairs_symbol="PNV",
        signer_authority="TM. ỦY BAN NHÂN DÂN",
        signer_title="CHỦ TỊCH",
        valid_until=date(2025, 6, 30),
    )
