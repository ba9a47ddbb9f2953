"""Guidance from the draft to what takes its place, and the database's own rules on it."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.models import Agency, User
from assessments.deeds import InvalidInput, Refusal, Stale
from assessments.models import Attachment, Event, Guidance, Notice, Plan
from assessments.queries.year import guidance as queries
from assessments.queries.year import history
from assessments.year import guidance
from assessments.year.guidance import Content
from criteria.models import CriteriaSet, Entry
from tests import factories, files
from tests.assessments.views.year_parts import draft, entry_ids, publish
from tests.database import refused, run

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(db: None) -> User:
    made: User = factories.AgencyOfficerFactory()
    return made


def content(**changes: object) -> Content:
    given: dict[str, object] = {"title": "Hướng dẫn", "valid_from": date(2025, 1, 5), "text": "Nội dung"}
    return Content(**(given | changes))  # type: ignore[arg-type]


def test_publishing_tells_every_ward_and_stands_beside_its_criteria(agent: User, plan: Plan, officer: User) -> None:
    made = draft(agent, plan, keys=("tc-1.1", "tc-1.2"))
    assert not queries.beside(plan)
    published = guidance.publish(user=agent, guidance_id=made.pk, version=made.version)
    assert (published.state, published.published_by) == (Guidance.State.PUBLISHED, agent)
    placed = queries.beside(plan)
    assert set(placed) == set(entry_ids(plan, "tc-1.1", "tc-1.2"))
    assert [said.agency for said in placed[entry_ids(plan, "tc-1.1")[0]]] == [agent.agency]
    notice = Notice.objects.get(recipient=officer)
    assert (notice.kind, notice.plan, notice.url) == ("guidance", plan, f"/huong-dan/{made.pk}/")
    assert not Notice.objects.filter(recipient=agent).exists()
    assert [event.action for event in history(plan, made)] == ["published", "drafted"]


def test_beside_one_entry_stands_only_what_belongs_to_it(agent: User, plan: Plan) -> None:
    both, other = publish(agent, plan, "Cả hai", ("tc-1.1", "tc-1.2")), publish(agent, plan, "Mục khác", ("tc-1.1",))
    [first], [second] = entry_ids(plan, "tc-1.1"), entry_ids(plan, "tc-1.2")
    assert {said.guidance for said in queries.beside(plan, first)[first]} == {both, other}
    assert [said.guidance for said in queries.beside(plan, second)[second]] == [both]
    [third] = entry_ids(plan, "tc-1.3")
    assert queries.beside(plan, third) == {}


def test_saving_the_same_again_writes_nothing(agent: User, plan: Plan) -> None:
    made = draft(agent, plan)
    words = content(title=made.title, number=made.number, text=made.text, link=made.link, valid_from=made.valid_from)
    assert made.agency_id is not None
    same = guidance.save(
        user=agent, plan_id=plan.pk, agency_id=made.agency_id, content=words, guidance_id=made.pk,
        version=made.version, entry_ids=entry_ids(plan, "tc-1.2"),
    )  # fmt: skip
    assert same.version == made.version
    assert Event.objects.filter(kind=Event.Kind.GUIDANCE).count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"link": "ftp://laichau.gov.vn/a"}, "link"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"valid_until": date(2025, 1, 4)}, "valid_until"),
        ({"valid_from": date(1999, 12, 31)}, "valid_from"),
        ({"text": "a" * 8001}, "text"),
    ],
)
def test_what_cannot_be_stored_names_its_field(agent: User, plan: Plan, changes: dict[str, object], field: str) -> None:
    assert agent.agency_id is not None
    with pytest.raises(InvalidInput) as found:
        guidance.save(user=agent, plan_id=plan.pk, agency_id=agent.agency_id, content=content(**changes), entry_ids=[])
    assert found.value.field == field
    assert not Guidance.objects.exists()


def test_an_agency_speaks_for_itself_and_home_affairs_for_all(agent: User, plan: Plan, home_affairs: User) -> None:
    other = factories.AgencyFactory()
    with pytest.raises(Agency.DoesNotExist):
        guidance.save(user=agent, plan_id=plan.pk, agency_id=other.pk, content=content(), entry_ids=[])
    made = guidance.save(user=home_affairs, plan_id=plan.pk, agency_id=other.pk, content=content(), entry_ids=[])
    assert made.agency == other
    with pytest.raises(Guidance.DoesNotExist):
        guidance.publish(user=agent, guidance_id=made.pk, version=made.version)
    published = publish(home_affairs, plan)
    with pytest.raises(Refusal, match="do Phòng"):
        guidance.withdraw(user=agent, guidance_id=published.pk, reason="x", version=published.version)


def test_publishing_needs_words_and_criteria(agent: User, plan: Plan) -> None:
    assert agent.agency_id is not None
    empty = guidance.save(
        user=agent, plan_id=plan.pk, agency_id=agent.agency_id, content=content(text=""),
        entry_ids=entry_ids(plan, "tc-1.1"),
    )  # fmt: skip
    with pytest.raises(Refusal, match="chưa có nội dung"):
        guidance.publish(user=agent, guidance_id=empty.pk, version=empty.version)
    guidance.attach(user=agent, guidance_id=empty.pk, file=files.upload("huong-dan.docx", files.docx()))
    assert guidance.publish(user=agent, guidance_id=empty.pk, version=empty.version).state == "published"
    loose = guidance.save(user=agent, plan_id=plan.pk, agency_id=agent.agency_id, content=content(), entry_ids=[])
    with pytest.raises(Refusal, match="chưa gắn"):
        guidance.publish(user=agent, guidance_id=loose.pk, version=loose.version)


def test_published_words_stay(agent: User, plan: Plan) -> None:
    made = publish(agent, plan)
    with pytest.raises(Refusal, match="không sửa"):
        guidance.save(
            user=agent, plan_id=plan.pk, agency_id=made.agency_id, content=content(), entry_ids=[],
            guidance_id=made.pk, version=made.version,
        )  # fmt: skip
    with pytest.raises(Refusal, match="không thêm tệp"):
        guidance.attach(user=agent, guidance_id=made.pk, file=files.upload("a.pdf", files.pdf()))
    with pytest.raises(Refusal, match="không bỏ được"):
        guidance.discard(user=agent, guidance_id=made.pk, version=made.version)
    assert not Attachment.objects.exists()


def test_a_stale_page_changes_nothing(agent: User, plan: Plan) -> None:
    made = draft(agent, plan)
    with pytest.raises(Stale):
        guidance.publish(user=agent, guidance_id=made.pk, version=made.version - 1)
    made.refresh_from_db()
    assert made.state == Guidance.State.DRAFT


def test_withdrawn_with_its_reason(agent: User, plan: Plan, officer: User) -> None:
    made = publish(agent, plan)
    with pytest.raises(InvalidInput):
        guidance.withdraw(user=agent, guidance_id=made.pk, reason="", version=made.version)
    gone = guidance.withdraw(user=agent, guidance_id=made.pk, reason="Trùng nội dung", version=made.version)
    assert gone.withdrawn_reason == "Trùng nội dung"
    assert not queries.beside(plan)
    assert "Trùng nội dung" in Notice.objects.filter(recipient=officer).latest("pk").text
    with pytest.raises(Refusal, match="đang áp dụng"):
        guidance.withdraw(user=agent, guidance_id=made.pk, reason="x", version=gone.version)


def test_a_newer_one_takes_the_place_when_it_is_published(agent: User, plan: Plan) -> None:
    old = publish(agent, plan, keys=("tc-1.1", "tc-1.3"))
    fresh = guidance.renew(user=agent, guidance_id=old.pk, version=old.version)
    assert (fresh.title, fresh.text, fresh.state) == (old.title, old.text, "draft")
    assert set(fresh.entries.values_list("key", flat=True)) == {"tc-1.1", "tc-1.3"}
    with pytest.raises(Refusal, match="đang soạn"):
        guidance.renew(user=agent, guidance_id=old.pk, version=old.version)
    old.refresh_from_db()
    assert old.state == Guidance.State.PUBLISHED
    guidance.publish(user=agent, guidance_id=fresh.pk, version=fresh.version)
    old.refresh_from_db()
    assert (old.state, old.withdrawn_reason) == ("withdrawn", f"Thay bằng “{fresh.title}”")
    assert [said.guidance for said in queries.beside(plan)[entry_ids(plan, "tc-1.3")[0]]] == [fresh]


def test_renewing_leads_into_the_newest_plan_of_the_same_criteria(agent: User, plan: Plan) -> None:
    old = publish(agent, plan)
    later = factories.PlanFactory(year=plan.year + 1)
    factories.PlanFactory(year=plan.year + 2, criteria_set=_other_set(published=True))
    assert guidance.renew(user=agent, guidance_id=old.pk, version=old.version).plan == later


def _other_set(*, published: bool = False) -> CriteriaSet:
    made: CriteriaSet = CriteriaSet.objects.create(
        code="thu", version=1, title="Bộ thử", standard_percent=80, content_percent=80
    )
    if published:
        CriteriaSet.objects.filter(pk=made.pk).update(status="published", published_at=timezone.now())
    return made


def test_discarding_a_draft(agent: User, plan: Plan) -> None:
    made = draft(agent, plan)
    assert guidance.discard(user=agent, guidance_id=made.pk, version=made.version) == plan
    assert not Guidance.objects.exists()
    kept = draft(agent, plan)
    guidance.attach(user=agent, guidance_id=kept.pk, file=files.upload("a.pdf", files.pdf()))
    with pytest.raises(Refusal, match="tệp đính kèm"):
        guidance.discard(user=agent, guidance_id=kept.pk, version=kept.version)


def test_which_guidance_counts_in_a_later_year(agent: User, plan: Plan) -> None:
    """The same criteria, begun, and not over before the plan's year."""
    later = factories.PlanFactory(year=plan.year + 1)
    stands = publish(agent, plan, "Còn áp dụng")
    into = publish(agent, plan, "Hết trong năm sau")
    over = publish(agent, plan, "Đã hết năm trước")
    coming = publish(agent, later, "Chưa bắt đầu")
    ends = {into.pk: date(later.year, 1, 1), over.pk: date(plan.year, 12, 31)}
    for pk, day in ends.items():
        Guidance.objects.filter(pk=pk).update(valid_until=day)
    Guidance.objects.filter(pk=coming.pk).update(valid_from=timezone.localdate() + timedelta(days=1))
    Guidance.objects.filter(pk=stands.pk).update(valid_from=timezone.localdate())
    assert set(queries.in_force(later)) == {stands, into}
    assert set(queries.in_force(plan)) == {stands, into, over}
    elsewhere = factories.PlanFactory(year=later.year + 1, criteria_set=_other_set(published=True))
    assert not queries.in_force(elsewhere)


