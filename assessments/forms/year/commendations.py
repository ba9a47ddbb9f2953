"""Shape of a proposal, of its judgement, of the decision that commends, and of the filters above the list."""

from typing import Any

from crispy_forms.layout import Column, Row
from django import forms
from django.db.models import QuerySet

from assessments.forms import CleanTextMixin, DateInput, inline_helper
from assessments.models import Commendation, CommendationDecision
from localities.models import Unit


class _UnitChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj}, {obj.ward}"


class CommendationForm(CleanTextMixin, forms.ModelForm):
    """One collective or person."""

    unit = _UnitChoice(
        Unit.objects.none(),
        label="Tổ dân phố, bản",
        required=False,
        empty_label="Không thuộc tổ, bản",
        error_messages={"invalid_choice": "Chọn tổ dân phố, bản trong danh sách."},
    )
    kind = forms.ChoiceField(
        label="Đối tượng",
        choices=Commendation.Kind.choices,
        widget=forms.RadioSelect,
        initial=Commendation.Kind.COLLECTIVE,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Chọn tập thể hoặc cá nhân."),
    )

    class Meta:
        model = Commendation
        fields = ["kind", "unit", "name", "position", "form", "achievements"]
        widgets = {
            "form": forms.TextInput(attrs={"list": "usual-forms"}),
            "achievements": forms.Textarea(attrs={"rows": 6}),
        }
        help_texts = {
            "unit": "Tập thể là tổ dân phố, bản thì tên lấy theo tổ, bản; cá nhân thì đối chiếu kết quả của tổ, bản.",
            "name": "Tên tập thể khác, hoặc họ tên cá nhân.",
            "position": "Ghi với cá nhân. Ví dụ: Tổ trưởng Tổ 1, phường Tân Phong",
            "achievements": "Tóm tắt thành tích trong năm, có số liệu cụ thể.",
        }

    helper = inline_helper(
        "kind",
        Row(Column("unit", css_class="col-md-6"), Column("form", css_class="col-md-6")),
        Row(Column("name", css_class="col-md-6"), Column("position", css_class="col-md-6")),
        "achievements",
    )

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = units
        # Of a unit the name is filled in by the deed.
        self.fields["name"].required = False

    def _post_clean(self) -> None:
        """Only fill the instance: the deed completes the name and then checks everything."""
        for name, value in self.cleaned_data.items():
            setattr(self.instance, name, value)


class JudgeForm(CleanTextMixin, forms.Form):
    """Why a proposal is declined, or accepted although the results speak against it."""

    reason = forms.CharField(
        label="Lý do",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Bắt buộc khi không chấp nhận, và khi chấp nhận trường hợp kết quả chưa đủ.",
    )
    helper = inline_helper()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The rows are ticked in a table around it: the field names the form it belongs to.
        self.fields["reason"].widget.attrs["form"] = "judge"


class CommendationDecisionForm(CleanTextMixin, forms.ModelForm):
    """The decision's number, day, subject and signer."""

    class Meta:
        model = CommendationDecision
        fields = ["number", "issued_on", "title", "signer_title", "signer_name"]
        widgets = {"issued_on": DateInput(), "signer_title": forms.Textarea(attrs={"rows": 2})}
        help_texts = {
            "signer_title": "Mỗi dòng một chức vụ, như in trên văn bản.",
            "number": "Ví dụ: 1234/QĐ-UBND",
            "signer_name": "Có thể để trống nếu chưa ký.",
        }
        error_messages = {"issued_on": {"invalid": "Ngày không hợp lệ. Nhập theo dạng ngày/tháng/năm."}}

    helper = inline_helper(
        Row(Column("number", css_class="col-md-6"), Column("issued_on", css_class="col-md-6")),
        "title",
        Row(Column("signer_title", css_class="col-md-6"), Column("signer_name", css_class="col-md-6")),
    )


class CommendationFilter(CleanTextMixin, forms.Form):
    """The filters above the list; an unknown value filters nothing."""

    doi_tuong = forms.ChoiceField(
        label="Đối tượng", required=False, choices=[("", "Tất cả"), *Commendation.Kind.choices]
    )
    tinh_trang = forms.ChoiceField(
        label="Tình trạng", required=False, choices=[("", "Tất cả"), *Commendation.State.choices]
    )
    noi = forms.ChoiceField(label="Nơi đề nghị", required=False)

    def __init__(self, *args: Any, offices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["noi"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Tất cả"), *offices]
        for one in self.fields.values():
            one.widget.attrs["class"] = "form-select"
