"""Charts: the same for the same figures, whole in themselves, read without colours."""

import re
from collections.abc import Callable
from io import BytesIO
from itertools import pairwise

import pdfplumber
import pytest
from django.template import Context, Template
from django.test import Client
from django.urls import reverse
from lxml import etree

from accounts.models import User
from assessments.models import Plan
from assessments.queries import WardRow
from assessments.workflow import State
from localities.models import Unit, Ward
from reports import charts, rendering
from tests import factories
from tests.assessments import roads
from tests.queries import cost

NAMES = ["Phường Quyết Thắng", "Xã Sùng Phài <b>&"]
SERIES = [
    charts.Series("Đang ở xã, phường", [1200, 0]),
    charts.Series("Đã gửi", [300, 4]),
    charts.Series("Đã công nhận", [0, 500]),
    charts.Series("Không công nhận", [250, 700]),
]
SVG = "{http://www.w3.org/2000/svg}"


def drawing(*, paper: bool = True) -> charts.Chart:
    return charts.stacked("Kết quả", NAMES, SERIES, word="tổ, bản", paper=paper)


def drawn(chart: charts.Chart) -> etree._Element:
    return etree.fromstring(chart.svg)


def words(chart: charts.Chart) -> list[str]:
    return [text.text or "" for text in drawn(chart).iter(f"{SVG}text")]


