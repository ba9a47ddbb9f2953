"""A ward's detailed plan of the year: the units it takes up and its tasks, sent to the city."""

from django.db import models
from django.db.models import F, Q

from assessments.models.assessment import Registration
from assessments.models.plan import Plan
from assessments.models.year.sending import Sent, sent_has_time
from localities.models import Unit, Ward
from localities.text import IsNFC


class WardPlan(Sent):
    """One for each ward and year. Its units are the ward's registrations; sending keeps them in `units`."""

    class State(models.TextChoices):
        DRAFT = "draft", "Đang soạn"
        SUBMITTED = "submitted", "Đã gửi thành phố"
        RETURNED = "returned", "Được trả lại"

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="ward_plans")
    ward = models.ForeignKey(Ward, models.PROTECT, related_name="ward_plans")
    state = models.CharField("tình trạng", max_length=10, choices=State, default=State.DRAFT)
    goals = models.TextField("mục tiêu", max_length=8000, blank=True)
    measures = models.TextField("giải pháp", max_length=8000, blank=True)
    funding = models.TextField("kinh phí", max_length=4000, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "kế hoạch của xã, phường"
        ordering = ["ward__position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "ward"], name="ward_plan_once"),
            models.CheckConstraint(
                name="ward_plan_state_known", condition=Q(state__in=["draft", "submitted", "returned"])
            ),
            sent_has_time("ward_plan_sent_has_time", "draft", "returned"),
            models.CheckConstraint(
                name="ward_plan_return_has_reason", condition=~Q(state="returned") | ~Q(return_reason="")
            ),
            models.CheckConstraint(
                name="ward_plan_text_nfc",
                condition=IsNFC(F("number")) & IsNFC(F("goals")) & IsNFC(F("measures")) & IsNFC(F("funding")),
            ),
        ]

    def __str__(self) -> str:
        return f"Kế hoạch năm {self.plan.year} của {self.ward}"


class WardPlanUnit(models.Model):
    """A unit as the plan that was sent names it: later registrations do not change the paper."""

    ward_plan = models.ForeignKey(WardPlan, models.CASCADE, related_name="units")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    aim = models.CharField("đăng ký", max_length=10, choices=Registration.Aim)
    pilot = models.BooleanField("làm điểm", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "tổ dân phố, bản trong kế hoạch xã, phường"
        ordering = ["unit__sort_name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["ward_plan", "unit"], name="ward_plan_unit_once"),
            models.CheckConstraint(name="ward_plan_unit_aim_known", condition=Q(aim__in=["new", "maintain"])),
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.get_aim_display()}"


class WardPlanTask(models.Model):
    """One task, who answers for it, until when, and how far it is; kept up to date after sending too."""

    class State(models.TextChoices):
        PLANNED = "planned", "Chưa thực hiện"
        DOING = "doing", "Đang thực hiện"
        DONE = "done", "Đã hoàn thành"

    ward_plan = models.ForeignKey(WardPlan, models.CASCADE, related_name="task_lines")
    position = models.PositiveSmallIntegerField("thứ tự")
    content = models.CharField("nội dung", max_length=500)
    responsible = models.CharField("người, bộ phận phụ trách", max_length=200)
    partners = models.CharField("phối hợp", max_length=300, blank=True)
    due_on = models.DateField("trước ngày", null=True, blank=True)
    state = models.CharField("tình trạng", max_length=10, choices=State, default=State.PLANNED)
    done_on = models.DateField("hoàn thành ngày", null=True, blank=True)
    result = models.CharField("kết quả", max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "nhiệm vụ trong kế hoạch xã, phường"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ward_plan", "position"], name="ward_plan_task_in_order", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(
                name="ward_plan_task_state_known", condition=Q(state__in=["planned", "doing", "done"])
            ),
            models.CheckConstraint(
                name="ward_plan_task_done_has_day",
                condition=Q(state="done", done_on__isnull=False) | (~Q(state="done") & Q(done_on__isnull=True)),
            ),
            models.CheckConstraint(
                name="ward_plan_task_text_nfc",
                condition=~Q(content="")
                & IsNFC(F("content"))
                & IsNFC(F("responsible"))
                & IsNFC(F("partners"))
                & IsNFC(F("result")),
            ),
        ]

    def __str__(self) -> str:
        return self.content
