"""Pages of money: the road through the screens, what is refused keeps what was typed, strangers find nothing."""

import html
import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from assessments.models import BudgetDecision, BudgetEstimate, Plan
from assessments.year import budget_decisions
from reports import making, registry
from tests import factories, files
from tests.assessments.year.budget import City, appraised, confirmed, decided, draft, line, sent
from tests.assessments.year.test_budget_excel import GOOD, sheet
from tests.queries import MOST, cost

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> City:
    return City()


def url(name: str, *arguments: object) -> str:
    return reverse(f"assessments:{name}", args=arguments)


def line_data(**changes: str) -> dict[str, Any]:
    typed = {"content": "Pa nô", "measure": "bộ", "quantity": "1,5", "unit_price": "2.000.000"} | changes
    data: dict[str, Any] = {"dong-TOTAL_FORMS": 2, "dong-INITIAL_FORMS": 0, "version": 0, "explanation": "Căn cứ"}
    return data | {f"dong-0-{name}": value for name, value in typed.items()}


def page(client: Client, who: Any, address: str, data: Any = None) -> str:
    """The page that the person ends up on."""
    client.force_login(who)
    answer = client.get(address) if data is None else client.post(address, data, follow=True)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_the_road_through_the_pages(client: Client, city: City) -> None:
    assert "chưa lập dự toán" in page(client, city.officer, url("budget", 2025))
    saved = page(client, city.officer, url("estimate_new", 2025), line_data())
    estimate = BudgetEstimate.objects.get()
    assert "3.000.000 đồng" in saved
    assert estimate.lines.get().state_budget == 3_000_000
    page(client, city.leader, url("estimate_send", estimate.pk), {"version": estimate.version})
    [line] = estimate.lines.all()
    estimate.refresh_from_db()
    data = {f"so-{line.pk}": "4.000.000", f"y-{line.pk}": "", "note": "", "version": estimate.version}
    refused = page(client, city.finance, url("estimate_appraise", estimate.pk), data)
    assert "Ghi lý do ở ô ý kiến" in refused
    assert 'value="4.000.000"' in refused
    data |= {f"y-{line.pk}": "Giá tăng", "xong": "1"}
    assert "Đã thẩm định xong" in page(client, city.finance, url("estimate_appraise", estimate.pk), data)
    paper = {"number": "9/QĐ-UBND", "issued_on": "2025-09-01", "title": "Phê duyệt", "signer_title": "CHỦ TỊCH"}
    page(client, city.finance, url("budget_decision_new", 2025), paper | {"estimate": estimate.pk, "version": 0})
    decision = BudgetDecision.objects.get()
    amounts = url("budget_decision_amounts", decision.pk, estimate.pk)
    data = {f"so-{line.pk}": "3.500.000", f"y-{line.pk}": "Cân đối", "version": decision.version}
    assert "3.500.000 đồng" in page(client, city.finance, amounts, data)
    decision.refresh_from_db()
    assert "Xem và xác nhận" in page(client, city.head, reverse("assessments:home"))
    page(client, city.head, url("budget_decision_confirm", decision.pk), {"version": decision.version})
    assert "✓ Đã phê duyệt" in page(client, city.officer, url("estimate", estimate.pk))
    assert "3.500.000" in page(client, city.home, url("budget", 2025))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"unit_price": "nhiều"}, "không phải số đồng"),
        ({"quantity": "1.500"}, "hai cách"),
        ({"measure": ""}, "Chưa nhập đơn vị tính"),
        ({"social": "5"}, "còn thiếu"),
        ({"unit": "0"}, "trong danh sách"),
    ],
)
def test_a_bad_line_keeps_what_was_typed(client: Client, city: City, changes: dict[str, str], why: str) -> None:
    shown = page(client, city.officer, url("estimate_new", 2025), line_data(**changes))
    assert why in shown
    assert "Pa nô" in shown
    assert not BudgetEstimate.objects.exists()


def test_more_lines_and_last_year(client: Client, city: City) -> None:
    draft(city.officer, factories.PlanFactory(year=2024))
    shown = page(client, city.officer, url("estimate_new", 2025), line_data() | {"them": "1"})
    assert 'name="dong-5-content"' in shown
    assert "Pa nô" in shown
    copied = page(client, city.officer, url("estimate_new", 2025), line_data() | {"chep": "1"})
    assert "Vệ sinh môi trường" in copied
    assert "Pa nô" in copied
    assert not BudgetEstimate.objects.filter(plan=city.plan).exists()


def test_an_older_version_keeps_what_was_typed(client: Client, city: City) -> None:
    made = draft(city.officer, city.plan)
    shown = page(client, city.leader, url("estimate_edit", made.pk), line_data() | {"version": 7})
    assert "Người khác vừa sửa" in shown
    assert "Pa nô" in shown


