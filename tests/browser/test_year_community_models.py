"""A model of a unit: added with a photograph, used as evidence, chosen by the city for others to learn from."""

from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import User
from assessments.models import Assessment, Evidence
from tests import factories, files
from tests.browser.screens import NewPage

NAME = "Nhóm hộ trồng rau an toàn"
PHOTO = {"name": "Vườn rau.png", "mimeType": "image/png", "buffer": files.png()}


def test_from_the_unit_to_the_exemplary_page(new_page: NewPage, assessment: Assessment, officer: User) -> None:
    page = new_page(officer)
    page.goto(reverse("assessments:unit", args=[assessment.unit.pk]))
    page.get_by_role("link", name="Thêm mô hình").click()
    page.get_by_label("Loại").select_option(label="Mô hình phát triển kinh tế")
    page.get_by_label("Tên", exact=False).first.fill(NAME)
    page.get_by_label("Hoạt động từ ngày").fill("2021-03-01")
    page.get_by_label("Số hộ tham gia").fill("24")
    page.get_by_label("Cách làm").fill("Góp vốn quay vòng.")
    page.get_by_label("Kết quả, hiệu quả").fill("Thu nhập tăng 15%.")
    page.get_by_role("button", name="Thêm mô hình").click()
    expect(page.get_by_text(f"Đã thêm “{NAME}”.")).to_be_visible()
    page.get_by_label("Ảnh hoặc tệp").set_input_files(PHOTO)  # type: ignore[arg-type]
    page.get_by_role("button", name="Thêm ảnh, tệp").click()
    expect(page.get_by_role("img", name="Vườn rau.png")).to_be_visible()

    page.goto(reverse("assessments:detail", args=[assessment.pk]))
    entry = page.locator('[data-key="tc-2.2"]')
    entry.get_by_role("button", name=f"Dùng làm minh chứng: {NAME}").click()
    reference = f"Mô hình phát triển kinh tế “{NAME}”, hoạt động từ 03/2021, 24 hộ tham gia"
    expect(entry.get_by_text(reference, exact=True)).to_be_visible()
    expect(entry.get_by_role("button", name="Dùng làm minh chứng")).to_have_count(0)
    assert Evidence.objects.get().reference == reference

    city = new_page(factories.HomeAffairsFactory())
    city.goto(reverse("assessments:community_models", args=[assessment.plan.year]))
    city.get_by_role("link", name=NAME).click()
    city.get_by_label("Lý do chọn").fill("Hộ nghèo cũng tham gia được.")
    city.get_by_role("button", name="Chọn tiêu biểu").click()
    expect(city.get_by_text(f"Đã chọn “{NAME}” làm mô hình tiêu biểu.")).to_be_visible()

    page.goto(reverse("assessments:community_models_exemplary", args=[assessment.plan.year]))
    card = page.get_by_role("article", name=NAME)
    expect(card).to_contain_text("Hộ nghèo cũng tham gia được.")
    expect(card.get_by_role("img")).to_be_visible()
