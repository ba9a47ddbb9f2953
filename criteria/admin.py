"""Criteria sets in Django's admin: a draft is edited here, a published or retired set only read."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from criteria.models import Alternative, CriteriaSet, Entry, Exemption, Indicator, Section
from localities.forms import CleanTextForm

_DRAFT = CriteriaSet.Status.DRAFT
_LIFE = ("status", "published_at", "retired_at")


def _set_of(row: models.Model | None) -> CriteriaSet | None:
    """The set a row of any of the tables belongs to."""
    if row is None or isinstance(row, CriteriaSet):
        return row
    return row.entry.criteria_set if hasattr(row, "entry") else row.criteria_set  # type: ignore[attr-defined]


class _FrozenOncePublished:
    """Rights that end with the draft; the database refuses the change in any case."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._open(obj) and super().has_change_permission(request, obj)  # type: ignore[misc]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._open(obj) and super().has_delete_permission(request, obj)  # type: ignore[misc]

    def _open(self, obj: models.Model | None) -> bool:
        found = _set_of(obj)
        return found is None or found.pk is None or found.status == _DRAFT

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """No bulk delete: it would ask for the right once, not for each row."""
        return {}


class _FrozenInline(_FrozenOncePublished, admin.TabularInline):
    form = CleanTextForm
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._open(obj) and super().has_add_permission(request, obj)


class SectionInline(_FrozenInline):
    model = Section
    show_change_link = True


@admin.register(CriteriaSet)
class CriteriaSetAdmin(_FrozenOncePublished, admin.ModelAdmin):
    form = CleanTextForm
    list_display = ("title", "code", "version", "status", "published_at", "retired_at")
    list_filter = ("status",)
    # Publishing checks the whole table first: manage.py load_criteria.
    readonly_fields = _LIFE
    inlines = (SectionInline,)


class _PartAdmin(_FrozenOncePublished, admin.ModelAdmin):
    """A row of a set: only drafts are offered to put new rows into."""

    form = CleanTextForm
    list_filter: ClassVar[tuple[str, ...]] = ("criteria_set",)

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField | None:
        if db_field.name == "criteria_set":
            kwargs["queryset"] = CriteriaSet.objects.filter(status=_DRAFT)
        elif db_field.name in ("section", "contradicts"):
            kwargs["queryset"] = db_field.related_model.objects.filter(criteria_set__status=_DRAFT)
        field: forms.ModelChoiceField | None = super().formfield_for_foreignkey(db_field, request, **kwargs)
        return field

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A row does not move to another set."""
        return ("criteria_set",) if obj else ()


@admin.register(Section)
class SectionAdmin(_PartAdmin):
    list_display = ("__str__", "name", "criteria_set")
    list_select_related = ("criteria_set",)


class EntryForm(CleanTextForm):
    """Section and contradicted criterion come from the entry's own set."""

    class Meta:
        model = Entry
        fields = (
            "criteria_set",
            "section",
            "kind",
            "key",
            "code",
            "position",
            "block",
            "block_name",
            "text",
            "derived",
            "contradicts",
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        own = cleaned.get("criteria_set") or getattr(self.instance, "criteria_set", None)
        for name in ("section", "contradicts"):
            chosen = cleaned.get(name)
            if chosen and own and chosen.criteria_set_id != own.pk:
                self.add_error(name, "Chọn trong cùng bộ tiêu chí.")
        return cleaned


class AlternativeInline(_FrozenInline):
    model = Alternative


class ExemptionInline(_FrozenInline):
    model = Exemption


class IndicatorInline(_FrozenInline):
    model = Indicator

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField | None:
        """A total comes from an indicator of the same entry."""
        if db_field.name == "base":
            entry = request.resolver_match.kwargs.get("object_id") if request.resolver_match else None
            kwargs["queryset"] = Indicator.objects.filter(entry=entry) if entry else Indicator.objects.none()
        field: forms.ModelChoiceField | None = super().formfield_for_foreignkey(db_field, request, **kwargs)
        return field


@admin.register(Entry)
class EntryAdmin(_PartAdmin):
    form = EntryForm
    list_display = ("code", "kind", "text", "criteria_set")
    list_filter: ClassVar[tuple[str, ...]] = ("criteria_set", "kind")
    list_select_related = ("criteria_set",)
    search_fields = ("code", "text")
    inlines = (AlternativeInline, ExemptionInline, IndicatorInline)
