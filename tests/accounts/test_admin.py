"""Django's admin: accounts and basic lists for administrators, nothing else and nobody else."""

import io
import unicodedata
from datetime import date
from typing import Any

import pytest
from django.contrib import admin
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.administrators import ensure_group
from accounts.models import Agency, Role, User
from assessments import models as assessment_models
from assessments.models import Assessment, Plan
from criteria.models import CriteriaSet, Entry, Section
from localities.models import Unit, Ward
from tests import factories

pytestmark = pytest.mark.django_db

FIRST_PASSWORD = "mat-khau-cap-lan-dau"


@pytest.fixture
def administrator() -> User:
    user: User = factories.AdministratorFactory()
    user.groups.add(ensure_group())
    return user


@pytest.fixture
def site(administrator: User) -> Client:
    client = Client()
    client.force_login(administrator)
    return client


def page(name: str, *args: object) -> str:
    return reverse(f"admin:{name}", args=args)


def new_account(**changes: Any) -> dict[str, Any]:
    given = {
        "username": "canbo.moi",
        "full_name": "Cán bộ mới",
        "role": Role.CITY_LEADER,
        "password1": FIRST_PASSWORD,
        "password2": FIRST_PASSWORD,
    }
    return given | changes


# Who comes in


def test_only_administrators_come_in(site: Client, officer: User, home_affairs: User, city_leader: User) -> None:
    assert site.get(page("index")).status_code == 200
    for user in (officer, home_affairs, city_leader, None):
        other = Client()
        if user:
            other.force_login(user)
        assert other.get(page("index")).status_code == 302
        assert other.get(page("accounts_user_changelist")).status_code == 302


def test_titles_are_vietnamese(site: Client) -> None:
    shown = site.get(page("index")).content.decode()
    for words in ("Tự quản Lai Châu", "Tài khoản và danh mục", "Xã, phường", "Kế hoạch năm", "Bộ tiêu chí"):
        assert words.lower() in shown.lower()
    assert "Administration" not in shown


def test_verdicts_and_the_record_are_not_in_the_admin(site: Client) -> None:
    registered = set(admin.site._registry)
    for name in (
        "Assessment",
        "Verdict",
        "Figure",
        "Evidence",
        "Summary",
        "Event",
        "Decision",
        "CouncilMeeting",
        "Attachment",
    ):
        assert getattr(assessment_models, name) not in registered
    assert "/assessments/verdict" not in site.get(page("index")).content.decode()


@pytest.mark.parametrize(
    "name",
    [
        "accounts_user",
        "accounts_agency",
        "localities_authority",
        "localities_ward",
        "localities_unit",
        "criteria_criteriaset",
        "criteria_section",
        "criteria_entry",
        "assessments_plan",
    ],
)
def test_every_list_and_form_opens(site: Client, assessment: Assessment, name: str) -> None:
    factories.HomeAffairsFactory()
    assert site.get(page(f"{name}_changelist")).status_code == 200
    assert site.get(page(f"{name}_changelist"), {"q": "a"}).status_code in (200, 302)
    assert site.get(page(f"{name}_add")).status_code == 200
    model = next(m for m in admin.site._registry if m._meta.label_lower == name.replace("_", "."))
    for row in model._default_manager.all()[:2]:
        assert site.get(page(f"{name}_change", row.pk)).status_code == 200


# Accounts


