"""Made documents: the store keyed by content, and the papers that stay the same file for ever."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Format(models.TextChoices):
    PDF = "pdf", "PDF"
    WORD = "docx", "Word"
    EXCEL = "xlsx", "Excel"
    ZIP = "zip", "ZIP"


class StoredFile(models.Model):
    """A made file, found by the hash of what it was made from; the bytes lie in settings.DOCUMENT_ROOT."""

    key = models.CharField("khóa nội dung", max_length=64, unique=True)
    sha256 = models.CharField("mã băm SHA-256", max_length=64)
    format = models.CharField("định dạng", max_length=4, choices=Format)
    size = models.PositiveBigIntegerField("kích thước (byte)")
    pages = models.PositiveIntegerField("số trang", null=True, blank=True)
    made_at = models.DateTimeField("tạo lúc", auto_now_add=True)
    used_on = models.DateField("dùng lần cuối ngày", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "tệp văn bản"
        constraints = [
            models.CheckConstraint(name="stored_format_known", condition=Q(format__in=["pdf", "docx", "xlsx", "zip"])),
            models.CheckConstraint(
                name="stored_hashes_whole", condition=Q(key__regex=r"^[0-9a-f]{64}$", sha256__regex=r"^[0-9a-f]{64}$")
            ),
        ]
        indexes = [models.Index(fields=["used_on"], name="stored_by_last_use")]

    def __str__(self) -> str:
        return f"{self.sha256[:12]}.{self.format}"

    @property
    def path(self) -> str:
        """Where the bytes lie below the root: by their own hash, so that equal files lie there once."""
        return f"{self.sha256[:2]}/{self.sha256}.{self.format}"


class IssuedPaper(models.Model):
    """A document made from final data: the same file whenever it is asked for again. Never changed, never removed."""

    kind = models.CharField("loại văn bản", max_length=40)
    subject = models.CharField("của", max_length=40)
    # Tells apart what was final, was reopened and became final again.
    edition = models.CharField("lần chốt", max_length=64)
    format = models.CharField("định dạng", max_length=4, choices=Format)
    title = models.CharField("tên văn bản", max_length=300)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="issued")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField("tạo lúc", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "văn bản đã chốt"
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject", "edition", "format"], name="issued_paper_once"),
            models.CheckConstraint(
                name="issued_paper_named", condition=~Q(kind="") & ~Q(subject="") & ~Q(edition="") & ~Q(title="")
            ),
        ]

    def __str__(self) -> str:
        return self.title
