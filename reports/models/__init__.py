"""What documents need to keep: their files, what was issued, orders of many, and who signs for whom."""

from reports.models.files import IssuedPaper, StoredFile
from reports.models.offices import OfficeName, Signer
from reports.models.orders import PrintJob, PrintPart

__all__ = ["IssuedPaper", "OfficeName", "PrintJob", "PrintPart", "Signer", "StoredFile"]
