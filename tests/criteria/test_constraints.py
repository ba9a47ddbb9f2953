"""The database's own rules on criteria sets: what a table may look like, and that a published one is frozen."""

import unicodedata
from typing import Any

import pytest
from django.db import models
from django.utils import timezone

from criteria.models import Alternative, CriteriaSet, Entry, Exemption, Indicator, Section
from tests import factories
from tests.database import refused, run

FROZEN = "it can only be succeeded|its table cannot be changed"
PARTS = [Section, Entry, Alternative, Exemption, Indicator]


@pytest.fixture
def published(db: None) -> CriteriaSet:
    return factories.published_2020()


@pytest.fixture
def draft(db: None) -> CriteriaSet:
    """A set with one row of every part."""
    draft = CriteriaSet.objects.create(
        code="2030", title="Dự thảo", legal_basis="x", standard_percent=80, content_percent=80
    )
    section = Section.objects.create(criteria_set=draft, kind="standard", number=1, name="Một")
    entry = Entry.objects.create(
        criteria_set=draft, section=section, kind="criterion", key="tc-1.1", code="1.1", position=1, text="x"
    )
    Alternative.objects.create(entry=entry, unit_kind="group", text="y")
    Exemption.objects.create(entry=entry, unit_kind="group")
    Indicator.objects.create(
        entry=entry, key="so-ho", label="Số hộ", kind="ratio", numerator_label="Số hộ", comparator=">=", threshold=98
    )
    return draft


def copy_of(row: models.Model, **changes: Any) -> models.Model:
    """An unsaved second row like this one."""
    values = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if not f.primary_key}
    return type(row)(**values | changes)


class TestPublishedIsFrozen:
    @pytest.mark.parametrize(
        "change",
        [
            {"standard_percent": 50},
            {"content_percent": 50},
            {"title": "Khác"},
            {"legal_basis": "Khác"},
            {"version": 9},
            {"published_at": None, "status": "draft"},
            {"published_at": timezone.now()},
            {"status": "retired", "retired_at": timezone.now(), "standard_percent": 50},
        ],
        ids=lambda change: "-".join(change),
    )
    def test_update(self, published: CriteriaSet, change: dict[str, Any]) -> None:
        with refused(FROZEN):
            CriteriaSet.objects.filter(pk=published.pk).update(**change)

    def test_delete(self, published: CriteriaSet) -> None:
        with refused(FROZEN):
            published.delete()
        with refused(FROZEN):
            run("DELETE FROM criteria_criteriaset WHERE id = %s", published.pk)

    def test_retiring_is_allowed_and_final(self, published: CriteriaSet) -> None:
        own = CriteriaSet.objects.filter(pk=published.pk)
        own.update(status="retired", retired_at=timezone.now())
        for change in ({"status": "published", "retired_at": None}, {"title": "Khác"}, {"retired_at": timezone.now()}):
            with refused(FROZEN):
                own.update(**change)
        with refused(FROZEN):
            Entry.objects.filter(criteria_set=published).update(text="Khác")

    @pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
    def test_parts(self, published: CriteriaSet, part: type[models.Model]) -> None:
        first = part._default_manager.order_by("pk").first()
        assert first is not None
        with refused(FROZEN):
            part._default_manager.filter(pk=first.pk).update(id=first.pk)
        with refused(FROZEN):
            run(f"DELETE FROM {part._meta.db_table} WHERE id = %s", first.pk)  # noqa: S608
        with refused(FROZEN):
            copy_of(first).save()

    @pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
    def test_part_of_a_draft_cannot_move_in(
        self, published: CriteriaSet, draft: CriteriaSet, part: type[models.Model]
    ) -> None:
        belongs = "criteria_set" if part in (Section, Entry) else "entry"
        own = {"criteria_set": draft} if belongs == "criteria_set" else {"entry__criteria_set": draft}
        target = published if belongs == "criteria_set" else published.entries.first()
        row = part._default_manager.get(**own)
        with refused(FROZEN):
            part._default_manager.filter(pk=row.pk).update(**{belongs: target})

    def test_part_cannot_move_out(self, published: CriteriaSet, draft: CriteriaSet) -> None:
        with refused(FROZEN):
            Entry.objects.filter(criteria_set=published, key="tc-1.1").update(criteria_set=draft, position=999)

    def test_draft_is_free(self, draft: CriteriaSet) -> None:
        CriteriaSet.objects.filter(pk=draft.pk).update(standard_percent=70)
        Entry.objects.filter(criteria_set=draft).update(text="Khác")
        draft.delete()
        assert not Entry.objects.exists()


