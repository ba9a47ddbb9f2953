"""Reference data: loaded once, never over what the office edited; and the check of stored summaries."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command

from accounts.administrators import GROUP_NAME
from accounts.models import Agency
from assessments.models import Assessment, Layer, Milestone, Plan, Summary, Target
from criteria.models import CriteriaSet
from localities.models import Authority, Ward

pytestmark = pytest.mark.django_db
Output = pytest.CaptureFixture[str]


@pytest.fixture
def reference() -> None:
    call_command("load_reference", verbosity=0)


def counts() -> dict[str, int]:
    models = (Authority, Ward, Agency, CriteriaSet, Plan, Milestone, Target, Group)
    return {model.__name__: model._default_manager.count() for model in models}


def test_loads_the_city(reference: None) -> None:
    wards = dict(Ward.objects.values_list("code", "name"))
    assert wards == {
        "03386": "Quyết Thắng",
        "03387": "Tân Phong",
        "03388": "Quyết Tiến",
        "03389": "Đoàn Kết",
        "03408": "Đông Phong",
        "03403": "Sùng Phài",
        "03409": "San Thàng",
    }
    assert set(Ward.objects.filter(kind="commune").values_list("code", flat=True)) == {"03403", "03409"}
    assert {"noi-vu", "kinh-te", "cong-an"} <= set(Agency.objects.values_list("code", flat=True))
    assert CriteriaSet.objects.get(code="2020", version=1).status == "published"


def test_plan_of_2020(reference: None) -> None:
    plan = Plan.objects.get(year=2020)
    assert (plan.number, plan.issued_on) == ("922/KH-UBND", date(2020, 5, 8))
    assert dict(plan.milestones.values_list("duty", "before")) == {
        "ward_plan": date(2020, 5, 20),
        "half_year_report": date(2020, 6, 1),
        "yearly_report": date(2020, 10, 15),
        "dossier": date(2020, 10, 15),
    }
    assert list(plan.targets.values_list("kind", "minimum", "maximum")) == [("pilot_per_ward", 1, 2)]


def test_plan_of_2025_says_that_it_borrows_the_table(reference: None) -> None:
    plan = Plan.objects.get(year=2025)
    assert (plan.number, plan.issued_on) == ("604/KH-UBND", date(2025, 2, 28))
    assert plan.criteria_set.natural_key() == ("2020", 1)
    assert "2204/KH-UBND" in plan.notes
    assert dict(plan.milestones.values_list("duty", "before")) == {
        "agency_result": date(2025, 10, 15),
        "dossier": date(2025, 10, 15),
    }
    assert set(plan.targets.values_list("kind", "minimum", "maximum")) == {("maintain", 35, None), ("new", 2, None)}


def test_again_changes_nothing_and_is_quick(
    reference: None, capsys: Output, django_assert_max_num_queries: Any
) -> None:
    before = counts()
    with django_assert_max_num_queries(110):
        call_command("load_reference")
    assert counts() == before
    assert capsys.readouterr().out == "Dữ liệu tham chiếu đã đầy đủ.\n"


def test_says_what_was_added(capsys: Output) -> None:
    call_command("load_reference")
    out = capsys.readouterr().out
    assert out.startswith("Dữ liệu tham chiếu: đã thêm") and out.count("\n") == 1


def test_what_the_office_edited_stays(reference: None) -> None:
    Authority.objects.update(name="Cơ quan khác", valid_until=date(2025, 7, 31))
    Ward.objects.filter(code="03387").update(signer_title="QUYỀN CHỦ TỊCH", valid_until=None)
    Agency.objects.filter(code="noi-vu").update(name="Phòng Tổ chức - Nội vụ")
    Plan.objects.filter(year=2025).update(notes="Đã có bảng mới.")
    Milestone.objects.filter(plan__year=2025, duty="dossier").update(before=date(2025, 11, 1))
    Target.objects.filter(plan__year=2025, kind="new").update(minimum=3)
    before = counts()
    call_command("load_reference", verbosity=0)
    assert counts() == before
    assert Authority.objects.get().name == "Cơ quan khác"
    assert Ward.objects.get(code="03387").signer_title == "QUYỀN CHỦ TỊCH"
    assert Agency.objects.get(code="noi-vu").name == "Phòng Tổ chức - Nội vụ"
    assert Plan.objects.get(year=2025).notes == "Đã có bảng mới."
    assert Milestone.objects.get(plan__year=2025, duty="dossier").before == date(2025, 11, 1)
    assert Target.objects.get(plan__year=2025, kind="new").minimum == 3


def test_a_plan_without_any_text_gets_the_published_ones(reference: None) -> None:
    Plan.objects.update(purpose="", goals="", tasks="", funding="")
    Plan.objects.filter(year=2025).update(goals="Mục tiêu của văn phòng")
    call_command("load_reference")
    old, new = Plan.objects.get(year=2020), Plan.objects.get(year=2025)
    assert "Củng cố, kiện toàn" in old.goals and old.purpose and old.tasks and old.funding
    assert (new.goals, new.purpose) == ("Mục tiêu của văn phòng", "")


def test_a_plan_of_another_number_gets_no_texts(reference: None) -> None:
    Plan.objects.filter(year=2020).update(number="1/KH-UBND", purpose="", goals="", tasks="", funding="")
    call_command("load_reference")
    assert Plan.objects.get(year=2020).goals == ""


def test_missing_rows_come_back_but_not_what_was_taken_out_of_a_plan(reference: None) -> None:
    Agency.objects.filter(code="tu-phap").delete()
    Milestone.objects.filter(plan__year=2020, duty="ward_plan").delete()
    call_command("load_reference", verbosity=0)
    assert Agency.objects.filter(code="tu-phap").exists()
    assert not Milestone.objects.filter(plan__year=2020, duty="ward_plan").exists()


def test_a_reused_code_is_another_ward(reference: None) -> None:
    """03388 is Đoàn Kết since 01/7/2025: a later ward does not stand for the earlier one, nor against it."""
    Ward.objects.filter(code="03388").delete()
    Ward.objects.create(kind="ward", code="03388", name="Đoàn Kết", valid_from=date(2025, 7, 1))
    call_command("load_reference", verbosity=0)
    assert set(Ward.objects.filter(code="03388").values_list("name", flat=True)) == {"Đoàn Kết", "Quyết Tiến"}


def test_a_changed_criteria_file_is_refused_and_nothing_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    from assessments.management.commands import load_reference
    from criteria.loading import CriteriaFileError

    def refuse(path: object) -> None:
        raise CriteriaFileError("Bộ tiêu chí đã được áp dụng nên không sửa được.")

    monkeypatch.setattr(load_reference, "load_criteria", refuse)
    with pytest.raises(CommandError, match="không sửa được"):
        call_command("load_reference", verbosity=0)
    assert not Ward.objects.exists()


def test_administrators_may_not_touch_an_assessment(reference: None) -> None:
    names = Group.objects.get(name=GROUP_NAME).permissions.values_list("content_type__app_label", "codename")
    allowed = {f"{app}.{name}" for app, name in names}
    assert {"accounts.add_user", "accounts.change_user", "localities.change_ward", "criteria.add_entry"} <= allowed
    assert "accounts.delete_user" not in allowed
    forbidden = ("assessment", "verdict", "figure", "evidence", "summary", "event", "decision", "registration")
    assert not [name for name in allowed if name.endswith(tuple(f"_{word}" for word in forbidden))]


def test_check_summaries_is_content_with_fresh_ones(assessment: Assessment, capsys: Output) -> None:
    call_command("check_summaries")
    assert "đều khớp" in capsys.readouterr().out


def test_check_summaries_names_each_wrong_one(assessment: Assessment, capsys: Output) -> None:
    Summary.objects.filter(assessment=assessment, layer=Layer.SELF).update(assessed=3)
    with pytest.raises(CommandError, match="Có 1 kết quả") as refusal:
        call_command("check_summaries")
    assert refusal.value.returncode == 1
    error = capsys.readouterr().err
    assert str(assessment.unit) in error and "2025" in error and "tự đánh giá" in error
