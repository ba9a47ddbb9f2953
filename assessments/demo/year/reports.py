"""Half-year and yearly reports of the demonstration: 2020 complete, on time and late; 2025 in every state."""

from datetime import date

from accounts.models import User
from assessments.demo.stage import Stageplay
from assessments.models import Plan, YearReport
from assessments.queries.year.reports import sources
from assessments.year import reports as deeds

HALF, YEAR = YearReport.Period.HALF, YearReport.Period.YEAR
WARDS = ("03386", "03387", "03388", "03389", "03408", "03403", "03409")
# The ward whose paper came on the day of the milestone or after it.
LATE = {HALF: "03389", YEAR: "03403"}
CAME = {HALF: (date(2020, 5, 28), date(2020, 6, 1)), YEAR: (date(2020, 10, 12), date(2020, 10, 19))}
IN_TIME_2025, LATE_2025 = date(2025, 6, 12), date(2025, 6, 24)
AGENCIES_2020 = ("kinhte", "vanhoa", "congan", "taichinh")

RESULTS = {
    HALF: "Đã quán triệt kế hoạch đến chi bộ, Ban công tác Mặt trận; 100% tổ dân phố, bản đăng ký đã họp dân, thông "
    "qua quy ước và phân công người phụ trách từng tiêu chí.\nDuy trì tổng vệ sinh, tổ tự quản nhắc nhở hằng tuần.",
    YEAR: "Các tổ dân phố, bản đăng ký đã tự đánh giá, hội đồng họp thông qua và gửi hồ sơ. Cảnh quan, vệ sinh môi "
    "trường chuyển biến rõ; Nhân dân góp ngày công sửa nhà văn hóa, ngõ xóm.",
}
DIFFICULTIES = (
    "Một số tổ dân phố mới chia tách, nhà văn hóa chật hẹp; còn hộ bày hàng trên vỉa hè.",
    "Địa bàn rộng, hộ đi làm ăn xa nhiều nên khó tổ chức họp dân đủ số hộ.",
    "Kinh phí hỗ trợ còn hạn chế; sổ sách theo dõi ở một số bản chưa đầy đủ.",
)
CAUSES = (
    "Người hoạt động không chuyên trách kiêm nhiệm nhiều việc; tuyên truyền chưa thường xuyên.",
    "Hướng dẫn một số tiêu chí ban hành chậm; phối hợp giữa các đoàn thể chưa đều.",
)
PROPOSALS = (
    "Đề nghị thành phố hỗ trợ kinh phí sửa chữa nhà văn hóa tổ dân phố.",
    "Đề nghị Phòng Văn hóa và Thông tin hướng dẫn cụ thể hồ sơ tuyến phố văn minh.",
    "Đề nghị tổ chức tập huấn nghiệp vụ cho tổ trưởng, trưởng bản vào đầu năm.",
    "Đề nghị bố trí thêm thùng rác công cộng và tần suất thu gom tại các bản.",
)
NEXT = "Tiếp tục tuyên truyền, hoàn thiện các tiêu chí chưa đạt; kiểm tra việc thực hiện quy ước hằng quý."
AGENCY_RESULTS = "Đã cử cán bộ theo dõi địa bàn, hướng dẫn xã, phường thực hiện các tiêu chí thuộc lĩnh vực phụ trách."
AGENCY_PROPOSAL = "Đề nghị các xã, phường gửi minh chứng đầy đủ ngay từ đầu để thẩm định đúng hạn."
RETURN_REASON = "Phần kết quả chưa nêu số tổ dân phố đã thông qua quy ước. Đề nghị bổ sung rồi gửi lại."


def load_first_half_of_2020(play: Stageplay) -> None:
    """Before any unit was assessed, so that no June report counts what December brought."""
    _play_2020(play, HALF)


def load(play: Stageplay) -> None:
    """The year of 2020 and what there is of 2025."""
    _play_2020(play, YEAR)
    _play_2025(play, Plan.objects.get(year=2025))


def _write(user: User, plan: Plan, period: str, at: int, **more: object) -> YearReport:
    """The report of this person's office, written and not yet sent."""
    report, _ = deeds.open_report(user=user, plan_id=plan.pk, period=period)
    values: dict[str, object] = {
        "results": RESULTS[YearReport.Period(period)] if user.ward_id else AGENCY_RESULTS,
        "difficulties": DIFFICULTIES[at % len(DIFFICULTIES)],
        "causes": CAUSES[at % len(CAUSES)],
        "proposals": PROPOSALS[at % len(PROPOSALS)] if user.ward_id else AGENCY_PROPOSAL,
        "next_tasks": NEXT,
    }
    return deeds.save_report(user=user, report_id=report.pk, version=report.version, values=values | more)


