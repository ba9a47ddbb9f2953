"""What is read of the criteria: sets, and one set as a pure table."""

from collections.abc import Mapping
from functools import lru_cache

from django.db.models import QuerySet

from criteria import spec
from criteria.models import Alternative, CriteriaSet, Entry, Exemption, Indicator, Section


def criteria_sets() -> QuerySet[CriteriaSet]:
    """All versions, newest first within a code."""
    return CriteriaSet.objects.select_related("predecessor")


def table(criteria_set_id: int) -> spec.Table:
    """The set as a pure table. Published sets are kept in memory: the database refuses their change."""
    kept = _kept.get(criteria_set_id)
    if kept is None:
        criteria_set = CriteriaSet.objects.get(pk=criteria_set_id)
        kept = _read(criteria_set)
        if criteria_set.status != CriteriaSet.Status.DRAFT:
            _kept[criteria_set_id] = kept
    return kept


_kept: dict[int, spec.Table] = {}


@lru_cache(maxsize=64)
def _own_table(of: tuple[int, int], unit_kind: str, ward_kind: str) -> spec.Table:
    return _kept[of[0]].for_unit(unit_kind, ward_kind)


def unit_table(criteria_set_id: int, unit_kind: str, ward_kind: str) -> spec.Table:
    """The table as a unit of this kind in a ward of this kind sees it."""
    whole = table(criteria_set_id)
    if criteria_set_id not in _kept:
        return whole.for_unit(unit_kind, ward_kind)
    return _own_table((criteria_set_id, id(whole)), unit_kind, ward_kind)


def forget_tables() -> None:
    """Empty the memory: for tests that throw the database away."""
    _kept.clear()
    _own_table.cache_clear()


def _read(criteria_set: CriteriaSet) -> spec.Table:
    sections = list(Section.objects.filter(criteria_set=criteria_set).order_by("number"))
    entries = _entries(criteria_set, {section.pk: section.number for section in sections})

    def of_kind(kind: str) -> tuple[spec.Section, ...]:
        return tuple(spec.Section(s.number, s.name, tuple(entries.get(s.pk, ()))) for s in sections if s.kind == kind)

    return spec.Table(
        id=criteria_set.pk,
        standard_percent=criteria_set.standard_percent,
        content_percent=criteria_set.content_percent,
        standards=of_kind(Section.Kind.STANDARD),
        contents=of_kind(Section.Kind.CONTENT),
        cases=tuple(entries.get(None, ())),
        title=criteria_set.title,
        legal_basis=criteria_set.legal_basis,
        notes=criteria_set.notes,
    )


def _entries(criteria_set: CriteriaSet, numbers: Mapping[int, int]) -> dict[int | None, list[spec.Entry]]:
    """The set's entries in order, by section; the cases under None. `numbers` are the sections' numbers."""
    indicators: dict[int, list[spec.Indicator]] = {}
    for row in Indicator.objects.filter(entry__criteria_set=criteria_set).select_related("base"):
        indicators.setdefault(row.entry_id, []).append(_indicator(row))
    alternatives: dict[int, list[spec.Alternative]] = {}
    for other in Alternative.objects.filter(entry__criteria_set=criteria_set):
        alternatives.setdefault(other.entry_id, []).append(
            spec.Alternative(other.text, other.unit_kind, other.ward_kind)
        )
    exempt: dict[int, list[str]] = {}
    for exemption in Exemption.objects.filter(entry__criteria_set=criteria_set):
        exempt.setdefault(exemption.entry_id, []).append(exemption.unit_kind)
    read: dict[int | None, list[spec.Entry]] = {}
    for entry in Entry.objects.filter(criteria_set=criteria_set).order_by("position").select_related("contradicts"):
        read.setdefault(entry.section_id, []).append(
            spec.Entry(
                id=entry.pk,
                key=entry.key,
                code=entry.code,
                kind=spec.EntryKind(entry.kind),
                text=entry.text,
                section=numbers[entry.section_id] if entry.section_id else None,
                block=entry.block,
                block_name=entry.block_name,
                derived=entry.derived,
                contradicts=entry.contradicts.key if entry.contradicts else "",
                indicators=tuple(indicators.get(entry.pk, ())),
                alternatives=tuple(alternatives.get(entry.pk, ())),
                exempt_kinds=tuple(exempt.get(entry.pk, ())),
            )
        )
    return read


def _indicator(row: Indicator) -> spec.Indicator:
    return spec.Indicator(
        key=row.key,
        label=row.label,
        kind=spec.IndicatorKind(row.kind),
        comparator=spec.Comparator(row.comparator),
        threshold=row.threshold,
        numerator_label=row.numerator_label,
        denominator_label=row.denominator_label,
        unit_word=row.unit_word,
        denominator_source=spec.DenominatorSource(row.denominator_source),
        base=row.base.key if row.base else "",
        unit_kind=row.unit_kind,
        id=row.pk,
    )
