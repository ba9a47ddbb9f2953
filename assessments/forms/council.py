"""Shape of what is typed about a ward's council: a member, a meeting, what it resolved on a unit."""

from crispy_forms.layout import Column, Row
from django import forms

from assessments.forms import CleanTextMixin, DateInput, TimeInput, inline_helper
from assessments.models import CouncilItem, CouncilMeeting, CouncilMember

OUTCOMES = ((CouncilItem.Outcome.APPROVED, "Thông qua"), (CouncilItem.Outcome.RETURNED, "Trả lại cán bộ"))


class MemberForm(CleanTextMixin, forms.ModelForm):
    """A member of the ward's council."""

    class Meta:
        model = CouncilMember
        fields = ["full_name", "job_title", "role"]

    helper = inline_helper(
        Row(
            Column("full_name", css_class="col-md-4"),
            Column("job_title", css_class="col-md-5"),
            Column("role", css_class="col-md-3"),
        )
    )

    def _post_clean(self) -> None:
        """The deed checks the row, so that its sentence is the one people read; here only the fields' shape."""


class MeetingForm(CleanTextMixin, forms.ModelForm):
    """A meeting as it is prepared: when, where, who and over which units."""

    class Meta:
        model = CouncilMeeting
        fields = ["held_on", "starts_at", "ends_at", "place", "guests", "conclusion"]
        widgets = {
            "held_on": DateInput(),
            "starts_at": TimeInput(),
            "ends_at": TimeInput(),
            "guests": forms.Textarea(attrs={"rows": 2}),
            "conclusion": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "guests": "Có thể để trống.",
            "conclusion": "Có thể ghi sau, khi chốt biên bản.",
        }
        error_messages = {
            "held_on": {"invalid": "Ngày họp không hợp lệ. Nhập theo dạng ngày/tháng/năm."},
            "starts_at": {"invalid": "Giờ không hợp lệ. Nhập theo dạng giờ:phút, ví dụ 08:00."},
            "ends_at": {"invalid": "Giờ không hợp lệ. Nhập theo dạng giờ:phút, ví dụ 10:30."},
        }

    helper = inline_helper(
        Row(
            Column("held_on", css_class="col-md-4"),
            Column("starts_at", css_class="col-md-4"),
            Column("ends_at", css_class="col-md-4"),
        ),
        "place",
        "guests",
        "conclusion",
    )

    def _post_clean(self) -> None:
        """The typed values go onto the meeting; its own checks belong to the deed, which knows all of it."""
        for name in self.fields:
            if name in self.cleaned_data:
                setattr(self.instance, name, self.cleaned_data[name])


class ConclusionForm(CleanTextMixin, forms.Form):
    """What is fixed when a meeting is concluded."""

    conclusion = forms.CharField(
        label="Kết luận của cuộc họp", max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    helper = inline_helper()


class ResolutionForm(CleanTextMixin, forms.Form):
    """What the meeting resolved on one unit."""

    outcome = forms.ChoiceField(
        label="Kết quả",
        choices=OUTCOMES,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Chọn “Thông qua” hoặc “Trả lại cán bộ”.",
            "invalid_choice": "Chọn “Thông qua” hoặc “Trả lại cán bộ”.",
        },
    )
    votes_for = forms.IntegerField(label="Số phiếu tán thành", required=False, max_value=32767)
    opinion = forms.CharField(
        label="Ý kiến của hội đồng",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Bắt buộc khi trả lại: cán bộ đọc nguyên văn.",
    )
