"""The same for guidance and helping agencies."""

from typing import Any

from tests import files
from tests.assessments.views.world import World


def guiding_arguments(world: World, variant: str) -> dict[str, list[Any]]:
    """`cong-bo`: the published guidance; `da-ghi`: the help with something done."""
    guiding, helped, year = world.parts.guiding, world.parts.helped, world.plan.year
    one = guiding.published if variant == "cong-bo" else guiding.draft
    helping = helped.with_deed if variant == "da-ghi" else helped.without
    of_guidance = ("detail", "edit", "attach", "publish", "withdraw", "renew", "discard")
    of_helping = ("detail", "edit", "end", "remove", "deed")
    return (
        {f"assessments:{name}": [year] for name in ("guidance", "guidance_new", *_HELPING)}
        | {f"assessments:guidance_{name}": [one.pk] for name in of_guidance}
        | {f"assessments:helping_{name}": [helping.pk] for name in of_helping}
        | {"assessments:helping_deed_remove": [helped.deed.pk]}
    )


_HELPING = ("helping", "helping_assign", "helping_copy")


def guiding_bodies(world: World, today: Any) -> dict[str, dict[str, Any]]:
    """What is posted, by the address with its variant."""
    guiding, helped = world.parts.guiding, world.parts.helped
    agency = world["ag"].agency_id
    words = {"title": "Hướng dẫn mới", "valid_from": today, "text": "Nội dung"}
    one, done = {"version": guiding.draft.version}, {"version": guiding.published.version}
    helping = {"version": helped.without.version}
    return {
        "guidance_new": words | {"agency": agency},
        "guidance_edit": words | one,
        "guidance_edit?cong-bo": words | done,
        "guidance_attach": {"file": files.upload("huong-dan.pdf", files.pdf())},
        "guidance_publish": one,
        "guidance_withdraw": one | {"reason": "Hết hiệu lực"},
        "guidance_withdraw?cong-bo": done | {"reason": "Hết hiệu lực"},
        "guidance_renew": one,
        "guidance_renew?cong-bo": done,
        "guidance_discard": one,
        "helping_assign": {"agency": agency, "units": world.free_unit.pk},
        "helping_edit": helping | {"focus": "Nội dung khác"},
        "helping_end": helping | {"ended_on": today},
        "helping_remove": helping,
        "helping_remove?da-ghi": {"version": helped.with_deed.version},
        "helping_deed": {"done_on": f"{world.plan.year}-02-01", "content": "Giúp ngày công", "worth": "1.500.000"},
    }
