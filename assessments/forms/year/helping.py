"""Shape of what is typed about helping agencies."""

from typing import Any

from crispy_forms.layout import Column, Row
from django import forms
from django.utils import timezone

from accounts.models import Agency
from assessments.forms import CleanTextMixin, DateInput, inline_helper
from assessments.forms.year.dong import DongField
from assessments.models import Helping, HelpingDeed

_DAY = {"invalid": "Ngày không hợp lệ. Nhập theo dạng ngày/tháng/năm."}


class AssignForm(CleanTextMixin, forms.ModelForm):
    """Which agency, by which paper, for what; the units are ticked in a list of their own."""

    agency = forms.ModelChoiceField(
        Agency.objects.all(),
        label="Cơ quan giúp đỡ",
        empty_label="Chọn cơ quan",
        error_messages={"required": "Chưa chọn cơ quan giúp đỡ.", "invalid_choice": "Chọn lại cơ quan giúp đỡ."},
    )

    class Meta:
        model = Helping
        fields = ["agency", "decided_by", "focus"]
        help_texts = {
            "decided_by": "Ví dụ: Thông báo số 15/TB-UBND ngày 20/5/2025; để trống nếu không có",
            "focus": "Ví dụ: vệ sinh môi trường, xây dựng đường hoa",
        }

    helper = inline_helper(
        Row(Column("agency", css_class="col-md-6"), Column("decided_by", css_class="col-md-6")), "focus"
    )


class HelpingForm(CleanTextMixin, forms.ModelForm):
    """By which paper the help was assigned, and for what."""

    class Meta:
        model = Helping
        fields = ["decided_by", "focus"]

    helper = inline_helper("decided_by", "focus")


class EndForm(CleanTextMixin, forms.Form):
    """From which day the agency helps no more, and why."""

    ended_on = forms.DateField(
        label="Thôi giúp đỡ từ ngày", widget=DateInput(), error_messages={"required": "Chưa nhập ngày.", **_DAY}
    )
    reason = forms.CharField(
        label="Lý do",
        max_length=1000,
        required=False,
        help_text="Cơ quan, xã, phường đọc nguyên văn trong thông báo.",
    )
    helper = inline_helper(Row(Column("ended_on", css_class="col-md-4"), Column("reason", css_class="col-md-8")))


class DeedForm(CleanTextMixin, forms.ModelForm):
    """One thing that was done."""

    worth = DongField(label="Trị giá (đồng)", required=False, help_text="Quy ra tiền nếu tính được, ví dụ 12.500.000")

    class Meta:
        model = HelpingDeed
        fields = ["done_on", "content", "worth"]
        widgets = {"done_on": DateInput(), "content": forms.Textarea(attrs={"rows": 2})}
        error_messages = {"done_on": {"required": "Chưa nhập ngày.", **_DAY}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.initial.setdefault("done_on", timezone.localdate())

    helper = inline_helper(
        Row(Column("done_on", css_class="col-md-4"), Column("worth", css_class="col-md-4")), "content"
    )
