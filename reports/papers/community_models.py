"""Models and self-management groups on paper: the exemplary ones for the radio station, and the table of them all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils import timezone

from assessments.models import Attachment, CommunityModel, Plan
from assessments.permissions import AnyUser, may_see_city, may_see_models, visible_wards
from assessments.queries.year import community_models as queries
from localities.models import Authority, Ward
from localities.queries import authority_on
from reports import offices
from reports.excel import CENTER
from reports.files import plain
from reports.papers import city
from reports.papers.base import Official
from reports.workbooks.plain import Cell, Column, Table, workbook


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One model as papers tell of it."""

    number: int  # within the whole paper
    model: CommunityModel

    @property
    def place(self) -> str:
        ward = str(self.model.unit.ward)
        return f"{self.model.unit}, {ward[:1].lower()}{ward[1:]}"

    @property
    def kind(self) -> str:
        return str(self.model.get_kind_display())

    @property
    def state(self) -> str:
        """With the day on which it ended."""
        words = str(self.model.get_state_display())
        return f"{words} {self.model.ended_on:%d/%m/%Y}" if self.model.ended_on else words

    @property
    def files(self) -> Sequence[Attachment]:
        """Its photographs, where they were read with it."""
        return getattr(self.model, "photos", ())


@dataclass(frozen=True, slots=True)
class ModelPaper(Official):
    """What both papers say of themselves."""

    plan: Plan
    ward: Ward | None  # the whole city without one
    rows: Sequence[ModelRow]
    authority: Authority | None
    letterhead: offices.Letterhead
    signing: offices.Signing

    @property
    def year(self) -> int:
        return self.plan.year

    @property
    def where(self) -> str:
        return str(self.ward) if self.ward else city.place(self.authority)

    @property
    def author(self) -> str:
        return self.ward.authority_name if self.ward else city.home_affairs(self.authority)

    @property
    def ground(self) -> str:
        return city.plan_ground(self.plan, self.authority).removeprefix("Căn cứ ")

    @property
    def draft(self) -> bool:
        """A list of what there is, not a decision: there is nothing to finish."""
        return False

    @property
    def edition(self) -> str:
        """Never kept: models are added and chosen throughout the year."""
        return ""


@dataclass(frozen=True, slots=True)
class ExemplaryModels(ModelPaper):
    """The city's exemplary models with what others can learn from them."""

    abbreviation = "DS"

    @property
    def title(self) -> str:
        return f"Mô hình tiêu biểu trong xây dựng tổ dân phố, bản tự quản, phát triển toàn diện năm {self.year}"

    @property
    def short(self) -> str:
        return f"mo-hinh-tieu-bieu-{self.year}"

    @property
    def receivers(self) -> Sequence[str]:
        return ("Đài truyền thanh (để tuyên truyền)", "UBND các xã, phường (để các tổ dân phố, bản học tập)")


@dataclass(frozen=True, slots=True)
class ModelTable(ModelPaper):
    """All models of the city or of one ward."""

    @property
    def title(self) -> str:
        return f"Bảng tổng hợp mô hình, tổ tự quản, {self.where[:1].lower()}{self.where[1:]}, năm {self.year}"

    @property
    def short(self) -> str:
        return f"mo-hinh-tu-quan-{plain(self.where)}-{self.year}"

    @property
    def groups(self) -> list[tuple[str, list[ModelRow]]]:
        """By ward."""
        by_ward = groupby(self.rows, key=lambda row: row.model.unit.ward)
        return [(str(ward), list(rows)) for ward, rows in by_ward]

    @property
    def counts(self) -> list[tuple[str, int, int, int, int, int]]:
        """For each kind: all, at work, paused, ended, exemplary."""
        found = []
        for kind in CommunityModel.Kind:
            models = [row.model for row in self.rows if row.model.kind == kind]
            states = [sum(model.state == state for model in models) for state in CommunityModel.State]
            best = sum(model.exemplary_since is not None for model in models)
            found.append((str(kind.label), len(models), states[0], states[1], states[2], best))
        return found

    @property
    def totals(self) -> list[int]:
        """Of the columns of `counts`."""
        return [sum(column) for column in zip(*(row[1:] for row in self.counts), strict=True)]


def read_exemplary(user: AnyUser, ids: tuple[int, ...]) -> ExemplaryModels:
    """The exemplary models of a plan's year; raises Plan.DoesNotExist for whoever sees no models."""
    plan = _plan(ids[0], may_see_models(user))
    return ExemplaryModels(plan, None, _rows(queries.exemplary(user, plan)), *_office(plan, None))


def read_table(user: AnyUser, ids: tuple[int, ...]) -> ModelTable:
    """All models of a plan's year, or of one ward in it. Raises DoesNotExist outside the person's scope."""
    of_city = len(ids) == 1
    plan = _plan(ids[0], may_see_city(user) if of_city else may_see_models(user))
    ward = None if of_city else visible_wards(user).get(pk=ids[1])
    models = queries.models_of_year(user, plan)
    if ward:
        models = models.filter(unit__ward=ward)
    return ModelTable(plan, ward, _rows(models), *_office(plan, ward))


def _plan(pk: int, may: bool) -> Plan:
    plans = Plan.objects.all() if may else Plan.objects.none()
    return plans.get(pk=pk)


def _rows(models: Iterable[CommunityModel]) -> list[ModelRow]:
    return [ModelRow(number, model) for number, model in enumerate(models, 1)]


def _office(plan: Plan, ward: Ward | None) -> tuple[Authority | None, offices.Letterhead, offices.Signing]:
    """The ward signs its own table, home affairs the city's papers."""
    authority, day = city.acting(plan)
    if ward:
        authority = authority_on(plan.issued_on)
        return authority, offices.of_ward(ward, authority), offices.signing(ward, timezone.localdate())
    letterhead = offices.of_home_affairs(authority) if authority else offices.NOBODY
    return authority, letterhead, offices.home_affairs_signing(day)


def sheets(made: ModelTable) -> bytes:
    """The table as a workbook: every model, and the counts by kind."""
    columns = [
        Column("Số TT", 7),
        Column("Xã, phường", 20),
        Column("Tổ dân phố, bản", 20),
        Column("Loại", 30),
        Column("Tên", 40),
        Column("Hoạt động từ ngày", 14),
        Column("Số hộ tham gia", 11),
        Column("Tình trạng", 18),
        Column("Kết thúc ngày", 14),
        Column("Tiêu biểu từ ngày", 14),
        Column("Cách làm", 50),
        Column("Kết quả, hiệu quả", 50),
    ]
    rows = (
        [
            Cell(row.number, CENTER),
            str(row.model.unit.ward),
            str(row.model.unit),
            row.kind,
            row.model.name,
            row.model.since,
            row.model.households,
            str(row.model.get_state_display()),
            row.model.ended_on,
            row.model.exemplary_since,
            row.model.description,
            row.model.results,
        ]
        for row in made.rows
    )
    heads = ("Loại", "Tổng số", "Đang hoạt động", "Tạm ngừng", "Đã kết thúc", "Tiêu biểu")
    counts = [Column(head, 44 if head == "Loại" else 16) for head in heads]
    return workbook(made.title, [Table("Mô hình, tổ tự quản", columns, rows), Table("Theo loại", counts, made.counts)])
