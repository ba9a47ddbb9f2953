"""Answering: one entry, many at once, and taking a bulk change back. Also used by the appraising layers."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from assessments import scoring
from assessments.answers import APPRAISING, LayerAnswers, Stored, read, store_outcome
from assessments.deeds import InvalidInput, Refusal, Stale, lock, record, table_of
from assessments.models import ANSWERED, Assessment, Event, Figure, Layer, Verdict
from assessments.permissions import answerable
from assessments.queries import UNDOABLE, earlier_assessment
from criteria import spec
from localities.text import clean

NOTE_LIMIT = 2000
FIGURE_LIMIT = 10_000_000


class Conflict(Stale):
    """Another person's newer answer differs from this one; both are kept for the choice."""

    def __init__(self, theirs: Stored, entry: spec.Entry, table: spec.Table) -> None:
        super().__init__("Người khác vừa sửa mục này.")
        self.theirs = theirs
        self.entry = entry
        self.table = table


@dataclass(frozen=True, slots=True)
class NewAnswer:
    """What a person wants to store for one entry."""

    stated: str = ""
    note: str | None = None  # None leaves the note as it is
    figures: Mapping[str, spec.Figure] | None = None  # None leaves the figures as they are


@dataclass(slots=True)
class Saved:
    """The state after a deed, enough to show the page's changed parts without another query."""

    assessment: Assessment
    table: spec.Table
    answers: dict[str, LayerAnswers]
    outcome: scoring.Outcome
    changed: bool = True
    event: Event | None = None
    skipped: tuple[str, ...] = ()


@transaction.atomic
def save_answer(*, user: User, assessment_id: int, layer: str, key: str, version: int, answer: NewAnswer) -> Saved:
    """Store one answer with its note and figures, score the layer, and record the change.

    `version` is the one the person saw (0 for none). Raises Conflict when another answer was stored since
    and differs, InvalidInput naming what is wrong, Refusal when the layer is closed, and
    Assessment.DoesNotExist for an unknown entry as for any unknown address.
    """
    assessment, table, answers = open_layer(user, assessment_id, layer, key)
    entry = table.entries_by_key[key]
    own = answers[layer]
    stored = own.setdefault(key, Stored())
    if layer in APPRAISING:
        _check_difference(entry, answer, answers[Layer.SELF].get(key, Stored()))
    answer = checked(entry, answer, stored, assessment)
    if _same(stored, answer):
        return Saved(assessment, table, answers, _score(table, answers, layer), changed=False)
    if version != stored.version:
        raise Conflict(stored, entry, table)
    before = _facts(stored)
    _write(assessment, entry, layer, stored, answer, user)
    outcome = store_outcome(assessment, table, answers, layer, user)
    event = record(
        assessment,
        Event.Kind.ANSWERED,
        user,
        entry_id=entry.id,
        layer=layer,
        data={"key": key, "before": before, "after": _facts(stored)},
    )
    return Saved(assessment, table, answers, outcome, event=event)


def open_layer(
    user: User, assessment_id: int, layer: str, key: str = ""
) -> tuple[Assessment, spec.Table, dict[str, LayerAnswers]]:
    """Lock the assessment, check the right to write this layer (of this entry), and read what scores it.

    Raises Refusal without the right, Assessment.DoesNotExist for an unknown key.
    """
    assessment = lock(user, assessment_id)
    table = table_of(assessment)
    entry = table.entries_by_key.get(key)
    if key and entry is None:
        raise Assessment.DoesNotExist
    entries = answerable(user, assessment, layer)
    if entries is not None and not entries:
        raise Refusal(
            "Hồ sơ này không còn mở để bạn đánh giá. Nội dung vừa nhập chưa được lưu; tải lại trang để xem tình trạng."
        )
    if entries is not None and entry is not None and entry.id not in entries:
        raise Refusal(f"{entry_name(entry)} không được phân công cho cơ quan của bạn nên chưa lưu được.")
    return assessment, table, read(assessment, table, ANSWERED if layer in APPRAISING else (layer,))


