"""Who helped whom in both years: 2020 to its end, 2025 copied from it, changed, and half written down."""

from datetime import date

from django.utils import timezone

from accounts.models import Agency, User
from assessments.demo import data
from assessments.demo.accounts import AGENCY_OFFICERS
from assessments.demo.stage import Stageplay
from assessments.models import Helping, Plan
from assessments.year import helping

# Agency, the wards whose units it helps, and with what.
_HELPERS = (
    ("kinh-te", ("03387",), "Phát triển mô hình kinh tế, hộ kinh doanh văn minh"),
    ("quan-ly-do-thi", ("03386",), "Chỉnh trang đường nội tổ, vỉa hè"),
    ("tai-nguyen-moi-truong", ("03388", "03403"), "Vệ sinh môi trường, thu gom rác"),
    ("y-te", ("03409",), "Chăm sóc sức khỏe, vệ sinh an toàn thực phẩm"),
    ("cong-an", ("03408",), "An ninh trật tự"),
)
_DONE = {
    "kinh-te": (("Tập huấn kỹ thuật trồng rau an toàn cho 30 hộ", 12_500_000), ("Hỗ trợ 200 cây giống", 6_000_000)),
    "quan-ly-do-thi": (("Hỗ trợ 20 tấn xi măng làm đường nội tổ", 36_000_000),),
    "tai-nguyen-moi-truong": (("Tặng 15 thùng đựng rác", 9_750_000), ("Ra quân tổng vệ sinh cùng Nhân dân", None)),
    "y-te": (("Khám, tư vấn sức khỏe cho người cao tuổi", 8_200_000),),
}

_POLICE = (("Tuyên truyền pháp luật, phòng chống ma túy", None),)


def load(play: Stageplay) -> None:
    """Through the deeds; 2025 begins as a copy of 2020 and gets one more agency, which has done nothing yet."""
    early, late = Plan.objects.get(year=2020), Plan.objects.get(year=2025)
    for code, wards, focus in _HELPERS:
        _assign(play, early, code, wards, "Thông báo số 96/TB-UBND ngày 25/5/2020", focus)
    _done(play, early, date(2020, 6, 18), with_police=True)
    helping.copy_from(user=play.home_affairs, plan_id=late.pk, earlier_id=early.pk)
    _assign(play, late, "quan-su", ("03389",), "Thông báo số 41/TB-UBND ngày 15/5/2025", "Quốc phòng, dân quân")
    day = min(date(2025, 6, 12), timezone.localdate())
    _done(play, late, day, with_police=False)
    home = play.home_affairs
    wrong = Helping.objects.filter(plan=late, agency__code="y-te").order_by("pk")
    for row in wrong[:1]:
        line = helping.add_deed(
            user=home, helping_id=row.pk, done_on=day, content="Tặng quà 5 hộ nghèo (ghi nhầm tổ)", worth=2_500_000
        )
        helping.remove_deed(user=home, deed_id=line.pk)
    for row in Helping.objects.filter(plan=late, agency__code="cong-an").order_by("-pk")[:1]:
        helping.end(
            user=home, helping_id=row.pk, ended_on=day, version=row.version, reason="Chuyển sang giúp đỡ tổ khác"
        )


def _assign(play: Stageplay, plan: Plan, code: str, wards: tuple[str, ...], paper: str, focus: str) -> None:
    units = [unit.pk for (ward, name), unit in play.units.items() if ward in wards and name in _names(ward)]
    agency = Agency.objects.get(code=code)
    helping.assign(
        user=play.home_affairs, plan_id=plan.pk, agency_id=agency.pk, unit_ids=units, decided_by=paper, focus=focus
    )


def _names(ward: str) -> list[str]:
    """The first two of the ward."""
    return [place.name for place in data.PLACES[ward]][:2]


def _done(play: Stageplay, plan: Plan, day: date, *, with_police: bool) -> None:
    """What the agencies wrote down; the first unit gets everything, the second the first thing."""
    seen: set[str] = set()
    for row in Helping.objects.filter(plan=plan).select_related("agency").order_by("pk"):
        code = row.agency.code
        lines = _DONE.get(code, _POLICE if with_police else ())
        who: User = play.users[AGENCY_OFFICERS[code]]
        for content, worth in lines if code not in seen else lines[:1]:
            helping.add_deed(user=who, helping_id=row.pk, done_on=day, content=content, worth=worth)
        seen.add(code)