# ---- The database's own rules ----


def test_rules_of_a_row(agent: User, plan: Plan) -> None:
    made = draft(agent, plan)
    row = Guidance.objects.filter(pk=made.pk)
    with refused("guidance_state_known"):
        row.update(state="lost", published_at=timezone.now(), published_by=agent)
    with refused("guidance_published_by_somebody"):
        row.update(state="published")
    with refused("guidance_withdrawn_has_reason"):
        row.update(state="withdrawn", published_at=timezone.now(), published_by=agent)
    with refused("guidance_period_in_order"):
        row.update(valid_until=made.valid_from - timedelta(days=1))
    with refused("guidance_link_is_a_page"):
        row.update(link="javascript:alert(1)")
    for field, text in (("title", ""), ("title", "Hươ\u0301ng"), ("text", "Hươ\u0301ng"), ("number", "Hươ\u0301ng")):
        with refused("guidance_text_nfc"):
            row.update(**{field: text})


def test_entries_are_of_the_plans_own_table(agent: User, plan: Plan) -> None:
    made = draft(agent, plan)
    foreign = Entry.objects.create(
        criteria_set=_other_set(), kind="case", key="th-1", code="1", position=1, text="Trường hợp"
    )
    with refused("is not of the criteria set of guidance"):  # trigger guidance_fits_table
        made.entries.add(foreign)
    with refused("is not of the criteria set of guidance"):
        run("UPDATE assessments_guidance_entries SET entry_id = %s WHERE guidance_id = %s", foreign.pk, made.pk)
    with pytest.raises(InvalidInput) as found:
        guidance.save(user=agent, plan_id=plan.pk, agency_id=made.agency_id, content=content(), entry_ids=[foreign.pk])
    assert found.value.field == "entries"


def test_a_file_once(agent: User, plan: Plan) -> None:
    made = draft(agent, plan)
    first, new = guidance.attach(user=agent, guidance_id=made.pk, file=files.upload("a.pdf", files.pdf()))
    again, repeated = guidance.attach(user=agent, guidance_id=made.pk, file=files.upload("b.pdf", files.pdf()))
    assert (new, repeated, first) == (True, False, again)
    first.pk = None
    with refused("attachment_once_in_guidance"):
        first.save()
