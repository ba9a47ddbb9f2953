"""The demonstration played through the deeds, so that every rule, summary and event is as in real work."""

from collections.abc import Iterable
from datetime import date, time, timedelta
from random import Random

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from assessments import (
    appraisal,
    council,
    evidence,
    moving,
    recognition,
    registering,
    submitting,
    unit_years,
)
from assessments.answers import LayerAnswers
from assessments.demo import answering, appraising, data, files, year
from assessments.demo.accounts import FIRST_UNIT, FIRST_WARD, create_staff, create_unit_head, place
from assessments.demo.appraising import City
from assessments.demo.data import Place, Quality, Stage
from assessments.demo.stage import Stageplay
from assessments.models import (
    Assessment,
    CouncilMeeting,
    CouncilMember,
    Decision,
    Layer,
    Notice,
    Plan,
    Registration,
)
from assessments.self_assessment import NewAnswer, apply_many, open_layer, save_answer
from criteria.spec import Table
from localities.models import Unit, Ward

DAYS_TO_RESUBMIT = 12
VISITED_ON = date(2020, 11, 5)
# Names the bulk events that a real ward would have written one by one.
ACTION = "demonstration"


@transaction.atomic
def load() -> int:
    """Accounts, units and two years of assessments in an empty database; how many assessments."""
    wards = {ward.code: ward for ward in Ward.objects.filter(code__in=data.WARD_SLUGS)}
    play = Stageplay(create_staff(wards), wards)
    for code, places in data.PLACES.items():
        for entry in places:
            unit = registering.add_unit(user=play.officer(code), name=entry.name, kind=entry.kind)
            play.units[code, entry.name] = unit
    Unit.objects.filter(pk__in=[unit.pk for unit in play.units.values()]).update(demonstration=True)
    create_unit_head(play.units[FIRST_WARD, FIRST_UNIT])
    _call_councils(wards)
    _play_2020(play)
    _play_2025(play)
    year.load(play)
    # Of what happened in a minute of playing only the last few count as news.
    news = Notice.objects.order_by("recipient_id", "-pk").distinct("recipient_id").values_list("pk", flat=True)
    Notice.objects.exclude(pk__in=list(news)).update(read_at=timezone.now())
    return Assessment.objects.count()


def _call_councils(wards: dict[str, Ward]) -> None:
    """Every ward's council, its members named by office only."""
    CouncilMember.objects.bulk_create(
        CouncilMember(
            ward=ward,
            full_name=name.format(kind=ward.get_kind_display().lower()),
            job_title=f"UBND {place(ward)}" if role == "chair" else place(ward)[:1].upper() + place(ward)[1:],
            role=role,
            position=position,
        )
        for ward in wards.values()
        for position, (name, role) in enumerate(data.COUNCIL_MEMBERS, start=1)
    )


def _play_2020(play: Stageplay) -> None:
    plan = Plan.objects.get(year=2020)
    taking_part = [
        (code, entry, number < 2)
        for code, places in data.PLACES.items()
        for number, entry in enumerate(entry for entry in places if entry.in_2020)
    ]
    entered = [
        (_enter(play, plan, code, entry, Registration.Aim.NEW, pilot=pilot), code, entry)
        for code, entry, pilot in taking_part
    ]
    # In June nothing was assessed yet: reports count what is there when they are sent.
    year.load_first_half_of_2020(play)
    _assess_2020(play, plan, entered)


def _assess_2020(play: Stageplay, plan: Plan, entered: list[tuple[Assessment, str, Place]]) -> None:
    city, seen = City(play.users, plan), set()
    appraising.found_delegation(city)
    for assessment, code, entry in entered:
        first = code not in seen  # the delegation went to one of each ward
        seen.add(code)
        _answer_all(play, assessment, code, entry.in_2020 or Quality.GOOD)
        _submit(play, assessment, code, held_on=date(2020, 10, 8))
        moving.accept(user=play.home_affairs, assessment_id=assessment.pk)
        if first:
            visit = appraising.plan_visit(city, assessment, VISITED_ON)
            appraising.close_visit(city, visit, VISITED_ON)
        _appraise(play, assessment, differing=first)
        _propose(play, assessment)
    decided = [assessment.pk for assessment, _, _ in entered]
    _decide(play, plan, "MH-01/QĐ-UBND", date(2020, 12, 15), decided, confirmed=True)