def checked(entry: spec.Entry, answer: NewAnswer, stored: Stored, assessment: Assessment) -> NewAnswer:
    """The answer cleaned and complete, or InvalidInput with a sentence that names the entry."""
    name = entry_name(entry)
    note = stored.note if answer.note is None else clean(answer.note)
    if len(note) > NOTE_LIMIT:
        raise InvalidInput(f"{name}: ghi chú dài {len(note)} ký tự, tối đa {NOTE_LIMIT}. Rút gọn rồi lưu lại.", "note")
    if entry.derived:
        raise InvalidInput(f"{name} được tính từ các nội dung tự quản, không nhập trực tiếp.", "stated")
    if answer.stated and answer.stated not in entry.verdicts:
        if answer.stated == spec.Verdict.NOT_APPLICABLE:
            raise InvalidInput(f"{name} không được phép chọn “Không áp dụng”.", "stated")
        raise InvalidInput(f"{name}: lựa chọn đánh giá không hợp lệ.", "stated")
    if answer.stated == spec.Verdict.NOT_APPLICABLE and not note:
        raise InvalidInput(f"{name}: chọn “Không áp dụng” cần ghi lý do vào ô ghi chú.", "note")
    figures = dict(stored.figures) if answer.figures is None else dict(answer.figures)
    return NewAnswer(answer.stated, note, _checked_figures(entry, figures, assessment))


def _check_difference(entry: spec.Entry, answer: NewAnswer, own: Stored) -> None:
    """An appraising verdict that differs from the ward's needs a written reason."""
    if answer.stated and answer.stated != own.value and not clean(answer.note or ""):
        raise InvalidInput(f"{entry_name(entry)}: kết quả khác với tự đánh giá nên cần ghi lý do.", "note")


ENTRY_WORDS = {
    spec.EntryKind.CRITERION: "Tiêu chí",
    spec.EntryKind.ITEM: "Mục",
    spec.EntryKind.CASE: "Trường hợp",
}


def entry_name(entry: spec.Entry) -> str:
    """How messages call an entry: Tiêu chí 4.4, Mục 5.2.3, Trường hợp 4."""
    return f"{ENTRY_WORDS[entry.kind]} {entry.code}"


def _checked_figures(
    entry: spec.Entry, figures: dict[str, spec.Figure], assessment: Assessment
) -> dict[str, spec.Figure]:
    result: dict[str, spec.Figure] = {}
    for indicator in entry.indicators:
        given = figures.get(indicator.key, spec.Figure())
        total = given.denominator
        if indicator.kind is spec.IndicatorKind.COUNT:
            total = None
        elif indicator.denominator_source is spec.DenominatorSource.HOUSEHOLDS:
            total = getattr(assessment, "households", None)
        elif indicator.denominator_source is spec.DenominatorSource.INDICATOR:
            total = result.get(indicator.base, spec.Figure()).numerator
        figure = spec.Figure(given.numerator, total)
        _check_figure(entry, indicator, figure)
        if figure != spec.Figure() and not (figure.numerator is None and total is not None and not _own(indicator)):
            result[indicator.key] = figure
    return result


def _own(indicator: spec.Indicator) -> bool:
    return indicator.denominator_source is spec.DenominatorSource.OWN


def _check_figure(entry: spec.Entry, indicator: spec.Indicator, figure: spec.Figure) -> None:
    name = entry_name(entry)
    for label, number in (
        (indicator.numerator_label, figure.numerator),
        (indicator.denominator_label, figure.denominator),
    ):
        if number is not None and not 0 <= number <= FIGURE_LIMIT:
            raise InvalidInput(f"{name}: {_lower(label)} phải là số nguyên từ 0 đến {FIGURE_LIMIT}.", indicator.key)
    if figure.numerator is not None and figure.denominator is not None and figure.numerator > figure.denominator:
        raise InvalidInput(
            f"{name}: {_lower(indicator.numerator_label)} ({figure.numerator}) lớn hơn "
            f"{_lower(indicator.denominator_label)} ({figure.denominator}). Kiểm tra lại một trong hai số.",
            indicator.key,
        )


def _lower(label: str) -> str:
    return label[:1].lower() + label[1:]


def _same(stored: Stored, answer: NewAnswer) -> bool:
    return (stored.stated, stored.note, stored.figures) == (answer.stated, answer.note, answer.figures)