class TestSet:
    def test_version_once(self, draft: CriteriaSet) -> None:
        with refused("criteria_set_version_once"):
            copy_of(draft).save()

    @pytest.mark.parametrize("change", [{"standard_percent": 0}, {"content_percent": 101}])
    def test_percentages(self, draft: CriteriaSet, change: dict[str, int]) -> None:
        with refused("criteria_set_percent_range"):
            CriteriaSet.objects.filter(pk=draft.pk).update(**change)

    @pytest.mark.parametrize(
        "change",
        [
            {"status": "published"},
            {"status": "retired", "published_at": timezone.now()},
            {"status": "other"},
            {"published_at": timezone.now()},
            {"status": "published", "published_at": timezone.now(), "retired_at": timezone.now()},
        ],
    )
    def test_status_and_dates(self, draft: CriteriaSet, change: dict[str, Any]) -> None:
        with refused("criteria_set_status_dates"):
            CriteriaSet.objects.filter(pk=draft.pk).update(**change)

    def test_one_successor(self, published: CriteriaSet, draft: CriteriaSet) -> None:
        CriteriaSet.objects.filter(pk=draft.pk).update(predecessor=published)
        with refused("predecessor_id_key"):
            copy_of(draft, version=2, predecessor_id=published.pk).save()


class TestParts:
    def test_section(self, draft: CriteriaSet) -> None:
        section = draft.sections.get()
        with refused("section_once"):
            copy_of(section).save()
        with refused("section_kind_known"):
            copy_of(section, kind="chapter").save()

    @pytest.mark.parametrize(
        ("change", "rule"),
        [
            ({"position": 2}, "entry_key_once"),
            ({"key": "tc-1.2"}, "entry_position_once"),
            ({"key": "tc-1.2", "position": 2, "kind": "rule"}, "entry_kind_known"),
            ({"key": "tc-1.2", "position": 2, "kind": "case"}, "entry_case_stands_alone"),
            ({"key": "tc-1.2", "position": 2, "section_id": None}, "entry_case_stands_alone"),
            ({"key": "tc-1.2", "position": 2, "text": unicodedata.normalize("NFD", "Tổ")}, "entry_text_nfc"),
        ],
    )
    def test_entry(self, draft: CriteriaSet, change: dict[str, Any], rule: str) -> None:
        with refused(rule):
            copy_of(draft.entries.get(), **change).save()

    def test_alternative(self, draft: CriteriaSet) -> None:
        alternative = Alternative.objects.get()
        with refused("alternative_once"):
            copy_of(alternative).save()
        with refused("alternative_for_some_kind"):
            copy_of(alternative, unit_kind="").save()

    def test_exemption(self, draft: CriteriaSet) -> None:
        with refused("exemption_once"):
            copy_of(Exemption.objects.get()).save()

    @pytest.mark.parametrize(
        ("change", "rule"),
        [
            ({}, "indicator_once"),
            ({"key": "khac", "threshold": 101}, "indicator_ratio_in_percent"),
            ({"key": "khac", "denominator_source": "indicator"}, "indicator_base_when_needed"),
        ],
    )
    def test_indicator(self, draft: CriteriaSet, change: dict[str, Any], rule: str) -> None:
        with refused(rule):
            copy_of(Indicator.objects.get(), **change).save()

    def test_indicator_with_an_idle_base(self, draft: CriteriaSet) -> None:
        base = Indicator.objects.get()
        with refused("indicator_base_when_needed"):
            copy_of(base, key="khac", base_id=base.pk).save()
