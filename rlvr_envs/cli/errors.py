"""`UsageError`: what the user asked for does not exist or does not fit."""

from __future__ import annotations


class UsageError(Exception):
    """One clear line for stderr; the program then ends with status 2."""
