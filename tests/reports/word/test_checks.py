"""That the checks of Word files can fail."""

from io import BytesIO
from zipfile import ZipFile

import pytest

from reports import word
from tests.reports.word import test_document as documents
from tests.reports.word_checks import Word, check_opens_without_repair, check_says_all

HTML = documents.page(f"<p>một</p>{documents.GRID}")


def changed(old: str, new: str, name: str = "word/document.xml") -> Word:
    """The file with one thing wrong."""
    target = BytesIO()
    with ZipFile(BytesIO(word.document(HTML))) as source, ZipFile(target, "w") as made:
        for entry in source.namelist():
            data = source.read(entry).decode()
            if entry == name:
                assert old in data
                data = data.replace(old, new, 1)
            made.writestr(entry, data)
    return Word(target.getvalue())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<w:tblHeader/>", ""),
        ('<w:gridSpan w:val="2"/>', ""),
        ('<w:vMerge w:val="restart"/>', ""),
        ('<w:pStyle w:val="loi-van"/>', '<w:jc w:val="left"/><w:pStyle w:val="loi-van"/>'),
        ('<w:pStyle w:val="loi-van"/>', '<w:pStyle w:val="khong-co"/>'),
        ('<w:tcW w:type="dxa" w:w="', '<w:tcW w:type="dxa" w:w="1'),
        ("</w:p></w:tc>", "</w:p><w:tbl/></w:tc>"),
    ],
    ids=["head", "span", "merge", "order", "style", "width", "cell"],
)
def test_broken_file_is_noticed(old: str, new: str) -> None:
    with pytest.raises(AssertionError):
        check_opens_without_repair(changed(old, new))


def test_missing_and_added_words_are_noticed() -> None:
    check_says_all(Word(word.document(HTML)), HTML)
    for old, new in ((">một<", "><"), (">một<", ">một hai<"), (">Tổ 1<", ">Tổ 2<")):
        with pytest.raises(AssertionError):
            check_says_all(changed(old, new), HTML)
