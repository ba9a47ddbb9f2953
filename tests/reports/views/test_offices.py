"""The pages where signers and names of offices are kept."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Agency, Role, User
from reports.models import OfficeName, Signer
from tests import factories
from tests.reports import data

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def agency(db: None) -> Agency:
    return factories.AgencyFactory(code="noi-vu", name="Phòng Nội vụ")


@pytest.fixture
def browser(client: Client) -> Client:
    client.force_login(factories.HomeAffairsFactory())
    return client


def new(agency: Agency) -> str:
    return reverse("reports:signer_new", args=["co-quan", agency.pk])


def typed(**changes: Any) -> dict[str, Any]:
    return {"capacity": "", "title": "TRƯỞNG PHÒNG", "full_name": "", "valid_from": "", "valid_until": ""} | changes


def page(client: Client, path: str, **more: Any) -> str:
    answer = client.get(path, **more)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list(browser: Client, agency: Agency) -> None:
    authority, ward = data.city_authority(), factories.WardFactory()
    Signer.objects.create(agency=agency, title="Q. TRƯỞNG PHÒNG", full_name="Người Ký Thử")
    Signer.objects.create(ward=ward, title="CHỦ TỊCH", full_name="Người Cũ", valid_until="2020-01-01")
    OfficeName.objects.create(agency=agency, name="Phòng Tên Mới", symbol="PTM", valid_from="2020-01-01")
    found = page(browser, reverse("reports:offices"))
    assert "Phòng Tên Mới" in found and "Q. TRƯỞNG PHÒNG" in found and "Người Ký Thử" in found
    assert str(ward) in found and "Người Cũ" not in found and authority.name in found
    assert "đến hết 30/06/2025" in found


def test_a_time_without_the_citys_name(browser: Client, agency: Agency) -> None:
    past, told = data.city_authority(), "Chưa có tên cơ quan ban hành cho thời gian này"
    assert told in page(browser, reverse("reports:offices"))
    past.valid_until = None
    past.save()
    assert told not in page(browser, reverse("reports:offices"))


def test_as_many_queries_for_three_as_for_one(browser: Client, agency: Agency) -> None:
    counts = []
    for _ in range(2):
        Signer.objects.create(ward=factories.WardFactory(), title="CHỦ TỊCH")
        OfficeName.objects.create(agency=factories.AgencyFactory(), name="Tên khác", symbol="TK")
        page(browser, reverse("reports:offices"))
        with CaptureQueriesContext(connection) as queries:
            page(browser, reverse("reports:offices"))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


def test_add_change_end(browser: Client, agency: Agency) -> None:
    answer = browser.post(new(agency), typed(full_name="Người Một"), follow=True)
    found = answer.content.decode()
    assert answer.redirect_chain and "Đã lưu" in found and "Người Một" in found and "đang ký" in found
    row = Signer.objects.get()
    path = reverse("reports:signer", args=[row.pk])
    assert "Người Một" in page(browser, path)
    today = timezone.localdate()
    browser.post(path, typed(full_name="Người Một", valid_until=today.isoformat()))
    row.refresh_from_db()
    assert row.valid_until == today
    office = page(browser, reverse("reports:office", args=["co-quan", agency.pk]))
    assert f"hiệu lực đến hết: để trống → {today:%d/%m/%Y}" in office


def test_the_next_one_ends_the_one_before(browser: Client, agency: Agency) -> None:
    Signer.objects.create(agency=agency, title="TRƯỞNG PHÒNG", full_name="Người Một")
    assert "“TRƯỞNG PHÒNG Người Một” thôi ký" in page(browser, new(agency))
    today = timezone.localdate()
    browser.post(new(agency), typed(full_name="Người Hai", valid_from=today.isoformat(), end_previous="on"))
    assert Signer.objects.get(full_name="Người Một").valid_until == today - DAY


def test_nothing_typed_is_lost(browser: Client, agency: Agency) -> None:
    Signer.objects.create(agency=agency, title="TRƯỞNG PHÒNG", full_name="Người Một", valid_until="2025-06-30")
    given = typed(title="KT. TRƯỞNG PHÒNG\r\nPHÓ TRƯỞNG PHÒNG", full_name="Người Hai", valid_from="2025-06-01")
    found = browser.post(new(agency), given).content.decode()
    assert "KT. TRƯỞNG PHÒNG" in found and 'value="Người Hai"' in found and 'value="2025-06-01"' in found
    assert "invalid-feedback" in found and "Thời gian này đã có “TRƯỞNG PHÒNG Người Một”" in found
    for wrong in ({"valid_from": "hôm nay"}, {"title": ""}, {"title": "x" * 201}, {"valid_from": "2025-13-01"}):
        answer = browser.post(new(agency), given | wrong)
        assert answer.status_code == 200 and "invalid-feedback" in answer.content.decode()
    assert Signer.objects.count() == 1


def test_the_past_asks_first(browser: Client, agency: Agency) -> None:
    row = Signer.objects.create(agency=agency, title="TRƯỞNG PHÒNG", full_name="Người Một")
    path = reverse("reports:signer", args=[row.pk])
    assert "past_meant" not in page(browser, path)
    found = browser.post(path, typed(full_name="Người Hai")).content.decode()
    row.refresh_from_db()
    assert 'name="past_meant"' in found and "Văn bản đã phát hành giữ nguyên" in found and row.full_name == "Người Một"
    assert browser.post(path, typed(full_name="Người Hai", past_meant="on")).status_code == 302
    row.refresh_from_db()
    assert row.full_name == "Người Hai"


def test_two_people_at_the_same_row(browser: Client, agency: Agency) -> None:
    row = Signer.objects.create(agency=agency, title="TRƯỞNG PHÒNG", valid_from=timezone.localdate())
    given = typed(full_name="Của tôi", valid_from=timezone.localdate().isoformat(), shown="0" * 16)
    found = browser.post(reverse("reports:signer", args=[row.pk]), given).content.decode()
    assert "Người khác vừa sửa dòng này" in found and 'value="Của tôi"' in found
    row.refresh_from_db()
    assert row.full_name == ""


class TestPreview:
    def test_part_of_the_page(self, browser: Client, agency: Agency) -> None:
        given = typed(title="phó trưởng phòng", full_name="Người <b>Ký</b>", step="xem")
        found = browser.post(new(agency), given, headers={"HX-Request": "true"}).content.decode()
        assert "PHÓ TRƯỞNG PHÒNG" in found and "&lt;b&gt;" in found and "cần thêm dòng “KT.”" in found
        assert "<html" not in found and not Signer.objects.exists()

    def test_without_scripts(self, browser: Client, agency: Agency) -> None:
        found = browser.post(new(agency), typed(title="", full_name="Người Ký", step="xem")).content.decode()
        assert "<html" in found and 'value="Người Ký"' in found and "invalid-feedback" not in found
        assert not Signer.objects.exists()


class TestNames:
    def test_add_and_change(self, browser: Client, agency: Agency) -> None:
        path = reverse("reports:office_name_new", args=[agency.pk])
        assert 'value="Phòng Nội vụ"' in page(browser, path)
        future = (timezone.localdate() + DAY).isoformat()
        given = {"name": "Phòng Mới", "symbol": "PM", "valid_from": future, "valid_until": ""}
        assert browser.post(path, given).status_code == 302
        row = OfficeName.objects.get()
        browser.post(reverse("reports:office_name", args=[row.pk]), given | {"symbol": "PMM"})
        row.refresh_from_db()
        assert row.symbol == "PMM"
        assert "Phòng Mới" in page(browser, reverse("reports:office", args=["co-quan", agency.pk]))
        assert "invalid-feedback" in browser.post(path, given).content.decode()


class TestRights:
    def test_a_ward_sees_only_its_own(self, client: Client, agency: Agency) -> None:
        leader: User = factories.WardLeaderFactory()
        other = factories.WardFactory()
        client.force_login(leader)
        answer = client.get(reverse("reports:offices"))
        own = reverse("reports:office", args=["xa-phuong", leader.ward_id])
        assert answer.status_code == 302 and answer["Location"] == own
        assert str(leader.ward) in page(client, own)
        theirs = Signer.objects.create(ward=other, title="CHỦ TỊCH")
        name = OfficeName.objects.create(agency=agency, name="A", symbol="A")
        for path in (
            reverse("reports:office", args=["xa-phuong", other.pk]),
            reverse("reports:office", args=["co-quan", agency.pk]),
            reverse("reports:signer_new", args=["xa-phuong", other.pk]),
            reverse("reports:signer", args=[theirs.pk]),
            reverse("reports:office_name_new", args=[agency.pk]),
            reverse("reports:office_name", args=[name.pk]),
            reverse("reports:office", args=["khac", 1]),
            reverse("reports:signer", args=[10**9]),
        ):
            assert client.get(path).status_code == 404, path
            assert client.post(path, typed()).status_code in (404, 405), path
        assert (
            client.post(reverse("reports:signer_new", args=["xa-phuong", leader.ward_id]), typed()).status_code == 302
        )
        assert Signer.objects.get(ward=leader.ward).title == "TRƯỞNG PHÒNG"

    @pytest.mark.parametrize(
        "role", [r for r in Role.values if r not in ("home_affairs", "ward_officer", "ward_leader")]
    )
    def test_nobody_else(self, client: Client, agency: Agency, role: str) -> None:
        client.force_login(getattr(factories, "".join(word.title() for word in role.split("_")) + "Factory")())
        for path in (reverse("reports:offices"), new(agency)):
            assert client.get(path).status_code == 404
        assert "co-quan-ky" not in page(client, reverse("assessments:plan_list"))

    def test_the_way_there(self, browser: Client) -> None:
        assert reverse("reports:offices") in page(browser, reverse("assessments:plan_list"))
