"""The minutes of a visit: written, closed, opened again; and what that means for the delegation's verdicts."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from assessments import evidence, visiting
from assessments.deeds import InvalidInput, Refusal, Stale
from assessments.models import Assessment, Event, Layer, Notice, Verdict, Visit
from assessments.permissions import visible_assessments
from assessments.self_assessment import NewAnswer
from assessments.workflow import State
from tests import factories, files
from tests.assessments import visits
from tests.assessments.roads import People, answer_all, save

pytestmark = pytest.mark.django_db
SEEN = NewAnswer("met", "Đã xem thực tế")


@pytest.fixture
def member() -> User:
    return factories.DelegationMemberFactory()


@pytest.fixture
def visit(people: People, assessment: Assessment, member: User) -> Visit:
    answer_all(people.officer, assessment)
    factories.in_state(assessment, State.APPRAISAL)
    return visits.visit_to(people.home_affairs, assessment, member)


def keep(user: User, visit: Visit, version: int | None = None, **changes: Any) -> Visit:
    visit.refresh_from_db()
    return visiting.save_minutes(
        user=user,
        visit_id=visit.pk,
        version=visit.version if version is None else version,
        values=visits.minutes(**changes),
    )


def reopen(user: User, visit: Visit, reason: str = "Bổ sung ý kiến") -> Visit:
    visit.refresh_from_db()
    return visiting.reopen_minutes(user=user, visit_id=visit.pk, reason=reason, version=visit.version)


class TestWriting:
    def test_kept_with_what_changed(self, visit: Visit, member: User) -> None:
        saved = keep(member, visit, findings="Nhận xét một")
        assert (saved.findings, saved.version) == ("Nhận xét một", 2)
        event = visit.assessment.events.get(kind=Event.Kind.VISIT, action="minutes")
        assert event.data["changes"]["findings"] == ["", "Nhận xét một"]
        assert event.data["changes"]["starts_at"] == [None, "08:30:00"]

    def test_the_same_again_changes_nothing(self, visit: Visit, member: User) -> None:
        keep(member, visit)
        assert keep(member, visit).version == 2
        assert visit.assessment.events.filter(kind=Event.Kind.VISIT).count() == 1

    def test_home_affairs_may_too(self, visit: Visit, home_affairs: User) -> None:
        assert keep(home_affairs, visit).version == 2

    @pytest.mark.parametrize("who", ["officer", "leader", "city_leader"])
    def test_readers_may_not(self, visit: Visit, people: People, who: str) -> None:
        with pytest.raises(Refusal, match="Chỉ thành viên đoàn"):
            keep(getattr(people, who), visit)

    def test_strangers_find_nothing(self, visit: Visit) -> None:
        for user in (
            factories.WardOfficerFactory(),
            factories.DelegationMemberFactory(),
            factories.FinancePlanningFactory(),
        ):
            with pytest.raises(Visit.DoesNotExist):
                keep(user, visit)

    def test_an_older_version_is_stale(self, visit: Visit, member: User, home_affairs: User) -> None:
        keep(home_affairs, visit, findings="Của nội vụ")
        with pytest.raises(Stale):
            keep(member, visit, version=1, findings="Của đoàn")
        visit.refresh_from_db()
        assert visit.findings == "Của nội vụ"

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"held_on": timezone.localdate() + timedelta(days=2)}, "held_on"),
            ({"held_on": date(1999, 1, 1)}, "held_on"),
            ({"starts_at": time(12), "ends_at": time(8)}, "ends_at"),
            ({"findings": "x" * 8001}, "findings"),
            ({"place": "x" * 201}, "place"),
        ],
    )
    def test_input_is_checked(self, visit: Visit, member: User, changes: dict[str, Any], field: str) -> None:
        with pytest.raises(InvalidInput) as error:
            keep(member, visit, **changes)
        assert error.value.field == field


class TestClosing:
    def test_closes_the_layer(self, visit: Visit, member: User, assessment: Assessment) -> None:
        save(member, assessment, "tc-1.1", SEEN, layer=Layer.DELEGATION)
        closed = visits.close(member, visit)
        assert (closed.closed_by, closed.closed_at is not None) == (member, True)
        with pytest.raises(Refusal, match="không còn mở"):
            save(member, assessment, "tc-1.2", SEEN, layer=Layer.DELEGATION)
        with pytest.raises(Refusal):
            evidence.add_files(
                user=member,
                assessment_id=assessment.pk,
                layer=Layer.DELEGATION,
                key="tc-1.1",
                files=[files.upload("a.jpg", files.jpg())],
            )
        event = assessment.events.get(action="closed")
        assert (event.data["judged"], len(event.data["members"])) == (1, 2)

    def test_needs_the_facts(self, visit: Visit, member: User) -> None:
        for field in ("held_on", "place", "hosts", "findings"):
            with pytest.raises(InvalidInput) as error:
                visits.close(member, visit, **{field: None if field == "held_on" else ""})
            assert error.value.field == field
        visit.refresh_from_db()
        assert (visit.closed_at, visit.findings) == (None, "")

    def test_again_changes_nothing(self, visit: Visit, member: User) -> None:
        visits.close(member, visit)
        visits.close(member, visit, findings="Khác")
        visit.refresh_from_db()
        assert visit.findings == visits.MINUTES["findings"]
        assert visit.assessment.events.filter(action="closed").count() == 1

    @pytest.mark.parametrize("state", [State.DRAFT, State.COUNCIL, State.SUBMITTED])
    def test_not_before_the_appraisal(self, visit: Visit, home_affairs: User, state: State) -> None:
        factories.in_state(visit.assessment, state)
        with pytest.raises(Refusal, match="đang thẩm định"):
            visits.close(home_affairs, visit)

    def test_closed_minutes_stay(self, visit: Visit, member: User) -> None:
        visits.close(member, visit)
        with pytest.raises(Refusal, match="đã chốt"):
            keep(member, visit, findings="Khác")

    def test_home_affairs_and_the_ward_hear_of_it(self, visit: Visit, member: User, people: People) -> None:
        visits.close(member, visit)
        told = {notice.recipient for notice in Notice.objects.filter(text__contains="đã chốt biên bản")}
        assert told == {people.home_affairs, people.officer, people.leader}


class TestReopening:
    def test_opens_the_layer_with_a_reason(
        self, visit: Visit, member: User, home_affairs: User, assessment: Assessment
    ) -> None:
        visits.close(member, visit)
        reopen(home_affairs, visit)
        save(member, assessment, "tc-1.1", SEEN, layer=Layer.DELEGATION)
        assert assessment.events.get(action="reopened").reason == "Bổ sung ý kiến"
        assert "Bổ sung ý kiến" in Notice.objects.get(recipient=member).text

    def test_only_by_home_affairs(self, visit: Visit, member: User, city_leader: User) -> None:
        visits.close(member, visit)
        for user in (member, city_leader):
            with pytest.raises(Refusal, match="Chỉ cơ quan nội vụ"):
                reopen(user, visit)

    def test_not_without_a_reason_nor_after_the_decision(self, visit: Visit, member: User, home_affairs: User) -> None:
        visits.close(member, visit)
        for reason in ("", " \u200b ", "x" * 2001):
            with pytest.raises(InvalidInput):
                reopen(home_affairs, visit, reason)
        factories.in_state(visit.assessment, State.RECOGNISED)
        with pytest.raises(Refusal, match="đã có quyết định"):
            reopen(home_affairs, visit)

    def test_open_minutes_stay_open(self, visit: Visit, home_affairs: User) -> None:
        assert reopen(home_affairs, visit).version == 1
        assert not visit.assessment.events.filter(action="reopened").exists()


class TestVerdicts:
    def test_of_members_only(self, visit: Visit, member: User, home_affairs: User, assessment: Assessment) -> None:
        saved = save(member, assessment, "tc-1.1", SEEN, layer=Layer.DELEGATION)
        assert saved.changed
        with pytest.raises(Refusal):
            save(home_affairs, assessment, "tc-1.2", SEEN, layer=Layer.DELEGATION)
        with pytest.raises(Assessment.DoesNotExist):
            save(factories.DelegationMemberFactory(), assessment, "tc-1.2", SEEN, layer=Layer.DELEGATION)

    def test_an_agency_officer_with_a_seat(self, people: People, assessment: Assessment) -> None:
        officer = factories.AgencyOfficerFactory()
        factories.in_state(assessment, State.APPRAISAL)
        visits.visit_to(people.home_affairs, assessment, officer)
        assert save(officer, assessment, "tc-1.1", SEEN, layer=Layer.DELEGATION).changed

    def test_differing_needs_a_reason(self, visit: Visit, member: User, assessment: Assessment) -> None:
        with pytest.raises(InvalidInput, match="cần ghi lý do"):
            save(member, assessment, "tc-1.1", "not_met", layer=Layer.DELEGATION)

    def test_win_over_the_agencies(self, visit: Visit, people: People, member: User, assessment: Assessment) -> None:
        answer_all(people.home_affairs, assessment, layer=Layer.AGENCY)
        save(member, assessment, "tc-1.1", NewAnswer("not_met", "Thực tế khác"), layer=Layer.DELEGATION)
        effective = assessment.summaries.get(layer=Layer.EFFECTIVE)
        assert "tc-1.1" in effective.outcome["standards"][0]["not_met"]
        assert Verdict.objects.filter(assessment=assessment, layer=Layer.DELEGATION, entry__key="tc-1.1").exists()

    def test_a_member_who_leaves_loses_the_dossier(
        self, visit: Visit, member: User, home_affairs: User, assessment: Assessment
    ) -> None:
        assert visible_assessments(member).filter(pk=assessment.pk).exists()
        visit.delegation.members.filter(user=member).delete()
        assert not visible_assessments(member).filter(pk=assessment.pk).exists()


def test_signed_scan_only_of_closed_minutes(visit: Visit, member: User, city_leader: User) -> None:
    scan = files.pdf()
    with pytest.raises(Refusal, match="Chốt biên bản trước"):
        visiting.attach_minutes(user=member, visit_id=visit.pk, file=files.upload("bb.pdf", scan))
    visits.close(member, visit)
    visiting.attach_minutes(user=member, visit_id=visit.pk, file=files.upload("bb.pdf", scan))
    assert not visiting.attach_minutes(user=member, visit_id=visit.pk, file=files.upload("bb.pdf", scan))[1]
    assert visit.assessment.events.filter(kind=Event.Kind.ATTACHED).count() == 1
    with pytest.raises(Refusal, match="Chỉ thành viên"):
        visiting.attach_minutes(user=city_leader, visit_id=visit.pk, file=files.upload("bb.pdf", scan))
