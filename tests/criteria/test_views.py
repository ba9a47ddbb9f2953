"""The criteria table for reading."""

import pytest
from django.test import Client
from django.urls import reverse

from criteria.models import CriteriaSet
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client: Client) -> Client:
    client.force_login(factories.FinancePlanningFactory())
    return client


def test_list_and_table(reader: Client) -> None:
    published = factories.published_2020()
    url = reverse("criteria:detail", args=[published.pk])
    assert f'href="{url}"' in reader.get(reverse("criteria:index")).content.decode()
    page = reader.get(url).content.decode()
    assert page.count('class="criterion-text"') == 41 + 39 + 4
    assert "Cách hiểu khi văn bản chưa quy định" in page and "ít nhất 80 %" in page
    assert page.count("Tính từ các nội dung tự quản") == 1


def test_nothing_yet(reader: Client) -> None:
    assert "Chưa có bộ tiêu chí nào." in reader.get(reverse("criteria:index")).content.decode()


def test_text_is_text(reader: Client) -> None:
    draft = CriteriaSet.objects.create(
        code="thu", title="<script>alert(1)</script>", legal_basis="<b>A</b>", standard_percent=80, content_percent=80
    )
    for url in (reverse("criteria:index"), reverse("criteria:detail", args=[draft.pk])):
        page = reader.get(url).content.decode()
        assert "<script>alert" not in page and "<b>A</b>" not in page


def test_bad_number_wrong_method_nobody_signed_in(reader: Client) -> None:
    assert reader.get(reverse("criteria:detail", args=[999_999])).status_code == 404
    for url in (reverse("criteria:index"), reverse("criteria:detail", args=[1])):
        assert reader.post(url).status_code == reader.delete(url).status_code == 405
        assert Client().get(url).status_code == 302
