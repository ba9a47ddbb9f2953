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
from assessments.models.year.budget import BudgetDecision, BudgetEstimate, BudgetLine
from assessments.models.year.commendation import Commendation, CommendationDecision
from assessments.models.year.community_model import CommunityModel
from assessments.models.year.guidance import Guidance
from assessments.models.year.helping import Helping, HelpingDeed
from assessments.models.year.ward_plan import WardPlan, WardPlanTask, WardPlanUnit
from assessments.models.year.year_report import YearReport

__all__ = [
    "ANSWERED",
    "VERDICT_LABELS",
    "AgencyReport",
    "AgencyReportLine",
    "Assessment",
    "Assignment",
    "Attachment",
    "Attendance",
    "BudgetDecision",
    "BudgetEstimate",
    "BudgetLine",
    "Certificate",
    "Commendation",
    "CommendationDecision",
    "CommunityModel",
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
    "Guidance",
    "Helping",
    "HelpingDeed",
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
    "WardPlan",
    "WardPlanTask",
    "WardPlanUnit",
    "YearReport",
]
