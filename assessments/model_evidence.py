"""What a unit's models and groups prove: which entries of the table, in which year, in which words. No query here."""

from collections.abc import Collection, Iterable, Mapping

from assessments.models import CommunityModel
from localities.models import Unit

Kind = CommunityModel.Kind

# Entries of the criteria table that a model of this kind speaks for.
_ENTRIES: Mapping[str, str] = {
    Kind.ECONOMIC: "tc-2.2",
    Kind.PRODUCT: "tc-2.3",
    Kind.BUSINESS_STREET: "tc-2.3",
    Kind.CIVILISED_STREET: "tc-4.2",
    Kind.SECURITY: "tc-6.4",
    Kind.GROUP: "tc-1.4",
}
# Criterion 2.3 asks villages for products and residential groups for streets.
_ONLY: Mapping[str, str] = {Kind.PRODUCT: Unit.Kind.VILLAGE, Kind.BUSINESS_STREET: Unit.Kind.GROUP}
# As long as a reference may be.
_LIMIT = 300


def entry_keys(kind: str, unit_kind: str) -> tuple[str, ...]:
    """Keys of the entries that a model of this kind is evidence for in a unit of this kind."""
    if kind not in _ENTRIES or _ONLY.get(kind, unit_kind) != unit_kind:
        return ()
    return (_ENTRIES[kind],)


def active_in(model: CommunityModel, year: int) -> bool:
    """Whether the model was at work in the year: begun by its end, not paused, and not ended before the next."""
    if model.since.year > year:
        return False
    ended_later = model.ended_on is not None and model.ended_on.year > year
    return model.state == CommunityModel.State.ACTIVE or ended_later


def reference(model: CommunityModel) -> str:
    """The model as evidence names it: Mô hình phát triển kinh tế “…”, hoạt động từ 03/2021, 24 hộ tham gia."""
    households = "" if model.households is None else f", {model.households} hộ tham gia"
    before, after = f"{model.get_kind_display()} “", f"”, hoạt động từ {model.since:%m/%Y}{households}"
    room = _LIMIT - len(before) - len(after)
    name = model.name if len(model.name) <= room else f"{model.name[: room - 1].rstrip()}…"
    return f"{before}{name}{after}"


def offered(
    models: Iterable[CommunityModel], shown: Collection[tuple[str, int | None]], unit_kind: str, year: int
) -> dict[str, list[CommunityModel]]:
    """By key of the entry: the unit's models that speak for it this year.

    `shown` are entry keys with ids of models that are evidence there already: those are not offered again.
    """
    found: dict[str, list[CommunityModel]] = {}
    for model in models:
        for key in entry_keys(model.kind, unit_kind) if active_in(model, year) else ():
            if (key, model.pk) not in shown:
                found.setdefault(key, []).append(model)
    return found
