"""Home affairs' filters, and questions with their answers."""

from typing import Any

from django import forms

from accounts.models import Agency
from assessments.forms import CleanTextMixin, DateInput, inline_helper
from assessments.permissions import SEEN_BY_APPRAISERS
from assessments.questioning import ANSWER_LIMIT, TEXT_LIMIT
from assessments.workflow import STATE_LABELS, State
from localities.models import Ward

WARD = "ward"  # the choice that stands for the ward among the agencies asked


class AppraisalFilter(CleanTextMixin, forms.Form):
    """The filters above home affairs' list; an unknown value filters nothing and says so."""

    xa = forms.ModelChoiceField(Ward.objects.none(), label="Xã, phường", required=False, empty_label="Tất cả")
    trang_thai = forms.ChoiceField(label="Trạng thái", required=False)
    co_quan = forms.ModelChoiceField(
        Agency.objects.none(), label="Cơ quan còn nợ", required=False, empty_label="Tất cả"
    )
    loc = forms.ChoiceField(
        label="Chỉ xem",
        required=False,
        choices=[
            ("", "Tất cả"),
            ("khac", "Khác nhau giữa các bên"),
            ("thieu", "Còn thiếu kết quả"),
            ("du", "Đủ để kết luận"),
            ("hoi", "Còn giải trình chưa trả lời"),
        ],
    )

    def __init__(self, *args: Any, wards: Any, agencies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("xa", wards), ("co_quan", agencies)):
            field = self.fields[name]
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = rows
        state_field = self.fields["trang_thai"]
        if isinstance(state_field, forms.ChoiceField):
            seen = [(value, STATE_LABELS[State(value)]) for value in SEEN_BY_APPRAISERS]
            state_field.choices = [("", "Tất cả"), *seen]
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select"


class AskForm(CleanTextMixin, forms.Form):
    """Whom to ask for an explanation, what, and until when."""

    asked = forms.ChoiceField(label="Bên được hỏi", widget=forms.RadioSelect)
    text = forms.CharField(
        label="Nội dung cần giải trình",
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Bên được hỏi đọc nguyên văn; câu hỏi và câu trả lời được lưu trong nhật ký hồ sơ.",
    )
    due_on = forms.DateField(
        label="Trả lời trước ngày (nếu cần)",
        required=False,
        widget=DateInput(),
        error_messages={"invalid": "Ngày không hợp lệ. Nhập theo dạng ngày/tháng/năm."},
    )
    helper = inline_helper()

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["asked"]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices
            field.error_messages |= {
                "invalid_choice": "Chọn bên được hỏi trong danh sách.",
                "required": "Chọn bên được hỏi.",
            }


class ExplainForm(CleanTextMixin, forms.Form):
    """The explanation of whoever was asked."""

    answer = forms.CharField(
        label="Giải trình",
        max_length=ANSWER_LIMIT,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Gửi rồi thì không sửa được.",
    )
    helper = inline_helper()
