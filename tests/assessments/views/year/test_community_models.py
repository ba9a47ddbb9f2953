"""Pages of models and self-management groups: what they show, what they refuse, what they keep."""

import pytest
from django.test import Client
from django.urls import reverse

from assessments.models import CommunityModel, Evidence
from tests.assessments.views.world import World, main

pytestmark = pytest.mark.django_db


@pytest.fixture
def model(world: World) -> CommunityModel:
    return CommunityModel.objects.create(
        unit=world.unit,
        kind=CommunityModel.Kind.ECONOMIC,
        name="Nhóm hộ trồng rau",
        since="2021-03-01",
        households=24,
        added_by=world["of"],
    )


def url(world: World, name: str, *args: int) -> str:
    return reverse(f"assessments:{name}", args=[world.plan.year, *args])


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return main(response.content.decode())


FORM = {"kind": "security", "name": "Tiếng kẻng an ninh", "since": "2020-01-05", "version": "0"}


def test_more_households_than_the_unit_has(signed_in: Client, world: World) -> None:
    """120 in the unit: more is refused at the field, as of every count."""
    response = signed_in.post(
        url(world, "community_model_new"), FORM | {"unit": world.unit.pk, "households": "121"}, follow=True
    )
    shown = response.content.decode()
    assert "(121) lớn hơn tổng số hộ" in shown and "Tiếng kẻng an ninh" in shown
    assert not CommunityModel.objects.exists()


def test_what_was_typed_stays(signed_in: Client, world: World) -> None:
    response = signed_in.post(url(world, "community_model_new"), FORM | {"unit": "", "since": "x"})
    shown = main(response.content.decode())
    assert "Tiếng kẻng an ninh" in shown and "Ngày không hợp lệ" in shown and "Chọn tổ dân phố, bản" in shown
    assert not CommunityModel.objects.exists()


def test_stale_text_stays(signed_in: Client, world: World, model: CommunityModel) -> None:
    data = FORM | {"name": "Chữ của tôi", "version": "9"}
    shown = main(signed_in.post(url(world, "community_model_edit", model.pk), data).content.decode())
    assert "Chữ của tôi" in shown and "Người khác vừa sửa nội dung này" in shown


def test_refused_state_is_said_on_the_page(signed_in: Client, world: World, model: CommunityModel) -> None:
    response = signed_in.post(url(world, "community_model_state", model.pk), {"state": "ended", "version": 1})
    assert "Mô hình đã kết thúc cần ngày kết thúc." in response.content.decode()
    model.refresh_from_db()
    assert model.state == "active"


def test_list_filters(signed_in: Client, world: World, model: CommunityModel) -> None:
    CommunityModel.objects.create(
        unit=world.free_unit, kind="group", name="Tổ thu gom rác", since="2022-01-01", added_by=world["of"],
        state="paused",
    )  # fmt: skip
    address = url(world, "community_models")
    for query, names in {
        "": ("Nhóm hộ trồng rau", "Tổ thu gom rác"),
        "?loai=group": ("Tổ thu gom rác",),
        "?tinh_trang=active": ("Nhóm hộ trồng rau",),
        "?tieu_bieu=co": (),
        "?tieu_bieu=khong&loai=economic": ("Nhóm hộ trồng rau",),
    }.items():
        shown = page(signed_in, address + query)
        assert tuple(n for n in ("Nhóm hộ trồng rau", "Tổ thu gom rác") if f">{n}<" in shown) == names, query
    assert "Không có mô hình nào khớp bộ lọc" in page(signed_in, address + "?tieu_bieu=co")


def test_only_of_the_year(signed_in: Client, world: World, model: CommunityModel) -> None:
    CommunityModel.objects.update(state="ended", ended_on="2024-12-31")
    assert "chưa có mô hình, tổ tự quản nào" in page(signed_in, url(world, "community_models"))
    assert "Nhóm hộ trồng rau" in page(signed_in, reverse("assessments:community_models", args=[2024]))


def test_unit_page(signed_in: Client, world: World, model: CommunityModel) -> None:
    shown = page(signed_in, reverse("assessments:unit", args=[world.unit.pk]))
    assert "Nhóm hộ trồng rau" in shown
    assert f"{url(world, 'community_model_new')}?to-ban={world.unit.pk}" in shown


def test_evidence_with_and_without_scripts(signed_in: Client, world: World, model: CommunityModel) -> None:
    pk = world.assessment.pk
    sheet, send = reverse("assessments:detail", args=[pk]), reverse("assessments:evidence_model", args=[pk, "tc-2.2"])
    assert page(signed_in, sheet).count("Dùng làm minh chứng</button>") == 1
    response = signed_in.post(send, {"layer": "self", "model": model.pk})
    assert response.status_code == 302 and response["Location"].endswith("#tc-2-2")
    reference = "Mô hình phát triển kinh tế “Nhóm hộ trồng rau”, hoạt động từ 03/2021, 24 hộ tham gia"
    shown = page(signed_in, sheet)
    assert "Dùng làm minh chứng</button>" not in shown and reference in shown
    row = Evidence.objects.get(community_model=model)
    remove = reverse("assessments:evidence_remove", args=[pk, row.pk])
    fragment = signed_in.post(remove, headers={"HX-Request": "true"}).content.decode()
    assert "Dùng làm minh chứng</button>" in fragment
    fragment = signed_in.post(send, {"layer": "self", "model": model.pk}, headers={"HX-Request": "true"})
    assert "Dùng làm minh chứng</button>" not in (text := fragment.content.decode()) and reference in text


def test_not_offered_to_readers(client: Client, world: World, model: CommunityModel) -> None:
    client.force_login(world["lf"])
    assert "Dùng làm minh chứng" not in page(client, reverse("assessments:detail", args=[world.assessment.pk]))


@pytest.mark.parametrize(("sent", "status"), [("", 302), ("x", 302), ("-1", 302), ("99999999999", 302), ("0", 404)])
def test_no_such_model(signed_in: Client, world: World, sent: str, status: int) -> None:
    """What is no number was chosen by nobody; a number nobody has is not found."""
    send = reverse("assessments:evidence_model", args=[world.assessment.pk, "tc-2.2"])
    response = signed_in.post(send, {"layer": "self", "model": sent})
    assert response.status_code == status and not Evidence.objects.filter(community_model__isnull=False).exists()
    if status == 302:
        assert "Chọn mô hình" in signed_in.get(response["Location"]).content.decode()


def test_exemplary_page(client: Client, world: World, model: CommunityModel) -> None:
    client.force_login(world["dm"])
    address = url(world, "community_models_exemplary")
    assert "chưa có mô hình tiêu biểu nào" in page(client, address)
    CommunityModel.objects.update(exemplary_since="2025-01-01", exemplary_reason="Dễ làm theo.")
    shown = page(client, address)
    assert "Nhóm hộ trồng rau" in shown and "Dễ làm theo." in shown
    assert page(client, url(world, "community_model", model.pk))
