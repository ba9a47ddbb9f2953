"""Guidance in both years: standing for years, of this year, to come, being drafted, replaced, withdrawn."""

from datetime import date, timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import Agency, User
from assessments.demo import files
from assessments.demo.stage import Stageplay
from assessments.models import Guidance, Plan
from assessments.year import guidance
from assessments.year.guidance import Content
from criteria.models import Entry

_PAGE = "https://laichau.gov.vn/"
_LONG = (
    "Xã, phường chỉ đạo từng tổ dân phố, bản lập sổ theo dõi hộ nghèo, hộ cận nghèo theo tháng. Khi tự đánh giá, lấy "
    "số hộ nghèo theo kết quả rà soát cuối năm trước, không lấy số ước thực hiện.\n"
    "Minh chứng gồm: quyết định công nhận kết quả rà soát; danh sách hộ thoát nghèo có xác nhận của xã, phường; biên "
    "bản họp dân. Hộ mới phát sinh do thiên tai, rủi ro ghi riêng trong phần ghi chú, kèm biên bản xác minh.\n"
    "Cơ quan đối chiếu số liệu với phần mềm quản lý hộ nghèo khi thẩm định."
)


def load(play: Stageplay) -> None:
    """Through the deeds; on the days that the plans of both years had."""
    early, late = Plan.objects.get(year=2020), Plan.objects.get(year=2025)
    _of_2020(play, early)
    _of_2025(play, late)


def _of_2020(play: Stageplay, plan: Plan) -> None:
    culture, home = play.users["vanhoa"], play.home_affairs
    _publish(
        culture,
        _draft(
            culture,
            plan,
            ["tc-4.3", "tc-4.4"],
            Content(
                "Hướng dẫn bình xét gia đình văn hóa",
                date(2020, 6, 1),
                "12/HD-VHTT",
                "Họp dân bình xét công khai, lập biên bản có chữ ký của đại diện hộ; niêm yết danh sách 07 ngày.",
            ),
        ),
    )
    passed = _publish(
        home,
        _draft(
            home,
            plan,
            ["tc-1.1"],
            Content(
                "Hướng dẫn lập hồ sơ tự đánh giá năm 2020",
                date(2020, 6, 10),
                "25/HD-PNV",
                "Hồ sơ gồm phiếu tự đánh giá, minh chứng từng tiêu chí và biên bản họp hội đồng.",
                valid_until=date(2020, 12, 31),
            ),
        ),
    )
    guidance.withdraw(user=home, guidance_id=passed.pk, version=passed.version, reason="Đã kết thúc kế hoạch năm 2020.")


def _of_2025(play: Stageplay, plan: Plan) -> None:
    economy, home = play.users["kinhte"], play.home_affairs
    labour, town = play.users["laodong"], play.users["dothi"]
    begun = min(plan.issued_on, timezone.localdate())
    poverty = _draft(
        labour,
        plan,
        ["tc-5.2", "tc-5.6"],
        Content("Hướng dẫn xác định hộ nghèo, hộ cận nghèo", begun, "31/HD-LĐTBXH", _LONG, _PAGE),
    )
    guidance.attach(user=labour, guidance_id=poverty.pk, file=_file("huong-dan-ho-ngheo.pdf", "HUONG DAN HO NGHEO"))
    _publish(labour, poverty)
    old = _publish(
        economy,
        _draft(
            economy,
            plan,
            ["tc-2.2"],
            Content("Hướng dẫn tiêu chí mô hình kinh tế", begun, "18/HD-KT", "Mô hình hoạt động từ 06 tháng trở lên."),
        ),
    )
    fresh = guidance.renew(user=economy, guidance_id=old.pk, version=old.version)
    fresh = guidance.save(
        user=economy,
        plan_id=plan.pk,
        agency_id=fresh.agency_id,
        guidance_id=fresh.pk,
        version=fresh.version,
        content=Content(
            "Hướng dẫn tiêu chí mô hình kinh tế (bản thay thế)",
            begun,
            "22/HD-KT",
            "Mô hình hoạt động từ 06 tháng trở lên, có từ 03 hộ tham gia và có sổ theo dõi thu, chi.",
        ),
        entry_ids=_ids(plan, ["tc-2.2"]),
    )
    _publish(economy, fresh)
    ended = _publish(
        town,
        _draft(
            town,
            plan,
            ["tc-3.2", "tc-3.6"],
            Content(
                "Hướng dẫn chỉnh trang vỉa hè đợt 1", begun, "09/HD-QLĐT", "Thu dọn biển quảng cáo, bục bệ trên vỉa hè."
            ),
        ),
    )
    guidance.withdraw(
        user=town, guidance_id=ended.pk, version=ended.version, reason="Đã hoàn thành đợt 1; thực hiện theo đợt 2."
    )
    soon = timezone.localdate() + timedelta(days=30)
    _publish(
        home,
        _draft(
            home,
            plan,
            ["tc-1.1", "tc-1.2"],
            Content(
                "Hướng dẫn nộp hồ sơ qua phần mềm", soon, "", "Xã, phường nộp hồ sơ trên phần mềm, không nộp bản giấy."
            ),
        ),
    )
    _draft(
        town, plan, ["tc-3.6"], Content("Hướng dẫn chỉnh trang vỉa hè đợt 2", begun, "", "Đang lấy ý kiến xã, phường.")
    )


def _draft(user: User, plan: Plan, keys: list[str], content: Content) -> Guidance:
    agency = Agency.objects.get(pk=user.agency_id or 0)
    return guidance.save(user=user, plan_id=plan.pk, agency_id=agency.pk, content=content, entry_ids=_ids(plan, keys))


def _ids(plan: Plan, keys: list[str]) -> list[int]:
    return list(Entry.objects.filter(criteria_set=plan.criteria_set_id, key__in=keys).values_list("pk", flat=True))


def _publish(user: User, draft: Guidance) -> Guidance:
    return guidance.publish(user=user, guidance_id=draft.pk, version=draft.version)


def _file(name: str, title: str) -> ContentFile:
    return ContentFile(files.pdf([title, "", "Day la tep minh hoa."]), name=name)
