"""The demonstration accounts: one for each role and ward, named by role, with one published password."""

from django.conf import settings
from django.contrib.auth.hashers import make_password

from accounts.administrators import follow_group, follow_role
from accounts.models import Agency, Role, User
from assessments.demo.data import WARD_SLUGS
from localities.models import Unit, Ward

# No secret: `make run` prints it, and load_demo is refused in production. No letter or digit in it is
# turned into another one by a Vietnamese input method.
PASSWORD = "minh-hoa-2020-2025"  # noqa: S105

# The ward of the first accounts in the list, and its unit whose head has an account.
FIRST_WARD, FIRST_UNIT = "03387", "Tổ 1"

_CITY = (
    ("noivu", "Cán bộ Phòng Nội vụ", "Chuyên viên", Role.HOME_AFFAIRS, "noi-vu"),
    ("kinhte", "Cán bộ Phòng Kinh tế", "Chuyên viên", Role.AGENCY_OFFICER, "kinh-te"),
    ("dothi", "Cán bộ Phòng Quản lý đô thị", "Chuyên viên", Role.AGENCY_OFFICER, "quan-ly-do-thi"),
    ("moitruong", "Cán bộ Phòng Tài nguyên và Môi trường", "Chuyên viên", Role.AGENCY_OFFICER, "tai-nguyen-moi-truong"),
    ("giaoduc", "Cán bộ Phòng Giáo dục và Đào tạo", "Chuyên viên", Role.AGENCY_OFFICER, "giao-duc-dao-tao"),
    ("vanhoa", "Cán bộ Phòng Văn hóa và Thông tin", "Chuyên viên", Role.AGENCY_OFFICER, "van-hoa-thong-tin"),
    ("laodong", "Cán bộ Phòng Lao động - TBXH", "Chuyên viên", Role.AGENCY_OFFICER, "lao-dong-tbxh"),
    ("yte", "Cán bộ Phòng Y tế", "Chuyên viên", Role.AGENCY_OFFICER, "y-te"),
    ("congan", "Cán bộ Công an thành phố", "Cán bộ", Role.AGENCY_OFFICER, "cong-an"),
    ("quansu", "Cán bộ Ban Chỉ huy quân sự", "Trợ lý", Role.AGENCY_OFFICER, "quan-su"),
    ("doanthamdinh", "Thành viên đoàn thẩm định", "Thành viên", Role.DELEGATION_MEMBER, ""),
    ("lanhdao.thanhpho", "Lãnh đạo UBND thành phố", "Phó Chủ tịch", Role.CITY_LEADER, ""),
    ("taichinh", "Cán bộ Phòng Tài chính - Kế hoạch", "Chuyên viên", Role.FINANCE_PLANNING, "tai-chinh-ke-hoach"),
    ("quantri", "Quản trị tài khoản", "Quản trị hệ thống", Role.ADMINISTRATOR, ""),
)
# The account of each agency's officer.
AGENCY_OFFICERS = {row[4]: row[0] for row in _CITY if row[3] == Role.AGENCY_OFFICER}
_UNIT_HEAD = f"totruong.{WARD_SLUGS[FIRST_WARD]}"


def demo_accounts() -> list[tuple[str, str, str]]:
    """Label, user name and password of the demonstration accounts in this database, the first ward's first."""
    if settings.PRODUCTION:
        return []
    present = dict(User.objects.filter(username__in=usernames()).values_list("username", "full_name"))
    return [(present[name], name, PASSWORD) for name in usernames() if name in present]


def usernames() -> list[str]:
    """All of them, in the order in which a visitor would try them."""
    slugs = sorted(WARD_SLUGS.items(), key=lambda pair: pair[0] != FIRST_WARD)
    wards = [f"{who}.{slug}" for _, slug in slugs for who in ("canbo", "lanhdao")]
    return [*wards[:2], *(row[0] for row in _CITY), _UNIT_HEAD, *wards[2:]]


def create_staff(wards: dict[str, Ward]) -> dict[str, User]:
    """Everybody but the head of a unit, by user name. One hash serves all: hashing is slow on purpose."""
    password = make_password(PASSWORD)
    agencies = {agency.code: agency for agency in Agency.objects.all()}
    users = [
        User(username=name, full_name=full_name, job_title=title, role=role, agency=agencies.get(agency))
        for name, full_name, title, role, agency in _CITY
    ]
    for code, ward in wards.items():
        name = place(ward)
        kind = ward.get_kind_display().lower()
        users += [
            User(
                username=f"canbo.{WARD_SLUGS[code]}",
                full_name=f"Cán bộ {name}",
                job_title=f"Công chức {kind}",
                role=Role.WARD_OFFICER,
                ward=ward,
            ),
            User(
                username=f"lanhdao.{WARD_SLUGS[code]}",
                full_name=f"Lãnh đạo {name}",
                job_title=f"Chủ tịch UBND {kind}",
                role=Role.WARD_LEADER,
                ward=ward,
            ),
        ]
    return {user.username: _save(user, password) for user in users}


def create_unit_head(unit: Unit) -> User:
    """The account of the one unit's head."""
    user = User(
        username=_UNIT_HEAD,
        full_name=f"Tổ trưởng {unit.name} {place(unit.ward)}",
        job_title="Tổ trưởng tổ dân phố",
        role=Role.UNIT_HEAD,
        unit=unit,
    )
    return _save(user, User.objects.values_list("password", flat=True).get(username="noivu"))


def place(ward: Ward) -> str:
    """The ward inside a sentence: phường Tân Phong."""
    return f"{ward.get_kind_display().lower()} {ward.name}"


def _save(user: User, password: str) -> User:
    user.password = password
    follow_role(user)
    user.full_clean(validate_unique=False)
    user.save()
    if user.role == Role.ADMINISTRATOR:
        follow_group(user)
    return user
