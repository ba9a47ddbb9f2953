"""The certificate of recognition: one landscape sheet, to be framed."""

from dataclasses import dataclass
from datetime import date

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from assessments.models import Certificate, Decision
from assessments.permissions import AnyUser, visible_certificates
from assessments.queries.standing import standing_lines
from localities.models import Authority, Unit
from localities.queries import authority_on
from reports import offices, wording
from reports.files import plain
from reports.papers import city
from reports.papers.base import NotYet, Official

GROUP = 4  # letters of the code written together
# Up to how many letters a line stands in which size; longer ones take the last.
_UNIT_SIZES = ((16, "size-1"), (26, "size-2"), (44, "size-3"), (74, "size-4"))
_OFFICE_SIZES = ((48, "size-2"), (72, "size-3"))
_SMALLEST = "size-5"


@dataclass(frozen=True, slots=True)
class CertificatePaper(Official):
    """Everything the template prints; final from the first copy on."""

    certificate: Certificate
    authority: Authority | None
    letterhead: offices.Letterhead
    signing: offices.Signing

    @property
    def draft(self) -> bool:
        return False

    @property
    def edition(self) -> str:
        return "cap"

    @property
    def year(self) -> int:
        return self.decision.plan.year

    @property
    def title(self) -> str:
        return f"Giấy công nhận {wording.place(self.unit)}, năm {self.year}"

    @property
    def short(self) -> str:
        return f"giay-cong-nhan-{self.year}-{self.register_number}-{plain(wording.place(self.unit))}"

    @property
    def decision(self) -> Decision:
        return self.certificate.line.decision

    @property
    def dated(self) -> date:
        return self.decision.issued_on

    @property
    def unit(self) -> Unit:
        return self.certificate.line.assessment.unit

    @property
    def committee(self) -> str:
        return city.committee(self.authority)

    @property
    def chairman(self) -> str:
        return f"CHỦ TỊCH {self.committee}".upper()

    @property
    def chairman_size(self) -> str:
        return _size(self.chairman, _OFFICE_SIZES)

    @property
    def unit_size(self) -> str:
        return _size(self.unit.name, _UNIT_SIZES)

    @property
    def where(self) -> str:
        """For instance: phường Tân Phong, thành phố Lai Châu."""
        ward = self.unit.ward
        return f"{ward.get_kind_display().lower()} {ward.name}, {city.place(self.authority)}"

    @property
    def kind(self) -> str:
        return "bản" if self.unit.kind == Unit.Kind.VILLAGE else "tổ dân phố"

    @property
    def cited(self) -> str:
        return f"Quyết định số {self.decision.number} {wording.long_date(self.decision.issued_on)}"

    @property
    def register_number(self) -> str:
        return f"{self.certificate.number:02d}"

    @property
    def code(self) -> str:
        """The code as people read and type it: in groups."""
        text = self.certificate.code
        return "-".join(text[at : at + GROUP] for at in range(0, len(text), GROUP))

    @property
    def address(self) -> str:
        """Where anybody confirms it."""
        return settings.SITE_URL + reverse("reports:certificate_check", args=[self.certificate.code])

    @property
    def site(self) -> str:
        """Where the code can be typed, without the protocol."""
        return (settings.SITE_URL + reverse("reports:certificate_ask")).partition("://")[2]

    @property
    def qr(self) -> SafeString:
        """The address as a picture of squares."""
        picture = segno.make(self.address, error="m", micro=False)
        # Made of our own address and digits only.
        return mark_safe(  # noqa: S308
            picture.svg_inline(border=0, omitsize=True, svgclass="qr", lineclass=None, title="Mã QR để kiểm tra")
        )


def read(user: AnyUser, ids: tuple[int, ...]) -> CertificatePaper:
    """A certificate of a unit in the person's scope; raises Certificate.DoesNotExist outside it.

    Raises NotYet once a later decision has taken the recognition back: no more copies of it are made.
    """
    [pk] = ids
    found = visible_certificates(user).select_related(
        "line__decision__plan", "line__assessment__registration__unit__ward", "line__assessment__registration__plan"
    )
    certificate = found.get(pk=pk)
    stands = standing_lines([certificate.line.assessment_id])[certificate.line.assessment_id]
    if stands.pk != certificate.line_id:
        raise NotYet(
            f"Giấy công nhận này không còn hiệu lực: {stands.decision} không công nhận "
            f"{wording.place(certificate.line.assessment.unit)} nữa."
        )
    decision = certificate.line.decision
    authority = authority_on(decision.issued_on) or authority_on(decision.plan.issued_on)
    return CertificatePaper(
        certificate=certificate,
        authority=authority,
        letterhead=city.city_letterhead(authority),
        signing=city.chairman_signing(authority, decision.issued_on, decision.signer_title, decision.signer_name),
    )


def _size(text: str, steps: tuple[tuple[int, str], ...]) -> str:
    return next((name for most, name in steps if len(text) <= most), _SMALLEST)
