"""The money of both years: 2020 approved to the end, 2025 in every state, in time and late."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.core.files.base import ContentFile

from accounts.models import User
from assessments import money
from assessments.demo import files
from assessments.demo.data import WARD_SLUGS
from assessments.demo.stage import Stageplay
from assessments.models import BudgetDecision, BudgetEstimate, Plan
from assessments.year import budget, budget_appraisal, budget_decisions, rows
from assessments.year.budget import Line

_RECEIVED_2020 = (date(2020, 5, 14), date(2020, 5, 19), date(2020, 5, 18), date(2020, 5, 25), date(2020, 5, 15))
_EXPLANATION = (
    "Dự toán lập theo nhiệm vụ của kế hoạch năm; đơn giá theo giá thị trường tại thời điểm lập và định mức chi hiện "
    "hành của địa phương. Phần xã hội hóa do Nhân dân, doanh nghiệp trên địa bàn tự nguyện đóng góp."
)
# Content, measure, quantity, price, hundredths from the State, from the people; the rest from others.
_WORK: tuple[tuple[str, str, str, int, int, int], ...] = (
    ("Tập huấn cho tổ trưởng, trưởng bản và ban công tác Mặt trận", "lớp", "2", 8_500_000, 100, 0),
    ("Tuyên truyền lưu động, pa nô, khẩu hiệu", "bộ", "12", 1_250_000, 100, 0),
    ("Hỗ trợ dụng cụ vệ sinh môi trường cho ngày ra quân hằng tháng", "tổ, bản", "5", 3_000_000, 60, 40),
    ("Sửa chữa đường nội tổ, nội bản", "km", "1.5", 42_000_000, 50, 50),
    ("Lắp đèn chiếu sáng, camera an ninh tại điểm phức tạp", "điểm", "4", 6_750_000, 40, 40),
    ("Hội nghị tổng kết, biểu dương tổ dân phố, bản tiêu biểu", "hội nghị", "1", 12_400_000, 100, 0),
)
# In 2025 the loudspeakers give way to a training in digital skills, so that years differ by more than their prices.
_ONLY_2020 = ("Mua loa, âm ly cho nhà văn hóa", "bộ", "3", 4_200_000, 70, 30)
_ONLY_2025 = ("Hướng dẫn Nhân dân dùng dịch vụ công trực tuyến", "buổi", "6", 1_500_000, 100, 0)


def load(play: Stageplay) -> None:
    """Both years, through the deeds."""
    _play_2020(play, Plan.objects.get(year=2020))
    _play_2025(play, Plan.objects.get(year=2025))


def _finance(play: Stageplay) -> User:
    return play.users["taichinh"]


def _lines(play: Stageplay, plan: Plan, code: str, factor: int) -> list[Line]:
    """A ward's lines; one of them is for its first unit alone."""
    own = next((unit.pk for (ward, _), unit in play.units.items() if ward == code), None)
    found, work = [], (*_WORK, _ONLY_2020 if plan.year == 2020 else _ONLY_2025)
    for at, (content, measure, quantity, price, state, social) in enumerate(work):
        scaled = price + 50_000 * factor
        asked = money.product(Decimal(quantity), scaled)
        from_state, from_people = asked * state // 100, asked * social // 100
        sources = money.Sources(from_state, from_people, asked - from_state - from_people)
        found.append(Line(content, measure, Decimal(quantity), scaled, sources, own if at == 3 else None))
    return found


def _write(play: Stageplay, plan: Plan, code: str, number: int, signed_on: date | None) -> BudgetEstimate:
    return budget.save_estimate(
        user=play.officer(code),
        plan_id=plan.pk,
        number=f"MH-{number:02d}/TTr-UBND" if signed_on else "",
        signed_on=signed_on,
        explanation=_EXPLANATION,
        lines=_lines(play, plan, code, number + (plan.year - 2020)),
        version=rows.NEW,
    )


def _send(play: Stageplay, estimate: BudgetEstimate, code: str, received_on: date) -> BudgetEstimate:
    sent = budget.send_estimate(user=play.leader(code), estimate_id=estimate.pk, version=estimate.version)
    return budget.state_paper_day(
        user=play.home_affairs,
        estimate_id=sent.pk,
        received_on=received_on,
        reason="Sổ công văn đến của Phòng Nội vụ.",
        version=sent.version,
    )


