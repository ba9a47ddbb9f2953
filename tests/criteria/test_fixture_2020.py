"""fixtures/criteria-2020.json says what the plan of 2020 says."""

import json
import re
import unicodedata

import pytest

from criteria import queries, spec
from criteria.loading import load_criteria
from criteria.models import Entry
from localities.models import Unit, Ward
from tests.criteria.fixture_2020 import PATH, RECORDS, fields_of

GROUP, VILLAGE = Unit.Kind.GROUP, Unit.Kind.VILLAGE
COMMUNE, WARD = Ward.Kind.COMMUNE, Ward.Kind.WARD
ENTRIES = {fields["key"]: fields for fields in fields_of("entry")}
SECTIONS = {(fields["kind"], fields["number"]): fields["name"] for fields in fields_of("section")}


def text_at(key: str) -> str:
    """The text of an entry, or the name of a section written as standard-4, or a field of the set."""
    kind, _, number = key.partition("-")
    if kind in ("standard", "content"):
        return str(SECTIONS[kind, int(number)])
    return str(ENTRIES[key]["text"]) if key in ENTRIES else str(fields_of("criteriaset")[0][key])


@pytest.fixture
def table(db: None) -> spec.Table:
    return queries.table(load_criteria(PATH).criteria_set.pk)


# The shape of the table


def test_sizes(table: spec.Table) -> None:
    assert [len(standard.entries) for standard in table.standards] == [4, 8, 7, 8, 6, 8]
    assert [len(content.entries) for content in table.contents] == [1, 8, 4, 4, 13, 9]
    assert len(table.cases) == 4
    assert (table.standard_percent, table.content_percent) == (80, 80)


def test_positions_follow_criteria_items_cases(table: spec.Table) -> None:
    positions = list(Entry.objects.order_by("position").values_list("position", "key"))
    assert positions == list(enumerate((entry.key for entry in table), 1))
    assert len(positions) == 84


def test_keys_and_codes(table: spec.Table) -> None:
    prefixes = {spec.EntryKind.CRITERION: "tc-", spec.EntryKind.ITEM: "nd-", spec.EntryKind.CASE: "th-"}
    assert all(entry.key == prefixes[entry.kind] + entry.code for entry in table)
    for standard in table.standards:
        assert [e.code for e in standard.entries] == [
            f"{standard.number}.{n + 1}" for n in range(len(standard.entries))
        ]


@pytest.mark.parametrize(
    ("block", "name", "size"),
    [
        ("2.1", "Tự quản về thương mại, dịch vụ, tiểu thủ công nghiệp - làng nghề", 5),
        ("2.2", "Tự quản về sản xuất nông nghiệp", 3),
        ("5.1", "Tự quản về văn hóa – nếp sống văn minh", 3),
        ("5.2", "Tự quản giáo dục – đào tạo", 3),
        ("5.3", "Tự quản Y tế - Dân số - Gia đình - Trẻ em", 3),
        ("5.4", "Tự quản An sinh xã hội - Giảm nghèo bền vững", 4),
        ("6.1", "Quốc phòng", 3),
        ("6.2", "An ninh trật tự", 6),
    ],
)
def test_blocks(block: str, name: str, size: int) -> None:
    inside = [fields for fields in ENTRIES.values() if fields.get("block") == block]
    assert [fields["code"] for fields in inside] == [f"{block}.{n}" for n in range(1, size + 1)]
    assert {fields["block_name"] for fields in inside} == {name}


def test_items_without_block() -> None:
    free = [key for key, fields in ENTRIES.items() if fields["kind"] == "item" and not fields.get("block")]
    assert free == ["nd-1.1", *(f"nd-{content}.{n}" for content in (3, 4) for n in range(1, 5))]


def test_only_4_1_is_derived_and_only_case_1_contradicts(table: spec.Table) -> None:
    assert [entry.key for entry in table if entry.derived] == ["tc-4.1"]
    assert {entry.key: entry.contradicts for entry in table if entry.contradicts} == {"th-1": "tc-1.4"}