def _play_2025(play: Stageplay) -> None:
    plan = Plan.objects.get(year=2025)
    for code, places in data.PLACES.items():
        for entry in places:
            if entry.stage is not None:
                aim = Registration.Aim.NEW if entry.new else Registration.Aim.MAINTAIN
                assessment = _enter(play, plan, code, entry, aim, pilot=False)
                _play_unit(play, assessment, code, entry, entry.stage)
    appraising.ask(play.city, play.visited[0], play.visited[1])
    appraising.close_one_agency(play.city)
    today = timezone.localdate()
    _decide(play, plan, "MH-02/QĐ-UBND", today, play.proposed[Stage.DECIDED], confirmed=True)
    _decide(play, plan, "MH-03/QĐ-UBND", today, play.proposed[Stage.IN_OPEN_DECISION], confirmed=False)


def _enter(play: Stageplay, plan: Plan, code: str, entry: Place, aim: str, *, pilot: bool) -> Assessment:
    """Register the unit and give it its figures of the year; an untouched draft has none yet."""
    unit, officer = play.units[code, entry.name], play.officer(code)
    assessment = registering.register(user=officer, plan_id=plan.pk, unit_id=unit.pk, aim=aim, pilot=pilot)
    if plan.year != 2025 or entry.stage is not Stage.UNTOUCHED:
        # The seed of a unit is the same in every year, so that its size hardly moves.
        values = answering.profile(_random(code, entry.name), entry.kind)
        unit_years.save_unit_year(user=officer, unit_id=unit.pk, year=plan.year, version=0, values=values)
    return assessment


def _play_unit(play: Stageplay, assessment: Assessment, code: str, entry: Place, stage: Stage) -> None:
    """Bring one assessment of 2025 to its stage."""
    if stage is Stage.UNTOUCHED:
        return
    _answer_all(play, assessment, code, entry.quality, half=stage is Stage.HALF)
    _show_evidence(play.officer(code), assessment, with_files=entry.name in data.NAMES_WITH_FILES)
    if stage in (Stage.HALF, Stage.COMPLETE):
        return
    if stage in (Stage.COUNCIL, Stage.COUNCIL_RETURNED):
        moving.send_to_council(user=play.officer(code), assessment_id=assessment.pk)
        if stage is Stage.COUNCIL_RETURNED:
            reason = data.COUNCIL_RETURN_REASON
            moving.council_return(user=play.leader(code), assessment_id=assessment.pk, reason=reason)
        return
    _submit(play, assessment, code, held_on=timezone.localdate())
    if stage is Stage.CITY_RETURNED:
        _return_and_reopen(play, assessment, code)
    elif stage is not Stage.SUBMITTED:
        _play_city(play, assessment, stage)


def _play_city(play: Stageplay, assessment: Assessment, stage: Stage) -> None:
    """What home affairs does with an accepted assessment."""
    moving.accept(user=play.home_affairs, assessment_id=assessment.pk)
    city, today = play.city, timezone.localdate()
    if stage is Stage.ACCEPTED:
        appraising.finish_some(city, assessment)
        return
    if stage is Stage.APPRAISED_HALF:
        appraising.agencies_begin(city, assessment)
        appraising.plan_visit(city, assessment, today + timedelta(days=len(play.visited)))
        if not play.visited:
            appraising.look_around(city, assessment)
        play.visited.append(assessment)
        return
    appraising.agencies_appraise(city, assessment)
    if stage is Stage.CONCLUDED:
        visit = appraising.plan_visit(city, assessment, today - timedelta(days=2))
        appraising.look_around(city, assessment)
        appraising.close_visit(city, visit, today - timedelta(days=2))
        moving.conclude(user=play.home_affairs, assessment_id=assessment.pk)
        return
    _propose(play, assessment)
    play.proposed.setdefault(stage, []).append(assessment.pk)


def _answer_all(play: Stageplay, assessment: Assessment, code: str, quality: Quality, *, half: bool = False) -> None:
    """The officer's answers; the last of a half-done draft one by one, as they are really given."""
    officer, year = play.officer(code), assessment.plan.year
    with transaction.atomic():
        opened, table, answers = open_layer(officer, assessment.pk, Layer.SELF)
        numbers = _numbers(opened)
        wanted = answering.self_answers(table, numbers, quality, _random(code, opened.unit.name, year))
        if half:
            wanted = answering.first_half(table, wanted)
        single = list(wanted)[-3:] if half else []
        bulk = {key: answer for key, answer in wanted.items() if key not in single}
        _many(officer, opened, table, answers, Layer.SELF, bulk)
    for key in single:
        save_answer(user=officer, assessment_id=assessment.pk, layer=Layer.SELF, key=key, version=0, answer=wanted[key])


