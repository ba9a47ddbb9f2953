"""Shape of what is typed into half-year and yearly reports."""

from typing import Any

from crispy_forms.layout import Column, Row
from django import forms

from assessments.forms import CleanTextMixin, DateInput, ReasonForm, inline_helper
from assessments.models import YearReport
from assessments.models.year.year_report import NARRATIVE

_DAY = {"invalid": "Ngày không hợp lệ. Nhập theo dạng ngày/tháng/năm."}
_HELP = {
    "results": "Số liệu đã có trong bảng; ở đây ghi cách làm, kết quả nổi bật.",
    "difficulties": "Khó khăn, hạn chế trong tổ chức thực hiện.",
    "causes": "Nguyên nhân chủ quan, khách quan.",
    "proposals": "Ghi rõ đề xuất với cơ quan nào. Phần này được tổng hợp vào phụ lục báo cáo của thành phố.",
    "next_tasks": "Nhiệm vụ, giải pháp thời gian tới.",
}


class YearReportForm(CleanTextMixin, forms.ModelForm):
    """Number and day of the paper, and the narrative; all of it may stay empty while it is a draft."""

    class Meta:
        model = YearReport
        fields = ["number", "signed_on", *NARRATIVE]
        widgets = {"signed_on": DateInput()} | {
            name: forms.Textarea(attrs={"rows": 7, "data-count-left": "20000"}) for name in NARRATIVE
        }
        labels = {
            "results": "Kết quả thực hiện",
            "difficulties": "Khó khăn, hạn chế",
            "causes": "Nguyên nhân",
            "proposals": "Đề xuất, kiến nghị",
            "next_tasks": "Nhiệm vụ thời gian tới",
            "number": "Số, ký hiệu",
            "signed_on": "Ngày ký",
        }
        help_texts = _HELP | {"number": "Ví dụ: 15/BC-UBND. Để trống nếu chưa cấp số."}
        error_messages = {"signed_on": _DAY}

    # The narrative is laid out in the template, each part with its sources.
    helper = inline_helper(
        Row(Column("number", css_class="col-md-6"), Column("signed_on", css_class="col-md-6")),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in NARRATIVE:
            self.fields[name].widget.attrs["class"] = "form-control"
            # The browser would cut silently what the deed refuses with a sentence.
            self.fields[name].widget.attrs.pop("maxlength", None)
            field = self.fields[name]
            assert isinstance(field, forms.CharField)
            field.max_length = None
            field.validators = []


class PaperForm(CleanTextMixin, forms.Form):
    """On which earlier day the paper copy came, and how one knows."""

    received_on = forms.DateField(
        label="Ngày nhận bản giấy", widget=DateInput(), error_messages={"required": "Chưa nhập ngày.", **_DAY}
    )
    reason = forms.CharField(
        label="Căn cứ, lý do",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Ví dụ: theo sổ công văn đến số 125.",
        error_messages={"required": "Cần ghi rõ căn cứ, lý do."},
    )
    helper = inline_helper()


class GiveBackForm(ReasonForm):
    """Why a report goes back; its own ids, since it stands beside the form above."""

    helper = inline_helper()
