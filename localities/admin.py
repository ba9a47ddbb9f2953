"""Places in Django's admin. Yearly figures are not here: the wards keep them through their own deed."""

from django.contrib import admin
from django.http import HttpRequest

from localities.forms import CleanTextForm
from localities.models import Authority, Unit, Ward


@admin.register(Authority)
class AuthorityAdmin(admin.ModelAdmin):
    form = CleanTextForm
    list_display = ("name", "home_affairs_name", "place_name", "valid_from", "valid_until")


@admin.register(Ward)
class WardAdmin(admin.ModelAdmin):
    form = CleanTextForm
    list_display = ("name", "kind", "code", "position", "valid_from", "valid_until")
    list_filter = ("kind",)
    search_fields = ("name", "code")

    def get_readonly_fields(self, request: HttpRequest, obj: Ward | None = None) -> tuple[str, ...]:
        """Code and kind decide which table a unit sees; another kind is another ward with its own period."""
        return ("code", "kind") if obj else ()


@admin.register(Unit)
class UnitAdmin(admin.ModelAdmin):
    form = CleanTextForm
    list_display = ("name", "ward", "kind", "demonstration", "valid_from", "valid_until")
    list_filter = ("ward", "kind", "demonstration")
    list_select_related = ("ward",)
    search_fields = ("name", "ward__name")

    def get_readonly_fields(self, request: HttpRequest, obj: Unit | None = None) -> tuple[str, ...]:
        """Ward and kind decide the texts, figures and exemptions of answers already given."""
        return ("ward", "kind", "demonstration") if obj else ("demonstration",)