# The texts

CORRECTIONS = [
    ("legal_basis", "số 922/KH-UBND ngày 08/5/2020", "78/KH-UBND"),
    ("legal_basis", "số 922/KH-UBND", "38/KH-UBND"),
    ("tc-2.3", "lúa tẻ dâu", "té dâu"),
    ("tc-2.5", "dân cư; các hộ gia đình", "; Các hộ"),
    ("tc-2.5", "mới (đối với bản thuộc xã xây dựng nông thôn mới),", "( đối với"),
    ("tc-2.5", "(đối với tổ dân phố, bản thuộc phường).", " )"),
    ("tc-2.6", "hộ kinh doanh cố định", "có định"),
    ("tc-3.6", "bày bán hàng hóa các loại", "hàng hoá"),
    ("standard-4", "sáng - xanh - sạch - đẹp", "–"),
    ("standard-4", "phát huy bản sắc văn hóa dân tộc", "dân tộc."),
    ("tc-5.1", "hưởng ứng tích cực", "hướng ứng"),
    ("tc-5.3", "trẻ em, người có công", "trẻ em người"),
    ("tc-5.4", "an toàn vệ sinh thực phẩm", "về sinh"),
    ("tc-5.5", "không có học sinh bỏ học giữa chừng", "\n"),
    ("tc-6.2", "Luật Quốc phòng, Luật Nghĩa vụ quân sự, Luật Lực lượng dự bị động viên, Luật DQTV.", "DQTV,"),
    ("tc-6.2", "Luật Nghĩa vụ quân sự", "Luật nghĩa vụ"),
    ("tc-6.2", "Luật Lực lượng", "Luật lực lượng"),
    ("tc-6.5", "khối đoàn kết", "khôi"),
    ("tc-6.6", "Thực hiện tốt các hoạt động phòng ngừa", "- Thực hiện"),
    ("tc-6.6", "vi phạm pháp luật khác.", ";"),
    ("tc-6.7", "công an viên, cán bộ, chiến sĩ dự bị động viên, dân quân ở", "chiến sĩ, dự bị"),
    ("tc-6.7", "bảo vệ dân phố, cán bộ, chiến sĩ dự bị động viên, dân quân bị kỷ luật", "chiến sĩ, dự bị"),
    ("nd-2.1.1", "Nắm và tự quản", "Năm và"),
    ("nd-2.1.2", "Phát hiện, báo cáo kịp thời", "Phát hiện báo cáo"),
    ("nd-2.2.2", "tập trung, OCOP.", "Ocop"),
    ("nd-3.1", "về: quản lý quy hoạch, xây dựng", "Quản lý, quy hoạch"),
    ("nd-3.4", "Thống kê đầy đủ", "Thông kê"),
    ("nd-5.1.1", "và lễ hội; thường xuyên kiểm tra", "; Thường xuyên"),
    ("nd-5.2.2", "không có học sinh bỏ học.", "\n"),
    ("nd-5.2.3", "xã hội hóa giáo dục.", "\n"),
    ("nd-5.4.1", "các chủ trương, chính sách", "chủ trương chính sách"),
    ("nd-6.2.1", "HTX chấp hành tốt các quy định về đảm bảo ANTT.", "HTX,"),
    ("nd-6.2.3", "Nắm chắc, nhắc nhở", "Nắm chắc nhắc"),
    ("nd-6.2.4", "Hộ, tổ chức, cá nhân", "tổ chức cá nhân"),
    ("nd-6.2.5", "tôn giáo trái pháp luật trên địa bàn.", ", kịp thời."),
]


@pytest.mark.parametrize(("key", "right", "wrong"), CORRECTIONS)
def test_scanning_error_is_corrected(key: str, right: str, wrong: str) -> None:
    assert right in text_at(key)
    assert wrong not in text_at(key)


