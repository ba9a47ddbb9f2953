"""Walking an assessment along the road, for tests that need it somewhere on the way."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from assessments import appraisal, council, moving, recognition, self_assessment, submitting, unit_years
from assessments.models import Assessment, CouncilMeeting, CouncilMember, Decision, Layer, Submission
from assessments.self_assessment import NewAnswer, Saved, apply_many, open_layer
from assessments.workflow import State
from criteria.spec import EntryKind, Figure, Verdict
from localities.models import UnitYear

NUMBERS = {**dict.fromkeys(unit_years.FIELDS, 0), "households": 120, "persons": 480}


@dataclass(frozen=True)
class People:
    """Everybody who has a part in one assessment."""

    officer: User
    leader: User
    home_affairs: User
    city_leader: User


def council_of(leader: User) -> list[CouncilMember]:
    """The ward's council, nine members, made when the ward has none yet."""
    assert leader.ward is not None
    found = list(CouncilMember.objects.filter(ward=leader.ward, active=True))
    if not found:
        roles = ["chair", "secretary", *["member"] * 7]
        found = CouncilMember.objects.bulk_create(
            CouncilMember(ward=leader.ward, full_name=f"Thành viên {n}", job_title="Công chức", role=role, position=n)
            for n, role in enumerate(roles, start=1)
        )
    return found


def meet(leader: User, *assessments: Assessment, present: int = 9, **changes: Any) -> CouncilMeeting:
    """A meeting over these assessments, not yet concluded."""
    given = {"held_on": timezone.localdate(), "place": "Trụ sở UBND phường"} | changes
    attendance = [council.Present(m.pk, position < present) for position, m in enumerate(council_of(leader))]
    return council.save_meeting(
        user=leader,
        plan_id=assessments[0].registration.plan_id,
        meeting=CouncilMeeting(**given),
        attendance=attendance,
        assessment_ids=[assessment.pk for assessment in assessments],
    )


def approve(leader: User, *assessments: Assessment, votes_for: int = 9, present: int = 9) -> CouncilMeeting:
    """The council meets and approves all of them."""
    meeting = meet(leader, *assessments, present=present)
    resolution = council.Resolution(approve=True, votes_for=votes_for)
    return council.conclude_meeting(
        user=leader, meeting_id=meeting.pk, resolutions={a.pk: resolution for a in assessments}
    )


def submit(leader: User, *assessments: Assessment, **more: Any) -> Submission:
    """Approved dossiers go to the city."""
    return submitting.submit(
        user=leader,
        plan_id=assessments[0].registration.plan_id,
        assessment_ids=[assessment.pk for assessment in assessments],
        **more,
    )


def approve_and_submit(leader: User, *assessments: Assessment) -> Submission:
    approve(leader, *assessments)
    return submit(leader, *assessments)


def decision(number: str = "12/QĐ-UBND", **changes: object) -> Decision:
    given: dict[str, object] = {
        "number": number,
        "issued_on": timezone.localdate(),
        "title": "Công nhận tổ dân phố, bản tự quản, phát triển toàn diện",
        "signer_title": "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH",
    }
    return Decision(**given | changes)


@transaction.atomic
def answer(user: User, assessment: Assessment, layer: str, wanted: Mapping[str, NewAnswer]) -> Saved:
    """Several answers through the bulk deed."""
    opened, table, answers = open_layer(user, assessment.pk, layer)
    return apply_many(
        user=user, assessment=opened, table=table, answers=answers, layer=layer, wanted=wanted, action="test"
    )


def answer_all(user: User, assessment: Assessment, *, layer: str = Layer.SELF, bad: Iterable[str] = ()) -> Saved:
    """Everything met and no case, but for the keys in `bad`."""
    with transaction.atomic():
        _, table, _ = open_layer(user, assessment.pk, layer)
    wanted = {}
    for entry in table.judged_by_hand:
        good, opposite = (
            (Verdict.ABSENT, Verdict.OCCURS) if entry.kind is EntryKind.CASE else (Verdict.MET, Verdict.NOT_MET)
        )
        wanted[entry.key] = NewAnswer(opposite if entry.key in bad else good)
    return answer(user, assessment, layer, wanted)


def walk(people: People, assessment: Assessment, state: State, *, bad: Iterable[str] = ()) -> Assessment:
    """Bring a fresh draft to a state by the deeds of the straight road, as far as PROPOSED."""
    pk = assessment.pk
    steps = (
        (State.DRAFT, lambda: answer_all(people.officer, assessment, bad=bad)),
        (State.COUNCIL, lambda: moving.send_to_council(user=people.officer, assessment_id=pk)),
        (State.SUBMITTED, lambda: approve_and_submit(people.leader, assessment)),
        (State.APPRAISAL, lambda: moving.accept(user=people.home_affairs, assessment_id=pk)),
        (State.CONCLUDED, lambda: _appraise_and_conclude(people, pk)),
        (State.PROPOSED, lambda: moving.propose(user=people.home_affairs, assessment_id=pk)),
    )
    for reached, step in steps:
        step()
        if reached == state:
            break
    return Assessment.objects.get(pk=pk)


def _appraise_and_conclude(people: People, pk: int) -> None:
    appraisal.confirm_self_verdicts(user=people.home_affairs, assessment_id=pk)
    moving.conclude(user=people.home_affairs, assessment_id=pk)


def record(people: People, *assessments: Assessment, number: str = "12/QĐ-UBND") -> Decision:
    """A decision over proposed assessments, waiting for the leader."""
    return recognition.record_decision(
        user=people.home_affairs,
        plan_id=assessments[0].registration.plan_id,
        assessment_ids=[assessment.pk for assessment in assessments],
        decision=decision(number),
    )


def save_year(user: User, assessment: Assessment, version: int, changes: Mapping[str, int | None]) -> UnitYear:
    return unit_years.save_unit_year(
        user=user,
        unit_id=assessment.unit.pk,
        year=assessment.plan.year,
        version=version,
        values=NUMBERS | changes,
    )


def save(user: User, assessment: Assessment, key: str, said: str | NewAnswer, version: int = 0, **more: Any) -> Saved:
    new = said if isinstance(said, NewAnswer) else NewAnswer(said)
    given = {"layer": Layer.SELF} | more
    return self_assessment.save_answer(
        user=user, assessment_id=assessment.pk, key=key, version=version, answer=new, **given
    )


def counted(said: str, **figures: int) -> NewAnswer:
    """An answer with numerators only, keys with _ for -."""
    return NewAnswer(said, figures={key.replace("_", "-"): Figure(number) for key, number in figures.items()})
