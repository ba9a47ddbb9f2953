"""criteria/loading.py brings the fixture in once, and refuses what is unsound or differs."""

import json
import re
import unicodedata
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from criteria import spec
from criteria.loading import CriteriaFileError, Outcome, load_criteria
from criteria.models import CriteriaSet, Entry
from tests.criteria.fixture_2020 import PATH, fields_of

Change = Callable[[list[dict[str, Any]]], object]


@pytest.fixture
def changed_file(tmp_path: Path) -> Callable[[Change], Path]:
    """Write the fixture changed by a function to a file of its own."""

    def write(change: Change) -> Path:
        records = json.loads(PATH.read_text(encoding="utf-8"))
        change(records)
        path = tmp_path / "changed.json"
        path.write_text(json.dumps(records, ensure_ascii=False), encoding="utf-8")
        return path

    return write


def test_loading_publishes(db: None) -> None:
    result = load_criteria(PATH)
    criteria_set = CriteriaSet.objects.get()
    assert result.outcome is Outcome.LOADED
    assert result.criteria_set == criteria_set
    assert criteria_set.status == CriteriaSet.Status.PUBLISHED
    assert criteria_set.published_at is not None
    assert dict(result.counts) == {spec.EntryKind.CRITERION: 41, spec.EntryKind.ITEM: 39, spec.EntryKind.CASE: 4}


def test_loading_again_does_nothing(db: None) -> None:
    before = load_criteria(PATH).criteria_set
    result = load_criteria(PATH)
    assert result.outcome is Outcome.UNCHANGED
    assert result.criteria_set.published_at == before.published_at
    assert CriteriaSet.objects.count() == 1
    assert Entry.objects.count() == 84


def test_retired_set_is_left_alone(db: None) -> None:
    criteria_set = load_criteria(PATH).criteria_set
    criteria_set.status = CriteriaSet.Status.RETIRED
    criteria_set.retired_at = criteria_set.published_at
    criteria_set.save()
    assert load_criteria(PATH).outcome is Outcome.UNCHANGED
    assert CriteriaSet.objects.get().status == CriteriaSet.Status.RETIRED


def test_equal_draft_is_published(db: None) -> None:
    call_command("loaddata", str(PATH), verbosity=0)
    assert load_criteria(PATH).outcome is Outcome.PUBLISHED
    assert Entry.objects.count() == 84


def edit(model: str, nth: int, /, **values: Any) -> Change:
    """A change of the fixture: other values in one record of a model."""
    return lambda records: fields_of(model, records)[nth].update(values)


def drop(model: str, nth: int = -1) -> Change:
    """A change of the fixture: one record of a model is gone."""
    return lambda records: records.remove(next(r for r in records if r["fields"] is fields_of(model, records)[nth]))


def repeat(nth: int) -> Change:
    return lambda records: records.append(records[nth])


DIFFERENCES = [
    (edit("entry", 9, text="100% hộ kinh doanh."), "mục của bộ tiêu chí tc-2.6|nội dung"),
    (edit("criteriaset", 0, standard_percent=75), "“80”, trong tệp là “75”"),
    (edit("indicator", 1, threshold=97), "chỉ số tc-1.3 ho-nghiem-chinh|ngưỡng"),
    (edit("exemption", 0, unit_kind="village"), "tệp có thêm mục được phép không áp dụng nd-2.2.1 village"),
    (drop("exemption"), "tệp thiếu mục được phép không áp dụng nd-2.2.3 group"),
    (drop("indicator"), "tệp thiếu chỉ số th-4 ho-vi-pham"),
    (drop("alternative"), "tệp thiếu nội dung theo loại tc-2.5 ward"),
]


@pytest.mark.parametrize(("change", "words"), DIFFERENCES)
def test_published_set_refuses_a_changed_file(
    db: None, changed_file: Callable[[Change], Path], change: Change, words: str
) -> None:
    load_criteria(PATH)
    with pytest.raises(CriteriaFileError, match="phải lập phiên bản mới") as refusal:
        load_criteria(changed_file(change))
    for word in words.split("|"):
        assert word in str(refusal.value)
    assert load_criteria(PATH).outcome is Outcome.UNCHANGED


