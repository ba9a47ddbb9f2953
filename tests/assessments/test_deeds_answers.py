"""Answering through the deeds: one entry, many at once, taking back, last year."""

import unicodedata
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from assessments import appraisal, self_assessment
from assessments.checking import stale_summaries
from assessments.deeds import InvalidInput, Refusal
from assessments.models import Assessment, Event, Figure, Layer, Plan, Summary, Verdict
from assessments.self_assessment import Conflict, NewAnswer, save_answer
from assessments.workflow import State
from criteria.models import CriteriaSet, Entry, Section
from criteria.spec import Figure as Count
from localities.models import Unit, UnitYear
from tests import factories
from tests.assessments.parallel import at_once, kinds
from tests.assessments.roads import People, answer, answer_all, counted, save, walk

pytestmark = pytest.mark.django_db


def verdict(key: str, layer: str = Layer.SELF) -> Verdict:
    return Verdict.objects.get(entry__key=key, layer=layer)


# One entry


def test_saving_one_answer_takes_few_queries(
    officer: User, assessment: Assessment, profile: UnitYear, django_assert_max_num_queries: Any
) -> None:
    """Lesson: saving one answer took 283 queries and 1.4 s."""
    answer_all(officer, assessment, bad=["tc-2.1"])
    with django_assert_max_num_queries(10):  # with the savepoint's two, which in a request are BEGIN and COMMIT
        save(officer, assessment, "tc-4.4", counted("met", ho_nep_song_van_minh=110), version=1)
    assert stale_summaries() == []


def test_an_answer_is_kept_with_note_figures_and_event(
    officer: User, assessment: Assessment, profile: UnitYear
) -> None:
    given = NewAnswer("met", "  Họp ngày 12/8.  ", {"ho-nep-song-van-minh": Count(110)})
    saved = save(officer, assessment, "tc-4.4", given)
    assert saved.changed and saved.event
    row = verdict("tc-4.4")
    assert (row.stated, row.value, row.note, row.version) == ("met", "met", "Họp ngày 12/8.", 1)
    figure = row.figures.get()
    assert (figure.numerator, figure.denominator) == (110, 120), "households come from the yearly figures"
    assert saved.event.data["before"]["stated"] == "" and saved.event.data["after"]["stated"] == "met"


def test_nothing_is_written_that_nobody_changed(officer: User, assessment: Assessment) -> None:
    """Lesson: autosave on page load erases stored values. A double click is the same."""
    assert not save(officer, assessment, "tc-1.1", NewAnswer()).changed
    assert not Verdict.objects.filter(stated="", value="").exists()
    save(officer, assessment, "tc-1.1", NewAnswer("met", "Đủ."))
    events = Event.objects.count()
    for version in (0, 1):
        assert not save(officer, assessment, "tc-1.1", NewAnswer("met", "Đủ."), version=version).changed
    assert (Event.objects.count(), verdict("tc-1.1").version) == (events, 1)


def test_two_people_on_one_answer_see_each_other(officer: User, assessment: Assessment) -> None:
    """Lesson: the later save wins silently."""
    head = factories.UnitHeadFactory(unit=assessment.unit)
    save(officer, assessment, "tc-1.2", NewAnswer("met", "Của cán bộ."))
    with pytest.raises(Conflict) as conflict:
        save(head, assessment, "tc-1.2", NewAnswer("not_met", "Của tổ trưởng."), version=0)
    assert (conflict.value.theirs.stated, conflict.value.theirs.note) == ("met", "Của cán bộ.")
    assert verdict("tc-1.2").note == "Của cán bộ.", "nothing is overwritten"
    save(head, assessment, "tc-1.2", NewAnswer("not_met", "Của tổ trưởng."), version=1)
    assert verdict("tc-1.2").note == "Của tổ trưởng."
    save(officer, assessment, "tc-1.3", "met", version=0)  # another entry is no conflict


