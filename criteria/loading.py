"""Bringing a criteria set from its fixture file into the database, once. Running again only compares.

The file is Django's fixture format with natural keys; fixtures/criteria-2020.json is the model of one.
"""

import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile
from pathlib import Path
from typing import Any, TypeAlias

from django.core import serializers
from django.core.serializers.base import DeserializationError
from django.db import DatabaseError, models, transaction
from django.utils import timezone

from criteria import queries, spec
from criteria.models import Alternative, CriteriaSet, Entry, Exemption, Indicator, Section

# What makes a row of each kind one and the same row in the file and in the database.
_IDENTITY: Mapping[type[models.Model], tuple[str, ...]] = {
    CriteriaSet: ("code", "version"),
    Section: ("criteria_set", "kind", "number"),
    Entry: ("criteria_set", "key"),
    Alternative: ("entry", "unit_kind", "ward_kind"),
    Exemption: ("entry", "unit_kind"),
    Indicator: ("entry", "key"),
}
_MODELS = {model._meta.label_lower: model for model in _IDENTITY}
# Where a set stands in its life is the database's to know, not the file's.
_STANDING = {"status", "published_at", "retired_at"}

Identity: TypeAlias = tuple[Any, ...]
Rows: TypeAlias = dict[tuple[type[models.Model], Identity], dict[str, Any]]


class CriteriaFileError(Exception):
    """The file cannot be loaded; the message says why, in Vietnamese, for the person at the keyboard."""


class Outcome(StrEnum):
    LOADED = "loaded"  # the set was not there
    PUBLISHED = "published"  # the same content was there as a draft
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What a run did, and how many entries of each kind the set has."""

    criteria_set: CriteriaSet
    outcome: Outcome
    counts: Mapping[spec.EntryKind, int]


def load_criteria(path: Path) -> LoadResult:
    """Load the one criteria set of a fixture file and publish it, all or nothing.

    A set that is already published is compared with the file and left alone. Raises CriteriaFileError
    when they differ (a published set is only succeeded by a new version) or the file is unsound.
    """
    text = _read(path)
    rows = _rows(_records(text))
    code, version = _natural_key_of_set(rows)
    try:
        with transaction.atomic():
            existing = CriteriaSet.objects.select_for_update().filter(code=code, version=version).first()
            if existing is None:
                return _load(text, code, version)
            return _compare(existing, rows)
    except (DeserializationError, DatabaseError, ValueError) as error:
        raise CriteriaFileError(f"Không nạp được tệp {path.name}: {error}") from error


def _load(text: str, code: str, version: int) -> LoadResult:
    for loaded in serializers.deserialize("json", text):
        loaded.save()
    criteria_set = CriteriaSet.objects.get_by_natural_key(code, version)
    table = queries.table(criteria_set.pk)
    _check_table(table)
    return _publish(criteria_set, table, Outcome.LOADED)


def _compare(criteria_set: CriteriaSet, rows: Rows) -> LoadResult:
    difference = _first_difference(_stored_rows(criteria_set), rows)
    name = f"Bộ tiêu chí {criteria_set.code}, phiên bản {criteria_set.version}"
    draft = criteria_set.status == CriteriaSet.Status.DRAFT
    if difference and draft:
        raise CriteriaFileError(f"{name} đang có bản dự thảo khác với tệp: {difference}.")
    if difference:
        raise CriteriaFileError(
            f"{name} đã được áp dụng nên không sửa được, nhưng tệp có nội dung khác: {difference}. "
            "Muốn thay đổi phải lập phiên bản mới."
        )
    table = queries.table(criteria_set.pk)
    if draft:
        _check_table(table)
        return _publish(criteria_set, table, Outcome.PUBLISHED)
    return LoadResult(criteria_set, Outcome.UNCHANGED, _counts(table))


def _publish(criteria_set: CriteriaSet, table: spec.Table, outcome: Outcome) -> LoadResult:
    criteria_set.status = CriteriaSet.Status.PUBLISHED
    criteria_set.published_at = timezone.now()
    criteria_set.save(update_fields=["status", "published_at"])
    return LoadResult(criteria_set, outcome, _counts(table))


def _counts(table: spec.Table) -> Mapping[spec.EntryKind, int]:
    return Counter(entry.kind for entry in table)


# The file


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise CriteriaFileError(f"Không đọc được tệp {path}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise CriteriaFileError(f"Tệp {path} không phải văn bản UTF-8.") from error


def _records(text: str) -> list[dict[str, Any]]:
    try:
        records = json.loads(text)
    except json.JSONDecodeError as error:
        raise CriteriaFileError(f"Tệp sai định dạng JSON ở dòng {error.lineno}, cột {error.colno}.") from error
    if not isinstance(records, list) or not all(isinstance(r, dict) and "fields" in r for r in records):
        raise CriteriaFileError("Tệp phải là một danh sách bản ghi theo định dạng fixture của Django.")
    return records


def _rows(records: Iterable[Mapping[str, Any]]) -> Rows:
    """The records by identity, with the default of every field that the file leaves out."""
    rows: Rows = {}
    for number, record in enumerate(records, 1):
        model = _MODELS.get(record.get("model", ""))
        if model is None or "pk" in record:
            raise CriteriaFileError(f"Bản ghi thứ {number} không thuộc bộ tiêu chí hoặc có khóa chính (pk).")
        fields = _completed(model, record["fields"])
        identity = (model, tuple(fields.get(name) for name in _IDENTITY[model]))
        _check_nfc(fields, identity)
        if identity in rows:
            raise CriteriaFileError(f"Tệp ghi hai lần {_name(*identity)}.")
        rows[identity] = fields
    return rows


def _completed(model: type[models.Model], fields: Mapping[str, Any]) -> dict[str, Any]:
    stored = (field for field in model._meta.concrete_fields if not field.primary_key)
    known = {field.name: field.get_default() for field in stored}
    unknown = fields.keys() - known.keys()
    if unknown:
        raise CriteriaFileError(f"{model._meta.label}: không có trường {', '.join(sorted(unknown))}.")
    given = {name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}
    return known | given


def _check_nfc(fields: Mapping[str, Any], identity: tuple[type[models.Model], Identity]) -> None:
    for name, value in fields.items():
        if isinstance(value, str) and not unicodedata.is_normalized("NFC", value):
            raise CriteriaFileError(f"Chữ ở {_name(*identity)}, trường {name}, chưa theo chuẩn Unicode NFC.")


def _natural_key_of_set(rows: Rows) -> tuple[str, int]:
    """Code and version of the file's only set, to which every other row must belong."""
    sets = [fields for (model, _), fields in rows.items() if model is CriteriaSet]
    if len(sets) != 1:
        raise CriteriaFileError(f"Tệp phải có đúng một bộ tiêu chí, hiện có {len(sets)}.")
    if sets[0]["status"] != CriteriaSet.Status.DRAFT:
        raise CriteriaFileError("Bộ tiêu chí trong tệp phải ở tình trạng dự thảo (draft).")
    own = (sets[0]["code"], sets[0]["version"])
    for model, identity in rows:
        if model is not CriteriaSet and tuple(identity[0] or ())[:2] != own:
            raise CriteriaFileError(f"Trong tệp, {_name(model, identity)} thuộc bộ tiêu chí khác.")
    return own


