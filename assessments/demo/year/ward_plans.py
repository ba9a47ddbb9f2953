"""Ward plans of the demonstration: all of 2020 with the city, 2025 in every state."""

from dataclasses import replace
from datetime import date, timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from assessments.demo import data, files
from assessments.demo.accounts import FIRST_WARD, place
from assessments.demo.stage import Stageplay
from assessments.models import Plan, WardPlan, WardPlanTask
from assessments.year import rows, ward_plans
from assessments.year.ward_plans import Content, Progress, Task

DONE, DOING, PLANNED = (WardPlanTask.State.DONE, WardPlanTask.State.DOING, WardPlanTask.State.PLANNED)
LATE_IN_2020, LATE_IN_2025, MISSING, RETURNED = "03409", "03408", "03409", "03389"
GOALS = (
    "Duy trì các tổ dân phố, bản đã được công nhận; chỉ đạo điểm các tổ dân phố, bản đã đăng ký, phấn đấu đảm bảo "
    "cả 6 tiêu chuẩn trong năm {year}."
)
MEASURES = (
    "1. Tuyên truyền, vận động Nhân dân thực hiện quy ước, hương ước của tổ dân phố, bản.\n"
    "2. Phân công công chức phụ trách từng tổ dân phố, bản; kiểm tra hằng quý các tiêu chí còn đạt thấp.\n"
    "3. Tổ chức tự đánh giá, họp hội đồng và gửi hồ sơ đúng thời hạn."
)
FUNDING = "Lồng ghép từ ngân sách xã, phường và xã hội hóa; dự toán gửi cơ quan tài chính thẩm định."
# Content, who answers for it, who helps, month and day by which it is due.
TASKS = (
    ("Rà soát, kiện toàn người hoạt động không chuyên trách ở các tổ dân phố, bản",
     "Công chức Văn phòng - Thống kê {ward}", "Ủy ban MTTQ {ward}", (6, 15)),
    ("Ra quân tổng vệ sinh, chỉnh trang ngõ, tuyến phố vào ngày 15 và ngày cuối tháng",
     "Công chức Địa chính - Xây dựng {ward}", "Đoàn Thanh niên, Hội Phụ nữ {ward}", (6, 30)),
    ("Vận động các hộ ký cam kết an toàn về an ninh trật tự",
     "Trưởng Công an {ward}", "Các tổ trưởng, trưởng bản", (7, 15)),
    ("Bồi dưỡng nghiệp vụ tự đánh giá cho tổ trưởng, trưởng bản",
     "Công chức Văn hóa - Xã hội {ward}", "Phòng Nội vụ", (8, 31)),
    ("Tự đánh giá, họp hội đồng và hoàn thành hồ sơ đề nghị công nhận",
     "Chủ tịch UBND {ward}", "Hội đồng thẩm định, tự đánh giá {ward}", (10, 10)),
)  # fmt: skip
RETURN_REASON = (
    "Kế hoạch chưa nêu tổ dân phố, bản phấn đấu đạt mới và người phụ trách từng tổ, bản. Đề nghị bổ sung rồi gửi lại."
)


def load(play: Stageplay) -> None:
    """2020 by paper, mostly in time; 2025 with one late, one missing, one draft, one returned."""
    _load_2020(play, Plan.objects.get(year=2020))
    _load_2025(play, Plan.objects.get(year=2025))


def _write(play: Stageplay, plan: Plan, code: str, number: str, signed_on: date | None) -> WardPlan:
    ward = place(play.wards[code])
    content = Content(number, signed_on, GOALS.format(year=plan.year), MEASURES, FUNDING)
    tasks = [
        Task(text, who.format(ward=ward), partners.format(ward=ward), date(plan.year, *due))
        for text, who, partners, due in TASKS
    ]
    if plan.year == 2025:  # the last one is still ahead, as long as the plan's time allows
        ahead = min(timezone.localdate() + timedelta(days=20), date(plan.year + 1, 12, 31))
        tasks[-1] = replace(tasks[-1], due_on=ahead)
    return ward_plans.save(user=play.officer(code), plan_id=plan.pk, version=rows.NEW, content=content, tasks=tasks)


def _received(play: Stageplay, sent: WardPlan, day: date) -> WardPlan:
    """The paper copy had come on an earlier day than the one on which it was sent here."""
    return ward_plans.receive(
        user=play.home_affairs,
        ward_plan_id=sent.pk,
        version=sent.version,
        received_on=day,
        reason=f"Bản giấy đến văn thư Phòng Nội vụ ngày {day:%d/%m/%Y}.",
    )


def _load_2020(play: Stageplay, plan: Plan) -> None:
    for at, code in enumerate(data.PLACES):
        made = _write(play, plan, code, f"MH-{at + 11}/KH-UBND", date(2020, 5, 13 + at % 3))
        if at == 0:
            page = files.pdf(["KE HOACH (du lieu minh hoa)", "", "Day la tep minh hoa."])
            scan = ContentFile(page, "Kế hoạch đã ký (minh họa).pdf")
            ward_plans.attach_file(user=play.officer(code), ward_plan_id=made.pk, file=scan)
        sent = ward_plans.send(user=play.leader(code), ward_plan_id=made.pk, version=made.version)
        day = date(2020, 5, 22) if code == LATE_IN_2020 else date(2020, 5, 16 + at % 4)
        sent = _received(play, sent, day)
        progress = []
        for number, task in enumerate(sent.task_lines.order_by("position")):
            assert task.due_on is not None
            late = number == 3 and at % 3 == 0
            done_on = task.due_on + timedelta(days=6 if late else -2)
            progress.append(Progress(task.pk, DONE, done_on, "Hoàn thành theo kế hoạch."))
        ward_plans.report_tasks(user=play.officer(code), ward_plan_id=sent.pk, version=sent.version, progress=progress)


def _load_2025(play: Stageplay, plan: Plan) -> None:
    for at, code in enumerate(data.PLACES):
        if code == MISSING:
            continue
        made = _write(play, plan, code, f"MH-{at + 21}/KH-UBND", date(2025, 3, 10 + at))
        if code == FIRST_WARD:  # left for whoever tries the demonstration to send
            continue
        sent = ward_plans.send(user=play.leader(code), ward_plan_id=made.pk, version=made.version)
        sent = _received(play, sent, date(2025, 3, 24) if code == LATE_IN_2025 else date(2025, 3, 12 + at))
        if code == RETURNED:
            ward_plans.give_back(
                user=play.home_affairs, ward_plan_id=sent.pk, version=sent.version, reason=RETURN_REASON
            )
            continue
        states = (
            (DONE, date(2025, 6, 10), "Đã kiện toàn ở mọi tổ dân phố, bản."),
            (DONE, date(2025, 7, 4), "Ra quân đủ các tháng; tháng 6 lùi ngày do mưa lớn."),
            (DOING, None, "Còn một số hộ chưa ký."),  # its day is over
            (DONE, date(2025, 8, 20), "01 lớp, đủ tổ trưởng, trưởng bản.") if at % 2 else (PLANNED, None, ""),
            (DOING, None, "Đang hoàn thiện hồ sơ."),
        )
        lines = sent.task_lines.order_by("position")
        progress = [Progress(task.pk, *state) for task, state in zip(lines, states, strict=True)]
        ward_plans.report_tasks(user=play.officer(code), ward_plan_id=sent.pk, version=sent.version, progress=progress)
