"""Guidance: the agency drafts and publishes it, the ward reads it beside the criterion."""

import re

from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import Assessment, Assignment, Guidance, Plan
from assessments.year import guidance
from criteria.models import Entry
from tests import factories, files
from tests.assessments.agencies import assign, in_appraisal
from tests.assessments.roads import People
from tests.assessments.views.year_parts import draft
from tests.browser.screens import NewPage


def test_from_the_draft_to_the_entry(new_page: NewPage, people: People, plan: Plan, assessment: Assessment) -> None:
    agent = factories.AgencyOfficerFactory()
    entry = Entry.objects.get(criteria_set=plan.criteria_set_id, key="tc-1.2")
    Assignment.objects.create(plan=plan, entry=entry, agency=agent.agency, position=1)
    page = new_page(agent)
    page.goto(reverse("assessments:guidance", args=[plan.year]))
    page.get_by_role("link", name="Soạn hướng dẫn").click()
    page.get_by_label("Tên hướng dẫn").fill("Hướng dẫn họp dân")
    page.get_by_role("textbox", name="Nội dung").fill("Họp dân có biên bản, chữ ký của thư ký.")
    page.get_by_label("Liên kết").fill("ftp://laichau.gov.vn/a")
    page.get_by_role("checkbox", name=re.compile(r"^1\.2 ")).check()
    page.get_by_role("button", name="Lưu bản soạn").click()
    expect(page.get_by_text("Liên kết không hợp lệ").first).to_be_visible()
    expect(page.get_by_role("checkbox", name=re.compile(r"^1\.2 "))).to_be_checked()
    page.get_by_label("Liên kết").fill("https://www.laichau.gov.vn/huong-dan")
    page.get_by_role("button", name="Lưu bản soạn").click()
    page.get_by_label("Tệp hướng dẫn").set_input_files(
        {"name": "mau-bien-ban.pdf", "mimeType": "application/pdf", "buffer": files.pdf()}
    )
    page.get_by_role("button", name="Đính kèm tệp").click()
    expect(page.get_by_text("Đã đính kèm “mau-bien-ban.pdf”.")).to_be_visible()
    page.get_by_role("button", name="Công bố").click()
    expect(page.get_by_text("Đã công bố “Hướng dẫn họp dân”")).to_be_visible()

    ward = new_page(people.officer)
    ward.goto(reverse("assessments:detail", args=[assessment.pk]))
    beside = ward.locator('.entry[data-key="tc-1.2"] .entry-guidance')
    expect(beside).to_contain_text(f"Hướng dẫn của {agent.agency}: Hướng dẫn họp dân")
    expect(beside).to_contain_text("Họp dân có biên bản, chữ ký của thư ký.")
    expect(beside.get_by_role("link", name="Mở trang laichau.gov.vn")).to_have_attribute("rel", "noopener")
    expect(beside.get_by_role("link", name="mau-bien-ban.pdf")).to_be_visible()
    expect(ward.locator(".entry-guidance")).to_have_count(1)

    page.get_by_text("Thôi áp dụng", exact=True).click()
    page.get_by_label("Lý do").fill("Trùng với hướng dẫn của tỉnh")
    page.get_by_role("button", name="Thôi áp dụng hướng dẫn").click()
    expect(page.get_by_text("Đã thôi áp dụng hướng dẫn")).to_be_visible()
    assert Guidance.objects.get().withdrawn_reason == "Trùng với hướng dẫn của tỉnh"
    ward.reload()
    expect(ward.locator(".entry-guidance")).to_have_count(0)


def test_beside_the_cell_of_the_grid(new_page: NewPage, people: People, plan: Plan) -> None:
    agent = factories.AgencyOfficerFactory()
    assign(plan, agent.agency, "tc-1.2", "tc-1.3")
    [dossier] = in_appraisal(people.officer, plan)
    made = draft(agent, plan, "Hướng dẫn họp dân", ("tc-1.2",))
    guidance.attach(user=agent, guidance_id=made.pk, file=files.upload("mau-bien-ban.pdf", files.pdf()))
    guidance.publish(user=agent, guidance_id=made.pk, version=made.version)
    page = new_page(agent)
    page.goto(reverse("assessments:grid", args=[plan.year]))
    cells = page.locator(f'tr[data-a="{dossier.pk}"] td')
    told = page.locator("#panel .entry-guidance")
    cells.nth(0).click()
    expect(told).to_contain_text(f"Hướng dẫn của {agent.agency}: Hướng dẫn họp dân (35/HD-PTN)")
    expect(told).to_contain_text(f"áp dụng từ 05/01/{plan.year}")
    expect(told).to_contain_text("Lập biên bản họp dân.")
    expect(told.get_by_role("link", name="Mở trang laichau.gov.vn")).to_have_attribute("rel", "noopener")
    expect(told.get_by_role("link", name="mau-bien-ban.pdf")).to_be_visible()
    with page.context.expect_page() as opened:
        told.get_by_role("link", name="Hướng dẫn họp dân").click()
    assert opened.value.url.endswith(reverse("assessments:guidance_detail", args=[made.pk]))
    cells.nth(1).click()
    expect(page.locator("#panel-text")).to_contain_text("1.3")
    expect(page.locator("#panel-evidence")).to_be_visible()
    expect(told).to_have_count(0)