# The table


def _check_table(table: spec.Table) -> None:
    """Refuse a table that could not be scored. Enumerations were checked when it was read."""
    if not table.standards or not table.contents:
        raise CriteriaFileError("Bộ tiêu chí phải có tiêu chuẩn và nội dung tự quản.")
    for word, kind, sections in (
        ("Tiêu chuẩn", spec.EntryKind.CRITERION, table.standards),
        ("Nội dung tự quản", spec.EntryKind.ITEM, table.contents),
    ):
        for section in sections:
            if not section.entries or any(entry.kind is not kind for entry in section.entries):
                raise CriteriaFileError(f"{word} {section.number} không có mục nào hoặc có mục khác loại.")
    for entry in table:
        _check_entry(table, entry)


def _check_entry(table: spec.Table, entry: spec.Entry) -> None:
    if entry.contradicts:
        target = table.entries_by_key.get(entry.contradicts)
        if entry.kind is not spec.EntryKind.CASE or not target or target.kind is not spec.EntryKind.CRITERION:
            raise CriteriaFileError(f"{entry.key}: chỉ được ghi trường hợp không đảm bảo mâu thuẫn với một tiêu chí.")
    if entry.derived and entry.kind is not spec.EntryKind.CRITERION:
        raise CriteriaFileError(f"{entry.key}: chỉ tiêu chí mới suy ra được từ các nội dung tự quản.")
    keys = {indicator.key for indicator in entry.indicators}
    for indicator in entry.indicators:
        if indicator.base and indicator.base not in keys - {indicator.key}:
            raise CriteriaFileError(f"{entry.key}: mẫu số của {indicator.key} phải là chỉ số khác cùng mục.")


# File and database side by side


def _stored_rows(criteria_set: CriteriaSet) -> Rows:
    of_entry = {"entry__criteria_set": criteria_set}
    querysets: tuple[models.QuerySet[Any], ...] = (
        CriteriaSet.objects.filter(pk=criteria_set.pk).select_related("predecessor"),
        Section.objects.filter(criteria_set=criteria_set).select_related("criteria_set"),
        Entry.objects.filter(criteria_set=criteria_set).select_related(
            "criteria_set", "section__criteria_set", "contradicts__criteria_set"
        ),
        Alternative.objects.filter(**of_entry).select_related("entry__criteria_set"),
        Exemption.objects.filter(**of_entry).select_related("entry__criteria_set"),
        Indicator.objects.filter(**of_entry).select_related("entry__criteria_set", "base__entry__criteria_set"),
    )
    records = [
        {"model": record["model"], "fields": record["fields"]}
        for queryset in querysets
        for record in serializers.serialize("python", queryset, use_natural_foreign_keys=True)
    ]
    return _rows(records)


def _first_difference(stored: Rows, filed: Rows) -> str:
    """One phrase on the first row or field, in the file's order, that differs; empty when nothing does."""
    for (model, identity), fields in filed.items():
        kept = stored.get((model, identity))
        if kept is None:
            return f"tệp có thêm {_name(model, identity)}"
        for name, value in fields.items():
            if name not in _STANDING and kept[name] != value:
                before, after = _excerpts(str(kept[name]), str(value))
                label = model._meta.get_field(name).verbose_name  # type: ignore[union-attr]
                return f"{_name(model, identity)}, phần {label}, đã lưu là “{before}”, trong tệp là “{after}”"
    missing = next((row for row in stored if row not in filed), None)
    return f"tệp thiếu {_name(*missing)}" if missing else ""


def _excerpts(one: str, other: str, lead: int = 15, length: int = 40) -> tuple[str, str]:
    """Both texts around the place where they part."""
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    start = max(0, sum(1 for _ in alike) - lead)

    def cut(text: str) -> str:
        end = start + length
        return ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")

    return cut(one), cut(other)


def _name(model: type[models.Model], identity: Identity) -> str:
    """The row for a reader: its kind and its key without the set's, which is the same for all."""
    flat = [part for value in identity for part in (value if isinstance(value, tuple) else (value,))]
    own = flat if model is CriteriaSet else flat[2:]
    return " ".join([str(model._meta.verbose_name), *(str(part) for part in own if part)])
