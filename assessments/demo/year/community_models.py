"""Models and self-management groups of the demonstration: every kind and state, exemplary ones in both years."""

from dataclasses import dataclass
from datetime import date

from django.core.files.base import ContentFile

from assessments import evidence
from assessments.demo import files
from assessments.demo.stage import Stageplay
from assessments.models import Assessment, CommunityModel, Layer, Plan
from assessments.year import community_models as deeds

Kind, State = CommunityModel.Kind, CommunityModel.State


@dataclass(frozen=True, slots=True)
class Made:
    """One invented model; `plan` is the year under whose plan it is written down."""

    ward: str
    unit: str
    kind: str
    name: str
    since: date
    households: int | None
    plan: int = 2025
    state: str = State.ACTIVE
    ended_on: date | None = None
    chosen_on: date | None = None
    taken_back: str = ""
    evidence_key: str = ""  # shown in this year's dossier
    picture: tuple[int, int, int] | None = None


_HOW = {
    Kind.ECONOMIC: "Tổ chức họp dân, chọn hộ tự nguyện; góp vốn quay vòng, mua chung giống và phân bón, cử hộ có kinh "
    "nghiệm hướng dẫn tại vườn; mỗi quý họp một lần để rút kinh nghiệm.",
    Kind.PRODUCT: "Các hộ thống nhất quy trình, ghi nhật ký sản xuất; hợp tác xã thu mua theo hợp đồng ký đầu vụ.",
    Kind.BUSINESS_STREET: "Hộ kinh doanh ký cam kết niêm yết giá, không lấn chiếm vỉa hè, để xe đúng vạch, thu gom rác "
    "trước 19 giờ hằng ngày.",
    Kind.CIVILISED_STREET: "Mỗi hộ nhận một đoạn đường; vệ sinh chung sáng thứ bảy; trồng hoa, lắp đèn bằng tiền "
    "nhân dân đóng góp.",
    Kind.SECURITY: "Chia nhóm liền kề mười hộ, có trưởng nhóm; dùng còi, đèn báo và nhóm tin nhắn để báo tin cho công "
    "an phường; tuần tra tối thứ sáu, thứ bảy.",
    Kind.GROUP: "Nhân dân bầu tổ trưởng, thông qua quy ước; sinh hoạt mỗi tháng một lần tại nhà văn hóa.",
}
_RESULT = {
    Kind.ECONOMIC: "Thu nhập bình quân của hộ tham gia tăng khoảng 15% so với năm trước; không phát sinh hộ nghèo.",
    Kind.PRODUCT: "Sản phẩm được tiêu thụ hết trong vụ; giá bán ổn định, cao hơn bán lẻ khoảng 10%.",
    Kind.BUSINESS_STREET: "Không còn điểm lấn chiếm vỉa hè; khách đến mua tăng; không có phản ánh về giá.",
    Kind.CIVILISED_STREET: "Đường sạch, có hoa bốn mùa; hai bên đường có đèn, buổi tối không còn đoạn tối.",
    Kind.SECURITY: "Cả năm không xảy ra trộm cắp; ba vụ mâu thuẫn nhỏ được hòa giải tại nhóm.",
    Kind.GROUP: "Việc chung được bàn và quyết tại tổ; các khoản đóng góp được công khai từng quý.",
}
_WHY = {
    Kind.ECONOMIC: "Cách góp vốn quay vòng dễ làm, hộ nghèo tham gia được; nhiều nơi có thể học theo.",
    Kind.PRODUCT: "Có hợp đồng thu mua đầu vụ nên người dân yên tâm sản xuất.",
    Kind.BUSINESS_STREET: "Hộ kinh doanh tự nhắc nhau, phường không phải xử phạt lần nào.",
    Kind.CIVILISED_STREET: "Nhân dân tự đóng góp, tự giữ gìn; ngân sách chỉ hỗ trợ phần đèn.",
    Kind.SECURITY: "Báo tin nhanh, phối hợp tốt với công an phường; chi phí thấp.",
    Kind.GROUP: "Mọi khoản thu, chi đều được bàn và công khai.",
}
_GREEN, _TEA, _ORANGE, _BLUE = (46, 125, 50), (15, 107, 79), (214, 122, 32), (40, 90, 150)

