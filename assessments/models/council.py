"""The ward's council: its members, its meetings, and what a meeting resolved on each unit."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from assessments.models.assessment import Assessment
from assessments.models.plan import Plan
from localities.models import Ward
from localities.text import IsNFC


class CouncilRole(models.TextChoices):
    """What a member is in the council."""

    CHAIR = "chair", "Chủ tịch hội đồng"
    DEPUTY = "deputy", "Phó Chủ tịch hội đồng"
    SECRETARY = "secretary", "Thư ký"
    MEMBER = "member", "Ủy viên"


class CouncilMember(models.Model):
    """A member as the ward's list names them now; a meeting keeps its own copy."""

    ward = models.ForeignKey(Ward, models.PROTECT, related_name="council_members")
    full_name = models.CharField("họ và tên", max_length=150)
    job_title = models.CharField("chức vụ, đơn vị công tác", max_length=200)
    role = models.CharField("vai trò trong hội đồng", max_length=10, choices=CouncilRole)
    position = models.PositiveSmallIntegerField("thứ tự", default=0)
    active = models.BooleanField("đang tham gia", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "thành viên hội đồng"
        ordering = ["-active", "position", "pk"]
        constraints = [
            models.CheckConstraint(name="council_member_role_known", condition=Q(role__in=CouncilRole.values)),
            models.CheckConstraint(
                name="council_member_nfc", condition=IsNFC(F("full_name")) & IsNFC(F("job_title")) & ~Q(full_name="")
            ),
            models.UniqueConstraint(
                fields=["ward"],
                condition=Q(role="chair", active=True),
                name="council_has_one_chair",
                violation_error_message="Hội đồng chỉ có một Chủ tịch.",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name


class CouncilMeeting(models.Model):
    """One meeting over several units. Editable until the ward's leader concludes it, then fixed."""

    ward = models.ForeignKey(Ward, models.PROTECT, related_name="council_meetings")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="council_meetings")
    held_on = models.DateField("ngày họp")
    starts_at = models.TimeField("bắt đầu lúc", null=True, blank=True)
    ends_at = models.TimeField("kết thúc lúc", null=True, blank=True)
    place = models.CharField("địa điểm", max_length=200)
    guests = models.TextField("đại biểu mời dự", max_length=2000, blank=True)
    members_total = models.PositiveSmallIntegerField("tổng số thành viên")
    present = models.PositiveSmallIntegerField("số có mặt")
    conclusion = models.TextField("kết luận của cuộc họp", max_length=4000, blank=True)
    version = models.PositiveIntegerField("phiên bản", default=1)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("ghi lúc", auto_now_add=True)
    concluded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    concluded_at = models.DateTimeField("chốt biên bản lúc", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "cuộc họp hội đồng"
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.CheckConstraint(name="meeting_present_within_members", condition=Q(present__lte=F("members_total"))),
            models.CheckConstraint(
                name="meeting_concluded_by_somebody",
                condition=Q(concluded_at__isnull=True, concluded_by__isnull=True)
                | Q(concluded_at__isnull=False, concluded_by__isnull=False),
            ),
            models.CheckConstraint(
                name="meeting_text_nfc",
                condition=IsNFC(F("place")) & IsNFC(F("guests")) & IsNFC(F("conclusion")),  # type: ignore[arg-type]
            ),
            models.CheckConstraint(
                name="meeting_times_in_order",
                condition=Q(starts_at__isnull=True) | Q(ends_at__isnull=True) | Q(starts_at__lte=F("ends_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"Họp hội đồng ngày {self.held_on:%d/%m/%Y}"


class Attendance(models.Model):
    """A member at a meeting, as named on that day."""

    meeting = models.ForeignKey(CouncilMeeting, models.CASCADE, related_name="attendance")
    member = models.ForeignKey(CouncilMember, models.SET_NULL, null=True, blank=True, related_name="+")
    full_name = models.CharField("họ và tên", max_length=150)
    job_title = models.CharField("chức vụ, đơn vị công tác", max_length=200, blank=True)
    role = models.CharField("vai trò trong hội đồng", max_length=10, choices=CouncilRole)
    present = models.BooleanField("có mặt", default=True)
    reason = models.CharField("lý do vắng", max_length=200, blank=True)
    position = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "thành viên dự họp"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "member"], name="attendance_once"),
            models.CheckConstraint(name="attendance_role_known", condition=Q(role__in=CouncilRole.values)),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def words(self) -> str:
        """As minutes name a member: name, office (role), and whether absent."""
        office = f", {self.job_title}" if self.job_title else ""
        absent = "" if self.present else f", vắng{': ' + self.reason if self.reason else ''}"
        return f"{self.full_name}{office} ({self.get_role_display().lower()}{absent})"


class CouncilItem(models.Model):
    """One unit on a meeting's agenda, and what was resolved on it once the meeting is concluded.

    `standing`: the approval that a submission may rely on; a return to the ward ends it.
    """

    class Outcome(models.TextChoices):
        APPROVED = "approved", "Thông qua"
        RETURNED = "returned", "Trả lại"

    meeting = models.ForeignKey(CouncilMeeting, models.CASCADE, related_name="items")
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="council_items")
    votes_for = models.PositiveSmallIntegerField("số phiếu tán thành", null=True, blank=True)
    outcome = models.CharField("kết quả", max_length=10, choices=Outcome, blank=True)
    opinion = models.TextField("ý kiến của hội đồng", max_length=2000, blank=True)
    standing = models.BooleanField("đang có hiệu lực", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "hồ sơ trong cuộc họp"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "assessment"], name="council_item_once"),
            models.UniqueConstraint(
                fields=["assessment"], condition=Q(standing=True), name="council_approval_stands_once"
            ),
            models.CheckConstraint(name="council_outcome_known", condition=Q(outcome__in=["", "approved", "returned"])),
            models.CheckConstraint(
                name="council_standing_is_approved",
                condition=Q(standing=False) | Q(outcome="approved", votes_for__isnull=False),
            ),
            models.CheckConstraint(
                name="council_return_has_opinion", condition=~Q(outcome="returned") | ~Q(opinion="")
            ),
            models.CheckConstraint(name="council_opinion_nfc", condition=IsNFC(F("opinion"))),
        ]

    def __str__(self) -> str:
        return f"{self.assessment}: {self.get_outcome_display() or 'Chưa có kết quả'}"


class Submission(models.Model):
    """What a ward sent to the city in one go; its number and time make the receipt."""

    ward = models.ForeignKey(Ward, models.PROTECT, related_name="submissions")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="submissions")
    number = models.PositiveIntegerField("lần gửi")
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField("gửi lúc")

    class Meta:
        verbose_name = verbose_name_plural = "lần gửi hồ sơ"
        ordering = ["-submitted_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["ward", "plan", "number"], name="submission_number_once"),
            models.CheckConstraint(name="submission_number_counts_from_one", condition=Q(number__gte=1)),
        ]

    def __str__(self) -> str:
        return f"Lần gửi {self.number}"


class SubmissionLine(models.Model):
    """One assessment in a submission; `standing` until it is withdrawn or returned."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="lines")
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="submission_lines")
    standing = models.BooleanField("đang có hiệu lực", default=True)
    ended_at = models.DateTimeField("rút hoặc bị trả lại lúc", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "hồ sơ trong lần gửi"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "assessment"], name="submission_line_once"),
            models.UniqueConstraint(fields=["assessment"], condition=Q(standing=True), name="submission_stands_once"),
            models.CheckConstraint(
                name="submission_line_ended_has_time",
                condition=Q(standing=True, ended_at__isnull=True) | Q(standing=False, ended_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission}: {self.assessment}"
