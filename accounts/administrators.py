"""What administrators may touch in the admin pages: accounts and the basic lists, never a verdict."""

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

from accounts.models import Role, User

GROUP_NAME = "Quản trị tài khoản"
# By name, not by import: the models of the upper floors are unknown here. Accounts are never deleted, because
# the record names them; assessments, verdicts and events are not in this list on purpose.
_EDITED = {
    "accounts": ("agency",),
    "localities": ("authority", "ward", "unit"),
    "criteria": ("criteriaset", "section", "entry", "alternative", "exemption", "indicator"),
    "assessments": ("plan", "milestone", "target"),
}
_ACCOUNTS = ("add_user", "change_user", "view_user")


def ensure_group() -> Group:
    """The administrators' group with exactly its permissions; two queries when nothing is to be done."""
    wanted = Q(content_type__app_label="accounts", codename__in=_ACCOUNTS)
    for app, models in _EDITED.items():
        names = [f"{verb}_{model}" for model in models for verb in ("add", "change", "delete", "view")]
        wanted |= Q(content_type__app_label=app, codename__in=names)
    permissions = set(Permission.objects.filter(wanted))
    group, _ = Group.objects.get_or_create(name=GROUP_NAME)
    if set(group.permissions.all()) != permissions:
        group.permissions.set(permissions)
    return group


def follow_role(user: User) -> None:
    """Let the flags of a user follow the role before saving: administrators alone enter the admin pages."""
    user.is_staff = user.role == Role.ADMINISTRATOR
    user.is_superuser = user.is_superuser and user.is_staff


def follow_group(user: User) -> None:
    """The same for the group, after saving."""
    if user.role == Role.ADMINISTRATOR:
        user.groups.add(ensure_group())
    else:
        user.groups.clear()