AS_PRINTED = [
    ("tc-1.1", "Ban công tác mặt trận"),
    ("tc-2.1", "CN – TTCN"),
    ("tc-3.6", "mái che, mái vẩy"),
    ("tc-4.1", "theo phụ lục đính kèm"),
    ("tc-4.3", "Bản, tổ dân phố"),
    ("tc-6.1", "tuyên truyền không để tổ chức"),
    ("tc-6.3", '"an toàn về an ninh trật tự hàng năm"'),
    ("tc-6.8", "bao gồm cả cư trú, tạm trú"),
    ("nd-1.1", "người hoạt động không chuyên trách, thường xuyên nâng cao"),
    ("nd-2.1.1", "(Việc đăng ký kinh doanh"),
    ("nd-3.3", "Thường xuyên kiểm tra: phát hiện"),
    ("nd-5.3.3", "công tác tự quản về công tác gia đình"),
    ("nd-6.1.1", "Luật lực lượng dự bị động viên"),
    ("nd-6.2.2", "số sinh, chết; hàng tháng, quý, năm; kịp thời"),
    ("nd-6.2.6", "phong trào BVAN Tổ quốc"),
    ("content-6", "Tự quản An ninh – Quốc phòng"),
]


@pytest.mark.parametrize(("key", "printed"), AS_PRINTED)
def test_doubtful_reading_stays_as_printed(key: str, printed: str) -> None:
    assert printed in text_at(key)


def test_every_text_is_clean() -> None:
    for record in RECORDS:
        for name, value in record["fields"].items():
            if not isinstance(value, str):
                continue
            where = f"{record['model']} {record['fields'].get('key', '')} {name}"
            assert unicodedata.is_normalized("NFC", value), where
            assert not re.search(r"</?\w+>|&\w+;|  |\( | \)| [,.;:]|[\t\r]", value), where
            assert value == value.strip(), where


def test_entry_texts_are_whole_sentences() -> None:
    for key, fields in ENTRIES.items():
        assert fields["text"].endswith("."), key
        assert fields["text"][0].isupper() or fields["text"][0].isdigit(), key
        assert ("\n" in fields["text"]) == (key == "tc-2.3"), key


def test_section_names_carry_neither_number_nor_full_stop() -> None:
    assert len(SECTIONS) == 12
    assert not any(name.endswith(".") or name.startswith(("Tiêu chuẩn", "Nội dung")) for name in SECTIONS.values())


def test_notes_list_one_decision_a_line() -> None:
    lines = text_at("notes").split("\n")
    assert all(line.startswith("- ") and line.endswith(".") for line in lines)
    for word in ("gạch đầu dòng", "2.2", "Không áp dụng", "4.1", "604/KH-UBND", "2204/KH-UBND", "Cơ quan thẩm định"):
        assert any(word in line for line in lines), word


def test_file_has_no_primary_keys_and_reads_well() -> None:
    raw = PATH.read_text(encoding="utf-8")
    assert not any("pk" in record for record in RECORDS)
    assert raw == json.dumps(RECORDS, ensure_ascii=False, indent=1) + "\n"


# Figures

HOUSEHOLDS, OWN, OTHER = "households", "own", "indicator"
INDICATORS = [
    ("tc-1.1", "ratio", "=", 100, OWN, ""),
    ("tc-1.3", "ratio", ">=", 98, HOUSEHOLDS, ""),
    ("tc-1.4", "ratio", "=", 100, HOUSEHOLDS, ""),
    ("tc-2.2", "count", ">=", 1, OWN, ""),
    ("tc-2.3", "count", ">=", 1, OWN, "village"),
    ("tc-2.3", "count", ">=", 1, OWN, "group"),
    ("tc-2.6", "ratio", "=", 100, OWN, ""),
    ("tc-3.4", "count", ">=", 1, OWN, ""),
    ("tc-4.4", "ratio", ">=", 85, HOUSEHOLDS, ""),
    ("tc-4.6", "ratio", "=", 100, OWN, ""),
    ("tc-5.2", "count", "=", 0, OWN, ""),
    ("tc-5.3", "ratio", "=", 100, OWN, ""),
    ("tc-5.5", "ratio", "=", 100, OWN, ""),
    ("tc-5.5", "count", "=", 0, OWN, ""),
    ("tc-6.3", "ratio", "=", 100, HOUSEHOLDS, ""),
    ("tc-6.3", "ratio", ">=", 98, OTHER, ""),
    ("tc-6.7", "ratio", "=", 100, OWN, ""),
    ("tc-6.7", "count", "=", 0, OWN, ""),
    ("th-4", "ratio", ">=", 10, HOUSEHOLDS, ""),
]


