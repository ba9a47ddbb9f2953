"""What every form of the admin pages does with text."""

from typing import Any

from django import forms
from django.db import models

from localities.text import clean


class CleanTextForm(forms.ModelForm):
    """Texts of the model reach the database in NFC and without control characters; passwords are left alone."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for field in self._meta.model._meta.concrete_fields:
            value = cleaned.get(field.name)
            if isinstance(value, str) and isinstance(field, models.CharField | models.TextField):
                cleaned[field.name] = value if field.name == "password" else clean(value)
        return cleaned
