"""What is stored: plans, assessments with their answers, decisions, and the append-only record."""

from assessments.models.answers import ANSWERED, VERDICT_LABELS, Evidence, Figure, Layer, Summary, Verdict
from assessments.models.assessment import Assessment, CouncilMinutes, Registration
from assessments.models.decision import Decision, DecisionLine
from assessments.models.event import Event
from assessments.models.plan import Milestone, Plan, Target

__all__ = [
    "ANSWERED",
    "VERDICT_LABELS",
    "Assessment",
    "CouncilMinutes",
    "Decision",
    "DecisionLine",
    "Event",
    "Evidence",
    "Figure",
    "Layer",
    "Milestone",
    "Plan",
    "Registration",
    "Summary",
    "Target",
    "Verdict",
]
