"""Shape of what people type; whether it may be done is the deeds' business."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.core.validators import MinValueValidator

from assessments.forms.words import OwnWords
from assessments.models import Decision, Registration
from assessments.workflow import STATE_LABELS, State
from localities.models import COUNTS, Unit, UnitYear, Ward
from localities.text import clean


class DateInput(forms.DateInput):
    """The browser's own date field, which wants and gives ISO dates."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    """The browser's own field for a time, which wants and gives 24 hours."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class CleanTextMixin(OwnWords):
    """Every text comes out in NFC and without control characters; what is wrong is said in our words."""

    cleaned_data: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.IntegerField):
                field.validators = [v for v in field.validators if not isinstance(v, MinValueValidator)]
                field.validators.append(MinValueValidator(0, "Không nhập số âm."))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data  # type: ignore[misc]
        for name, value in data.items():
            if isinstance(value, str):
                data[name] = clean(value)
        return data


def inline_helper(*rows: Any) -> FormHelper:
    """A crispy helper for a form whose tag and buttons stand in the template."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    if rows:
        helper.layout = Layout(*rows)
    return helper


class ReasonForm(CleanTextMixin, forms.Form):
    """A reason for a step that somebody else has to accept."""

    reason = forms.CharField(
        label="Lý do",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Ghi rõ mục nào cần xem lại và vì sao. Người nhận đọc nguyên văn.",
        error_messages={"required": "Cần ghi rõ lý do."},
    )
    helper = inline_helper()


class ReturnForm(ReasonForm):
    """Returning a dossier: why, and until when it is due again."""

    new_due = forms.DateField(
        label="Hạn nộp lại (trước ngày)",
        widget=DateInput(),
        error_messages={
            "required": "Cần đặt hạn nộp lại.",
            "invalid": "Ngày không hợp lệ. Nhập theo dạng ngày/tháng/năm.",
        },
    )


class UnitYearForm(CleanTextMixin, forms.ModelForm):
    class Meta:
        model = UnitYear
        fields = COUNTS

    helper = inline_helper(
        Row(
            Column("households", css_class="col-md-4"),
            Column("persons", css_class="col-md-4"),
            Column("working_age_persons", css_class="col-md-4"),
        ),
        Row(
            Column("poor_households", css_class="col-md-4"),
            Column("near_poor_households", css_class="col-md-4"),
            Column("business_households", css_class="col-md-4"),
        ),
    )


class UnitForm(CleanTextMixin, forms.Form):
    name = forms.CharField(label="Tên tổ dân phố, bản", max_length=100)
    kind = forms.ChoiceField(label="Loại", choices=Unit.Kind.choices)
    helper = inline_helper(Row(Column("name", css_class="col-md-8"), Column("kind", css_class="col-md-4")))


class DecisionForm(CleanTextMixin, forms.ModelForm):
    class Meta:
        model = Decision
        fields = ["number", "issued_on", "title", "signer_title", "signer_name"]
        widgets = {"issued_on": DateInput(), "signer_title": forms.Textarea(attrs={"rows": 2})}
        help_texts = {
            "signer_title": "Mỗi dòng một chức vụ, như in trên văn bản.",
            "number": "Ví dụ: 1234/QĐ-UBND",
            "signer_name": "Có thể để trống nếu chưa ký.",
        }

    helper = inline_helper(
        Row(Column("number", css_class="col-md-6"), Column("issued_on", css_class="col-md-6")),
        "title",
        Row(Column("signer_title", css_class="col-md-6"), Column("signer_name", css_class="col-md-6")),
    )


class ListFilter(CleanTextMixin, forms.Form):
    """The filters above the list of assessments; an unknown value filters nothing and says so."""

    xa = forms.ModelChoiceField(Ward.objects.none(), label="Xã, phường", required=False, empty_label="Tất cả")
    trang_thai = forms.ChoiceField(label="Trạng thái", required=False)
    dang_ky = forms.ChoiceField(
        label="Đăng ký", required=False, choices=[("", "Tất cả"), *Registration.Aim.choices, ("pilot", "Làm điểm")]
    )
    ket_qua = forms.ChoiceField(
        label="Kết quả, hạn nộp",
        required=False,
        choices=[("", "Tất cả"), ("dat", "Đủ điều kiện"), ("chua", "Chưa đủ điều kiện"), ("qua_han", "Quá hạn")],
    )
    tim = forms.CharField(label="Tên tổ, bản", required=False, max_length=100)

    def __init__(self, *args: Any, wards: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ward_field = self.fields["xa"]
        if isinstance(ward_field, forms.ModelChoiceField):
            ward_field.queryset = wards
        state_field = self.fields["trang_thai"]
        if isinstance(state_field, forms.ChoiceField):
            state_field.choices = [("", "Tất cả"), *((s.value, STATE_LABELS[s]) for s in State)]
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control" if isinstance(field.widget, forms.TextInput) else "form-select"
