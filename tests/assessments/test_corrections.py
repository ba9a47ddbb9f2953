"""Decisions after their confirmation: heads of the record, signed papers, and corrections that stand everywhere."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from assessments import correcting, queries, recognition
from assessments.correcting import Correction
from assessments.decision_papers import attach_decision
from assessments.deeds import InvalidInput, Refusal, Stale
from assessments.models import Assessment, Attachment, Decision, DecisionLine, Event, Layer, Notice, Plan, Target
from assessments.queries.standing import KEPT, LOSES, NEW, grouped, line_words, lines_of, standing_lines
from assessments.queries.standing import REFUSED as REFUSED_LABEL
from assessments.workflow import State
from reports import offices
from reports import queries as report_queries
from reports.papers.city_table import CityTable
from reports.workbooks import consolidated
from tests import factories, files
from tests.assessments.appraising import RECOGNISED, REFUSED, correct, decided, dossier
from tests.assessments.roads import People, decision, record

pytestmark = pytest.mark.django_db


@pytest.fixture
def good(people: People, plan: Plan) -> Assessment:
    return dossier(people, plan, State.PROPOSED)


@pytest.fixture
def bad(people: People, plan: Plan) -> Assessment:
    return dossier(people, plan, State.PROPOSED, bad=["tc-1.1"])


@pytest.fixture
def made(people: People, good: Assessment, bad: Assessment) -> Decision:
    return decided(people, good, bad)


def standing(assessment: Assessment) -> str:
    return standing_lines([assessment.pk])[assessment.pk].result


class TestGroups:
    def test_three_groups(self, people: People, plan: Plan, good: Assessment, bad: Assessment) -> None:
        kept = dossier(people, plan, State.PROPOSED, aim="maintain")
        lost = dossier(people, plan, State.PROPOSED, aim="maintain", bad=["tc-1.1"])
        made = record(people, good, bad, kept, lost)
        groups = {g.label: [line.assessment for line in g.lines] for g in grouped(lines_of(made))}
        assert groups == {NEW: [good], KEPT: [kept], REFUSED_LABEL: [bad, lost]}
        words = {line.assessment: line_words(line) for line in lines_of(made)}
        assert words[good] == words[kept] == []
        assert words[bad] == ["Tiêu chuẩn 1: đạt 3/4, cần 4, thiếu 1 (chưa đạt: 1.1)."]
        assert words[lost] == [LOSES, *words[bad]]

    def test_counts_of_a_list(self, people: People, made: Decision) -> None:
        found: Any = queries.decisions(people.home_affairs).get()
        assert (found.units, found.recognised, found.fresh, found.kept, found.refused) == (2, 1, 1, 0, 1)


class TestHeads:
    def test_each_line_keeps_the_head_of_its_record(self, made: Decision, good: Assessment) -> None:
        line = made.lines.get(assessment=good)
        last = Event.objects.filter(assessment=good).order_by("-sequence")[0]
        assert (last.action, last.hash) == ("recognise", line.chain_head)
        assert len(set(made.lines.values_list("chain_head", flat=True))) == 2

    def test_a_correction_keeps_its_own(self, people: People, made: Decision, good: Assessment) -> None:
        later = correct(people, made, {good: REFUSED})
        last = Event.objects.filter(assessment=good).order_by("-sequence")[0]
        assert (last.action, last.hash) == ("correct", later.lines.get().chain_head)
        assert last.data["before"] == RECOGNISED and last.data["after"] == REFUSED

    def test_none_before_the_confirmation(self, people: People, good: Assessment) -> None:
        assert record(people, good).lines.get().chain_head == ""


class TestCorrection:
    def test_the_later_line_stands_and_the_dossier_stays(
        self, people: People, made: Decision, good: Assessment, bad: Assessment
    ) -> None:
        before = Assessment.objects.filter(pk=good.pk).values().get()
        later = correct(people, made, {good: REFUSED}, confirm=False)
        assert standing(good) == RECOGNISED, "not before the confirmation"
        recognition.confirm_decision(user=people.city_leader, decision_id=later.pk)
        assert (standing(good), standing(bad)) == (REFUSED, REFUSED)
        assert Assessment.objects.filter(pk=good.pk).values().get() == before
        line = later.lines.get()
        assert later.supersedes == made and line.correction == line.reasons == "Nhập nhầm kết quả ở khâu tổng hợp"

    def test_a_correction_of_a_correction(self, people: People, made: Decision, good: Assessment) -> None:
        second = correct(people, made, {good: REFUSED})
        with pytest.raises(Refusal, match="đã được đính chính bởi Quyết định số 20"):
            correct(people, made, {good: RECOGNISED}, number="21/QĐ-UBND")
        third = correct(people, second, {good: RECOGNISED}, number="21/QĐ-UBND")
        assert standing(good) == RECOGNISED and third.supersedes == second
        assert [line.decision for line in queries.confirmed_lines(Assessment.objects.get(pk=good.pk))] == [
            third,
            second,
            made,
        ]

    def test_two_open_corrections_of_one_line(self, people: People, made: Decision, good: Assessment) -> None:
        first = correct(people, made, {good: REFUSED}, confirm=False)
        with pytest.raises(Refusal, match="chưa được xác nhận"):
            correct(people, made, {good: REFUSED}, number="21/QĐ-UBND")
        recognition.drop_decision(user=people.home_affairs, decision_id=first.pk)
        assert correct(people, made, {good: REFUSED}, number="21/QĐ-UBND").confirmed_at

    def test_edited_before_the_confirmation(
        self, people: People, made: Decision, good: Assessment, bad: Assessment
    ) -> None:
        first = correct(people, made, {good: REFUSED}, confirm=False)
        edited = Decision.objects.get(pk=first.pk)
        edited.number = "33/QĐ-UBND"
        wanted = {bad.pk: Correction(RECOGNISED, "Có minh chứng bổ sung")}
        who = {"user": people.home_affairs, "superseded_id": made.pk, "corrections": wanted}
        correcting.record_correction(**who, decision=edited, version=1)  # type: ignore[arg-type]
        assert [line.assessment for line in first.lines.all()] == [bad]
        with pytest.raises(Stale):
            correcting.record_correction(**who, decision=Decision.objects.get(pk=first.pk), version=1)  # type: ignore[arg-type]
        with pytest.raises(Refusal, match="trang đính chính"):
            recognition.record_decision(
                user=people.home_affairs, plan_id=made.plan_id, assessment_ids=[bad.pk], decision=edited
            )

    @pytest.mark.parametrize(
        ("result", "text", "sentence"),
        [
            (RECOGNISED, "x", "không khác"),
            ("draft", "x", "không hợp lệ"),
            (REFUSED, " \n", "chưa ghi nội dung"),
            (REFUSED, "x" * 2001, "tối đa 2000"),
        ],
    )
    def test_what_a_line_needs(
        self, people: People, made: Decision, good: Assessment, result: str, text: str, sentence: str
    ) -> None:
        with pytest.raises(InvalidInput, match=sentence) as refused:
            correct(people, made, {good: result}, text=text)
        assert refused.value.field == f"correction-{good.pk}" and Decision.objects.count() == 1

    def test_what_the_paper_needs(self, people: People, plan: Plan, good: Assessment) -> None:
        made = decided(people, good)
        with pytest.raises(InvalidInput, match="ít nhất một"):
            correct(people, made, {})
        for days, sentence in ((1, "sau ngày hôm nay"), (-1, "quyết định được đính chính")):
            with pytest.raises(InvalidInput, match=sentence) as refused:
                correct(people, made, {good: REFUSED}, issued_on=timezone.localdate() + timedelta(days=days))
            assert refused.value.field == "issued_on"
        with pytest.raises(InvalidInput, match="cùng số"):
            correct(people, made, {good: REFUSED}, number=made.number)

    def test_units_of_the_earlier_decision_only(
        self, people: People, plan: Plan, good: Assessment, bad: Assessment
    ) -> None:
        made = decided(people, good)
        decided(people, bad, number="13/QĐ-UBND")
        with pytest.raises(Assessment.DoesNotExist):
            correct(people, made, {good: REFUSED, bad: RECOGNISED})
        assert Decision.objects.count() == 2

    def test_only_confirmed_ones(self, people: People, good: Assessment) -> None:
        with pytest.raises(Refusal, match="sửa trực tiếp"):
            correct(people, record(people, good), {good: REFUSED})

    def test_roles(self, people: People, made: Decision, good: Assessment) -> None:
        for user in (people.city_leader, people.officer, factories.AgencyOfficerFactory()):
            with pytest.raises(Refusal, match="Chỉ cơ quan nội vụ"):
                correcting.record_correction(
                    user=user,
                    superseded_id=made.pk,
                    corrections={good.pk: Correction(REFUSED, "x")},
                    decision=decision("20/QĐ-UBND"),
                )
        later = correct(people, made, {good: REFUSED}, confirm=False)
        with pytest.raises(Refusal, match="Chỉ lãnh đạo"):
            recognition.confirm_decision(user=people.home_affairs, decision_id=later.pk)

    def test_confirmed_twice_is_one_event(self, people: People, made: Decision, good: Assessment) -> None:
        later = correct(people, made, {good: REFUSED})
        recognition.confirm_decision(user=people.city_leader, decision_id=later.pk)
        assert Event.objects.filter(assessment=good, action="correct").count() == 1
        assert Notice.objects.filter(recipient=people.officer, kind=Notice.Kind.DECISION).count() == 2


class TestEverywhere:
    """From the confirmation on every place shows what stands."""

    def test_list_counts_targets(self, people: People, plan: Plan, made: Decision, good: Assessment) -> None:
        Target.objects.create(plan=plan, kind=Target.Kind.NEW, minimum=1)
        found = queries.assessment_list(people.home_affairs, plan)
        assert dict(queries.state_counts(found))[State.RECOGNISED] == 1
        assert queries.target_rows(people.home_affairs, plan)[0].reached == "1"
        correct(people, made, {good: REFUSED})
        counts = dict(queries.state_counts(queries.assessment_list(people.home_affairs, plan)))
        assert (counts[State.RECOGNISED], counts[State.NOT_RECOGNISED]) == (0, 2)
        assert queries.target_rows(people.home_affairs, plan)[0].reached == "0"
        [ward] = [row for row in queries.ward_rows(people.home_affairs, plan) if row.total]
        assert dict(ward.counts)[State.NOT_RECOGNISED] == 2
        row: Any = found.get(pk=good.pk)
        assert (row.standing, row.state) == (State.NOT_RECOGNISED, State.RECOGNISED)

    def test_next_year_registers_by_it(self, people: People, plan: Plan, made: Decision, good: Assessment) -> None:
        following = factories.PlanFactory(year=plan.year + 1)

        def last(assessment: Assessment) -> str:
            found: Any = queries.registrable_units(people.officer, following).get(pk=assessment.unit.pk)
            return str(found.last_result)

        assert last(good) == RECOGNISED
        correct(people, made, {good: REFUSED})
        assert last(good) == REFUSED

    def test_documents(self, people: People, plan: Plan, made: Decision, good: Assessment) -> None:
        correct(people, made, {good: REFUSED})
        plan.refresh_from_db()
        found = report_queries.plan_records(people.home_affairs, plan, None)
        of_good = next(r for r in found if r.assessment == good)
        assert of_good.standing == State.NOT_RECOGNISED
        assert of_good.head is not None and of_good.head.action == "correct"
        table = CityTable(plan, None, Layer.SELF, found, None, offices.Letterhead("", [], "", ""))
        book = load_workbook(BytesIO(consolidated.workbook(table)))
        rows = [[str(cell.value) for cell in row] for sheet in book for row in sheet.iter_rows()]
        [row] = [r for r in rows if "20/QĐ-UBND" in r]
        assert "Không công nhận" in row and any("Nhập nhầm kết quả" in cell for cell in row)
        assert not any("Đã công nhận" in r for r in rows)


class TestPapers:
    def test_several_before_and_after(self, people: People, good: Assessment) -> None:
        made = record(people, good)
        first, new = attach_decision(
            user=people.home_affairs, decision_id=made.pk, file=files.upload("ban-quet.pdf", files.pdf())
        )
        assert new and first.decision == made
        recognition.confirm_decision(user=people.city_leader, decision_id=made.pk)
        attach_decision(
            user=people.city_leader, decision_id=made.pk, file=files.upload("ky-so.pdf", files.pdf() + b"\n%ky\n")
        )
        assert Attachment.objects.filter(decision=made).count() == 2
        kept = Event.objects.filter(assessment=good, kind=Event.Kind.ATTACHED).order_by("pk")
        assert [event.data["name"] for event in kept] == ["ban-quet.pdf", "ky-so.pdf"]

    def test_the_same_again_adds_nothing(self, people: People, good: Assessment) -> None:
        made = record(people, good)
        for _ in range(2):
            attach_decision(user=people.home_affairs, decision_id=made.pk, file=files.upload("a.pdf", files.pdf()))
        assert Attachment.objects.count() == Event.objects.filter(kind=Event.Kind.ATTACHED).count() == 1

    def test_pdf_only(self, people: People, made: Decision) -> None:
        with pytest.raises(InvalidInput, match="không phải PDF"):
            attach_decision(user=people.home_affairs, decision_id=made.pk, file=files.upload("a.jpg", files.jpg()))
        assert not Attachment.objects.exists()

    def test_not_by_others(self, people: People, made: Decision) -> None:
        for user in (people.officer, people.leader, factories.AgencyOfficerFactory()):
            with pytest.raises(Refusal):
                attach_decision(user=user, decision_id=made.pk, file=files.upload("a.pdf", files.pdf()))

    def test_with_a_paper_it_is_not_dropped(self, people: People, good: Assessment) -> None:
        made = record(people, good)
        attach_decision(user=people.home_affairs, decision_id=made.pk, file=files.upload("a.pdf", files.pdf()))
        with pytest.raises(Refusal, match="bản ký đính kèm"):
            recognition.drop_decision(user=people.home_affairs, decision_id=made.pk)
        assert DecisionLine.objects.filter(decision=made).count() == 1