def test_excel_is_looked_at_before_anything_changes(client: Client, city: City) -> None:
    made = draft(city.officer, city.plan)
    address = url("estimate_import", 2025)
    upload = SimpleUploadedFile("a.xlsx", sheet(GOOD).getvalue())
    shown = page(client, city.officer, address, {"file": upload})
    assert "Đã đọc 1 dòng từ Excel, chưa lưu" in shown
    assert "giữ nguyên 1 dòng" in shown
    assert "Bỏ" in shown
    assert made.lines.count() == 2
    bad = SimpleUploadedFile("a.xlsx", sheet([1, None, None, "bộ", 1, 1]).getvalue())
    assert "ô B3 (Nội dung)" in page(client, city.officer, address, {"file": bad})
    assert "Chọn tệp Excel" in page(client, city.officer, address, {})
    odd = SimpleUploadedFile("a.xlsx", b"khong phai")
    assert "Chỉ nhận tệp Excel .xlsx" in page(client, city.officer, address, {"file": odd})


def test_the_template_is_read_back(client: Client, city: City) -> None:
    client.force_login(city.officer)
    answer = client.get(reverse("reports:estimate_template", args=[2025]))
    shown = page(
        client,
        city.officer,
        url("estimate_import", 2025),
        {"file": SimpleUploadedFile("m.xlsx", io.BytesIO(answer.content).getvalue())},
    )
    assert "không có dòng dự toán nào" in shown
    client.force_login(city.finance)
    assert client.get(reverse("reports:estimate_template", args=[2025])).status_code == 404


def approved_before(city: City, lines: int = 2) -> BudgetEstimate:
    """Of 2024, with so many lines, the first as this year's first."""
    plan = Plan.objects.filter(year=2024).first() or factories.PlanFactory(year=2024)
    wanted = [line("tuyên  TRUYỀN", 4_000_000), *(line(f"Việc cũ {at}", 1_000_000) for at in range(1, lines))]
    made = appraised(city.finance, sent(city.officer, city.leader, plan, wanted))
    confirmed(city.head, decided(city.finance, plan, made, number=f"{made.pk}/QĐ-UBND"))
    return made


def test_lines_beside_those_of_the_year_before(client: Client, city: City) -> None:
    made = city.sent()
    pages = ((city.officer, url("estimate", made.pk)), (city.finance, url("estimate_appraise", made.pk)))
    for who, address in pages:
        assert "Các năm trước chưa có dự toán được phê duyệt" in page(client, who, address)
    approved_before(city)
    for who, address in pages:
        shown = page(client, who, address)
        assert "Các năm trước chưa có dự toán" not in shown
        table = re.search(r"Phê duyệt năm 2024</th>.*?</table>", shown, re.DOTALL)
        assert table
        cells = [
            [html.unescape(re.sub(r"<[^>]+>", " ", cell)).split() for cell in re.findall(r"<t[dh].*?</t[dh]>", row)]
            for row in re.findall(r"<tr>(.*?)</tr>", table[0], re.DOTALL)
        ]
        told = [[" ".join(cell) for cell in row] for row in cells]
        assert told == [
            ["Tuyên truyền Chung của xã, phường", "4.000.000", "6.000.000", "+2.000.000", "+50 %", "Tăng"],
            ["Vệ sinh môi trường Chung của xã, phường", "", "3.000.000", "+3.000.000", "", "Mới"],
            ["Việc cũ 1 Chung của xã, phường", "1.000.000", "", "-1.000.000", "-100 %", "Không còn"],
            ["Tổng cộng", "5.000.000", "9.000.000", "+4.000.000", "+80 %", ""],
        ]


def test_the_year_before_costs_the_same_for_many_lines(client: Client, city: City) -> None:
    other = City(city.plan)
    few, many = city.sent(), sent(other.officer, other.leader, city.plan, [line(f"Việc {at}") for at in range(8)])
    approved_before(city)
    assert approved_before(other, 9).lines.count() == 9
    client.force_login(city.finance)
    for name in ("estimate", "estimate_appraise"):
        found = [cost(client, url(name, made.pk)) for made in (few, many)]
        assert found[0] == found[1] <= MOST["other"], name


def test_strangers_find_nothing(client: Client, city: City) -> None:
    made, other = draft(city.officer, city.plan), City(city.plan)
    done = appraised(other.finance, sent(other.officer, other.leader, city.plan))
    decision = decided(other.finance, city.plan, done)
    for who, address in (
        (city.finance, url("estimate", made.pk)),
        (other.officer, url("estimate", made.pk)),
        (city.officer, url("estimate_appraise", made.pk)),
        (city.officer, url("budget_decision", decision.pk)),
        (city.home, url("estimate_edit", done.pk)),
        (city.head, url("budget_decision_edit", decision.pk)),
        (factories.UnitHeadFactory(unit=city.unit), url("budget", 2025)),
        (factories.AgencyOfficerFactory(), url("budget", 2025)),
    ):
        client.force_login(who)
        assert client.get(address).status_code == 404, (who.role, address)


