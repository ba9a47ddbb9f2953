"""What is stored: plans, assessments with their answers, everybody's part in them, and the append-only record."""

from assessments.models.agency import AgencyReport, AgencyReportLine, Assignment, Question
from assessments.models.answers import ANSWERED, VERDICT_LABELS, Evidence, Figure, Layer, Summary, Verdict
from assessments.models.assessment import Assessment, Registration
from assessments.models.attachment import Attachment
from assessments.models.certificate import Certificate
from assessments.models.council import (
    Attendance,
    CouncilItem,
    CouncilMeeting,
    CouncilMember,
    CouncilRole,
    Submission,
    SubmissionLine,
)
from assessments.models.decision import Decision, DecisionLine
from assessments.models.delegation import Delegation, DelegationMember, Visit
from assessments.models.event import Event
from assessments.models.notice import Notice
from assessments.models.plan import Milestone, Plan, Target

__all__ = [
    "ANSWERED",
    "VERDICT_LABELS",
    "AgencyReport",
    "AgencyReportLine",
    "Assessment",
    "Assignment",
    "Attachment",
    "Attendance",
    "Certificate",
    "CouncilItem",
    "CouncilMeeting",
    "CouncilMember",
    "CouncilRole",
    "Decision",
    "DecisionLine",
    "Delegation",
    "DelegationMember",
    "Event",
    "Evidence",
    "Figure",
    "Layer",
    "Milestone",
    "Notice",
    "Plan",
    "Question",
    "Registration",
    "Submission",
    "SubmissionLine",
    "Summary",
    "Target",
    "Verdict",
    "Visit",
]