MODELS = (
    # Written down in 2020; one has ended since, one was exemplary then and still is.
    Made("03386", "Tổ 1", Kind.CIVILISED_STREET, "Tuyến đường hoa tự quản", date(2019, 4, 1), 42, 2020,
         chosen_on=date(2020, 9, 10), picture=_ORANGE),
    Made("03387", "Bản 1", Kind.ECONOMIC, "Nhóm hộ trồng rau an toàn", date(2018, 3, 15), 24, 2020,
         chosen_on=date(2020, 9, 10), picture=_GREEN),
    Made("03389", "Tổ 2", Kind.BUSINESS_STREET, "Tuyến phố kinh doanh văn minh", date(2019, 9, 2), 35, 2020,
         state=State.ENDED, ended_on=date(2022, 6, 30)),
    Made("03403", "Bản 1", Kind.PRODUCT, "Chuỗi liên kết chè sạch", date(2017, 1, 10), 31, 2020,
         chosen_on=date(2020, 9, 10), picture=_TEA),
    Made("03409", "Bản 5", Kind.GROUP, "Tổ tự quản bảo vệ nguồn nước", date(2016, 5, 19), 60, 2020),
    Made("03388", "Tổ 1", Kind.SECURITY, "Tiếng kẻng an ninh", date(2015, 8, 19), 88, 2020),
    Made("03387", "Tổ 1", Kind.SECURITY, "Tổ hòa giải, tự quản liên gia", date(2019, 6, 12), 28, 2020),
    Made("03408", "Tổ 2", Kind.SECURITY, "Tổ liên gia tự quản", date(2018, 11, 10), 36, 2020),
    # Written down in 2025.
    Made("03387", "Tổ 1", Kind.SECURITY, "Nhóm liên gia an toàn phòng cháy, chữa cháy", date(2022, 10, 4), 20,
         chosen_on=date(2025, 6, 20), picture=_BLUE),
    Made("03387", "Tổ 1", Kind.GROUP, "Tổ tự quản nhà văn hóa", date(2021, 3, 26), 60),
    Made("03387", "Tổ 1", Kind.CIVILISED_STREET, "Tuyến đường sáng, xanh, sạch", date(2023, 2, 3), 35),
    Made("03387", "Tổ 2", Kind.SECURITY, "Camera an ninh do nhân dân đóng góp", date(2023, 7, 1), 48,
         evidence_key="tc-6.4"),
    Made("03387", "Tổ 2", Kind.BUSINESS_STREET, "Tuyến phố ẩm thực văn minh", date(2024, 1, 15), 16),
    Made("03387", "Tổ 4", Kind.ECONOMIC, "Tổ hợp tác làm bún, bánh", date(2021, 3, 1), 12, evidence_key="tc-2.2"),
    Made("03387", "Tổ 5", Kind.GROUP, "Tổ tự quản thu gom rác", date(2020, 11, 18), 75, state=State.PAUSED),
    Made("03386", "Tổ 3", Kind.CIVILISED_STREET, "Đoạn đường thanh niên tự quản", date(2022, 3, 26), 30,
         evidence_key="tc-4.2"),
    Made("03386", "Bản 1", Kind.PRODUCT, "Sản phẩm OCOP mật ong rừng", date(2023, 5, 5), 9),
    Made("03388", "Tổ 2", Kind.BUSINESS_STREET, "Tuyến phố chợ đêm", date(2023, 9, 2), 26,
         chosen_on=date(2025, 6, 20), picture=_ORANGE),
    Made("03389", "Tổ 1", Kind.ECONOMIC, "Câu lạc bộ phụ nữ làm kinh tế", date(2022, 3, 8), 18),
    Made("03389", "Tổ 3", Kind.SECURITY, "Dòng họ tự quản về an ninh", date(2020, 7, 15), 40,
         state=State.ENDED, ended_on=date(2025, 3, 31)),
    Made("03408", "Tổ 4", Kind.GROUP, "Tổ tự quản khu dân cư mới", date(2024, 6, 1), 55, evidence_key="tc-1.4"),
    Made("03408", "Tổ 1", Kind.CIVILISED_STREET, "Ngõ xanh", date(2024, 4, 30), None,
         chosen_on=date(2025, 5, 12), taken_back="Đường đang đào để lắp ống nước, không còn là nơi học tập."),
    Made("03403", "Bản 3", Kind.PRODUCT, "Rau trái vụ theo hợp đồng", date(2024, 2, 1), 22),
    Made("03403", "Bản 4", Kind.ECONOMIC, "Nuôi dê nhốt chuồng", date(2023, 1, 5), 14, state=State.PAUSED),
    Made("03409", "Bản 1", Kind.PRODUCT, "Miến dong của bản", date(2022, 9, 9), 33,
         chosen_on=date(2025, 6, 20), picture=_GREEN),
    Made("03409", "Bản 4", Kind.SECURITY, "Bản không có tội phạm, tệ nạn", date(2021, 8, 19), 52),
)  # fmt: skip


def load(play: Stageplay) -> None:
    """All of them through the deeds."""
    plans = {plan.year: plan for plan in Plan.objects.filter(year__in=(2020, 2025))}
    for made in MODELS:
        _play(play, plans[made.plan], made)


def _play(play: Stageplay, plan: Plan, made: Made) -> None:
    officer, unit = play.officer(made.ward), play.units[made.ward, made.unit]
    kind = Kind(made.kind)
    told = deeds.Described(made.kind, made.name, made.since, made.households, _HOW[kind], _RESULT[kind])
    model = deeds.add(user=officer, plan_id=plan.pk, unit_id=unit.pk, told=told)
    if made.picture:
        photo = ContentFile(files.png(640, 400, made.picture), "Ảnh minh họa.png")
        deeds.attach(user=officer, plan_id=plan.pk, model_id=model.pk, file=photo)
    if made.chosen_on:
        model = deeds.choose(
            user=play.home_affairs,
            plan_id=plan.pk,
            model_id=model.pk,
            version=model.version,
            reason=_WHY[kind],
            on=made.chosen_on,
        )
    if made.taken_back:
        deeds.take_back(
            user=play.home_affairs, plan_id=plan.pk, model_id=model.pk, version=model.version, reason=made.taken_back
        )
    if made.state != State.ACTIVE:
        deeds.set_state(
            user=officer,
            plan_id=plan.pk,
            model_id=model.pk,
            version=model.version,
            state=made.state,
            ended_on=made.ended_on,
        )
    if made.evidence_key:
        assessment = Assessment.objects.get(registration__unit=unit, registration__plan=plan)
        evidence.add_model(
            user=officer,
            assessment_id=assessment.pk,
            layer=Layer.SELF,
            key=made.evidence_key,
            model_id=model.pk,
        )
