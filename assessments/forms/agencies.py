"""What an agency enters when it closes its appraisal, and home affairs when it reopens it."""

from crispy_forms.layout import Column, Row
from django import forms

from assessments.forms import CleanTextMixin, DateInput, inline_helper
from assessments.models import AgencyReport


class AgencyReportForm(CleanTextMixin, forms.ModelForm):
    """Number, date and signer of an agency's report."""

    class Meta:
        model = AgencyReport
        fields = ["number", "signed_on", "signer_title", "signer_name", "remarks"]
        widgets = {"signed_on": DateInput(), "remarks": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "number": "Có thể để trống nếu chưa cấp số.",
            "signer_title": "Ví dụ: Trưởng phòng",
        }

    helper = inline_helper(
        Row(Column("number", css_class="col-md-6"), Column("signed_on", css_class="col-md-6")),
        Row(Column("signer_title", css_class="col-md-6"), Column("signer_name", css_class="col-md-6")),
        "remarks",
    )


class ReopenForm(CleanTextMixin, forms.Form):
    """Why a closed report is opened again."""

    reason = forms.CharField(
        label="Lý do mở lại",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Cơ quan nhận được nguyên văn lý do này.",
        error_messages={"required": "Cần ghi rõ lý do mở lại."},
    )
    helper = inline_helper()
