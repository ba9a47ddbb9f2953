"""The words of the record: what each deed, field and value is called on the page. Data only."""

from assessments.models import Event
from assessments.workflow import ACTION_LABELS

KIND_LABELS: dict[str, str] = {kind.value: str(kind.label) for kind in Event.Kind}

# What was done, by kind and action; a kind without an action here has its own label.
ACTIONS: dict[tuple[str, str], str] = {
    ("registered", ""): "Đăng ký tham gia",
    ("registered", "corrected"): "Sửa đăng ký",
    ("handed", "hand_over"): "Tổ trưởng, trưởng bản chuyển hồ sơ cho cán bộ",
    ("handed", "hand_back"): "Trả lại tổ trưởng, trưởng bản",
    ("council", "approve"): "Hội đồng xã, phường thông qua",
    ("council", "council_return"): "Hội đồng xã, phường trả lại",
    ("council", "meeting_saved"): "Đưa vào cuộc họp hội đồng",
    ("council", "meeting_changed"): "Sửa biên bản họp chưa chốt",
    ("council", "meeting_left"): "Đưa ra khỏi cuộc họp hội đồng",
    ("council", "meeting_dropped"): "Bỏ biên bản họp chưa chốt",
    ("council", "member_saved"): "Ghi thành viên hội đồng",
    ("council", "member_left"): "Thành viên thôi tham gia hội đồng",
    ("council", "member_back"): "Thành viên tham gia lại hội đồng",
    ("council", "member_moved"): "Đổi thứ tự thành viên hội đồng",
    ("decision", "record_decision"): "Ghi vào quyết định",
    ("decision", "drop_decision"): "Bỏ khỏi quyết định chưa xác nhận",
    ("decision", "record_correction"): "Ghi vào quyết định đính chính",
    ("decision", "correct"): "Đính chính bằng quyết định sau",
    ("agency_report", "closed"): "Cơ quan chốt kết quả thẩm định",
    ("agency_report", "reopened"): "Mở lại kết quả thẩm định của cơ quan",
    ("visit", "scheduled"): "Xếp lịch thẩm định tại cơ sở",
    ("visit", "rescheduled"): "Đổi lịch thẩm định tại cơ sở",
    ("visit", "unplanned"): "Đưa ra khỏi lịch thẩm định tại cơ sở",
    ("visit", "minutes"): "Ghi biên bản thẩm định tại cơ sở",
    ("visit", "closed"): "Chốt biên bản thẩm định tại cơ sở",
    ("visit", "reopened"): "Mở lại biên bản thẩm định tại cơ sở",
    ("profile", "changed"): "Sửa số liệu năm",
    ("assigned", "default"): "Phân công theo mặc định",
    ("assigned", "copy"): "Chép phân công từ năm trước",
    ("assigned", "set"): "Sửa phân công thẩm định",
    ("delegation", "founded"): "Thành lập đoàn thẩm định",
    ("delegation", "changed"): "Sửa đoàn thẩm định",
    ("delegation", "units_added"): "Giao đơn vị cho đoàn thẩm định",
    ("delegation", "unit_removed"): "Bỏ đơn vị khỏi đoàn thẩm định",
    ("attached", "minutes"): "Gửi bản ký biên bản họp hội đồng",
    ("attached", "visit"): "Gửi bản ký biên bản thẩm định tại cơ sở",
    ("attached", "delegation"): "Gửi quyết định thành lập đoàn",
    ("attached", "agency_report"): "Gửi bản ký báo cáo của cơ quan",
    ("attached", "decision"): "Gửi bản ký quyết định",
    ("attached", "submission"): "Gửi bản ký tờ trình",
} | {("moved", action.value): label for action, label in ACTION_LABELS.items()}

# Words of bulk changes; the braces take what the event's reason column holds there.
BULK_ACTIONS = {
    "standard_met": "Đánh giá đạt cả tiêu chuẩn {}",
    "last_year": "Điền từ kết quả năm {}",
    "confirm_self": "Xác nhận theo tự đánh giá",
    "column_self": "Thẩm định cả cột theo tự đánh giá",
    "column_met": "Thẩm định cả cột: đạt",
    "column_not_met": "Thẩm định cả cột: không đạt",
}

REASON_LABELS: dict[str, str] = {
    Event.Kind.COUNCIL: "Ý kiến của hội đồng",
    Event.Kind.ASKED: "Nội dung đề nghị",
    Event.Kind.EXPLAINED: "Trả lời",
}