def _score(table: spec.Table, answers: dict[str, LayerAnswers], layer: str) -> scoring.Outcome:
    return scoring.score(table, {key: stored.pure() for key, stored in answers[layer].items()})


def _facts(stored: Stored) -> dict[str, object]:
    """An answer as the record keeps it."""
    figures = {key: [figure.numerator, figure.denominator] for key, figure in stored.figures.items()}
    return {"stated": stored.stated, "note": stored.note, "figures": figures}


def _write(
    assessment: Assessment, entry: spec.Entry, layer: str, stored: Stored, answer: NewAnswer, user: User
) -> None:
    """Insert or update the verdict row and bring its figures to what the answer says."""
    row = _fill(assessment, entry, layer, stored, answer, user)
    row.save()
    _write_figures(entry, row, stored, answer.figures or {})


def _write_many(written: list[tuple[spec.Entry, Stored, NewAnswer, Verdict]]) -> None:
    """The rows of a bulk change in two statements, and the figures of those that have any."""
    rows = [row for _, _, _, row in written]
    Verdict.objects.bulk_create([row for row in rows if row.pk is None])
    old = [row for row in rows if row.version > 1]
    Verdict.objects.bulk_update(old, ["stated", "value", "note", "version", "updated_by", "updated_at"])
    for entry, stored, answer, row in written:
        _write_figures(entry, row, stored, answer.figures or {})


def _fill(
    assessment: Assessment, entry: spec.Entry, layer: str, stored: Stored, answer: NewAnswer, user: User
) -> Verdict:
    """The row as it shall be stored, one version on."""
    row = stored.row or Verdict(assessment=assessment, entry_id=entry.id, layer=layer, version=0)
    row.stated, row.note = answer.stated, answer.note or ""
    # The value that counts, set at once so that scoring finds nothing left to correct.
    resolved = scoring.resolve(
        entry,
        scoring.Answer(spec.Verdict(answer.stated) if answer.stated else None, answer.figures or {}),
    ).verdict
    row.value = resolved.value if resolved else ""
    row.version += 1
    row.updated_by, row.updated_at = user, timezone.now()
    stored.row = row
    return row


def _write_figures(entry: spec.Entry, row: Verdict, stored: Stored, figures: Mapping[str, spec.Figure]) -> None:
    ids = {indicator.key: indicator.id for indicator in entry.indicators}
    gone = [ids[key] for key in stored.figures if key not in figures and key in ids]
    if gone:
        Figure.objects.filter(verdict=row, indicator_id__in=gone).delete()
    fresh = [
        Figure(verdict=row, indicator_id=ids[key], numerator=figure.numerator, denominator=figure.denominator)
        for key, figure in figures.items()
        if stored.figures.get(key) != figure
    ]
    if fresh:
        Figure.objects.bulk_create(
            fresh,
            update_conflicts=True,
            unique_fields=["verdict", "indicator"],
            update_fields=["numerator", "denominator"],
        )
    stored.figures = dict(figures)


def apply_many(
    *,
    user: User,
    assessment: Assessment,
    table: spec.Table,
    answers: dict[str, LayerAnswers],
    layer: str,
    wanted: Mapping[str, NewAnswer],
    action: str,
    reason: str = "",
    batch: str = "",
) -> Saved:
    """Store several answers of one layer through the same checks, one scoring and one event.

    The event remembers what stood before, so that `undo` can bring it back. `batch` is common to the events
    of one step over several assessments.
    """
    changes = []
    written: list[tuple[spec.Entry, Stored, NewAnswer, Verdict]] = []
    own = answers[layer]
    for key, new in wanted.items():
        entry, stored = table.entries_by_key[key], own.setdefault(key, Stored())
        answer = checked(entry, new, stored, assessment)
        if _same(stored, answer):
            continue
        before = _facts(stored)
        written.append((entry, stored, answer, _fill(assessment, entry, layer, stored, answer, user)))
        after = {"stated": answer.stated, "note": answer.note, "version": stored.version}
        changes.append({"key": key, "before": before, "after": after})
    _write_many(written)
    outcome = store_outcome(assessment, table, answers, layer, user)
    event = None
    if changes:
        data = {"changes": changes} | ({"batch": batch} if batch else {})
        event = record(assessment, Event.Kind.BULK, user, action=action, layer=layer, reason=reason, data=data)
    return Saved(assessment, table, answers, outcome, changed=bool(changes), event=event)


