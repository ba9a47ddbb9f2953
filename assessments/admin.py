"""Plans in Django's admin. Assessments, verdicts, decisions and events are not: only deeds write them."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from assessments.models import Milestone, Plan, Target
from criteria.models import CriteriaSet
from localities.forms import CleanTextForm


class MilestoneInline(admin.TabularInline):
    model = Milestone
    extra = 0


class TargetInline(admin.TabularInline):
    model = Target
    extra = 0


@admin.register(Plan)
class PlanAdmin(admin.ModelAdmin):
    form = CleanTextForm
    list_display = ("year", "number", "issued_on", "title", "criteria_set")
    list_select_related = ("criteria_set",)
    # Texts and status belong to home affairs, who drafts and issues plans on the screens.
    fields = ("year", "number", "issued_on", "title", "criteria_set", "notes")
    inlines = (MilestoneInline, TargetInline)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Plan]:
        """Drafts are home affairs' own."""
        return Plan.objects.all()

    def get_readonly_fields(self, request: HttpRequest, obj: Plan | None = None) -> tuple[str, ...]:
        """Once units are registered, their answers belong to this year and this version of the table."""
        return ("year", "criteria_set") if obj and obj.registrations.exists() else ()

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField | None:
        """A year is assessed by a published table, which does not change any more."""
        if db_field.name == "criteria_set":
            kwargs["queryset"] = CriteriaSet.objects.filter(status=CriteriaSet.Status.PUBLISHED)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
