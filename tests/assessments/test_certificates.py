"""The register of certificates: numbers without gaps, codes nobody guesses, rows that never change."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from assessments import certificates, recognition
from assessments.models import Certificate, Plan
from assessments.workflow import State
from tests import factories
from tests.assessments.appraising import RECOGNISED, REFUSED, correct, decided, dossier
from tests.assessments.parallel import at_once
from tests.assessments.roads import People, record
from tests.database import refused


def numbers(plan: Plan) -> list[int]:
    return list(Certificate.objects.filter(plan=plan).order_by("number").values_list("number", flat=True))


@pytest.mark.django_db
class TestRegister:
    def test_by_unit_and_only_whom_it_recognises(self, people: People, plan: Plan) -> None:
        second, first = (dossier(people, plan, State.PROPOSED) for _ in range(2))
        bad = dossier(people, plan, State.PROPOSED, bad=["tc-1.1"])
        for assessment, name in ((first, "Tổ 2"), (second, "Tổ 10")):
            type(assessment.unit).objects.filter(pk=assessment.unit.pk).update(name=name)
        decided(people, second, first, bad)
        register = Certificate.objects.order_by("number").values_list("number", "line__assessment")
        assert list(register) == [(1, first.pk), (2, second.pk)]

    def test_goes_on_with_the_next_decision_of_the_year(self, people: People, plan: Plan) -> None:
        for number in ("12/QĐ-UBND", "13/QĐ-UBND"):
            decided(people, dossier(people, plan, State.PROPOSED), number=number)
        assert numbers(plan) == [1, 2]
        other = factories.PlanFactory()
        decided(people, dossier(people, other, State.PROPOSED), number="14/QĐ-UBND")
        assert numbers(other) == [1]

    def test_confirming_again_gives_nothing(self, people: People, plan: Plan) -> None:
        made = decided(people, dossier(people, plan, State.PROPOSED))
        recognition.confirm_decision(user=people.city_leader, decision_id=made.pk)
        assert certificates.issue(made) == [] and numbers(plan) == [1]

    def test_a_correction_that_recognises_gives_one(self, people: People, plan: Plan) -> None:
        good = dossier(people, plan, State.PROPOSED)
        bad = dossier(people, plan, State.PROPOSED, bad=["tc-1.1"])
        made = decided(people, good, bad)
        correct(people, made, {good: REFUSED, bad: RECOGNISED}, number="20/QĐ-UBND")
        assert dict(Certificate.objects.values_list("line__assessment", "number")) == {good.pk: 1, bad.pk: 2}

    def test_codes(self) -> None:
        codes = {certificates.new_code() for _ in range(200)}
        assert len(codes) == 200 and all(len(code) == 20 and set(code) <= set(certificates.LETTERS) for code in codes)
        assert not set(certificates.LETTERS) & set("01IOio") and len(certificates.LETTERS) == 32


@pytest.mark.django_db
class TestFixed:
    def test_never_changed_never_removed(self, people: People, plan: Plan) -> None:
        decided(people, dossier(people, plan, State.PROPOSED))
        found = Certificate.objects.get()
        for change in (
            lambda: Certificate.objects.update(number=7),
            lambda: Certificate.objects.update(code=certificates.new_code()),
            lambda: Certificate.objects.filter(pk=found.pk).delete(),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()
        assert Certificate.objects.get().code == found.code

    def test_only_what_a_confirmed_decision_recognises(self, people: People, plan: Plan) -> None:
        good = dossier(people, plan, State.PROPOSED)
        bad = dossier(people, plan, State.PROPOSED, bad=["tc-1.1"])
        waiting = record(people, dossier(people, plan, State.PROPOSED), number="15/QĐ-UBND")
        made = decided(people, good, bad)
        lines = {line.assessment_id: line for line in made.lines.all()}
        other = factories.PlanFactory()
        wrong = (
            (lines[bad.pk], plan),  # refused
            (waiting.lines.get(), plan),  # not confirmed
            (correct(people, made, {bad: RECOGNISED}, number="20/QĐ-UBND", confirm=False).lines.get(), plan),
            (lines[good.pk], other),  # another year's register
        )
        for line, register in wrong:
            with pytest.raises(IntegrityError), transaction.atomic():
                Certificate.objects.create(line=line, plan=register, number=99, code=certificates.new_code())
        assert numbers(plan) == [1]

    @pytest.mark.parametrize("code", ["A" * 19, "A" * 19 + "0", "a" * 20, ""])
    def test_codes_of_another_shape(self, people: People, plan: Plan, code: str) -> None:
        made = record(people, dossier(people, plan, State.PROPOSED))
        type(made).objects.filter(pk=made.pk).update(confirmed_at="2025-11-05T00:00Z", confirmed_by=people.city_leader)
        with refused("certificate_code_unguessable"):
            Certificate.objects.create(line=made.lines.get(), plan=plan, number=1, code=code)

    def test_numbers(self, people: People, plan: Plan) -> None:
        decided(people, dossier(people, plan, State.PROPOSED))
        made = record(people, dossier(people, plan, State.PROPOSED), number="13/QĐ-UBND")
        type(made).objects.filter(pk=made.pk).update(confirmed_at="2025-11-05T00:00Z", confirmed_by=people.city_leader)
        rules = {0: "certificate_number_counts_from_one", 1: "certificate_number_once"}
        for number, rule in rules.items():
            with refused(rule):
                Certificate.objects.create(
                    line=made.lines.get(), plan=plan, number=number, code=certificates.new_code()
                )


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("fresh_tables")
class TestAtOnce:
    def test_decisions_of_one_plan_confirmed_together(self, people: People, plan: Plan) -> None:
        made = [
            record(people, *(dossier(people, plan, State.PROPOSED) for _ in range(2)), number=f"{n}/QĐ-UBND")
            for n in (31, 32, 33)
        ]
        results = at_once(
            *(
                lambda pk=decision.pk: recognition.confirm_decision(user=people.city_leader, decision_id=pk)
                for decision in made
            )
        )
        assert [type(result).__name__ for result in results] == ["Decision"] * 3, results
        assert numbers(plan) == [1, 2, 3, 4, 5, 6]

    def test_one_decision_confirmed_twice_at_once(self, people: People, plan: Plan) -> None:
        made = record(people, dossier(people, plan, State.PROPOSED))
        at_once(*(lambda: recognition.confirm_decision(user=people.city_leader, decision_id=made.pk) for _ in range(3)))
        assert numbers(plan) == [1]


@pytest.mark.django_db
def test_older_decisions_get_theirs_by_the_migration(people: People, plan: Plan) -> None:
    """Certificates taken away past the triggers come back, in the order of the decisions."""
    for number in ("12/QĐ-UBND", "13/QĐ-UBND"):
        decided(people, *(dossier(people, plan, State.PROPOSED) for _ in range(2)), number=number)
    before = list(Certificate.objects.order_by("number").values_list("number", "line"))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE assessments_certificate DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM assessments_certificate")
        cursor.execute("ALTER TABLE assessments_certificate ENABLE TRIGGER USER")
    executor = MigrationExecutor(connection)
    state = executor.loader.project_state([("assessments", "0007_papers_are_fixed")])
    module = executor.loader.get_migration("assessments", "0007_papers_are_fixed")
    module.operations[0].code(state.apps, None)
    assert list(Certificate.objects.order_by("number").values_list("number", "line")) == before
