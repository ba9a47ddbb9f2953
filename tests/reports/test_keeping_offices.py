"""Deeds about signers and names: periods, the past, the log, two people at once."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from accounts.models import Agency, User
from assessments.deeds import InvalidInput, Refusal, Stale
from reports import keeping_offices as deeds
from reports import offices, signing_words
from reports.models import OfficeName, Signer
from tests import factories
from tests.assessments.parallel import at_once, second_waits_for_first
from tests.reports import data

TODAY = timezone.localdate
DAY = timedelta(days=1)


@pytest.fixture
def home_affairs(db: None) -> User:
    return factories.HomeAffairsFactory()


@pytest.fixture
def agency(db: None) -> Agency:
    return factories.AgencyFactory(code="noi-vu", name="Phòng Nội vụ")


def values(**changes: Any) -> dict[str, Any]:
    given = {"capacity": "", "title": "TRƯỞNG PHÒNG", "full_name": "", "valid_from": None, "valid_until": None}
    return given | changes


def save(user: User, office: Any, **changes: Any) -> Signer:
    more = {key: changes.pop(key) for key in ("signer_id", "shown", "past_meant", "end_previous") if key in changes}
    return deeds.save_signer(user=user, office=office, values=values(**changes), **more)


@pytest.mark.django_db
class TestWhatIsKept:
    def test_capitals_and_one_way_of_writing(self, home_affairs: User, agency: Agency) -> None:
        row = save(
            home_affairs, agency, title=" kt.  trưởng phòng \r\n\r\nphó trưởng phòng ", full_name="  Người   Ký "
        )
        row.refresh_from_db()
        assert row.title == "KT. TRƯỞNG PHÒNG\nPHÓ TRƯỞNG PHÒNG" and row.full_name == "Người Ký"

    def test_papers_take_the_row_of_their_day(self, home_affairs: User, agency: Agency) -> None:
        save(home_affairs, agency, full_name="Người Trước", valid_until=date(2024, 12, 31))
        save(home_affairs, agency, full_name="Người Sau", title="Q. TRƯỞNG PHÒNG", valid_from=date(2025, 1, 1))
        assert offices.home_affairs_signing(date(2024, 12, 31)).name == "Người Trước"
        assert offices.home_affairs_signing(date(2025, 1, 1)) == offices.Signing("", ["Q. TRƯỞNG PHÒNG"], "Người Sau")

    @pytest.mark.parametrize(
        ("name", "title"),
        [("Phòng Y tế", "TRƯỞNG PHÒNG"), ("Công an thành phố", "TRƯỞNG CÔNG AN"), ("Đài", "THỦ TRƯỞNG CƠ QUAN")],
    )
    def test_the_usual_title_without_a_row(self, agency: Agency, name: str, title: str) -> None:
        agency.name = name
        assert offices.signing(agency, TODAY()) == offices.Signing("", [title])

    def test_without_the_agency(self, db: None) -> None:
        assert offices.home_affairs_signing(TODAY()) == offices.Signing("", ["TRƯỞNG PHÒNG"])

    def test_the_log_says_who_changed_what(self, home_affairs: User, agency: Agency) -> None:
        row = save(home_affairs, agency, full_name="Một", valid_from=TODAY())
        save(home_affairs, agency, full_name="Hai", valid_from=TODAY(), signer_id=row.pk)
        save(home_affairs, agency, full_name="Hai", valid_from=TODAY(), signer_id=row.pk)  # nothing new
        changed, added = LogEntry.objects.order_by("-pk")
        assert added.is_addition() and "họ và tên: Một" in added.change_message
        assert changed.is_change() and changed.change_message == "họ và tên: Một → Hai"
        assert changed.user == home_affairs and changed.object_id == str(row.pk)


@pytest.mark.django_db
class TestPeriods:
    @pytest.mark.parametrize(
        ("begins", "ends"),
        [
            (None, None),
            (date(2025, 6, 30), None),
            (None, date(2025, 1, 1)),
            (date(2025, 2, 1), date(2025, 3, 1)),
        ],
    )
    def test_overlap(self, home_affairs: User, agency: Agency, begins: date | None, ends: date | None) -> None:
        save(home_affairs, agency, full_name="Người Trước", valid_from=date(2025, 1, 1), valid_until=date(2025, 6, 30))
        with pytest.raises(InvalidInput, match=r"Người Trước.*từ 01/01/2025 đến hết 30/06/2025") as refused:
            save(home_affairs, agency, valid_from=begins, valid_until=ends)
        assert refused.value.field == "valid_from" and Signer.objects.count() == 1

    def test_neighbours_and_other_offices(self, home_affairs: User, agency: Agency) -> None:
        save(home_affairs, agency, valid_from=date(2025, 1, 1), valid_until=date(2025, 6, 30))
        save(home_affairs, agency, valid_from=date(2025, 7, 1))
        save(home_affairs, agency, valid_until=date(2024, 12, 31))
        save(home_affairs, factories.AgencyFactory())
        save(home_affairs, factories.WardFactory())
        save(home_affairs, data.city_authority())
        assert Signer.objects.count() == 6

    def test_the_end_before_the_beginning(self, home_affairs: User, agency: Agency) -> None:
        with pytest.raises(InvalidInput, match="đứng trước ngày bắt đầu") as refused:
            save(home_affairs, agency, valid_from=date(2025, 2, 2), valid_until=date(2025, 2, 1))
        assert refused.value.field == "valid_until"

    def test_the_previous_one_ends_the_day_before(self, home_affairs: User, agency: Agency) -> None:
        old = save(home_affairs, agency, full_name="Người Trước")
        save(home_affairs, agency, full_name="Người Sau", valid_from=TODAY(), end_previous=True)
        old.refresh_from_db()
        assert old.valid_until == TODAY() - DAY

    def test_ending_it_in_the_past_is_asked_for(self, home_affairs: User, agency: Agency) -> None:
        old = save(home_affairs, agency)
        begins = TODAY() - 10 * DAY
        with pytest.raises(deeds.PastChange):
            save(home_affairs, agency, valid_from=begins, end_previous=True)
        old.refresh_from_db()
        assert old.valid_until is None and Signer.objects.count() == 1
        save(home_affairs, agency, valid_from=begins, end_previous=True, past_meant=True)
        assert Signer.objects.count() == 2

    def test_ending_it_needs_a_day(self, home_affairs: User, agency: Agency) -> None:
        save(home_affairs, agency)
        with pytest.raises(InvalidInput) as refused:
            save(home_affairs, agency, end_previous=True)
        assert refused.value.field == "valid_from"


@pytest.mark.django_db
class TestThePast:
    def test_who_signed_is_not_edited_away(self, home_affairs: User, agency: Agency) -> None:
        row = save(home_affairs, agency, full_name="Người Trước", valid_from=TODAY() - 30 * DAY)
        changes: list[dict[str, Any]] = [
            {"full_name": "Khác", "valid_from": TODAY() - 30 * DAY},
            {"full_name": "Người Trước", "valid_from": TODAY() - 20 * DAY},
            {"full_name": "Người Trước", "valid_from": None},
            {"full_name": "Người Trước", "valid_from": TODAY() - 30 * DAY, "valid_until": TODAY() - 2 * DAY},
        ]
        for change in changes:
            with pytest.raises(deeds.PastChange):
                save(home_affairs, agency, signer_id=row.pk, **change)
            row.refresh_from_db()
            assert row.full_name == "Người Trước" and row.valid_from == TODAY() - 30 * DAY
        save(home_affairs, agency, signer_id=row.pk, past_meant=True, **changes[0])
        row.refresh_from_db()
        assert row.full_name == "Khác"

    def test_what_is_to_come_is_free(self, home_affairs: User, agency: Agency) -> None:
        row = save(home_affairs, agency, full_name="Một", valid_from=TODAY())
        save(home_affairs, agency, full_name="Hai", valid_from=TODAY() + DAY, signer_id=row.pk)
        long = save(home_affairs, factories.AgencyFactory(), valid_from=TODAY() - 30 * DAY)
        office = long.agency
        for ends in (TODAY(), TODAY() - DAY, TODAY() + DAY):  # yesterday is its last day: no day that is over changes
            save(home_affairs, office, valid_from=long.valid_from, valid_until=ends, signer_id=long.pk)


@pytest.mark.django_db
class TestRights:
    def test_a_ward_keeps_its_own(self, agency: Agency) -> None:
        leader = factories.WardLeaderFactory()
        assert save(leader, leader.ward, title="CHỦ TỊCH").ward == leader.ward
        for office in (factories.WardFactory(), agency, data.city_authority()):
            with pytest.raises(Refusal):
                save(leader, office)
        with pytest.raises(Refusal):
            deeds.save_name(user=leader, agency=agency, values={})

    @pytest.mark.parametrize(
        "maker", ["CityLeader", "AgencyOfficer", "Administrator", "DelegationMember", "UnitHead", "FinancePlanning"]
    )
    def test_nobody_else(self, agency: Agency, maker: str) -> None:
        with pytest.raises(Refusal):
            save(getattr(factories, f"{maker}Factory")(), agency)
        assert not Signer.objects.exists() and not LogEntry.objects.exists()

    def test_a_row_of_another_office_is_not_there(self, home_affairs: User, agency: Agency) -> None:
        other = save(home_affairs, factories.AgencyFactory())
        with pytest.raises(Signer.DoesNotExist):
            save(home_affairs, agency, signer_id=other.pk)


@pytest.mark.django_db
class TestNames:
    def named(self, user: User, agency: Agency, **changes: Any) -> OfficeName:
        more = {key: changes.pop(key) for key in ("name_id", "shown", "past_meant") if key in changes}
        given = {"name": "Phòng Cũ", "symbol": "PC", "valid_from": None, "valid_until": None} | changes
        return deeds.save_name(user=user, agency=agency, values=given, **more)

    def test_by_period(self, home_affairs: User, agency: Agency) -> None:
        self.named(home_affairs, agency, valid_until=date(2024, 12, 31))
        assert offices.named(agency, date(2024, 12, 31)) == ("Phòng Cũ", "PC")
        assert offices.named(agency, date(2025, 1, 1)) == ("Phòng Nội vụ", agency.symbol)
        with pytest.raises(InvalidInput):
            self.named(home_affairs, agency, valid_from=date(2024, 1, 1))

    def test_the_past_is_asked_for(self, home_affairs: User, agency: Agency) -> None:
        row = self.named(home_affairs, agency, valid_until=date(2024, 12, 31))
        given = {"valid_until": date(2024, 12, 31), "name_id": row.pk, "name": "Khác"}
        with pytest.raises(deeds.PastChange):
            self.named(home_affairs, agency, **given)
        assert self.named(home_affairs, agency, past_meant=True, **given).name == "Khác"


@pytest.mark.django_db
def test_somebody_else_was_faster(home_affairs: User, agency: Agency) -> None:
    row = save(home_affairs, agency, full_name="Một", valid_from=TODAY())
    shown = deeds.seen(row)
    save(home_affairs, agency, full_name="Hai", valid_from=TODAY(), signer_id=row.pk, shown=shown)
    with pytest.raises(Stale):
        save(home_affairs, agency, full_name="Ba", valid_from=TODAY(), signer_id=row.pk, shown=shown)
    row.refresh_from_db()
    assert row.full_name == "Hai"


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("fresh_tables")
class TestAtOnce:
    def test_two_for_the_same_time(self, home_affairs: User, agency: Agency) -> None:
        results = at_once(*(lambda name=name: save(home_affairs, agency, full_name=name) for name in ("Một", "Hai")))
        assert sorted(type(result).__name__ for result in results) == ["InvalidInput", "Signer"], results
        assert Signer.objects.count() == 1

    def test_past_the_lock_the_database_refuses(self, home_affairs: User, agency: Agency) -> None:
        """Somebody writes without our lock, for instance an import."""
        late = second_waits_for_first(
            lambda: Signer.objects.create(agency=agency, title="TRƯỞNG PHÒNG"),
            lambda: save(home_affairs, agency),
        )
        assert isinstance(late, InvalidInput) and late.field == "valid_from", late


@pytest.mark.parametrize(
    ("capacity", "title", "told"),
    [
        ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH", 0),
        ("", "TRƯỞNG PHÒNG", 0),
        ("", "Q. CHỦ TỊCH", 0),
        ("", "TL. CHỦ TỊCH\nCHÁNH VĂN PHÒNG", 0),
        ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", 2),
        ("", "PHÓ TRƯỞNG PHÒNG", 1),
        ("", "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH", 1),
        ("", "TUQ. CHỦ TỊCH", 1),
    ],
)
def test_advice(capacity: str, title: str, told: int) -> None:
    assert len(signing_words.advice(capacity, title)) == told