# Fields of an event's data that a reader is shown, in their order, each under its label.
FIELDS = {
    "number": "Số, ký hiệu",
    "issued_on": "Ngày ban hành",
    "decided_on": "Ngày quyết định",
    "decision_number": "Số quyết định",
    "result": "Kết quả",
    "outcome": "Kết quả",
    "supersedes": "Thay thế quyết định",
    "corrects": "Đính chính quyết định",
    "correction": "Nội dung đính chính",
    "reasons": "Lý do trong quyết định",
    "held_on": "Ngày làm việc",
    "planned_on": "Ngày dự kiến",
    "planned_at": "Giờ dự kiến",
    "place": "Địa điểm",
    "votes_for": "Số phiếu tán thành",
    "present": "Số có mặt",
    "members": "Thành viên",
    "agency": "Cơ quan",
    "agencies": "Cơ quan",
    "signed_on": "Ngày ký",
    "signer": "Người ký",
    "signer_title": "Chức vụ người ký",
    "signer_name": "Người ký",
    "late": "Sau hạn",
    "reopen_reason": "Lý do mở lại",
    "to": "Gửi",
    "text": "Nội dung",
    "question_text": "Nội dung đề nghị",
    "answer": "Trả lời",
    "due_on": "Trước ngày",
    "name": "Tên",
    "reference": "Văn bản",
    "target": "Bản ký của",
    "delegation": "Đoàn",
    "guests": "Đại biểu mời dự",
    "conclusion": "Kết luận của cuộc họp",
    "attendance": "Thành viên dự họp",
    "asked": "Gửi",
    "judged": "Số mục đoàn đánh giá",
    "task": "Nhiệm vụ",
    "decided_by": "Cơ quan ban hành",
    "units": "Tổ dân phố, bản",
    "unit": "Tổ dân phố, bản",
    "from_year": "Từ năm",
    "year": "Năm",
    "count": "Số mục",
    "findings": "Nội dung làm việc, nhận xét",
    "proposals": "Kiến nghị",
    "remarks": "Nhận xét, kiến nghị",
    "hosts": "Đại diện xã, phường và tổ dân phố, bản",
    "starts_at": "Bắt đầu lúc",
    "ends_at": "Kết thúc lúc",
    "full_name": "Họ và tên",
    "job_title": "Chức vụ",
    "role": "Vai trò",
}
# Numbers of rows and other things that only the program needs.
HIDDEN = frozenset(
    {"id", "pk", "version", "key", "decision", "meeting", "event", "evidence", "sha256", "size"}
    | {"attachment", "report", "member", "ward", "position", "user_id", "submission"}
)

TARGETS = {
    "meeting": "biên bản họp hội đồng",
    "visit": "biên bản thẩm định tại cơ sở",
    "delegation": "quyết định thành lập đoàn",
    "report": "báo cáo của cơ quan",
    "decision": "quyết định",
    "submission": "tờ trình của xã, phường",
    "city_plan": "kế hoạch của thành phố",
    "ward_plan": "kế hoạch của xã, phường",
    "estimate": "dự toán kinh phí",
    "budget_decision": "quyết định phê duyệt kinh phí",
    "guidance": "hướng dẫn",
    "community_model": "mô hình",
    "year_report": "báo cáo kỳ",
    "commendation_decision": "quyết định khen thưởng",
}
PLACES = {"ward": "Xã, phường", "agency": "Cơ quan thẩm định"}
RESULTS = {
    "approved": "Thông qua", "returned": "Trả lại", "head": "Trưởng đoàn", "deputy": "Phó trưởng đoàn",
    "secretary": "Thư ký", "member": "Thành viên",
}  # fmt: skip

# Rows of the year while they lie at their author's desk: the city's record says that they were written, not what
# they said. Their own page tells that, to whom they exist for.
AT_THE_DESK = frozenset(
    {
        ("wardplan", "written"),
        ("budgetestimate", "made"),
        ("budgetestimate", "changed"),
        ("budgetestimate", "appraising"),
        ("budgetdecision", "recorded"),
        ("budgetdecision", "changed"),
        ("budgetdecision", "amounts"),
        ("guidance", "drafted"),
        ("commendation", "drafted"),
        ("commendation", "changed"),
    }
)