def _send(play: Stageplay, report: YearReport) -> YearReport:
    """By the ward's leader, or the agency's officer."""
    code = next((code for code, ward in play.wards.items() if ward.pk == report.ward_id), "")
    user = play.leader(code) if code else _officer(play, report)
    return deeds.send(user=user, report_id=report.pk, version=report.version)


def _officer(play: Stageplay, report: YearReport) -> User:
    return next(user for user in play.users.values() if user.agency_id and user.agency_id == report.agency_id)


def _came(play: Stageplay, report: YearReport, day: date, at: int) -> YearReport:
    """Its paper copy had come on an earlier day."""
    return deeds.record_paper(
        user=play.home_affairs,
        report_id=report.pk,
        version=report.version,
        received_on=day,
        reason=f"Theo sổ công văn đến số {at + 101} (dữ liệu minh họa).",
    )


def _accept(play: Stageplay, report: YearReport) -> None:
    deeds.accept(user=play.home_affairs, report_id=report.pk, version=report.version)


def _play_2020(play: Stageplay, period: YearReport.Period) -> None:
    """Every office reported, one ward late; the city's own is issued."""
    plan = Plan.objects.get(year=2020)
    in_time, late = CAME[period]
    writers = [play.officer(code) for code in WARDS] + [play.users[name] for name in AGENCIES_2020]
    for at, user in enumerate(writers):
        is_late = at < len(WARDS) and WARDS[at] == LATE[period]
        came = late if is_late else in_time
        symbol = "UBND" if user.ward_id else getattr(user.agency, "symbol", "")
        report = _write(user, plan, period, at, number=f"MH-{at + 10}/BC-{symbol}", signed_on=came)
        report = _send(play, report)
        _accept(play, _came(play, report, came, at))
    number = f"MH-{5 if period == HALF else 6}/BC-UBND"
    city = _compose(play, plan, period, number=number, signed_on=_issued(period))
    deeds.issue(user=play.home_affairs, report_id=city.pk, version=city.version)


def _issued(period: str) -> date:
    return date(2020, 6, 10) if period == HALF else date(2020, 12, 20)


def _compose(play: Stageplay, plan: Plan, period: str, **more: object) -> YearReport:
    """The city's own, made from what the offices wrote."""
    user = play.home_affairs
    report, _ = deeds.open_report(user=user, plan_id=plan.pk, period=period)
    written = sources(user, report)
    values: dict[str, object] = {
        "results": "UBND thành phố đã chỉ đạo các cơ quan, xã, phường triển khai đồng bộ các nhiệm vụ của kế hoạch.",
        "next_tasks": "Chỉ đạo các cơ quan phụ trách địa bàn giúp đỡ những tổ dân phố, bản còn tiêu chí chưa đạt.",
    }
    taken = [("difficulties", source) for source in written[:3]] + [("causes", source) for source in written[:2]]
    taken += [("proposals", source) for source in written[:4]]
    return deeds.save_report(
        user=user, report_id=report.pk, version=report.version, values=deeds.gathered(values, taken) | more
    )


def _play_2025(play: Stageplay, plan: Plan) -> None:
    """The half-year: two accepted (one late), one given back, two waiting, one being written, one not begun.

    The year, whose day is still ahead: one accepted, one waiting, one being written.
    """
    made = {code: _write(play.officer(code), plan, HALF, at) for at, code in enumerate(WARDS[:6])}
    for at, code in enumerate(("03386", "03387", "03388", "03408", "03403")):
        made[code] = _came(play, _send(play, made[code]), LATE_2025 if code == "03408" else IN_TIME_2025, at)
    for code in ("03386", "03408"):
        _accept(play, made[code])
    returned = made["03387"]
    deeds.give_back(user=play.home_affairs, report_id=returned.pk, version=returned.version, reason=RETURN_REASON)
    agencies = [_write(play.users[name], plan, HALF, at) for at, name in enumerate(("kinhte", "vanhoa", "congan"))]
    _accept(play, _came(play, _send(play, agencies[0]), IN_TIME_2025, 8))
    _came(play, _send(play, agencies[1]), LATE_2025, 9)
    _compose(play, plan, HALF)
    _write(play.officer("03387"), plan, YEAR, 1)
    _accept(play, _send(play, _write(play.officer("03386"), plan, YEAR, 0)))
    _send(play, _write(play.officer("03388"), plan, YEAR, 2))
