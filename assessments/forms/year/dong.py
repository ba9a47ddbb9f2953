"""The field for an amount of money, the same wherever one is typed."""

from typing import Any

from django import forms

from assessments import money


class DongField(forms.CharField):
    """Whole đồng as people type them; comes out as int, None when empty."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        super().__init__(max_length=40, **options)
        self.widget.attrs.update({"inputmode": "numeric", "autocomplete": "off"})

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if not typed:
            return None
        try:
            return money.parse_dong(typed)
        except money.BadAmount as error:
            raise forms.ValidationError(error.message) from error

    def prepare_value(self, value: Any) -> Any:
        return money.dong(value) if isinstance(value, int) else value
