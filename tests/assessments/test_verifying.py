"""Tampering by somebody who may do anything in the database: found, and told where."""

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import User
from assessments import exporting, recognition
from assessments.exporting import BadFile, Exported, heads, lines, parse
from assessments.models import Assessment, Event, Plan
from assessments.verifying import Report, verify
from assessments.workflow import State
from tests import factories
from tests.assessments import roads
from tests.assessments.roads import People, answer_all, save, walk

pytestmark = pytest.mark.django_db


def tamper(sql: str, *values: object, table: str = "assessments_event") -> None:
    """As a database administrator would, with the guards switched off."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql, values)
        assert cursor.rowcount, "nothing was changed"
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def rewrite(assessment: Assessment) -> None:
    """The whole chain anew, with right hashes: nothing inside it shows that it is another one."""
    head = ""
    events = Event.objects.filter(assessment=assessment).order_by("sequence").values_list("pk", flat=True)
    for position, pk in enumerate(events, start=1):
        tamper("UPDATE assessments_event SET sequence = %s, previous_hash = %s WHERE id = %s", position, head, pk)
        tamper("UPDATE assessments_event e SET hash = event_hash(e) WHERE id = %s", pk)
        head = Event.objects.get(pk=pk).hash


def exported() -> Exported:
    return parse("".join(lines(heads())).encode())


def sentences(report: Report) -> str:
    return "\n".join(map(str, report.faults))


def event_id(assessment: Assessment, sequence: int) -> int:
    return Event.objects.get(assessment=assessment, sequence=sequence).pk


@pytest.fixture
def busy(people: People, assessment: Assessment) -> Assessment:
    """Five events: registered, three answers, and everything answered at once."""
    for key, said in (("tc-1.1", "met"), ("tc-1.2", "not_met"), ("tc-1.3", "met")):
        save(people.officer, assessment, key, roads.NewAnswer(said, f"Ghi chú {key}"))
    answer_all(people.officer, assessment)
    return assessment


def test_an_honest_road_is_intact(people: People, assessment: Assessment, plan: Plan) -> None:
    walk(people, assessment, State.PROPOSED)
    made = roads.record(people, assessment)
    recognition.confirm_decision(user=people.city_leader, decision_id=made.pk)
    Event.objects.create(plan=plan, kind=Event.Kind.ASSIGNED, actor=people.home_affairs)
    report = verify(exported=exported())
    assert sentences(report) == ""
    assert (report.chains, report.events) == (2, Event.objects.count())
    assert report.compared == 2
    alone = verify(assessment_id=assessment.pk)
    assert alone.intact and alone.head == assessment.events.order_by("-sequence")[0].hash
    assert alone.events == assessment.events.count() and alone.chains == 1


def changed_reason(busy: Assessment) -> int:
    tamper("UPDATE assessments_event SET reason = 'khác' WHERE id = %s", event_id(busy, 3))
    return 3


def changed_data(busy: Assessment) -> int:
    tamper(
        "UPDATE assessments_event SET data = jsonb_set(data, '{after,stated}', '\"met\"') WHERE id = %s",
        event_id(busy, 3),
    )
    return 3


def changed_time(busy: Assessment) -> int:
    tamper("UPDATE assessments_event SET at = at - interval '1 microsecond' WHERE id = %s", event_id(busy, 5))
    return 5


def changed_actor(busy: Assessment) -> int:
    other = factories.WardOfficerFactory()
    tamper("UPDATE assessments_event SET actor_id = %s WHERE id = %s", other.pk, event_id(busy, 2))
    return 2


def removed_from_the_middle(busy: Assessment) -> int:
    tamper("DELETE FROM assessments_event WHERE id = %s", event_id(busy, 3))
    return 4


def removed_and_closed_up(busy: Assessment) -> int:
    """The numbers of those behind are moved up, too."""
    tamper("DELETE FROM assessments_event WHERE id = %s", event_id(busy, 3))
    for number in (4, 5):
        tamper("UPDATE assessments_event SET sequence = %s WHERE id = %s", number - 1, event_id(busy, number))
    return 3


def removed_head(busy: Assessment) -> int:
    tamper("DELETE FROM assessments_event WHERE id = %s", event_id(busy, 1))
    return 2


def swapped(busy: Assessment) -> int:
    one, other = event_id(busy, 2), event_id(busy, 3)
    tamper("UPDATE assessments_event SET sequence = 99 WHERE id = %s", one)
    tamper("UPDATE assessments_event SET sequence = 2 WHERE id = %s", other)
    tamper("UPDATE assessments_event SET sequence = 3 WHERE id = %s", one)
    return 2


def inserted(busy: Assessment) -> int:
    """A sixth event with a hash of its own that fits itself but not the chain."""
    tamper(
        "INSERT INTO assessments_event (assessment_id, sequence, previous_hash, hash, kind, action, layer, from_state,"
        " to_state, reason, data, actor_id, at) SELECT assessment_id, 6, '', '', kind, action, layer, from_state,"
        " to_state, 'chen vào', data, actor_id, at FROM assessments_event WHERE id = %s",
        event_id(busy, 5),
    )
    tamper("UPDATE assessments_event e SET hash = event_hash(e) WHERE reason = 'chen vào'")
    return 6


def changed_with_a_right_hash(busy: Assessment) -> int:
    """The event fits its own hash again, but the next one names the old."""
    tamper("UPDATE assessments_event SET reason = 'khác' WHERE id = %s", event_id(busy, 3))
    tamper("UPDATE assessments_event e SET hash = event_hash(e) WHERE id = %s", event_id(busy, 3))
    return 4


def overwritten_hash(busy: Assessment) -> int:
    tamper("UPDATE assessments_event SET hash = repeat('a', 64) WHERE id = %s", event_id(busy, 5))
    return 5


@pytest.mark.parametrize(
    "how",
    [
        changed_reason, changed_data, changed_time, changed_actor, removed_from_the_middle, removed_and_closed_up,
        removed_head, swapped, inserted, changed_with_a_right_hash, overwritten_hash,
    ],
)  # fmt: skip
def test_tampering_is_found_at_its_place(busy: Assessment, how: Callable[[Assessment], int]) -> None:
    assert verify().intact
    where = how(busy)
    report = verify()
    assert report.faults and report.faults[0].sequence == where, sentences(report)
    place = f"Hồ sơ {busy.pk} (Tổ 5, phường {busy.unit.ward.name}, năm {busy.plan.year}), sự kiện số {where}: "
    assert str(report.faults[0]).startswith(place)
    assert not verify(assessment_id=busy.pk).intact
    other = factories.open_assessment(plan=busy.plan)
    assert verify(assessment_id=other.pk).intact, "the neighbour is not blamed"


def test_a_removed_tail_that_moved_the_dossier(people: People, assessment: Assessment) -> None:
    """Without its last move the record no longer leads to the state the dossier is in."""
    walk(people, assessment, State.COUNCIL)
    last = assessment.events.order_by("-sequence")[0]
    tamper("DELETE FROM assessments_event WHERE id = %s", last.pk)
    [fault] = verify().faults
    assert "“Chờ hội đồng xã, phường”" in fault.what and "“Đang tự đánh giá”" in fault.what


def test_a_state_changed_behind_the_record(assessment: Assessment) -> None:
    factories.in_state(assessment, State.CONCLUDED)
    [fault] = verify().faults
    assert "Đã kết luận thẩm định" in fault.what


def test_an_emptied_record(busy: Assessment) -> None:
    tamper("DELETE FROM assessments_event WHERE assessment_id = %s", busy.pk)
    assert "không có sự kiện nào" in sentences(verify())
    assert not verify(assessment_id=busy.pk).intact


def cut_tail(busy: Assessment) -> None:
    tamper("DELETE FROM assessments_event WHERE id = %s", event_id(busy, 5))


def rewritten(busy: Assessment) -> None:
    tamper("UPDATE assessments_event SET reason = 'khác' WHERE id = %s", event_id(busy, 3))
    rewrite(busy)


def rewritten_without_one(busy: Assessment) -> None:
    tamper("DELETE FROM assessments_event WHERE id = %s", event_id(busy, 3))
    rewrite(busy)


@pytest.mark.parametrize("how", [cut_tail, rewritten, rewritten_without_one])
def test_what_only_the_exported_file_finds(busy: Assessment, how: Callable[[Assessment], None]) -> None:
    before = exported()
    how(busy)
    assert verify().intact, "nothing inside the database shows it"
    report = verify(exported=before)
    assert len(report.faults) == 1, sentences(report)
    assert f"Hồ sơ {busy.pk}" in str(report.faults[0])
    assert not verify(assessment_id=busy.pk, exported=before).intact
    assert not verify(plan=busy.plan, exported=before).intact


def test_work_after_the_export_is_no_fault(people: People, busy: Assessment) -> None:
    before = exported()
    save(people.officer, busy, "tc-1.1", "not_met", 1)
    factories.open_assessment(plan=busy.plan)
    report = verify(exported=before)
    assert report.intact and report.compared == 1


def test_a_dossier_of_the_file_that_is_gone(busy: Assessment) -> None:
    known = exported().rows[0]
    gone = Exported((replace(known, assessment_id=known.assessment_id + 999), replace(known, year=1999)))  # type: ignore[operator]
    assert sentences(verify(exported=gone)).count("không còn trong cơ sở dữ liệu") == 2
    assert verify(exported=gone, plan=factories.PlanFactory()).intact, "another year's rows are not asked for"


def test_the_plan_has_a_chain_too(plan: Plan, home_affairs: User) -> None:
    made = [Event.objects.create(plan=plan, kind=Event.Kind.ASSIGNED, actor=home_affairs) for _ in range(3)]
    before = exported()
    tamper("UPDATE assessments_event SET reason = 'x' WHERE id = %s", made[1].pk)
    assert f"Kế hoạch năm {plan.year}, sự kiện số 2" in sentences(verify(plan=plan))
    tamper("DELETE FROM assessments_event WHERE id IN (%s, %s)", made[1].pk, made[2].pk)
    assert verify().intact
    assert f"Kế hoạch năm {plan.year}" in sentences(verify(exported=before))


def test_decision_and_record_say_the_same(people: People, assessment: Assessment) -> None:
    walk(people, assessment, State.PROPOSED)
    made = roads.record(people, assessment)
    recognition.confirm_decision(user=people.city_leader, decision_id=made.pk)
    assert verify().intact
    line = "assessments_decisionline"
    tamper("UPDATE assessments_decisionline SET result = 'not_recognised', reasons = 'x'", table=line)
    assert "Quyết định số 12/QĐ-UBND không khớp" in sentences(verify())
    tamper("UPDATE assessments_decisionline SET result = 'recognised', chain_head = repeat('0', 64)", table=line)
    [fault] = verify().faults
    assert "in trên quyết định không có trong nhật ký" in fault.what


def test_many_events_one_pass(django_assert_max_num_queries: Any, busy: Assessment, officer: User) -> None:
    Event.objects.bulk_create(
        Event(assessment=busy, kind=Event.Kind.ANSWERED, actor=officer, data={"n": n}) for n in range(3000)
    )
    with django_assert_max_num_queries(6):
        report = verify()
    assert report.intact and report.events == 3005


class TestCommands:
    def run(self, *arguments: str, **options: Any) -> str:
        out = io.StringIO()
        call_command(*arguments, stdout=out, stderr=out, **options)
        return out.getvalue()

    def test_intact(self, busy: Assessment) -> None:
        assert self.run("verify_events") == "Nhật ký nguyên vẹn: 5 sự kiện trong 2 chuỗi.\n"
        assert "5 sự kiện trong 1 chuỗi" in self.run("verify_events", f"--assessment={busy.pk}")
        assert "5 sự kiện" in self.run("verify_events", f"--plan={busy.plan.year}")

    def test_says_where_and_fails(self, busy: Assessment) -> None:
        changed_reason(busy)
        err = io.StringIO()
        with pytest.raises(CommandError, match="Nhật ký có 1 chỗ sai lệch"):
            call_command("verify_events", stderr=err)
        assert "sự kiện số 3: nội dung không khớp với mã băm" in err.getvalue()

    def test_export_and_compare(self, busy: Assessment, tmp_path: Path) -> None:
        file = tmp_path / "ma-bam.csv"
        self.run("export_heads", f"--output={file}")
        assert file.read_bytes().startswith(b"\xef\xbb\xbf")
        assert "khớp với 1 mã băm đã xuất" in self.run("verify_events", f"--against={file}")
        assert parse(self.run("export_heads").encode()).rows == parse(file.read_bytes()).rows
        rewritten(busy)
        with pytest.raises(CommandError):
            call_command("verify_events", "--against", str(file), stderr=io.StringIO())
        with pytest.raises(CommandError, match="Không ghi được tệp"):
            self.run("export_heads", f"--output={file}")

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["verify_events", "--assessment=999999"], "Không có hồ sơ"),
            (["verify_events", "--plan=1999"], "Không có kế hoạch năm"),
            (["verify_events", "--against=/khong/co"], "Không đọc được tệp"),
            (["export_heads", "--plan=1999"], "Không có kế hoạch năm"),
        ],
    )
    def test_what_is_not_there(self, arguments: list[str], message: str) -> None:
        with pytest.raises(CommandError, match=message):
            self.run(*arguments)

    def test_an_empty_database_is_intact(self) -> None:
        assert "0 sự kiện" in self.run("verify_events")
        assert self.run("export_heads").count("\n") == 1


class TestFile:
    def test_rows(self, busy: Assessment) -> None:
        [row] = exported().rows
        assert (row.year, row.unit, row.assessment_id, row.events) == (busy.plan.year, "Tổ 5", busy.pk, 5)
        assert row.hash == busy.events.order_by("-sequence")[0].hash

    def test_only_one_plan(self, busy: Assessment) -> None:
        other = factories.open_assessment(plan=factories.PlanFactory())
        assert {row.assessment_id for row in heads(other.plan)} == {other.pk}
        assert {row.assessment_id for row in heads()} == {busy.pk, other.pk}

    def test_a_name_is_no_formula(self, plan: Plan) -> None:
        unit = factories.UnitFactory(name='=HYPERLINK("http://x")')
        factories.open_assessment(unit=unit, plan=plan)
        assert ',"\'=HYPERLINK(""http://x"")",' in "".join(lines(heads()))

    def test_as_excel_saves_it(self, busy: Assessment) -> None:
        text = "".join(lines(heads())).replace("Tổ dân phố, bản", "Tổ dân phố. bản")
        text = text.replace('"', "").replace(",", ";").replace("Xã; phường", "Xã, phường").replace(". bản", ", bản")
        assert ";" in text and parse(text.encode()).rows == exported().rows

    @pytest.mark.parametrize(
        "content",
        [
            b"", b"\xff\xfe\x00", b"\x00" * 50, b"a,b,c\n1,2,3\n", b"%PDF-1.7", b'"' + b"x" * 200_000,
            ",".join(f'"{c}"' for c in exporting.COLUMNS).encode(),
            (",".join(f'"{c}"' for c in exporting.COLUMNS) + "\n2025,a,b,1,5,zz,x\n").encode(),
            (",".join(f'"{c}"' for c in exporting.COLUMNS) + f"\n2025,a,b,-1,5,{'a' * 64},x\n").encode(),
            (",".join(f'"{c}"' for c in exporting.COLUMNS) + f"\n2025,a,b,{'9' * 30},5,{'a' * 64},x\n").encode(),
            (",".join(f'"{c}"' for c in exporting.COLUMNS) + f"\n²,a,b,1,5,{'a' * 64},x\n").encode(),
            (",".join(f'"{c}"' for c in exporting.COLUMNS) + "\n2025,a\n").encode(),
        ],
    )  # fmt: skip
    def test_other_files_are_refused_in_words(self, content: bytes) -> None:
        with pytest.raises(BadFile) as caught:
            parse(content)
        assert str(caught.value).endswith(".")
