"""Reconciling: claims of one or many reports to control statements, incidents, disputes and control over time."""

from __future__ import annotations

from tadmor.reconcile import explain
from tadmor.reconcile.accounts import accounts
from tadmor.reconcile.control import ControlIndex, control, held_on
from tadmor.reconcile.credibility import assess
from tadmor.reconcile.disputes import disputes
from tadmor.reconcile.incidents import incidents
from tadmor.reconcile.statements import control_statements

__all__ = [
    "ControlIndex",
    "accounts",
    "assess",
    "control",
    "control_statements",
    "disputes",
    "explain",
    "held_on",
    "incidents",
]
