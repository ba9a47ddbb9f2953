"""The self-assessment sheet: the ward's own word only, a draft until it is sent, kept as it was sent."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments import appraisal, moving
from assessments.models import Assessment, Layer
from assessments.self_assessment import NewAnswer
from assessments.workflow import State
from localities.models import Unit, UnitYear
from reports.models import IssuedPaper
from reports.papers import self_sheet
from tests import factories
from tests.assessments.roads import People, answer, approve_and_submit, walk
from tests.queries import cost
from tests.reports import data
from tests.reports.addresses import file_url
from tests.reports.conftest import HOSTILE, LONG_NOTE, squeezed
from tests.reports.papers.ward import above, made, pages, text

pytestmark = pytest.mark.django_db
CODE = "phieu-tu-danh-gia"


@pytest.fixture(autouse=True)
def authority(db: None) -> None:
    data.city_authority()


def sheet(people: People, assessment: Assessment) -> self_sheet.SelfSheet:
    return self_sheet.read(people.officer, (assessment.pk,))


def printed(people: People, assessment: Assessment) -> str:
    return text(made(people.officer, CODE, assessment.pk))


def returned(people: People, assessment: Assessment) -> None:
    moving.accept(user=people.home_affairs, assessment_id=assessment.pk)
    moving.return_to_ward(
        user=people.home_affairs,
        assessment_id=assessment.pk,
        reason="Bổ sung tiêu chí 1.1.",
        new_due=timezone.localdate() + timedelta(days=9),
    )


def test_everything_the_ward_said_stands_on_it(people: People, assessment: Assessment) -> None:
    UnitYear.objects.create(unit=assessment.unit, year=assessment.plan.year, households=198, persons=1250)
    special = {
        "tc-1.1": NewAnswer("not_met", LONG_NOTE),
        "tc-2.1": NewAnswer("met", HOSTILE),
        "tc-3.2": NewAnswer("not_met"),
        "tc-3.3": NewAnswer("not_met"),
    }
    data.fill(people.officer, assessment, special)
    data.attach(people.officer, assessment, "tc-3.4", "ảnh ra quân.pdf")
    found = printed(people, assessment)
    table = data.own_table(assessment)
    for entry in table:
        assert squeezed(f"{entry.code}{entry.text}")[:60] in found, entry.key
    for line in (
        "PHIẾU TỰ ĐÁNH GIÁ",
        "Tổng số hộ: 198 hộ",
        "Số nhân khẩu: 1.250 người",
        "Số hộ nghèo: chưa có số liệu",
        "Số hộ thực hiện: 198/198 (100 %); yêu cầu ≥ 98 %.",
        HOSTILE,
        "Chưa đảm bảo, thiếu 1",
        "Kết quả: Chưa đủ điều kiện.",
        "Tiêu chuẩn 3: đạt 5/7, cần 6, thiếu 1 (chưa đạt: 3.2, 3.3).",
        "Để đủ điều kiện cần ít nhất:",
        "1Tiêu chí 3.4ảnh ra quân.pdf1,5 MB",
        "Minh chứng số 1.",
        "TỔ TRƯỞNG TỔ DÂN PHỐ",
        "TM. ỦY BAN NHÂN DÂN",
        "kèm 1 minh chứng./.",
    ):
        assert squeezed(line) in found, line
    # Pages end within the long note; numbers and repeated heads stand between its lines.
    assert squeezed(LONG_NOTE)[:400] in found and squeezed("Hết ghi chú dài") in found


def test_no_other_layer_is_told(people: People, assessment: Assessment) -> None:
    walk(people, assessment, State.APPRAISAL)
    before = made(people.officer, CODE, assessment.pk)
    agency = factories.AgencyOfficerFactory()
    answer(people.home_affairs, assessment, Layer.AGENCY, {"tc-1.2": NewAnswer("not_met", "Chưa thấy hồ sơ.")})
    data.attach(agency, assessment, "tc-1.2", "kiểm tra của cơ quan.pdf", layer=Layer.AGENCY)
    [record] = [sheet(people, assessment)]
    assert [grid.columns for grid in record.grids] == [["Tự đánh giá"]] * 3
    assert record.evidence == []
    rows = [row for grid in record.grids for part in grid.parts for row in part.rows]
    assert all(len(row.verdicts) == 1 and "Chưa thấy" not in row.remarks for row in rows)
    assert made(people.officer, CODE, assessment.pk) == before


def test_a_village_signs_by_its_own_title(people: People, plan: object) -> None:
    unit = factories.UnitFactory(ward=people.officer.ward, kind=Unit.Kind.VILLAGE, name="Bản 2")
    found = printed(people, factories.open_assessment(unit=unit, officer=people.officer))
    assert squeezed("TRƯỞNG BẢN") in found and squeezed("Chưa đánh giá") in found


def test_draft_until_it_is_sent(people: People, assessment: Assessment) -> None:
    for state in (State.DRAFT, State.COUNCIL):
        moved = walk(people, assessment, state) if state == State.DRAFT else None
        if moved is None:
            moving.send_to_council(user=people.officer, assessment_id=assessment.pk)
        assert sheet(people, assessment).draft and sheet(people, assessment).edition == ""
        assert "DỰTHẢO" in printed(people, assessment)
    assert not IssuedPaper.objects.filter(kind=CODE).exists()
    approve_and_submit(people.leader, assessment)
    found = printed(people, assessment)
    assert "DỰTHẢO" not in found and "Sốliệuđến" not in found
    assert squeezed("Hội đồng họp") in found and squeezed("tán thành 9/9 phiếu") in found
    assert IssuedPaper.objects.filter(kind=CODE).count() == 1


def test_what_was_sent_stays_the_same_file_whatever_follows(people: People, assessment: Assessment) -> None:
    walk(people, assessment, State.SUBMITTED)
    first = made(people.officer, CODE, assessment.pk)
    moving.accept(user=people.home_affairs, assessment_id=assessment.pk)
    appraisal.confirm_self_verdicts(user=people.home_affairs, assessment_id=assessment.pk)
    assert made(people.home_affairs, CODE, assessment.pk) == first


def test_after_a_return_it_is_a_draft_and_the_next_sending_an_edition_of_its_own(
    people: People, assessment: Assessment
) -> None:
    walk(people, assessment, State.SUBMITTED)
    first = sheet(people, assessment).edition
    made(people.officer, CODE, assessment.pk)
    returned(people, assessment)
    assert sheet(people, assessment).draft and sheet(people, assessment).edition == ""
    assert "DỰTHẢO" in printed(people, assessment)
    answer(people.officer, assessment, Layer.SELF, {"tc-1.2": NewAnswer("met", "Đã bổ sung sau khi trả lại.")})
    moving.send_to_council(user=people.officer, assessment_id=assessment.pk)
    approve_and_submit(people.leader, assessment)
    second = sheet(people, assessment).edition
    assert first and second and first != second
    assert squeezed("Đã bổ sung sau khi trả lại.") in printed(people, assessment)
    assert IssuedPaper.objects.filter(kind=CODE).count() == 2


def test_who_gets_it(people: People, assessment: Assessment, stranger: object) -> None:
    walk(people, assessment, State.COUNCIL)
    address = file_url(CODE, assessment.pk)
    seen = {}
    for name, user in {
        "officer": people.officer,
        "head": factories.UnitHeadFactory(unit=assessment.unit),
        "city": people.home_affairs,
        "other": factories.WardOfficerFactory(),
        "agency": factories.AgencyOfficerFactory(),
        "admin": factories.AdministratorFactory(),
    }.items():
        client = Client()
        client.force_login(user)
        seen[name] = client.get(address).status_code
    assert seen == {"officer": 200, "head": 200, "city": 200, "other": 404, "agency": 404, "admin": 404}


@pytest.mark.parametrize("subject", ["0", "99999999999", "1-2"])
def test_a_bad_subject_is_not_found(people: People, assessment: Assessment, subject: str) -> None:
    client = Client()
    client.force_login(people.officer)
    assert client.get(f"/van-ban/{CODE}/{subject}/tep.pdf").status_code == 404


def test_as_many_queries_for_much_as_for_little(people: People, assessment: Assessment) -> None:
    client = Client()
    client.force_login(people.officer)
    address = reverse("reports:paper_file", args=[CODE, (assessment.pk,), "pdf"])
    client.get(address)
    little = cost(client, address)
    data.fill(people.officer, assessment)
    for n in range(3):
        data.attach(people.officer, assessment, "tc-3.4", f"ảnh {n}.pdf")
    client.get(address)
    assert cost(client, address) == little


def test_pages_are_numbered_and_heads_repeat(people: People, assessment: Assessment) -> None:
    data.fill(people.officer, assessment)
    content = made(people.officer, CODE, assessment.pk)
    numbers = above(content)
    assert len(numbers) > 4
    assert numbers == ["", *(str(n) for n in range(2, len(numbers) + 1))]
    assert sum("Ghi chú, minh" in " ".join(page.split()) for page in pages(content)) >= 4
