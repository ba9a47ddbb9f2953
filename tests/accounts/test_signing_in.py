"""Signing in and out, the lock after failures and after idleness, the first password, and who reaches the admin."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from assessments.models import Assessment
from tests import factories
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

SIGN_IN = "/tai-khoan/dang-nhap/"
CHANGE = "/tai-khoan/doi-mat-khau/"
HOME = "/"
WRONG = "Tên đăng nhập hoặc mật khẩu không đúng"
NEW = "mat-khau-moi-hoan-toan"


def attempt(client: Client, username: str, password: str, *, address: str = "10.0.0.1", **more: Any) -> Any:
    data = {"username": username, "password": password, **more}
    return client.post(SIGN_IN, data, REMOTE_ADDR=address)


def signed_in(client: Client) -> bool:
    return SESSION_KEY in client.session


class TestSignIn:
    def test_right_password(self, client: Client, officer: User) -> None:
        response = attempt(client, officer.username, PASSWORD)
        assert (response.status_code, response.url) == (302, HOME)
        assert signed_in(client)

    def test_the_way_back_is_kept(self, client: Client, officer: User) -> None:
        wanted = client.get("/ke-hoach/2025/?a=1")
        assert wanted.url == f"{SIGN_IN}?next=/ke-hoach/2025/%3Fa%3D1"
        page = client.get(wanted.url).content.decode()
        assert 'name="next" value="/ke-hoach/2025/?a=1"' in page
        assert attempt(client, officer.username, PASSWORD, next="/ke-hoach/2025/?a=1").url == "/ke-hoach/2025/?a=1"

    @pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil"])
    def test_the_way_back_stays_here(self, client: Client, officer: User, target: str) -> None:
        assert attempt(client, officer.username, PASSWORD, next=target).url == HOME

    def test_wrong_password_and_unknown_name_read_the_same(self, client: Client, officer: User) -> None:
        for name in (officer.username, "khong-co-ai"):
            response = attempt(client, name, "sai-mat-khau-hoan-toan")
            assert response.status_code == 200 and WRONG in response.content.decode()
            assert not signed_in(client)

    def test_closed_account(self, client: Client, officer: User) -> None:
        User.objects.filter(pk=officer.pk).update(is_active=False)
        response = attempt(client, officer.username, PASSWORD)
        assert response.status_code == 200 and not signed_in(client)

    def test_name_typed_in_parts_of_letters(self, client: Client) -> None:
        """A keyboard that sends NFD finds the account kept in NFC."""
        factories.WardOfficerFactory(username="lò.văn.tú")
        assert attempt(client, "lo\u0300.va\u0306n.tu\u0301", PASSWORD).status_code == 302

    @pytest.mark.parametrize("name", ["", "a" * 10_000, "a\x00b", "<script>alert(1)</script>", "' OR 1=1 --"])
    def test_nonsense(self, client: Client, officer: User, name: str) -> None:
        response = attempt(client, name, PASSWORD)
        assert response.status_code == 200 and not signed_in(client)
        assert "<script>alert(1)" not in response.content.decode()

    def test_whoever_is_in_goes_to_the_first_page(self, client: Client, officer: User) -> None:
        client.force_login(officer)
        assert client.get(SIGN_IN).url == HOME
        assert client.get(SIGN_IN, {"next": "/ke-hoach/"}).url == "/ke-hoach/"
        assert client.get(SIGN_IN, {"next": SIGN_IN}).url == HOME

    def test_session_gets_a_new_key(self, client: Client, officer: User) -> None:
        client.get(SIGN_IN)
        client.session["any"] = 1
        before = client.session.session_key
        attempt(client, officer.username, PASSWORD)
        assert client.session.session_key != before


class TestLockAfterFailures:
    def fail(self, client: Client, name: str, times: int, **more: Any) -> Any:
        for _ in range(times):
            response = attempt(client, name, "sai-mat-khau-hoan-toan", **more)
        return response

    def test_the_fifth_failure_locks(self, client: Client, officer: User) -> None:
        assert WRONG in self.fail(client, officer.username, 4).content.decode()
        response = self.fail(client, officer.username, 1)
        assert response.status_code == 429 and "Tạm khóa đăng nhập" in response.content.decode()
        response = attempt(client, officer.username, PASSWORD)
        assert response.status_code == 429 and not signed_in(client)

    def test_only_this_name_and_this_address(self, client: Client, officer: User, leader: User) -> None:
        self.fail(client, officer.username, 5)
        assert attempt(Client(), officer.username, PASSWORD, address="10.0.0.2").status_code == 302
        assert attempt(Client(), leader.username, PASSWORD).status_code == 302

    def test_the_lock_ends(self, client: Client, officer: User) -> None:
        self.fail(client, officer.username, 5)
        with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
            assert attempt(client, officer.username, PASSWORD).status_code == 302

    def test_success_forgets_the_failures(self, client: Client, officer: User) -> None:
        for _ in range(2):
            self.fail(client, officer.username, 4)
            assert attempt(client, officer.username, PASSWORD).status_code == 302
            client.logout()


class TestIdleness:
    @pytest.fixture
    def idle(self, client: Client, officer: User, settings: Settings) -> timedelta:
        attempt(client, officer.username, PASSWORD)
        client.get(HOME)
        assert settings.SESSION_IDLE_SECONDS == 15 * 60
        return timedelta(seconds=settings.SESSION_IDLE_SECONDS + 61)

    def test_work_goes_on_within_the_time(self, client: Client, idle: timedelta) -> None:
        start = timezone.now()
        for minutes in (14, 28, 42):
            with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
                assert client.get(HOME).status_code == 200

    def test_locked_afterwards(self, client: Client, officer: User, idle: timedelta) -> None:
        with time_machine.travel(timezone.now() + idle, tick=False):
            response = client.get("/ke-hoach/2025/?a=1")
            assert response.url == f"{SIGN_IN}?next=/ke-hoach/2025/%3Fa%3D1"
            page = client.get(response.url).content.decode()
            assert "Phiên làm việc đã tự khóa" in page and not signed_in(client)
            assert "đã tự khóa" not in client.get(SIGN_IN).content.decode(), "said once"
            back = attempt(client, officer.username, PASSWORD, next="/ke-hoach/2025/?a=1")
            assert back.url == "/ke-hoach/2025/?a=1"

    def test_htmx_gets_401_and_nothing_is_saved(self, client: Client, assessment: Assessment, idle: timedelta) -> None:
        url = reverse("assessments:save", args=[assessment.pk, "tc-1.2"])
        with time_machine.travel(timezone.now() + idle, tick=False):
            response = client.post(url, {"stated": "met", "version": "0"}, headers={"HX-Request": "true"})
        assert response.status_code == 401
        assert response.content.decode() == "Phiên làm việc đã hết."
        assert not assessment.verdicts.exists()

    def test_after_a_form_that_came_too_late_there_is_a_page(
        self, client: Client, officer: User, assessment: Assessment, idle: timedelta
    ) -> None:
        """An address that only takes forms is no place to come back to."""
        late = [reverse("assessments:save", args=[assessment.pk, "tc-1.2"]), "/tai-khoan/dang-xuat/"]
        for url in late:
            with time_machine.travel(timezone.now() + idle, tick=False):
                response = client.post(url, {"stated": "met"})
                assert response.status_code == 302 and response.url.startswith(SIGN_IN)
                wanted = client.get(response.url).context["next"]
                back = attempt(client, officer.username, PASSWORD, next=wanted)
                assert client.get(back.url).status_code == 200, back.url


def test_htmx_without_a_session(client: Client, assessment: Assessment) -> None:
    url = reverse("assessments:save", args=[assessment.pk, "tc-1.2"])
    assert client.post(url, headers={"HX-Request": "true"}).status_code == 401
    assert client.post(url).status_code == 302


class TestPasswords:
    def change(self, client: Client, new: str, *, old: str = PASSWORD, again: str | None = None) -> Any:
        again = new if again is None else again
        return client.post(CHANGE, {"old_password": old, "new_password1": new, "new_password2": again})

    def test_a_given_password_must_be_changed_first(self, client: Client, officer: User) -> None:
        User.objects.filter(pk=officer.pk).update(must_change_password=True)
        assert attempt(client, officer.username, PASSWORD).status_code == 302
        for url in (HOME, "/ke-hoach/", "/quan-tri/"):
            assert client.get(url).url == CHANGE
        assert "Đổi mật khẩu do quản trị cấp" in client.get(CHANGE).content.decode()
        assert self.change(client, NEW).url == HOME
        assert "Đã đổi mật khẩu." in client.get(HOME).content.decode()
        officer.refresh_from_db()
        assert officer.check_password(NEW) and not officer.must_change_password

    def test_or_one_leaves(self, client: Client, officer: User) -> None:
        User.objects.filter(pk=officer.pk).update(must_change_password=True)
        client.force_login(officer)
        assert client.post("/tai-khoan/dang-xuat/").url == SIGN_IN

    @pytest.mark.parametrize(
        ("new", "sentence"),
        [
            ("mat-khau-13-x", "14 ký tự"),
            ("12345678901234567", "số"),
            ("1qaz2wsx3edc4rfv", "phổ biến"),
            ("", "bắt buộc"),
        ],
    )
    def test_weak_ones_are_refused(self, client: Client, officer: User, new: str, sentence: str) -> None:
        client.force_login(officer)
        response = self.change(client, new)
        officer.refresh_from_db()
        assert response.status_code == 200 and officer.check_password(PASSWORD)
        assert sentence in response.content.decode()

    def test_like_the_own_name(self, client: Client) -> None:
        officer = factories.WardOfficerFactory(username="nguyen.van.an.lai.chau")
        client.force_login(officer)
        assert self.change(client, "nguyen.van.an.lai.chau1").status_code == 200

    def test_fourteen_are_enough(self, client: Client, officer: User) -> None:
        client.force_login(officer)
        assert self.change(client, "mat-khau-14-xy").status_code == 302

    def test_the_old_one_and_the_repetition_are_checked(self, client: Client, officer: User) -> None:
        client.force_login(officer)
        assert self.change(client, NEW, old="khong-phai").status_code == 200
        assert self.change(client, NEW, again=NEW + "x").status_code == 200
        officer.refresh_from_db()
        assert officer.check_password(PASSWORD)

    def test_other_sessions_end(self, client: Client, officer: User) -> None:
        other = Client()
        for each in (client, other):
            each.force_login(officer)
        self.change(client, NEW)
        assert client.get(HOME).status_code == 200
        assert other.get(HOME).status_code == 302


def test_sign_out(client: Client, officer: User) -> None:
    client.force_login(officer)
    response = client.post("/tai-khoan/dang-xuat/", follow=True)
    assert response.redirect_chain[-1][0] == SIGN_IN and "Đã đăng xuất." in response.content.decode()
    assert not signed_in(client) and client.get(HOME).status_code == 302


def test_nobody_registers(client: Client) -> None:
    for name in ("register", "sign_up", "password_reset"):
        with pytest.raises(NoReverseMatch):
            reverse(f"accounts:{name}")
    for path in ("/tai-khoan/dang-ky/", "/accounts/signup/", "/tai-khoan/quen-mat-khau/"):
        with pytest.raises(Resolver404):
            resolve(path)
    assert "Đăng ký" not in client.get(SIGN_IN).content.decode()


@pytest.mark.parametrize(
    "maker",
    ["WardOfficer", "WardLeader", "UnitHead", "AgencyOfficer", "DelegationMember", "HomeAffairs", "CityLeader"],
)
def test_admin_is_the_administrators(client: Client, maker: str) -> None:
    client.force_login(getattr(factories, f"{maker}Factory")())
    for path in ("/quan-tri/", "/quan-tri/accounts/user/", "/quan-tri/assessments/plan/add/"):
        assert client.get(path).url.startswith("/quan-tri/login/")
        assert client.post(path, {}).url.startswith("/quan-tri/login/")
    assert 'href="/quan-tri/"' not in client.get(HOME).content.decode()


def test_administrator_reaches_it(client: Client) -> None:
    client.force_login(factories.AdministratorFactory())
    assert client.get("/quan-tri/").status_code == 200
    assert 'href="/quan-tri/"' in client.get(HOME).content.decode()


def test_axes_guards_the_admins_own_sign_in_too(client: Client) -> None:
    administrator = factories.AdministratorFactory()
    data = {"username": administrator.username, "password": "sai-mat-khau-hoan-toan"}
    for _ in range(5):
        response = client.post("/quan-tri/login/", data)
    assert response.status_code == 429