def test_the_result_follows_case_and_figure_at_once(officer: User, assessment: Assessment, profile: UnitYear) -> None:
    """Lesson: results stay stale after a case or an indicator changes."""

    def qualifies() -> bool:
        assert stale_summaries() == []
        return Summary.objects.get(assessment=assessment, layer=Layer.SELF).qualifies

    answer_all(officer, assessment)
    assert qualifies()
    save(officer, assessment, "th-4", counted("absent", ho_vi_pham=12), version=1)
    assert (verdict("th-4").stated, verdict("th-4").value) == ("absent", "occurs")
    assert not qualifies()
    save(officer, assessment, "th-4", counted("absent", ho_vi_pham=11), version=2)
    assert qualifies()
    save(officer, assessment, "tc-1.4", counted("met", ho_thuc_hien_quy_uoc=119), version=1)
    assert not qualifies()


def test_4_1_is_derived_and_never_entered(officer: User, assessment: Assessment) -> None:
    answer_all(officer, assessment)
    assert (verdict("tc-4.1").stated, verdict("tc-4.1").value) == ("", "met")
    save(officer, assessment, "nd-1.1", "not_met", version=1)
    assert verdict("tc-4.1").value == "not_met"
    with pytest.raises(InvalidInput, match=r"4\.1"):
        save(officer, assessment, "tc-4.1", "met")


@pytest.mark.parametrize(
    ("key", "bad", "field"),
    [
        ("tc-1.1", NewAnswer("met", "a" * 2001), "note"),
        ("tc-1.1", NewAnswer("occurs"), "stated"),
        ("tc-1.1", NewAnswer("đạt"), "stated"),
        ("th-1", NewAnswer("met"), "stated"),
        ("tc-1.1", NewAnswer("not_applicable", "Không có."), "stated"),
        ("nd-2.2.1", NewAnswer("not_applicable"), "note"),
        ("nd-2.2.1", NewAnswer("not_applicable", " \u200b "), "note"),
        ("tc-4.4", counted("met", ho_nep_song_van_minh=121), "ho-nep-song-van-minh"),
        ("tc-4.4", counted("met", ho_nep_song_van_minh=-1), "ho-nep-song-van-minh"),
        ("tc-3.4", counted("met", ve_sinh_cong_cong=10_000_001), "ve-sinh-cong-cong"),
        ("tc-6.3", counted("met", ho_ky_cam_ket=100, ho_giu_cam_ket=101), "ho-giu-cam-ket"),
    ],
)
def test_bad_input_is_named_and_nothing_written(
    officer: User, assessment: Assessment, profile: UnitYear, key: str, bad: NewAnswer, field: str
) -> None:
    before = (Verdict.objects.count(), Event.objects.count())
    with pytest.raises(InvalidInput) as refusal:
        save(officer, assessment, key, bad)
    assert refusal.value.field == field
    assert refusal.value.message.startswith(("Tiêu chí", "Mục", "Trường hợp"))
    with pytest.raises(InvalidInput):  # Lesson: bulk edit skips validation
        answer(officer, assessment, Layer.SELF, {"tc-1.2": NewAnswer("met"), key: bad})
    assert (Verdict.objects.count(), Event.objects.count()) == before


def test_notes_are_stored_in_nfc_without_control_characters(officer: User, assessment: Assessment) -> None:
    typed = unicodedata.normalize("NFD", "Đã họp tổ\r\nngày 12") + "\x00\u200b"
    save(officer, assessment, "tc-1.2", NewAnswer("met", typed))
    assert verdict("tc-1.2").note == "Đã họp tổ\nngày 12"


def test_unknown_entries_and_strangers_find_nothing(officer: User, stranger: User, assessment: Assessment) -> None:
    other_head = factories.UnitHeadFactory(unit=factories.UnitFactory(ward=officer.ward))
    for user, key in ((officer, "tc-9.9"), (stranger, "tc-1.1"), (other_head, "tc-1.1")):
        with pytest.raises(Assessment.DoesNotExist):
            save(user, assessment, key, "met")


