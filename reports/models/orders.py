"""Many documents at once: an order and its parts. A part's row lock is the lease of the process that makes it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from reports.models.files import Format, StoredFile


class PrintJob(models.Model):
    """What one person ordered: many documents, made in the background, given out as one file."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="print_jobs")
    title = models.CharField("tên", max_length=300)
    format = models.CharField("nhận dạng", max_length=4, choices=Format)
    # The same order again while the first still runs is the same order.
    key = models.CharField("khóa", max_length=64)
    ordered_at = models.DateTimeField("đặt lúc", auto_now_add=True)
    finished_at = models.DateTimeField("xong lúc", null=True, blank=True)
    cancelled_at = models.DateTimeField("hủy lúc", null=True, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "lệnh in"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "key"],
                condition=Q(finished_at__isnull=True, cancelled_at__isnull=True),
                name="print_job_once",
            ),
            models.CheckConstraint(name="print_job_format_known", condition=Q(format__in=["pdf", "zip"])),
            models.CheckConstraint(
                name="print_job_ends_once", condition=Q(finished_at__isnull=True) | Q(cancelled_at__isnull=True)
            ),
            models.CheckConstraint(
                name="print_job_file_when_finished", condition=Q(file__isnull=True) | Q(finished_at__isnull=False)
            ),
        ]
        indexes = [models.Index(fields=["owner", "-id"], name="print_job_of_owner")]

    def __str__(self) -> str:
        return self.title

    @property
    def open(self) -> bool:
        """Whether workers still have something to do for it."""
        return self.finished_at is None and self.cancelled_at is None


class PrintPart(models.Model):
    """One document of an order; `file` once it is made, `error` once it could not be made after several attempts."""

    job = models.ForeignKey(PrintJob, models.CASCADE, related_name="parts")
    position = models.PositiveIntegerField("thứ tự")
    kind = models.CharField("loại văn bản", max_length=40)
    subject = models.CharField("của", max_length=40)
    format = models.CharField("định dạng", max_length=4, choices=Format)
    label = models.CharField("tên", max_length=300)
    attempts = models.PositiveSmallIntegerField("số lần thử", default=0)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    file_name = models.CharField("tên tệp", max_length=250, blank=True)
    error = models.CharField("lỗi", max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "văn bản trong lệnh in"
        ordering = ["job", "position"]
        constraints = [
            models.UniqueConstraint(fields=["job", "position"], name="print_part_position_once"),
            models.CheckConstraint(name="print_part_made_or_failed", condition=Q(file__isnull=True) | Q(error="")),
        ]
        indexes = [
            models.Index(fields=["job"], condition=Q(file__isnull=True, error=""), name="print_part_to_do"),
        ]

    def __str__(self) -> str:
        return self.label
