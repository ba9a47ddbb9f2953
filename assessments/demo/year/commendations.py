"""Commendation in both years: 2020 awarded and declined, 2025 in every state. Offices and roles only, no names."""

from collections.abc import Sequence
from datetime import date

from django.utils import timezone

from accounts.models import User
from assessments.demo.accounts import place
from assessments.demo.stage import Stageplay
from assessments.models import Commendation, CommendationDecision, Plan
from assessments.year import commendation_decisions as decisions
from assessments.year import commendations as deeds

_OF_UNIT = (
    "Giữ vững nền nếp tự quản; 100% số hộ ký cam kết, không có điểm nóng về an ninh, trật tự; vận động Nhân dân góp "
    "ngày công và kinh phí sửa nhà văn hóa, chỉnh trang đường ngõ."
)
_OF_HEAD = (
    "Tận tụy, sâu sát từng hộ; tổ chức tốt hội nghị Nhân dân, hòa giải thành các mâu thuẫn phát sinh; vận động các hộ "
    "chấp hành trật tự đô thị và giữ gìn vệ sinh môi trường."
)
_OF_OFFICER = "Tham mưu kịp thời kế hoạch, hướng dẫn các tổ dân phố, bản tự đánh giá; hồ sơ đầy đủ, gửi đúng hạn."
_OF_OFFICE = "Phối hợp hướng dẫn, thẩm định đúng tiến độ; hỗ trợ tổ dân phố, bản xây dựng mô hình kinh tế."


def load(play: Stageplay) -> None:
    """Both plans, by the deeds of wards, agencies, home affairs and the leader."""
    _play_2020(play)
    _play_2025(play)


def _play_2020(play: Stageplay) -> None:
    plan = Plan.objects.get(year=2020)
    sent = [_unit(play, plan, code, name) for code, name in (("03386", "Tổ 1"), ("03387", "Tổ 1"), ("03403", "Bản 1"))]
    sent.append(_head(play, plan, "03387", "Tổ 1"))
    sent.append(_officer(play, plan, "03403"))
    sent.append(_agency(play, plan))
    sent.append(_own(play, plan))
    refused = _unit(play, plan, "03386", "Bản 1")
    _send(play, [*sent, refused])
    _judge(play, sent)
    reason = "Tổ dân phố, bản không được công nhận năm 2020 nên chưa đủ điều kiện khen thưởng."
    _judge(play, [refused], accept=False, reason=reason)
    _decide(play, plan, "MH-KT-01/QĐ-UBND", date(2020, 12, 25), sent, confirmed=True)


def _play_2025(play: Stageplay) -> None:
    plan, today = Plan.objects.get(year=2025), timezone.localdate()
    awarded = [_unit(play, plan, "03386", "Tổ 1"), _head(play, plan, "03386", "Tổ 1")]
    waiting = [_unit(play, plan, "03389", "Tổ 2"), _agency(play, plan)]
    against, accepted = _unit(play, plan, "03387", "Tổ 1"), _unit(play, plan, "03409", "Bản 5")
    refused = _unit(play, plan, "03386", "Bản 1")
    fresh = [_head(play, plan, "03389", "Tổ 2"), _officer(play, plan, "03387"), _own(play, plan)]
    # Proposed by the ward and once more by an agency: the check says so.
    twice = _save(play.users["kinhte"], plan, unit=play.units["03389", "Tổ 2"], achievements=_OF_OFFICE)
    _send(play, [*awarded, *waiting, against, accepted, refused, *fresh, twice])
    _judge(play, [*awarded, *waiting, accepted])
    reason = (
        "Thực hiện thí điểm có hiệu quả, đang hoàn thiện hồ sơ theo yêu cầu của thành phố; đề nghị xét theo thành tích."
    )
    _judge(play, [against], reason=reason)
    _judge(play, [refused], accept=False, reason="Có trường hợp không đảm bảo xảy ra trong năm.")
    _decide(play, plan, "MH-KT-02/QĐ-UBND", today, awarded, confirmed=True)
    _decide(play, plan, "MH-KT-03/QĐ-UBND", today, waiting, confirmed=False)
    # Still at the desk: the ward's leader has not sent them.
    _head(play, plan, "03387", "Tổ 4")
    _unit(play, plan, "03387", "Tổ 5")
    _save(play.users["taichinh"], plan, name="Bộ phận Kế hoạch - Đầu tư", achievements=_OF_OFFICE)


def _save(user: User, plan: Plan, **told: object) -> Commendation:
    row = Commendation(**{"kind": "collective", **told})
    return deeds.save(user=user, plan_id=plan.pk, row=row)


def _unit(play: Stageplay, plan: Plan, code: str, name: str) -> Commendation:
    return _save(play.officer(code), plan, unit=play.units[code, name], achievements=_OF_UNIT)


def _head(play: Stageplay, plan: Plan, code: str, name: str) -> Commendation:
    unit, ward = play.units[code, name], play.wards[code]
    word = "Trưởng bản" if unit.kind == "village" else "Tổ trưởng"
    return _save(
        play.officer(code), plan, kind="person", unit=unit, name=f"{word} {unit}, {place(ward)}",
        position=f"{word} {unit}", achievements=_OF_HEAD,
    )  # fmt: skip


def _officer(play: Stageplay, plan: Plan, code: str) -> Commendation:
    where = place(play.wards[code])
    return _save(
        play.officer(code), plan, kind="person", name=f"Công chức Văn hóa - Xã hội {where}",
        position=f"UBND {where}", achievements=_OF_OFFICER,
    )  # fmt: skip


def _agency(play: Stageplay, plan: Plan) -> Commendation:
    return _save(play.users["kinhte"], plan, name="Tổ công tác phát triển kinh tế hộ", achievements=_OF_OFFICE)


def _own(play: Stageplay, plan: Plan) -> Commendation:
    return _save(play.home_affairs, plan, name="Tổ giúp việc Đoàn thẩm định của thành phố", achievements=_OF_OFFICE)


def _send(play: Stageplay, rows: Sequence[Commendation]) -> None:
    """Each office sends its own; what leaves a ward its leader sends."""
    by_sender: dict[str, list[Commendation]] = {}
    leaders = {ward.pk: play.leader(code).username for code, ward in play.wards.items()}
    for row in rows:
        sender = leaders[row.ward_id] if row.ward_id else row.added_by.username
        by_sender.setdefault(sender, []).append(row)
    for sender, own in by_sender.items():
        deeds.send(user=play.users[sender], plan_id=own[0].plan_id, ids=[row.pk for row in own])


def _judge(play: Stageplay, rows: Sequence[Commendation], *, accept: bool = True, reason: str = "") -> None:
    versions = dict(Commendation.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", "version"))
    deeds.judge(user=play.home_affairs, plan_id=rows[0].plan_id, versions=versions, accept=accept, reason=reason)


def _decide(
    play: Stageplay, plan: Plan, number: str, issued_on: date, rows: Sequence[Commendation], *, confirmed: bool
) -> None:
    """A decision with a number that no office would give ("MH": minh họa)."""
    decision = decisions.record(
        user=play.home_affairs,
        plan_id=plan.pk,
        decision=CommendationDecision(
            number=number,
            issued_on=issued_on,
            title="Khen thưởng tập thể, cá nhân có thành tích xuất sắc trong xây dựng tổ dân phố, bản tự quản, phát "
            f"triển toàn diện năm {plan.year} (dữ liệu minh họa)",
            signer_title="KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH",
        ),
        ids=[row.pk for row in rows],
    )
    if confirmed:
        decisions.confirm(user=play.users["lanhdao.thanhpho"], pk=decision.pk)