def test_a_new_account_must_change_its_first_password(site: Client, ward: Ward) -> None:
    given = new_account(role=Role.WARD_OFFICER, ward=ward.pk)
    assert site.post(page("accounts_user_add"), given).status_code == 302
    user = User.objects.get(username="canbo.moi")
    assert (user.ward, user.must_change_password, user.is_staff) == (ward, True, False)
    assert user.check_password(FIRST_PASSWORD)
    theirs = Client()
    theirs.force_login(user)
    assert theirs.get("/quan-tri/").headers["Location"] == reverse("accounts:password_change")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"role": Role.WARD_OFFICER}, "Vai trò và nơi công tác không khớp"),
        ({"role": Role.HOME_AFFAIRS}, "Vai trò và nơi công tác không khớp"),
        ({"ward": True}, "Vai trò và nơi công tác không khớp"),
        ({"password1": "ngan", "password2": "ngan"}, "14"),
        ({"password2": "khac-hoan-toan-1234"}, "mật khẩu"),
        ({"username": "TRUNG.TEN"}, "Tên đăng nhập này đã có"),
        ({"username": "có dấu cách"}, "username"),
        ({"full_name": ""}, "full_name"),
    ],
)
def test_a_bad_account_is_explained(site: Client, ward: Ward, changes: dict[str, Any], message: str) -> None:
    factories.CityLeaderFactory(username="trung.ten")
    before = User.objects.count()
    given = new_account(**{name: ward.pk if value is True else value for name, value in changes.items()})
    answer = site.post(page("accounts_user_add"), given)
    assert answer.status_code == 200
    assert message in answer.content.decode() and "errorlist" in answer.content.decode()
    assert User.objects.count() == before


def test_names_are_stored_in_nfc_and_passwords_as_typed(site: Client) -> None:
    name, password = unicodedata.normalize("NFD", " Cán bộ mới "), "  mật khẩu có dấu cách  "
    site.post(page("accounts_user_add"), new_account(full_name=name, password1=password, password2=password))
    user = User.objects.get(username="canbo.moi")
    assert user.full_name == "Cán bộ mới" and user.check_password(password)


def change(site: Client, user: User, **changes: Any) -> Any:
    given = {
        "username": user.username,
        "full_name": user.full_name,
        "role": user.role,
        "ward": user.ward_id or "",
        "unit": user.unit_id or "",
        "agency": user.agency_id or "",
        "is_active": "on",
    }
    return site.post(page("accounts_user_change", user.pk), given | changes)


def test_rights_follow_the_role(site: Client, city_leader: User) -> None:
    assert change(site, city_leader, role=Role.ADMINISTRATOR).status_code == 302
    city_leader.refresh_from_db()
    assert city_leader.is_staff and city_leader.groups.get() == ensure_group()
    assert change(site, city_leader, role=Role.CITY_LEADER).status_code == 302
    city_leader = User.objects.get(pk=city_leader.pk)
    assert not city_leader.is_staff and not city_leader.groups.exists()


def test_another_place_for_a_role_is_refused_on_change(site: Client, officer: User) -> None:
    answer = change(site, officer, ward="")
    assert "Vai trò và nơi công tác không khớp" in answer.content.decode()
    factories.CityLeaderFactory(username="trung.ten")
    assert "đã có" in change(site, officer, username="Trung.Ten").content.decode()


def test_a_reset_password_must_be_changed(site: Client, officer: User) -> None:
    url = page("auth_user_password_change", officer.pk)
    for short in ("", "ngan"):
        assert site.post(url, {"password1": short, "password2": short}).status_code == 200
    assert site.post(url, {"password1": FIRST_PASSWORD, "password2": FIRST_PASSWORD}).status_code == 302
    officer.refresh_from_db()
    assert officer.must_change_password and officer.check_password(FIRST_PASSWORD)


def test_accounts_are_closed_not_deleted(site: Client, officer: User) -> None:
    assert site.post(page("accounts_user_delete", officer.pk), {"post": "yes"}).status_code == 403
    change(site, officer, is_active="")
    officer.refresh_from_db()
    assert not officer.is_active


def test_units_are_offered_with_their_ward(site: Client, unit: Unit) -> None:
    shown = site.get(page("accounts_user_add")).content.decode()
    assert f"{unit.ward}, {unit}" in shown


def test_the_list_of_accounts_has_constant_queries(site: Client, django_assert_max_num_queries: Any) -> None:
    for factory in (factories.WardOfficerFactory, factories.UnitHeadFactory, factories.HomeAffairsFactory):
        factory.create_batch(4)
    with django_assert_max_num_queries(14):
        assert site.get(page("accounts_user_changelist")).status_code == 200


# Lists