def test_indicators(table: spec.Table) -> None:
    assert [
        (entry.key, i.kind, i.comparator, i.threshold, i.denominator_source, i.unit_kind)
        for entry in table
        for i in entry.indicators
    ] == INDICATORS


def test_second_figure_of_6_3_counts_of_those_that_signed(table: spec.Table) -> None:
    signing, keeping = table.entries_by_key["tc-6.3"].indicators
    assert (signing.base, keeping.base) == ("", signing.key)


def test_every_figure_has_its_words(table: spec.Table) -> None:
    for entry in table:
        for indicator in entry.indicators:
            assert indicator.label and indicator.numerator_label and indicator.unit_word, indicator.key
            assert bool(indicator.denominator_label) == (indicator.kind is spec.IndicatorKind.RATIO), indicator.key


# What a unit sees


def test_2_3_shows_each_kind_of_unit_its_own_clause(table: spec.Table) -> None:
    village = table.for_unit(VILLAGE, COMMUNE).entries_by_key["tc-2.3"]
    group = table.for_unit(GROUP, WARD).entries_by_key["tc-2.3"]
    assert village.text.startswith("Phát triển các vùng sản xuất nông nghiệp") and "tuyến phố" not in village.text
    assert group.text == "Xây dựng được ít nhất một tuyến phố chuyên kinh doanh văn minh."
    assert [i.key for i in village.indicators] == ["mo-hinh-chuoi-lien-ket"]
    assert [i.key for i in group.indicators] == ["tuyen-pho-kinh-doanh"]
    whole = table.entries_by_key["tc-2.3"].text.split("\n")
    assert whole == [f"Đối với bản sản xuất nông nghiệp: {village.text}", f"Đối với Tổ dân phố: {group.text}"]


@pytest.mark.parametrize("unit_kind", [GROUP, VILLAGE])
def test_2_5_follows_the_kind_of_ward(table: spec.Table, unit_kind: str) -> None:
    commune = table.for_unit(unit_kind, COMMUNE).entries_by_key["tc-2.5"].text
    ward = table.for_unit(unit_kind, WARD).entries_by_key["tc-2.5"].text
    assert commune.endswith("tích cực tham gia thực hiện cuộc vận động xây dựng nông thôn mới.")
    assert ward.endswith("tích cực tham gia xây dựng phường đạt chuẩn văn minh đô thị.")
    assert "đối với" not in commune + ward
    assert commune.split(";")[0] == ward.split(";")[0]


def test_every_kind_sees_the_same_entries(table: spec.Table) -> None:
    for unit_kind in (GROUP, VILLAGE):
        for ward_kind in (COMMUNE, WARD):
            seen = table.for_unit(unit_kind, ward_kind)
            assert [entry.key for entry in seen] == [entry.key for entry in table]
            other = {e.key for e in seen if e.text != table.entries_by_key[e.key].text}
            assert other == {"tc-2.3", "tc-2.5"}


def test_only_agriculture_is_exempt_and_only_for_groups(table: spec.Table) -> None:
    group = [entry.key for entry in table.for_unit(GROUP, WARD) if entry.may_be_exempt]
    assert group == ["nd-2.2.1", "nd-2.2.2", "nd-2.2.3"]
    assert not any(entry.may_be_exempt for entry in table.for_unit(VILLAGE, COMMUNE))