def test_papers_can_be_read_and_filled(city: City) -> None:
    done = city.appraised()
    decision = decided(city.finance, city.plan, done)
    for code, subject in (
        ("du-toan", done.pk),
        ("bang-tham-dinh-kinh-phi", city.plan.pk),
        ("to-trinh-kinh-phi", city.plan.pk),
        ("quyet-dinh-kinh-phi", decision.pk),
    ):
        paper = registry.find(code)
        made: Any = paper.read(city.finance, (subject,))
        assert "Chín triệu đồng" in making.html(paper, made), code
        if paper.workbook:
            assert paper.workbook(made).startswith(b"PK")


def test_a_ward_reads_who_gets_how_much_but_only_its_own_lines(client: Client, city: City) -> None:
    """The decision goes to every ward it names; what the others asked for, line by line, does not."""
    other = City(city.plan)
    lines = [line("Lắp loa truyền thanh", 5_000_000)]
    theirs = appraised(city.finance, sent(other.officer, other.leader, city.plan, lines))
    decision = decided(city.finance, city.plan, city.appraised(), theirs)
    [asked] = theirs.lines.all()
    budget_decisions.set_approved(
        user=city.finance, decision_id=decision.pk, estimate_id=theirs.pk,
        said={asked.pk: (4_321_000, "Cân đối ngân sách")}, version=decision.version,
    )  # fmt: skip
    decision.refresh_from_db()
    address, paper = url("budget_decision", decision.pk), registry.find("quyet-dinh-kinh-phi")
    for early in (city.officer, other.leader):
        client.force_login(early)
        assert client.get(address).status_code == 404
    confirmed(city.head, decision)
    secret = ("Lắp loa truyền thanh", "Cân đối ngân sách", url("estimate", theirs.pk))
    for user in (city.officer, city.leader):
        read = page(client, user, address)
        assert "4.321.000 đồng" in read and str(other.ward) in read and "Vệ sinh môi trường" in read
        assert not [word for word in secret if word in read]
        printed = paper.read(user, (decision.pk,))
        assert [row.lines is not None for row in printed.rows] == [row.ward == str(city.ward) for row in printed.rows]
        assert printed.edition == f"xac-nhan-phan-{city.ward.pk}"
        client.force_login(user)
        for name in ("estimate", "estimate_edit"):
            assert client.get(url(name, theirs.pk)).status_code == 404
        with pytest.raises(BudgetEstimate.DoesNotExist):
            registry.find("du-toan").read(user, (theirs.pk,))
    for user in (city.finance, city.home, city.head):
        assert all(word in page(client, user, address) for word in secret)
        printed = paper.read(user, (decision.pk,))
        assert printed.edition == "xac-nhan" and all(row.lines for row in printed.rows)
    assert "Lắp loa truyền thanh" in page(client, other.officer, address)
    assert "Vệ sinh môi trường" not in page(client, other.officer, address)


@pytest.mark.parametrize("what", ["appraised", "approved"])
def test_every_wrong_line_is_told_at_once(client: Client, city: City, what: str) -> None:
    """One cannot be read, the other is too much without a reason."""
    estimate = city.sent() if what == "appraised" else city.appraised()
    first, second = estimate.lines.order_by("position")
    address = url("estimate_appraise", estimate.pk)
    if what == "approved":
        decision = decided(city.finance, city.plan, estimate)
        address = url("budget_decision_amounts", decision.pk, estimate.pk)
    typed = {
        f"so-{first.pk}": "nhiều",
        f"y-{first.pk}": "",
        f"so-{second.pk}": str(second.asked + 1),
        f"y-{second.pk}": "",
    }
    client.force_login(city.finance)
    form = client.post(address, typed | {"version": 0}).context["form"]
    assert set(form.errors) == {f"so-{first.pk}", f"so-{second.pk}"}
    assert "hi lý do" in form.errors[f"so-{second.pk}"][0]


@pytest.mark.parametrize(("name", "content"), [("du-toan.csv", b"a,b\n1,2\n"), ("du-toan.docx", None), ("x.pdf", None)])
def test_what_is_no_excel_is_told_what_is_taken(client: Client, city: City, name: str, content: bytes | None) -> None:
    content = content or (files.docx() if name.endswith("docx") else files.pdf())
    client.force_login(city.officer)
    address = url("estimate_import", city.plan.year)
    error = client.post(address, {"file": files.upload(name, content)}).context["error"]
    assert error.startswith("Chỉ nhận tệp Excel .xlsx.") and "PDF" not in error and "Word" not in error