def test_what_answers_depend_on_does_not_change(site: Client, unit: Unit, plan: Plan, assessment: Assessment) -> None:
    other = factories.WardFactory()
    site.post(page("localities_unit_change", unit.pk), {"name": "Tổ 55", "kind": "village", "ward": other.pk})
    unit.refresh_from_db()
    assert (unit.name, unit.kind, unit.ward_id == other.pk) == ("Tổ 55", "group", False)
    inlines = {f"{name}-{total}": 0 for name in ("milestones", "targets") for total in ("TOTAL_FORMS", "INITIAL_FORMS")}
    given = {"year": 2030, "number": "605/KH-UBND", "issued_on": "2025-02-28", "title": "Khác", **inlines}
    assert site.post(page("assessments_plan_change", plan.pk), given).status_code == 302
    plan.refresh_from_db()
    assert (plan.year, plan.number) == (2025, "605/KH-UBND")


def test_a_ward_in_use_is_not_deleted(site: Client, unit: Unit) -> None:
    site.post(page("localities_ward_delete", unit.ward_id), {"post": "yes"})
    assert Ward.objects.filter(pk=unit.ward_id).exists()


def test_a_reused_ward_code_needs_another_period(site: Client, ward: Ward) -> None:
    given = {
        "kind": "ward",
        "code": ward.code,
        "name": "Khác",
        "authority_name": "Ủy ban nhân dân phường Khác",
        "place_name": "Khác",
        "signer_title": "CHỦ TỊCH",
        "position": 1,
    }
    assert "Mã này đã dùng" in site.post(page("localities_ward_add"), given).content.decode()


def test_a_plan_takes_only_a_published_table(site: Client) -> None:
    draft = draft_set()
    given = {"year": 2026, "number": "1/KH-UBND", "issued_on": "2026-02-01", "title": "Mới", "criteria_set": draft.pk}
    inlines = {f"{name}-{total}": 0 for name in ("milestones", "targets") for total in ("TOTAL_FORMS", "INITIAL_FORMS")}
    assert site.post(page("assessments_plan_add"), given | inlines).status_code == 200
    assert not Plan.objects.exists()


# Criteria


def draft_set(code: str = "nhap") -> CriteriaSet:
    made: CriteriaSet = CriteriaSet.objects.create(
        code=code, title="Bảng mới", legal_basis="Kế hoạch", standard_percent=80, content_percent=80
    )
    return made


def test_a_published_table_is_only_read(site: Client, assessment: Assessment) -> None:
    published = CriteriaSet.objects.get(code="2020")
    entry = Entry.objects.filter(criteria_set=published).first()
    section = Section.objects.filter(criteria_set=published).first()
    assert entry and section
    for name, row in (("criteriaset", published), ("entry", entry), ("section", section)):
        url = page(f"criteria_{name}_change", row.pk)
        shown = site.get(url).content.decode()
        assert 'name="_save"' not in shown and "<textarea" not in shown
        assert site.post(url, {"title": "Sửa", "text": "Sửa", "name": "Sửa"}).status_code == 403
        assert site.post(page(f"criteria_{name}_delete", row.pk), {"post": "yes"}).status_code == 403
    assert not Entry.objects.filter(text="Sửa").exists()


def test_a_draft_is_edited_with_texts_exemptions_and_indicators(site: Client) -> None:
    draft = draft_set()
    section = Section.objects.create(criteria_set=draft, kind="standard", number=1, name="Một")
    other = Section.objects.create(criteria_set=draft_set("khac"), kind="standard", number=1, name="Khác")
    empty = {f"{name}-INITIAL_FORMS": 0 for name in ("alternatives", "exemptions", "indicators")}
    given = {
        "criteria_set": draft.pk,
        "section": other.pk,
        "kind": "criterion",
        "key": "tc-1.1",
        "code": "1.1",
        "position": 1,
        "text": "Nội dung tiêu chí",
        "alternatives-TOTAL_FORMS": 0,
        "exemptions-TOTAL_FORMS": 1,
        "exemptions-0-unit_kind": "group",
        "indicators-TOTAL_FORMS": 0,
        **empty,
    }
    assert "Chọn trong cùng bộ tiêu chí" in site.post(page("criteria_entry_add"), given).content.decode()
    assert site.post(page("criteria_entry_add"), given | {"section": section.pk}).status_code == 302
    entry = Entry.objects.get(criteria_set=draft)
    assert entry.exemptions.get().unit_kind == "group"
    assert site.get(page("criteria_entry_change", entry.pk)).status_code == 200