def _show_evidence(officer: User, assessment: Assessment, *, with_files: bool) -> None:
    """References of papers; where asked, also a scanned page and a photograph."""
    for key, reference in data.REFERENCES.items():
        evidence.add_reference(
            user=officer,
            assessment_id=assessment.pk,
            layer=Layer.SELF,
            key=key,
            reference=reference.format(year=assessment.plan.year),
        )
    if with_files:
        for key, name, content in (
            ("tc-1.4", "Biên bản hội nghị thông qua quy ước.pdf", files.pdf(data.PDF_LINES)),
            ("tc-4.5", "Ảnh tuyến phố sạch.png", files.png(320, 200, data.PICTURE_COLOUR)),
        ):
            scan = ContentFile(content, name)
            evidence.add_files(user=officer, assessment_id=assessment.pk, layer=Layer.SELF, key=key, files=[scan])


def _numbers(assessment: Assessment) -> answering.Profile:
    stored = assessment.unit.years.get(year=assessment.plan.year)
    return {name: getattr(stored, name) for name in unit_years.FIELDS}


def _submit(play: Stageplay, assessment: Assessment, code: str, *, held_on: date) -> None:
    """Through the ward's council to the city."""
    moving.send_to_council(user=play.officer(code), assessment_id=assessment.pk)
    leader, ward = play.leader(code), play.wards[code]
    members = list(CouncilMember.objects.filter(ward=ward, active=True))
    meeting = council.save_meeting(
        user=leader,
        plan_id=assessment.plan.pk,
        meeting=CouncilMeeting(
            held_on=held_on,
            starts_at=time(8, 0),
            ends_at=time(10, 30),
            place=f"Trụ sở UBND {place(ward)}",
            conclusion=data.COUNCIL_CONCLUSION,
        ),
        attendance=[council.Present(member.pk, True) for member in members],
        assessment_ids=[assessment.pk],
    )
    votes = len(members) - assessment.pk % 2
    resolution = council.Resolution(approve=True, votes_for=votes)
    council.conclude_meeting(user=leader, meeting_id=meeting.pk, resolutions={assessment.pk: resolution})
    submitting.submit(user=leader, plan_id=assessment.plan.pk, assessment_ids=[assessment.pk])


def _return_and_reopen(play: Stageplay, assessment: Assessment, code: str) -> None:
    """Home affairs wants more; the officer has taken up the entries it names."""
    moving.return_to_ward(
        user=play.home_affairs,
        assessment_id=assessment.pk,
        reason=data.CITY_RETURN_REASON,
        new_due=timezone.localdate() + timedelta(days=DAYS_TO_RESUBMIT),
    )
    for key in data.REOPENED:
        officer, empty = play.officer(code), NewAnswer(figures={})
        save_answer(user=officer, assessment_id=assessment.pk, layer=Layer.SELF, key=key, version=1, answer=empty)


def _appraise(play: Stageplay, assessment: Assessment, *, differing: bool) -> None:
    """In 2020 home affairs took the ward's verdicts over by itself, and found one thing here and there."""
    user = play.home_affairs
    if differing:
        key, reason = data.CITY_FOUND
        answer = NewAnswer("not_met", reason)
        save_answer(user=user, assessment_id=assessment.pk, layer=Layer.AGENCY, key=key, version=0, answer=answer)
    appraisal.confirm_self_verdicts(user=user, assessment_id=assessment.pk)


def _many(
    user: User,
    assessment: Assessment,
    table: Table,
    answers: dict[str, LayerAnswers],
    layer: str,
    wanted: dict[str, NewAnswer],
) -> None:
    apply_many(
        user=user, assessment=assessment, table=table, answers=answers, layer=layer, wanted=wanted, action=ACTION
    )


def _propose(play: Stageplay, assessment: Assessment) -> None:
    moving.conclude(user=play.home_affairs, assessment_id=assessment.pk)
    moving.propose(user=play.home_affairs, assessment_id=assessment.pk)


def _decide(
    play: Stageplay, plan: Plan, number: str, issued_on: date, assessments: Iterable[int], *, confirmed: bool
) -> None:
    """A decision with a number that no office would give ("MH": minh họa)."""
    decision = recognition.record_decision(
        user=play.home_affairs,
        plan_id=plan.pk,
        assessment_ids=list(assessments),
        decision=Decision(
            number=number,
            issued_on=issued_on,
            title=f"Công nhận tổ dân phố, bản tự quản, phát triển toàn diện năm {plan.year} (dữ liệu minh họa)",
            signer_title="KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH",
        ),
    )
    if confirmed:
        recognition.confirm_decision(user=play.users["lanhdao.thanhpho"], decision_id=decision.pk)


def _random(*seed: object) -> Random:
    """The same numbers at every load, whatever the order."""
    return Random(" ".join(map(str, seed)))  # noqa: S311 (nothing here is secret)
