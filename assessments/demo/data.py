"""Who takes part in the demonstration, how far each unit has come, and the words people would write.

Everything here is invented; the units' names are plainly so ("Tổ 1", "Bản 2") and no person is named.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

WARD_SLUGS: Mapping[str, str] = {
    "03386": "quyetthang",
    "03387": "tanphong",
    "03388": "quyettien",
    "03389": "doanket",
    "03408": "dongphong",
    "03403": "sungphai",
    "03409": "santhang",
}


class Stage(Enum):
    """How far the assessment of 2025 has come, in the order of the road."""

    UNTOUCHED = auto()
    HALF = auto()
    COMPLETE = auto()
    COUNCIL_RETURNED = auto()
    CITY_RETURNED = auto()
    COUNCIL = auto()
    SUBMITTED = auto()
    ACCEPTED = auto()
    APPRAISED_HALF = auto()
    CONCLUDED = auto()
    PROPOSED = auto()
    IN_OPEN_DECISION = auto()
    DECIDED = auto()


class Quality(Enum):
    """What the answers come to."""

    GOOD = auto()  # qualifies, with a few things not met
    WEAK = auto()  # a standard does not hold
    CASE = auto()  # a disqualifying case occurs
    CONTRADICTION = auto()  # 1.4 called met although case 1 occurs


@dataclass(frozen=True, slots=True)
class Place:
    """One unit: its stage in 2025 (None: not registered) and its result of 2020 (None: took no part)."""

    name: str
    stage: Stage | None
    quality: Quality = Quality.GOOD
    in_2020: Quality | None = None
    new: bool = False

    @property
    def kind(self) -> str:
        return "village" if self.name.startswith("Bản") else "group"


G, W, C = Quality.GOOD, Quality.WEAK, Quality.CASE
PLACES: Mapping[str, tuple[Place, ...]] = {
    "03386": (
        Place("Tổ 1", Stage.DECIDED, in_2020=G),
        Place("Tổ 2", Stage.SUBMITTED),
        Place("Tổ 3", Stage.COMPLETE),
        Place("Tổ 4", Stage.COUNCIL_RETURNED),
        Place("Bản 1", Stage.DECIDED, C, in_2020=W),
    ),
    "03387": (
        Place("Tổ 1", Stage.CITY_RETURNED, in_2020=G),
        Place("Tổ 2", Stage.HALF),
        Place("Tổ 3", Stage.UNTOUCHED, in_2020=G),
        Place("Tổ 4", Stage.COMPLETE, Quality.CONTRADICTION, new=True),
        Place("Tổ 5", Stage.COUNCIL),
        Place("Tổ 6", None, in_2020=G),
        Place("Bản 1", Stage.APPRAISED_HALF, in_2020=W),
    ),
    "03388": (
        Place("Tổ 1", Stage.CONCLUDED, in_2020=G),
        Place("Tổ 2", Stage.APPRAISED_HALF),
        Place("Tổ 3", Stage.UNTOUCHED),
        Place("Tổ 4", Stage.COUNCIL, W),
        Place("Bản 1", Stage.PROPOSED, in_2020=G),
    ),
    "03389": (
        Place("Tổ 1", Stage.IN_OPEN_DECISION, in_2020=G),
        Place("Tổ 2", Stage.DECIDED, in_2020=G),
        Place("Tổ 3", Stage.SUBMITTED),
        Place("Tổ 4", Stage.CITY_RETURNED, W, in_2020=W),
        Place("Tổ 5", Stage.HALF),
        Place("Bản 1", Stage.ACCEPTED),
    ),
    "03408": (
        Place("Tổ 1", Stage.IN_OPEN_DECISION, W),
        Place("Tổ 2", Stage.SUBMITTED, in_2020=G),
        Place("Tổ 3", Stage.DECIDED, new=True),
        Place("Tổ 4", Stage.COMPLETE, in_2020=C),
        Place("Bản 1", Stage.DECIDED, W, in_2020=G),
    ),
    "03403": (
        Place("Bản 1", Stage.PROPOSED, in_2020=G),
        Place("Bản 2", Stage.CONCLUDED, W, in_2020=G),
        Place("Bản 3", Stage.APPRAISED_HALF),
        Place("Bản 4", Stage.COUNCIL_RETURNED, W),
        Place("Bản 5", Stage.CITY_RETURNED),
    ),
    "03409": (
        Place("Bản 1", Stage.COUNCIL, in_2020=W),
        Place("Bản 2", Stage.CITY_RETURNED),
        Place("Bản 3", Stage.UNTOUCHED),
        Place("Bản 4", Stage.SUBMITTED),
        Place("Bản 5", Stage.DECIDED, in_2020=G),
        Place("Bản 6", None),
    ),
}

EXEMPT_REASON = "Tổ dân phố không có đất sản xuất nông nghiệp, không có hộ làm nông nghiệp."
# What the city asks a ward to complete; the officer has opened these again.
REOPENED = ("tc-2.2", "tc-3.4", "tc-6.4")
CITY_RETURN_REASON = (
    "Hồ sơ chưa có minh chứng của các tiêu chí 2.2, 3.4 và 6.4; số liệu cần đối chiếu lại với sổ theo dõi của tổ, bản. "
    "Đề nghị bổ sung, họp hội đồng và gửi lại."
)
COUNCIL_RETURN_REASON = (
    "Hội đồng thấy tiêu chí 4.5 chưa có nhận xét của lực lượng quản lý trật tự đô thị. Đề nghị rà soát lại."
)
COUNCIL_CONCLUSION = "Hội đồng thống nhất kết quả tự đánh giá và đề nghị thành phố thẩm định."
# Office in place of a name, and role in the council.
COUNCIL_MEMBERS = (
    ("Chủ tịch UBND {kind}", "chair"),
    ("Chủ tịch Ủy ban MTTQ {kind}", "deputy"),
    ("Công chức Văn phòng - Thống kê", "secretary"),
    ("Trưởng Công an {kind}", "member"),
    ("Chỉ huy trưởng Ban Chỉ huy quân sự {kind}", "member"),
    ("Công chức Văn hóa - Xã hội", "member"),
    ("Công chức Địa chính - Xây dựng", "member"),
    ("Chủ tịch Hội Liên hiệp Phụ nữ {kind}", "member"),
    ("Bí thư Đoàn Thanh niên {kind}", "member"),
)

MET_NOTES: Mapping[str, str] = {
    "tc-1.1": "Các chức danh chủ chốt dự đủ lớp bồi dưỡng do thành phố mở trong năm.",
    "tc-1.2": "Chi bộ xếp loại hoàn thành tốt nhiệm vụ; các đoàn thể xếp loại tốt.",
    "tc-1.3": "Theo sổ theo dõi của tổ tự quản và báo cáo của công an khu vực.",
    "tc-1.4": "Quy ước được bổ sung và thông qua tại hội nghị Nhân dân đầu năm; tổ hòa giải hoạt động đều.",
    "tc-2.2": "Duy trì mô hình kinh tế đã đăng ký, có sổ theo dõi thu nhập của các hộ tham gia.",
    "tc-2.4": "Người trong độ tuổi lao động cơ bản có việc làm, thu nhập ổn định.",
    "tc-2.5": "Nhân dân góp ngày công và kinh phí sửa nhà văn hóa, làm đường ngõ.",
    "tc-2.6": "Đối chiếu với danh sách đăng ký kinh doanh tại bộ phận một cửa.",
    "tc-2.8": "Không còn điểm họp chợ tự phát; đã bố trí cho các hộ vào chợ.",
    "tc-3.1": "Các hộ xây dựng đều đăng ký và cam kết không để vật liệu trên vỉa hè.",
    "tc-3.4": "Ra quân tổng vệ sinh ngày 15 và ngày cuối tháng.",
    "tc-3.6": "Tổ tự quản nhắc nhở hằng tuần; không còn mái che, mái vẩy lấn vỉa hè.",
    "tc-4.2": "Đã đăng ký tuyến đường văn minh đô thị và được kiểm tra trong quý III.",
    "tc-4.3": "Được công nhận khu dân cư văn hóa năm trước, năm nay tiếp tục đề nghị.",
    "tc-4.4": "Các đám cưới, đám tang trong năm đều thực hiện theo quy ước.",
    "tc-4.6": "Kiểm tra vào các ngày lễ, Tết trong năm.",
    "tc-5.1": "Các quỹ vận động đều vượt chỉ tiêu được giao.",
    "tc-5.2": "Theo kết quả rà soát hộ nghèo, hộ cận nghèo cuối năm.",
    "tc-5.3": "Theo danh sách đối tượng do công chức Văn hóa - Xã hội quản lý.",
    "tc-5.5": "Theo số liệu của các trường trên địa bàn.",
    "tc-6.2": "Hoàn thành chỉ tiêu gọi công dân nhập ngũ.",
    "tc-6.3": "Các hộ ký cam kết vào đầu năm, bình xét vào tháng 9.",
    "tc-6.4": "Tổ liên gia tự quản về an ninh, trật tự sinh hoạt hằng quý.",
    "tc-6.7": "Theo kết quả phân loại của Ban Chỉ huy quân sự và Công an xã, phường.",
    "tc-6.8": "Khai báo tạm trú, tạm vắng đầy đủ qua ứng dụng và sổ theo dõi.",
    "nd-2.1.1": "Có danh sách các hộ kinh doanh, cập nhật hằng quý.",
    "nd-3.1": "Các hộ ký cam kết ngay từ đầu năm.",
    "nd-4.2": "Tuyến điện chiếu sáng hỏng được báo và sửa trong tuần.",
    "nd-5.2.2": "Không có học sinh bỏ học; hai em có nguy cơ đã được vận động đi học lại.",
    "nd-5.4.2": "Các hộ đều tham gia đóng góp quỹ.",
    "nd-6.2.2": "Rà soát nhân khẩu cùng công an khu vực hằng tháng.",
}
NOT_MET_NOTES: Mapping[str, str] = {
    "tc-1.1": "Còn 01 chức danh mới được bầu, chưa dự lớp bồi dưỡng.",
    "tc-1.3": "Một số hộ vi phạm trật tự xây dựng và vệ sinh môi trường, đã bị nhắc nhở.",
    "tc-1.4": "Có khiếu kiện vượt cấp về đất đai, đang được thành phố giải quyết.",
    "tc-2.1": "Chưa có sản phẩm truyền thống mở rộng được thị trường.",
    "tc-2.3": "Mô hình đang chuẩn bị, chưa được công nhận trong năm.",
    "tc-2.6": "Còn 02 hộ kinh doanh nhỏ chưa đăng ký, đang hướng dẫn làm thủ tục.",
    "tc-4.5": "Còn hộ để rác không đúng giờ, thả rông chó ra đường.",
    "tc-4.8": "Vẫn có người bán hàng rong ở khu vực cổng trường.",
    "tc-5.2": "Các hộ nghèo đều là hộ già yếu, không còn khả năng lao động.",
    "tc-6.6": "Xảy ra 02 vụ trộm cắp tài sản nhỏ, đã được giải quyết.",
    "nd-5.1.2": "Câu lạc bộ sở thích chưa thành lập được.",
    "nd-5.1.3": "Chưa xây dựng được mô hình điển hình.",
    "nd-5.2.1": "Danh sách học sinh chưa cập nhật theo từng gia đình.",
    "nd-5.4.4": "Chưa giới thiệu được việc làm mới.",
    "nd-6.2.4": "Chưa phát hiện kịp thời hộ kinh doanh mới.",
    "th-1": "Một số hộ gửi đơn vượt cấp về bồi thường đất, đang được giải quyết.",
    "th-4": "Theo biên bản vi phạm đã lập trong năm.",
}
# What the city found otherwise: entry and reason. Standard 3 has room for one, so the result stays.
CITY_FOUND = ("tc-3.6", "Kiểm tra thực tế thấy hai hộ bày hàng trên vỉa hè, trái với tự đánh giá.")

# What the delegation sees on site.
VISIT_FOUND = ("tc-4.5", "Tại thời điểm kiểm tra còn ba biển quảng cáo dựng trên vỉa hè.")
VISIT_FINDING = (
    "Đoàn đã nghe báo cáo kết quả tự đánh giá, kiểm tra hồ sơ, minh chứng và đi thực tế tại các tuyến đường, ngõ.\n"
    "Hồ sơ cơ bản đầy đủ; nền nếp tự quản được giữ tốt."
)
VISIT_PROPOSAL = "Đề nghị tổ dân phố, bản vận động các hộ thu dọn biển quảng cáo, bục bệ trên vỉa hè."

REFERENCES: Mapping[str, str] = {
    "tc-1.1": "Danh sách cấp giấy chứng nhận bồi dưỡng năm {year}",
    "tc-2.6": "Danh sách hộ kinh doanh cố định đến tháng 9/{year}",
    "tc-5.2": "Báo cáo kết quả rà soát hộ nghèo năm {year}",
}
# Units of every ward that also show files.
NAMES_WITH_FILES = ("Tổ 1", "Bản 1")
PDF_LINES = ["BIEN BAN (du lieu minh hoa)", "", "Hoi nghi nhan dan thong qua quy uoc", "Day la tep minh hoa."]
PICTURE_COLOUR = (46, 125, 90)