@transaction.atomic
def mark_standard_met(*, user: User, assessment_id: int, number: int) -> Saved:
    """All criteria of one standard are stated met; figures that miss still decide. One event, undoable."""
    assessment, table, answers = open_layer(user, assessment_id, Layer.SELF)
    standard = next((s for s in table.standards if s.number == number), None)
    if standard is None:
        raise Assessment.DoesNotExist
    own = answers[Layer.SELF]
    wanted = {
        entry.key: NewAnswer(spec.Verdict.MET, own.get(entry.key, Stored()).note)
        for entry in standard.entries
        if not entry.derived
    }
    return apply_many(
        user=user,
        assessment=assessment,
        table=table,
        answers=answers,
        layer=Layer.SELF,
        wanted=wanted,
        action="standard_met",
        reason=str(number),
    )


@transaction.atomic
def fill_from_last_year(*, user: User, assessment_id: int) -> Saved:
    """Copy verdict and note of the unit's latest earlier assessment where this year has neither.

    Figures are not copied: they are this year's to count. Raises Refusal when there is no earlier year.
    """
    assessment, table, answers = open_layer(user, assessment_id, Layer.SELF)
    earlier = earlier_assessment(assessment)
    if earlier is None:
        raise Refusal("Chưa có kết quả năm trước của tổ dân phố, bản này để điền.")
    before = read(earlier, table_of(earlier), (Layer.SELF,))[Layer.SELF]
    own = answers[Layer.SELF]
    wanted = {}
    for entry in table.judged_by_hand:
        now, then = own.get(entry.key, Stored()), before.get(entry.key)
        if then and then.value in entry.verdicts and not now.stated and not now.note:
            wanted[entry.key] = NewAnswer(then.value, then.note)
    return apply_many(
        user=user,
        assessment=assessment,
        table=table,
        answers=answers,
        layer=Layer.SELF,
        wanted=wanted,
        action="last_year",
        reason=str(earlier.registration.plan.year),
    )


@transaction.atomic
def undo(*, user: User, assessment_id: int, event_id: int) -> Saved:
    """Take a bulk change back where nobody answered since; `skipped` names the entries left alone.

    Raises Refusal when it was taken back already, Event.DoesNotExist when there is no such change.
    """
    layer = Event.objects.values_list("layer", flat=True).get(
        pk=event_id, assessment_id=assessment_id, kind=Event.Kind.BULK
    )
    assessment, table, answers = open_layer(user, assessment_id, layer)
    event = Event.objects.get(pk=event_id)
    if event.actor_id != user.pk or event.action not in UNDOABLE:
        raise Refusal("Chỉ người vừa làm thao tác này hoàn tác được.")
    if Event.objects.filter(assessment=assessment, kind=Event.Kind.UNDONE, data__event=event_id).exists():
        raise Refusal("Thao tác này đã được hoàn tác trước đó.")
    own, skipped, mine = answers[layer], [], answerable(user, assessment, layer)
    written: list[tuple[spec.Entry, Stored, NewAnswer, Verdict]] = []
    for change in event.data["changes"]:
        stored, entry = own.get(change["key"]), table.entries_by_key.get(change["key"])
        lost = entry is None or (mine is not None and entry.id not in mine)  # it is another agency's by now
        if stored is None or entry is None or lost or stored.version != change["after"]["version"]:
            skipped.append(change["key"])
            continue
        figures = {name: spec.Figure(*counts) for name, counts in change["before"]["figures"].items()}
        before = NewAnswer(change["before"]["stated"], change["before"]["note"], figures)
        try:
            before = checked(entry, before, stored, assessment)
        except InvalidInput:  # the unit's households have changed since: what stood before no longer fits
            skipped.append(change["key"])
            continue
        written.append((entry, stored, before, _fill(assessment, entry, layer, stored, before, user)))
    _write_many(written)
    outcome = store_outcome(assessment, table, answers, layer, user)
    undone = record(assessment, Event.Kind.UNDONE, user, layer=layer, data={"event": event_id, "skipped": skipped})
    return Saved(assessment, table, answers, outcome, event=undone, skipped=tuple(skipped))