def lightness(colour: str) -> float:
    """How light a grey printer makes it, 0 to 255."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue


@pytest.mark.parametrize("paper", [True, False])
def test_equal_figures_make_equal_bytes(paper: bool) -> None:
    assert drawing(paper=paper).svg == drawing(paper=paper).svg
    assert charts.shares("a", ["b"], [1], 3).uri == charts.shares("a", ["b"], [1], 3).uri


def test_other_figures_make_another_drawing() -> None:
    assert charts.shares("a", ["b"], [1], 3).svg != charts.shares("a", ["b"], [2], 3).svg


@pytest.mark.parametrize("chart", [drawing(), drawing(paper=False), charts.shares("a", NAMES, [1, 0], 3)])
def test_nothing_is_fetched_and_nothing_runs(chart: charts.Chart) -> None:
    addresses = re.findall(r"\w+://[^\"' ]+|url\([^)]*\)|href", chart.svg)
    assert addresses == ["http://www.w3.org/2000/svg"]  # the name of the language itself
    kinds = {element.tag.removeprefix(SVG) for element in drawn(chart).iter()}
    assert kinds <= {"svg", "title", "desc", "rect", "path", "text"}
    assert not re.search(r"\son\w+=", chart.svg)


def test_every_figure_and_word_stands_in_it_as_vietnamese_writes_them() -> None:
    found = words(drawing())
    for text in (*NAMES, *(one.name for one in SERIES), "1.200", "300", "500", "700", "1.750", "1.204"):
        assert text in found, text
    assert "0" not in found


def test_a_figure_too_long_for_its_piece_is_left_out_but_said() -> None:
    chart = charts.stacked("a", ["b"], [charts.Series("c", [1]), charts.Series("d", [9999])], word="tổ, bản")
    assert "1" not in words(chart)
    assert chart.alt == "a. b: c 1, d 9.999, cộng 10.000 tổ, bản."


def test_what_is_said_instead_of_it_tells_all() -> None:
    chart = drawing()
    said = "Phường Quyết Thắng: đang ở xã, phường 1.200, đã gửi 300, đã công nhận 0, không công nhận 250, cộng 1.750 tổ"
    assert chart.alt.startswith(f"Kết quả. {said}")
    root = drawn(chart)
    assert root.findtext(f"{SVG}title") == "Kết quả" and root.findtext(f"{SVG}desc") == chart.alt
    assert root.get("role") == "img"


def test_shares_say_count_whole_and_percent() -> None:
    chart = charts.shares("a", ["Tiêu chuẩn 1", "Tiêu chuẩn 2"], [11, 0], 12)
    assert words(chart) == ["Tiêu chuẩn 1", "11/12 (91,66 %)", "Tiêu chuẩn 2", "0/12 (0 %)"]
    bars = [float(r.get("width", 0)) for r in drawn(chart).iter(f"{SVG}rect")]
    whole, part, _ = bars
    assert part / whole == pytest.approx(11 / 12, abs=0.001)


def test_shares_of_nothing_draw_empty_bars() -> None:
    assert words(charts.shares("a", ["b"], [0], 0)) == ["b", "0/0"]


@pytest.mark.parametrize("paper", [True, False])
def test_neighbouring_tones_differ_in_black_and_white(paper: bool) -> None:
    tones = [lightness(tone.fill(paper)) for tone in charts.TONES]
    assert all(abs(one - other) >= 20 for one, other in pairwise(tones))
    plain = sorted(lightness(tone.fill(paper)) for tone in charts.TONES if not tone.hatched)
    assert all(after - before >= 60 for before, after in pairwise(plain))
    for tone in charts.TONES:
        assert abs(lightness(tone.fill(paper)) - lightness(tone.text)) >= 120


def test_papers_are_grey() -> None:
    colours = set(re.findall(r"#[0-9a-f]{6}", drawing().svg))
    assert colours and all(len({colour[1:3], colour[3:5], colour[5:7]}) == 1 for colour in colours)


def test_pieces_of_a_bar_lie_side_by_side_and_within_the_drawing() -> None:
    many = [f"Xã {n}" for n in range(20)]
    chart = charts.stacked("a", many, [charts.Series("b", list(range(20))), charts.Series("c", [7] * 20)], word="x")
    boxes = [[float(r.get(name, 0)) for name in ("x", "y", "width", "height")] for r in drawn(chart).iter(f"{SVG}rect")]
    assert all(x >= 0 and x + wide <= chart.width and y + tall <= chart.height for x, y, wide, tall in boxes)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: charts.stacked("a", ["b"], [], word="x"),
        lambda: charts.stacked("a", ["b"], [charts.Series("c", [1])] * 5, word="x"),
        lambda: charts.stacked("a", ["b"], [charts.Series("c", [1, 2])], word="x"),
        lambda: charts.stacked("a", ["b"], [charts.Series("c", [-1])], word="x"),
        lambda: charts.shares("a", ["b"], [4], 3),
        lambda: charts.shares("a", ["b"], [], 3),
        lambda: charts.grouped("a", ["b"], [charts.Series("c", [1], ["1", "2"])]),
        lambda: charts.matrix("a", ["b"], ["c"], [[1, 2]]),
        lambda: charts.matrix("a", ["b"], ["c"], [[-1]]),
    ],
)
def test_figures_that_do_not_fit_are_refused(wrong: Callable[[], charts.Chart]) -> None:
    with pytest.raises(ValueError):
        wrong()


def test_on_paper_it_is_drawn_in_the_papers_letters() -> None:
    chart = drawing()
    content = rendering.pdf(f'<!doctype html><html lang="vi"><title>x</title><img src="{chart.uri}" alt="{chart.alt}">')
    with pdfplumber.open(BytesIO(content)) as document:
        [page] = document.pages
        text = "".join(letter["text"] for letter in page.chars)
        fonts = {letter["fontname"].split("+")[-1] for letter in page.chars}
    assert "1.200" in text and "Khôngcôngnhận" in text  # room between words is a move there, not a letter
    assert fonts == {"Tinos", "Tinos-Bold"}


def test_the_press_fetches_pictures_of_the_document_only() -> None:
    fetcher = rendering.press().fetcher
    assert fetcher.fetch(drawing().uri).read().startswith(b"<svg")
    for address in ("data:text/html,<b>", "data:text/css,b{}", "file:///etc/passwd", "https://vi.du/a.svg", "a.svg"):
        with pytest.raises(ValueError):
            fetcher.fetch(address)


def test_page_shows_the_drawing_with_its_figures_in_a_table() -> None:
    counts = {State.DRAFT: 2, State.COUNCIL: 1, State.APPRAISAL: 4, State.RECOGNISED: 6, State.NOT_RECOGNISED: 5}
    rows = [
        WardRow(Ward(kind="ward", name="Một"), tuple((state, counts.get(state, 0)) for state in State), 18, 0, 0),
        WardRow(Ward(kind="ward", name="Hai"), tuple((state, 0) for state in State), 0, 0, 0),
    ]
    page = Template("{% load charts %}{% progress_chart wards 2025 %}").render(Context({"wards": rows}))
    assert 'src="data:image/svg+xml;base64,' in page and "<script" not in page
    assert "đang ở xã, phường 3, đã gửi, đang thẩm định 4, đã công nhận 6, không công nhận 5, cộng 18" in page
    cells = re.findall(r'<td class="num">(\d+)</td>', page)
    assert cells == ["3", "4", "6", "5", "18"]
    assert "Phường Hai" not in page


def test_page_without_dossiers_says_so() -> None:
    page = Template("{% load charts %}{% progress_chart wards 2025 %}").render(Context({"wards": []}))
    assert "<img" not in page and "<source" not in page and "Chưa có tổ dân phố, bản nào đăng ký." in page


def boxes(chart: charts.Chart) -> list[list[float]]:
    names = ("x", "y", "width", "height")
    return [[float(r.get(name, 0)) for name in names] for r in drawn(chart).iter(f"{SVG}rect")]


LONG = "Tổ dân phố, bản điểm ở mỗi xã, phường của thành phố Lai Châu"
MANY = [
    drawing(paper=False),
    charts.shares("a", [LONG, "b"], [1, 0], 3),
    charts.ranked("a", [LONG, "b"], [150, 3], ["150/320 (46,87 %)", "3/34 (8,82 %)"]),
    charts.grouped("a", [LONG, "b"], [charts.Series(f"Năm {n}", [9999, 3], ["99,99 %", "0,03 %"]) for n in range(4)]),
    charts.matrix("a", [LONG, "b"], [f"{n}.1" for n in range(10)], [list(range(10)), [0] * 10]),
]


@pytest.mark.parametrize("chart", [one for wide in MANY for one in (wide, wide.narrow)])
def test_all_lies_within_the_drawing_also_on_phones(chart: charts.Chart) -> None:
    assert chart.width in (640, 330)
    assert all(x >= 0 and x + wide <= chart.width and y + tall <= chart.height for x, y, wide, tall in boxes(chart))
    for text in drawn(chart).iter(f"{SVG}text"):
        x, wide = float(text.get("x", 0)), len(text.text or "") * float(text.get("font-size", 0)) * 0.6
        begin = {"end": x - wide, "middle": x - wide / 2}.get(text.get("text-anchor", ""), x)
        assert begin >= -1 and begin + wide <= chart.width + 1, text.text
        assert float(text.get("y", 0)) <= chart.height


@pytest.mark.parametrize("chart", MANY)
def test_on_phones_letters_are_as_large_and_the_same_is_said(chart: charts.Chart) -> None:
    assert chart.narrow and chart.narrow.alt == chart.alt and chart.narrow.title == chart.title
    assert "".join(sorted(words(chart.narrow))).split() == "".join(sorted(words(chart))).split() or LONG in chart.alt
    assert {t.get("font-size") for t in drawn(chart.narrow).iter(f"{SVG}text")} <= {"12", "14"}


def test_papers_have_no_drawing_for_phones() -> None:
    assert drawing(paper=True).narrow is None


def test_grouped_bars_have_words_of_their_own_and_a_dash_for_nothing() -> None:
    series = [
        charts.Series("Năm 2020", [4375, None], ["43,75 %", "–"]),
        charts.Series("Năm 2025", [0, 10], ["0 %", "0,1 %"]),
    ]
    chart = charts.grouped("a", ["b", "c"], series)
    assert words(chart) == ["Năm 2020", "Năm 2025", "b", "43,75 %", "0 %", "c", "–", "0,1 %"]
    assert chart.alt == "a. b: Năm 2020 43,75 %, Năm 2025 0 %; c: Năm 2020 –, Năm 2025 0,1 %."


def test_squares_are_darker_the_larger_and_white_for_nothing() -> None:
    chart = charts.matrix("a", ["b"], ["1.1", "1.2", "1.3"], [[0, 1, 9]], paper=True)
    shades = [lightness(r.get("fill", "")) for r in drawn(chart).iter(f"{SVG}rect")]
    assert shades == sorted(shades, reverse=True) and len(set(shades)) == 3 and shades[0] == 255
    assert words(chart)[-3:] == ["0", "1", "9"]
    assert chart.alt == "a. b: 1.1 0, 1.2 1, 1.3 9."


@pytest.mark.django_db
def test_plan_page_shows_it_to_the_city_and_asks_no_more_for_more_wards(plan: Plan) -> None:
    client, address = Client(), reverse("assessments:plan", args=[plan.year])
    client.force_login(factories.HomeAffairsFactory())
    factories.WardFactory()
    assert "Chưa có tổ dân phố, bản nào đăng ký." in client.get(address).content.decode()
    factories.open_assessment(plan=plan)
    client.get(address)
    one = cost(client, address)
    for _ in range(2):
        factories.open_assessment(plan=plan)
    assert cost(client, address) == one <= 17  # two of them: what closing the year would leave open
    page = client.get(address)
    assert page.content.decode().count('src="data:image/svg+xml;base64,') == 1
    assert "data:" in page["Content-Security-Policy"].split("img-src")[1].split(";")[0]


@pytest.mark.django_db
def test_plan_page_shows_it_to_nobody_else(plan: Plan) -> None:
    client = Client()
    for user in (factories.WardOfficerFactory(), factories.AgencyOfficerFactory()):
        client.force_login(user)
        assert "data:image/svg" not in client.get(reverse("assessments:plan", args=[plan.year])).content.decode()


@pytest.mark.django_db
def test_pages_that_look_back_draw_what_their_tables_say(officer: User) -> None:
    factories.PlanFactory(year=2024)
    plan = factories.PlanFactory(year=2025)
    plan.targets.create(kind="maintain", minimum=35)
    other = factories.WardOfficerFactory()
    bad = {officer: ["tc-5.2", "tc-1.1"], other: ["tc-5.2"]}
    for one, lost in bad.items():
        for year in Plan.objects.all():
            unit = Unit.objects.filter(ward=one.ward).first() or factories.UnitFactory(ward=one.ward)
            roads.answer_all(
                one, factories.open_assessment(unit=unit, plan=year, officer=one, aim="maintain"), bad=lost
            )
    client = Client()
    client.force_login(factories.HomeAffairsFactory())

    def alts(name: str) -> list[str]:
        page = client.get(reverse(f"assessments:{name}", args=[plan.year])).content.decode()
        found = re.findall(r'<img class="chart"[^>]* alt="([^"]*)"', page)
        assert page.count('<source media="(max-width: 700px)"') == len(found), "each has its drawing for phones"
        return found

    worst, years, wards, targets = alts("looking_back")
    assert "Tiêu chí 5.2: 2/2 (100 %)" in worst and "Tiêu chí 1.1: 1/2 (50 %)" in worst
    assert "Tiêu chí 1.1: Năm 2024 50 %, Năm 2025 50 %" in years
    assert f"{officer.ward}: 5.2 1, 1.1 1" in wards and f"{other.ward}: 5.2 1, 1.1 0" in wards
    assert "2025: Tổ dân phố, bản duy trì: Kế hoạch 35, Đăng ký 2, Đã công nhận 0" in targets
    danger, standards = alts("looking_back_risks")
    assert f"{other.ward}: chưa đủ 0, vừa đủ 1, gần ngưỡng 0, không nguy cơ 0, cộng 1 tổ dân phố, bản" in danger
    assert f"{officer.ward}: chưa đủ 1, vừa đủ 0" in danger
    assert "Tiêu chuẩn 1: Vừa đủ số tiêu chí phải đạt 0, Thiếu tiêu chí 1" in standards
    held, compared = alts("looking_back_comparison")
    assert "Tiêu chuẩn 1: Năm 2024 50 %, Năm 2025 50 %" in held and "Tiêu chí 5.2: Năm 2024 100 %" in compared
    client.force_login(officer)
    own = [alt for alt in alts("looking_back") if alt.startswith("Chỉ tiêu")]
    assert own and "Kế hoạch" not in own[0], "the city's number is no measure of a ward"