def test_a_closed_layer_takes_no_answer(people: People, assessment: Assessment) -> None:
    for layer in (Layer.AGENCY, Layer.DELEGATION, Layer.EFFECTIVE):
        with pytest.raises(Refusal):
            save(people.officer, assessment, "tc-1.1", "met", layer=layer)
    for user in (people.leader, people.home_affairs, people.city_leader):
        with pytest.raises(Refusal, match="chưa được lưu"):
            save(user, assessment, "tc-1.1", "met")
    walk(people, assessment, State.COUNCIL)
    with pytest.raises(Refusal):
        save(people.officer, assessment, "tc-1.1", "not_met", version=1)
    assert stale_summaries() == []


def test_a_verdict_belongs_to_the_plans_own_table(officer: User, assessment: Assessment) -> None:
    """Lesson: criteria have no link to the year."""
    other = CriteriaSet.objects.create(
        code="khac", title="Khác", legal_basis="Thử", standard_percent=80, content_percent=80
    )
    section = Section.objects.create(criteria_set=other, kind="standard", number=1, name="Một")
    entry = Entry.objects.create(
        criteria_set=other, section=section, kind="criterion", key="tc-1.1", code="1.1", position=1, text="Một"
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        Verdict.objects.create(
            assessment=assessment, entry=entry, layer="self", updated_by=officer, updated_at=timezone.now()
        )


# Many at once, and back


def test_standard_met_is_one_event_and_undoable(officer: User, assessment: Assessment, profile: UnitYear) -> None:
    save(officer, assessment, "tc-1.4", NewAnswer("not_met", "Còn khiếu kiện.", {"ho-thuc-hien-quy-uoc": Count(100)}))
    done = self_assessment.mark_standard_met(user=officer, assessment_id=assessment.pk, number=1)
    assert done.event and len(done.event.data["changes"]) == 4
    assert verdict("tc-1.1").value == "met"
    assert (verdict("tc-1.4").stated, verdict("tc-1.4").value) == ("met", "not_met"), "the figure still decides"
    again = self_assessment.mark_standard_met(user=officer, assessment_id=assessment.pk, number=1)
    assert not again.changed and again.event is None
    back = self_assessment.undo(user=officer, assessment_id=assessment.pk, event_id=done.event.pk)
    assert not back.skipped
    assert (verdict("tc-1.1").value, verdict("tc-1.4").stated) == ("", "not_met")
    assert verdict("tc-1.4").figures.get().numerator == 100
    assert stale_summaries() == []
    with pytest.raises(Refusal, match="đã được hoàn tác"):
        self_assessment.undo(user=officer, assessment_id=assessment.pk, event_id=done.event.pk)


def test_undo_leaves_what_somebody_answered_since(officer: User, stranger: User, assessment: Assessment) -> None:
    done = self_assessment.mark_standard_met(user=officer, assessment_id=assessment.pk, number=3)
    assert done.event
    save(officer, assessment, "tc-3.2", NewAnswer("not_met", "Hỏng đèn."), version=1)
    with pytest.raises(Assessment.DoesNotExist):
        self_assessment.undo(user=stranger, assessment_id=assessment.pk, event_id=done.event.pk)
    back = self_assessment.undo(user=officer, assessment_id=assessment.pk, event_id=done.event.pk)
    assert back.skipped == ("tc-3.2",)
    assert (verdict("tc-3.1").stated, verdict("tc-3.2").stated) == ("", "not_met")
    with pytest.raises(Event.DoesNotExist):
        self_assessment.undo(user=officer, assessment_id=assessment.pk, event_id=back.event.pk)  # type: ignore[union-attr]


def test_standard_4_leaves_the_derived_criterion_alone(officer: User, assessment: Assessment) -> None:
    self_assessment.mark_standard_met(user=officer, assessment_id=assessment.pk, number=4)
    assert Verdict.objects.filter(stated="met").count() == 7
    with pytest.raises(Assessment.DoesNotExist):
        self_assessment.mark_standard_met(user=officer, assessment_id=assessment.pk, number=7)


def test_confirming_the_wards_verdicts_spares_what_was_judged(people: People, assessment: Assessment) -> None:
    walk(people, assessment, State.APPRAISAL, bad=["tc-2.1"])
    home_affairs, pk = people.home_affairs, assessment.pk
    appraise = partial(save_answer, user=home_affairs, assessment_id=pk, layer=Layer.AGENCY)
    with pytest.raises(InvalidInput, match="cần ghi lý do"):
        appraise(key="tc-3.6", version=0, answer=NewAnswer("not_met"))
    found = NewAnswer("not_met", "Hai hộ lấn vỉa hè.")
    appraise(key="tc-3.6", version=0, answer=found)
    with pytest.raises(Refusal):
        appraisal.confirm_self_verdicts(user=people.officer, assessment_id=pk)
    done = appraisal.confirm_self_verdicts(user=home_affairs, assessment_id=pk)
    assert done.event and len(done.event.data["changes"]) == 82
    assert verdict("tc-3.6", Layer.AGENCY).stated == "not_met"
    assert verdict("tc-2.1", Layer.AGENCY).stated == "not_met"
    effective = Summary.objects.get(assessment=assessment, layer=Layer.EFFECTIVE)
    assert effective.complete and effective.qualifies
    self_assessment.undo(user=home_affairs, assessment_id=pk, event_id=done.event.pk)
    effective.refresh_from_db()
    assert effective.assessed == 1
    assert stale_summaries() == []


# Last year


def test_last_year_fills_verdicts_and_notes_but_no_figures(people: People, unit: Unit, plan: Plan) -> None:
    """Lesson: answers retyped every year."""
    officer = people.officer
    old_plan = factories.PlanFactory(year=2024, number="1/KH-UBND")
    old = factories.open_assessment(unit=unit, plan=old_plan, officer=officer)
    answer_all(officer, old, bad=["tc-2.1"])
    save(officer, old, "tc-3.4", NewAnswer("met", "Ngày 15.", {"ve-sinh-cong-cong": Count(2)}), version=1)
    fresh = factories.open_assessment(unit=unit, plan=plan, officer=officer)
    save(officer, fresh, "tc-1.1", NewAnswer("not_met", "Năm nay khác."))
    done = self_assessment.fill_from_last_year(user=officer, assessment_id=fresh.pk)
    own = Verdict.objects.filter(assessment=fresh)
    assert own.get(entry__key="tc-1.1").stated == "not_met"
    assert own.get(entry__key="tc-2.1").stated == "not_met"
    assert own.get(entry__key="tc-3.4").note == "Ngày 15."
    assert not Figure.objects.filter(verdict__assessment=fresh).exists()
    assert stale_summaries() == []
    assert done.event
    self_assessment.undo(user=officer, assessment_id=fresh.pk, event_id=done.event.pk)
    assert list(own.exclude(stated="").values_list("entry__key", flat=True)) == ["tc-1.1"]
    assert stale_summaries() == []


def test_without_an_earlier_year_there_is_nothing_to_fill(officer: User, assessment: Assessment) -> None:
    with pytest.raises(Refusal, match="Chưa có kết quả năm trước"):
        self_assessment.fill_from_last_year(user=officer, assessment_id=assessment.pk)


# Truly at the same time


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("fresh_tables")
def test_two_threads_one_answer() -> None:
    """Lesson: the later save wins silently. Here the second waits for the lock and is shown the first."""
    assessment = factories.open_assessment()
    one, other = factories.WardOfficerFactory.create_batch(2, ward=assessment.unit.ward)
    results = at_once(
        lambda: save(one, assessment, "tc-1.2", "met"), lambda: save(other, assessment, "tc-1.2", "not_met")
    )
    assert kinds(results) == ["Conflict", "Saved"]
    assert Verdict.objects.exclude(stated="").count() == 1
    assert stale_summaries() == []