def _appraise(play: Stageplay, estimate: BudgetEstimate, cut: int, *, finish: bool = True) -> BudgetEstimate:
    """The line at `cut` gets less, the next one more where the price was too low; the rest as asked."""
    lines = list(estimate.lines.order_by("position"))
    short, more = lines[cut % len(lines)], lines[(cut + 1) % len(lines)]
    said: dict[int, tuple[int | None, str]] = {
        short.pk: (short.asked * 9 // 10, "Giảm 10% theo định mức."),
        more.pk: (more.asked, ""),
    }
    if cut % 3 == 0:
        said[more.pk] = (more.asked + 500_000, "Đơn giá thấp hơn báo giá mới; tính lại theo báo giá.")
    return budget_appraisal.appraise(
        user=_finance(play),
        estimate_id=estimate.pk,
        said=said,
        note="Cơ bản thống nhất với dự toán của xã, phường." if finish else "",
        version=estimate.version,
        rest_as_asked=finish,
        finish=finish,
    )


def _decide(play: Stageplay, plan: Plan, number: str, day: date, found: Sequence[BudgetEstimate]) -> BudgetDecision:
    return budget_decisions.record_decision(
        user=_finance(play),
        plan_id=plan.pk,
        decision=BudgetDecision(
            number=number,
            issued_on=day,
            title=f"Phê duyệt kinh phí xây dựng tổ dân phố, bản tự quản, phát triển toàn diện năm {plan.year}",
            signer_title="KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH",
        ),
        estimate_ids=[estimate.pk for estimate in found],
        version=rows.NEW,
    )


def _confirm(play: Stageplay, decision: BudgetDecision) -> None:
    budget_decisions.attach_decision(
        user=_finance(play),
        decision_id=decision.pk,
        file=ContentFile(
            files.pdf(["Quyet dinh kinh phi (minh hoa)", str(decision.plan.year)]), f"QD-{decision.pk}.pdf"
        ),
    )
    leader = play.users["lanhdao.thanhpho"]
    budget_decisions.confirm_decision(user=leader, decision_id=decision.pk, version=decision.version)


def _play_2020(play: Stageplay, plan: Plan) -> None:
    done = []
    for number, code in enumerate(WARD_SLUGS, 1):
        estimate = _write(play, plan, code, number, date(2020, 5, 11))
        sent = _send(play, estimate, code, _RECEIVED_2020[number % len(_RECEIVED_2020)])
        done.append(_appraise(play, sent, number))
    decision = _decide(play, plan, "MH-11/QĐ-UBND", date(2020, 6, 10), done)
    first = done[0].lines.order_by("position")[0]
    decision = budget_decisions.set_approved(
        user=_finance(play),
        decision_id=decision.pk,
        estimate_id=done[0].pk,
        said={first.pk: (first.asked - 1_000_000, "Cân đối ngân sách năm.")},
        version=decision.version,
    )
    _confirm(play, decision)


def _play_2025(play: Stageplay, plan: Plan) -> None:
    """One ward in each state; the last one has sent none."""
    approved, returned, submitted, in_decision, appraised, draft, _ = WARD_SLUGS
    sent = {}
    for number, code in enumerate((approved, returned, submitted, in_decision, appraised), 1):
        estimate = _write(play, plan, code, number, date(2025, 4, 2))
        day = date(2025, 4, 22) if code == submitted else date(2025, 4, 4 + number)
        sent[code] = _send(play, estimate, code, day)
    _write(play, plan, draft, 6, None)
    _confirm(play, _decide(play, plan, "MH-21/QĐ-UBND", date(2025, 5, 5), [_appraise(play, sent[approved], 1)]))
    _decide(play, plan, "MH-22/QĐ-UBND", date(2025, 5, 20), [_appraise(play, sent[in_decision], 2)])
    _appraise(play, sent[appraised], 3)
    half = _appraise(play, sent[submitted], 4, finish=False)
    assert half.state == BudgetEstimate.State.SUBMITTED
    budget_appraisal.return_estimate(
        user=_finance(play),
        estimate_id=_appraise(play, sent[returned], 0, finish=False).pk,
        reason="Bổ sung báo giá cho nội dung lắp đèn, camera và làm rõ phần xã hội hóa.",
        version=sent[returned].version + 1,
    )