def test_nothing_is_put_into_a_published_table(site: Client) -> None:
    published = draft_set()
    section = Section.objects.create(criteria_set=published, kind="standard", number=1, name="Một")
    CriteriaSet.objects.filter(pk=published.pk).update(status="published", published_at=timezone.now())
    given = {"criteria_set": published.pk, "kind": "standard", "number": 2, "name": "Hai"}
    assert site.post(page("criteria_section_add"), given).status_code == 200
    assert list(published.sections.all()) == [section]


# The first administrator


def create(monkeypatch: pytest.MonkeyPatch, password: str, **names: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))
    call_command("create_admin", **{"username": "quantri", "full_name": "Quản trị hệ thống"} | names)


def test_create_admin(monkeypatch: pytest.MonkeyPatch) -> None:
    create(monkeypatch, FIRST_PASSWORD)
    user = User.objects.get()
    assert (user.role, user.is_staff, user.is_superuser) == (Role.ADMINISTRATOR, True, False)
    assert user.check_password(FIRST_PASSWORD) and not user.must_change_password
    assert user.has_perm("accounts.add_user") and not user.has_perm("assessments.change_assessment")
    client = Client()
    client.force_login(user)
    assert client.get(page("accounts_user_add")).status_code == 200


@pytest.mark.parametrize(
    ("password", "names", "message"),
    [
        ("ngan", {}, "14"),
        ("12345678901234567", {}, "số"),
        ("", {}, "14"),
        (FIRST_PASSWORD, {"username": "TRUNG"}, "đã có"),
        (FIRST_PASSWORD, {"username": "a b"}, "."),
        (FIRST_PASSWORD, {"full_name": " "}, "."),
    ],
)
def test_create_admin_refuses(
    monkeypatch: pytest.MonkeyPatch, password: str, names: dict[str, str], message: str
) -> None:
    factories.CityLeaderFactory(username="trung")
    with pytest.raises(CommandError) as refusal:
        create(monkeypatch, password, **names)
    assert message in str(refusal.value)
    assert User.objects.count() == 1


def test_create_admin_asks_twice_at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    typed = iter([FIRST_PASSWORD, "khac-lan-truoc-roi"])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("accounts.management.commands.create_admin.getpass", lambda prompt: next(typed))
    with pytest.raises(CommandError, match="không giống nhau"):
        call_command("create_admin", username="quantri", full_name="Quản trị")


def test_createsuperuser_works_with_the_right_role(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", FIRST_PASSWORD)
    given = {"username": "goc", "full_name": "Quản trị gốc", "role": Role.ADMINISTRATOR}
    call_command("createsuperuser", interactive=False, verbosity=0, **given)
    assert User.objects.get().is_superuser


def test_agency_code_stays(site: Client) -> None:
    agency: Agency = factories.AgencyFactory(code="phong-a")
    given = {"code": "phong-b", "name": "Phòng B", "symbol": "PB", "position": 1}
    site.post(page("accounts_agency_change", agency.pk), given)
    agency.refresh_from_db()
    assert (agency.code, agency.name) == ("phong-a", "Phòng B")


def test_dates_are_read_day_first(site: Client, ward: Ward) -> None:
    """01/02/2026 is the first of February, never the second of January."""
    given = {"kind": "group", "name": "Tổ 9", "ward": ward.pk, "valid_from": "01/02/2026"}
    assert site.post(page("localities_unit_add"), given).status_code == 302
    assert Unit.objects.get().valid_from == date(2026, 2, 1)
