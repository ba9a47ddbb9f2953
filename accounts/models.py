"""People and the city's agencies. Who may do what is decided in assessments/permissions.py."""

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin, UserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from localities.models import Unit, Ward


class AgencyManager(models.Manager["Agency"]):
    def get_by_natural_key(self, code: str) -> "Agency":
        return self.get(code=code)


class Agency(models.Model):
    """An office of the city with a task of its own in section V of the plan."""

    code = models.SlugField("mã", unique=True)
    name = models.CharField("tên", max_length=200)
    symbol = models.CharField("chữ viết tắt", max_length=20)
    position = models.PositiveSmallIntegerField("thứ tự", default=0)
    tasks = models.TextField("nhiệm vụ theo kế hoạch", blank=True)

    objects = AgencyManager()

    class Meta:
        verbose_name = verbose_name_plural = "cơ quan, phòng ban"
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.code,)


class Role(models.TextChoices):
    WARD_OFFICER = "ward_officer", "Cán bộ xã, phường"
    WARD_LEADER = "ward_leader", "Lãnh đạo xã, phường"
    UNIT_HEAD = "unit_head", "Tổ trưởng, trưởng bản"
    AGENCY_OFFICER = "agency_officer", "Cán bộ cơ quan thẩm định"
    DELEGATION_MEMBER = "delegation_member", "Thành viên đoàn thẩm định"
    HOME_AFFAIRS = "home_affairs", "Cơ quan nội vụ thành phố"
    CITY_LEADER = "city_leader", "Lãnh đạo thành phố"
    FINANCE_PLANNING = "finance_planning", "Cơ quan tài chính, kế hoạch"
    ADMINISTRATOR = "administrator", "Quản trị tài khoản"


# What a role belongs to; the database holds the same rule (constraint user_role_has_its_place).
WARD_ROLES = (Role.WARD_OFFICER, Role.WARD_LEADER)
AGENCY_ROLES = (Role.AGENCY_OFFICER, Role.HOME_AFFAIRS, Role.FINANCE_PLANNING)


USERNAME_LENGTH = 60


class PeopleManager(UserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """One person with one role at one place. Sign-in names are kept as typed and compared without case."""

    username = models.CharField(
        "tên đăng nhập",
        max_length=USERNAME_LENGTH,
        unique=True,
        validators=[UnicodeUsernameValidator()],
        error_messages={"unique": "Tên đăng nhập này đã có."},
    )
    full_name = models.CharField("họ và tên", max_length=150)
    job_title = models.CharField("chức vụ", max_length=150, blank=True)
    email = models.EmailField("thư điện tử", blank=True)
    wants_mail = models.BooleanField("nhận thông báo qua thư điện tử", default=True)
    role = models.CharField("vai trò", max_length=20, choices=Role)
    ward = models.ForeignKey(Ward, models.PROTECT, null=True, blank=True, verbose_name="xã, phường")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, verbose_name="tổ dân phố, bản")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, verbose_name="cơ quan")
    is_staff = models.BooleanField("vào trang quản trị", default=False)
    is_active = models.BooleanField("đang hoạt động", default=True)
    must_change_password = models.BooleanField("phải đổi mật khẩu", default=False)
    date_joined = models.DateTimeField("ngày tạo", default=timezone.now)

    objects = PeopleManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name", "role"]

    class Meta:
        verbose_name = verbose_name_plural = "tài khoản"
        ordering = ["username"]
        constraints = [
            models.UniqueConstraint(
                Lower("username"), name="username_once", violation_error_message="Tên đăng nhập này đã có."
            ),
            models.CheckConstraint(
                name="user_role_has_its_place",
                condition=(
                    Q(role__in=WARD_ROLES, ward__isnull=False, unit__isnull=True, agency__isnull=True)
                    | Q(role=Role.UNIT_HEAD, unit__isnull=False, ward__isnull=True, agency__isnull=True)
                    | Q(role__in=AGENCY_ROLES, agency__isnull=False, ward__isnull=True, unit__isnull=True)
                    | (
                        Q(role__in=[Role.DELEGATION_MEMBER, Role.CITY_LEADER, Role.ADMINISTRATOR])
                        & Q(ward__isnull=True, unit__isnull=True, agency__isnull=True)
                    )
                ),
                violation_error_message=(
                    "Vai trò và nơi công tác không khớp: cán bộ, lãnh đạo xã, phường cần chọn xã, phường; "
                    "tổ trưởng, trưởng bản cần chọn tổ dân phố, bản; cán bộ cơ quan cần chọn cơ quan; "
                    "các vai trò khác để trống cả ba."
                ),
            ),
            models.CheckConstraint(
                name="user_staff_is_administrator", condition=Q(is_staff=False) | Q(role=Role.ADMINISTRATOR)
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name

    @property
    def place(self) -> str:
        """Where the person works, for the screen's corner and the record."""
        return str(self.ward or self.unit or self.agency or "")