def test_draft_that_differs_is_not_overwritten(db: None, changed_file: Callable[[Change], Path]) -> None:
    call_command("loaddata", str(PATH), verbosity=0)
    with pytest.raises(CriteriaFileError, match="bản dự thảo khác với tệp"):
        load_criteria(changed_file(edit("entry", 0, text="Khác.")))
    assert CriteriaSet.objects.get().status == CriteriaSet.Status.DRAFT


UNSOUND = [
    (edit("entry", 0, text=unicodedata.normalize("NFD", "Điều kiện")), "Unicode NFC"),
    (edit("section", 0, name=unicodedata.normalize("NFD", "Củng cố")), "Unicode NFC"),
    (edit("entry", 80, contradicts=["2020", 1, "nd-1.1"]), "th-1"),
    (edit("entry", 3, contradicts=["2020", 1, "tc-1.1"]), "tc-1.4"),
    (edit("entry", 45, derived=True), "chỉ tiêu chí mới suy ra"),
    (edit("entry", 41, section=["2020", 1, "standard", 1]), "Tiêu chuẩn 1"),
    (drop("entry", 41), "Nội dung tự quản 1 không có mục nào"),
    (edit("entry", 1, position=1), "entry_position_once"),
    (edit("entry", 1, key="tc-1.1"), "Tệp ghi hai lần mục của bộ tiêu chí tc-1.1"),
    (repeat(-1), "Tệp ghi hai lần chỉ số th-4 ho-vi-pham"),
    (repeat(0), "Tệp ghi hai lần bộ tiêu chí 2020 1"),
    (edit("indicator", 15, base=["2020", 1, "tc-1.4", "ho-thuc-hien-quy-uoc"]), "mẫu số của ho-giu-cam-ket"),
    (edit("indicator", 0, comparator=">"), "not a valid Comparator"),
    (edit("indicator", 0, threshold=101), "indicator_ratio_in_percent"),
    (edit("criteriaset", 0, status="published"), "tình trạng dự thảo"),
    (edit("criteriaset", 0, colour="red"), "không có trường colour"),
    (edit("entry", 0, criteria_set=["2019", 1]), "thuộc bộ tiêu chí khác"),
    (lambda records: records.pop(0), "đúng một bộ tiêu chí"),
    (lambda records: records[0].update(pk=1), "khóa chính"),
    (lambda records: records[0].update(model="accounts.user"), "không thuộc bộ tiêu chí"),
    (lambda records: records.append("x"), "danh sách bản ghi"),
]


@pytest.mark.parametrize(("change", "words"), UNSOUND)
def test_unsound_file_leaves_nothing_behind(
    db: None, changed_file: Callable[[Change], Path], change: Change, words: str
) -> None:
    with pytest.raises(CriteriaFileError, match=re.escape(words)):
        load_criteria(changed_file(change))
    assert not CriteriaSet.objects.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "Không đọc được tệp"), (b"\xff\xfe", "UTF-8"), (b"[\n{", "JSON ở dòng 2"), (b"{}", "danh sách bản ghi")],
)
def test_file_that_is_no_fixture(tmp_path: Path, content: bytes | None, words: str) -> None:
    path = tmp_path / "criteria.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CriteriaFileError, match=words):
        load_criteria(path)


def test_command_says_what_it_did_in_one_line(db: None) -> None:
    lines = []
    for _ in range(2):
        out = StringIO()
        call_command("load_criteria", stdout=out)
        lines.append(out.getvalue())
    size = "gồm 41 tiêu chí, 39 mục nội dung tự quản, 4 trường hợp không đảm bảo.\n"
    assert lines == [
        f"Đã nạp và đưa vào áp dụng: bộ tiêu chí 2020, phiên bản 1, {size}",
        f"Không có thay đổi: bộ tiêu chí 2020, phiên bản 1, {size}",
    ]


def test_command_reports_a_refusal(db: None, changed_file: Callable[[Change], Path]) -> None:
    load_criteria(PATH)
    with pytest.raises(CommandError, match="Muốn thay đổi phải lập phiên bản mới"):
        call_command("load_criteria", str(changed_file(edit("criteriaset", 0, title="Tên khác"))))
