"""Accounts and agencies in Django's admin. Administrators alone enter it; verdicts are nowhere in it."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest

from accounts.administrators import follow_group, follow_role
from accounts.forms import AdministratorSignInForm
from accounts.models import Agency, User
from localities.forms import CleanTextForm
from localities.models import Unit

admin.site.site_header = "Tự quản Lai Châu: quản trị"
admin.site.site_title = "Quản trị Tự quản Lai Châu"
admin.site.index_title = "Tài khoản và danh mục"
admin.site.login_form = AdministratorSignInForm
# Rights follow the role; groups are not for editing by hand.
admin.site.unregister(Group)

PLACE_FIELDS = ("role", "ward", "unit", "agency")


class UnitField(forms.ModelChoiceField):
    """Every ward has a "Tổ 1": the choice names the ward."""

    def label_from_instance(self, obj: models.Model) -> str:
        return f"{obj.ward}, {obj}" if isinstance(obj, Unit) else str(obj)


class CreationForm(CleanTextForm, UserCreationForm):
    """A new account with a first password, which its owner must change."""

    class Meta:
        model = User
        fields = ("username", "full_name", "job_title", "email", *PLACE_FIELDS)

    def save(self, commit: bool = True) -> User:
        self.instance.must_change_password = True
        user: User = super().save(commit)
        return user


class ChangeForm(CleanTextForm, UserChangeForm):
    class Meta:
        model = User
        fields = ("username", "password", "full_name", "job_title", "email", *PLACE_FIELDS, "is_active")

    def clean_username(self) -> str:
        """Two names that differ only in case would be taken for each other."""
        username: str = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=username).exclude(pk=self.instance.pk).exists():
            raise ValidationError(self.instance.unique_error_message(User, ("username",)))
        return username


class PasswordForm(AdminPasswordChangeForm):
    """A password given by the administrator: its owner must change it at the next sign-in."""

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        # An account is closed by "đang hoạt động", not by taking its password away.
        self.fields.pop("usable_password", None)
        for name in ("password1", "password2"):
            self.fields[name].required = True

    def save(self, commit: bool = True) -> User:
        self.user.must_change_password = True
        user: User = super().save(commit)
        return user


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    form = ChangeForm
    add_form = CreationForm
    change_password_form = PasswordForm
    list_display = ("username", "full_name", "role", "at_place", "is_active", "must_change_password", "last_login")
    list_filter = ("role", "is_active", "must_change_password", "ward", "agency")
    list_select_related = ("ward", "unit__ward", "agency")
    search_fields = ("username", "full_name", "job_title")
    ordering = ("username",)
    filter_horizontal = ()
    readonly_fields = ("must_change_password", "last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Người dùng", {"fields": ("full_name", "job_title", "email")}),
        ("Vai trò và nơi công tác", {"fields": PLACE_FIELDS}),
        ("Tình trạng", {"fields": ("is_active", "must_change_password", "last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("username", "password1", "password2")}),
        ("Người dùng", {"classes": ("wide",), "fields": ("full_name", "job_title", "email")}),
        (
            "Vai trò và nơi công tác",
            {
                "classes": ("wide",),
                "fields": PLACE_FIELDS,
                "description": (
                    "Cán bộ, lãnh đạo xã, phường chọn xã, phường; tổ trưởng, trưởng bản chọn tổ dân phố, bản; "
                    "cán bộ cơ quan chọn cơ quan; các vai trò khác để trống cả ba."
                ),
            },
        ),
    )

    @admin.display(description="nơi công tác", ordering="ward__position")
    def at_place(self, user: User) -> str:
        return f"{user.unit.ward}, {user.unit}" if user.unit else user.place

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField | None:
        if db_field.name == "unit":
            kwargs |= {"queryset": Unit.objects.select_related("ward"), "form_class": UnitField}
        field: forms.ModelChoiceField | None = super().formfield_for_foreignkey(db_field, request, **kwargs)
        return field

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        follow_role(obj)
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        follow_group(form.instance)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """The record names people: an account is closed, not deleted."""
        return False


@admin.register(Agency)
class AgencyAdmin(admin.ModelAdmin):
    form = CleanTextForm
    list_display = ("name", "symbol", "code", "position")
    list_editable = ("position",)
    search_fields = ("name", "code", "symbol")

    def get_readonly_fields(self, request: HttpRequest, obj: Agency | None = None) -> tuple[str, ...]:
        """The reference data and the assignment of criteria know an agency by its code."""
        return ("code",) if obj else ()
