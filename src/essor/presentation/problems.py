"""How a problem of an import is said to a person, in their language."""

from pathlib import Path

from django.utils.translation import gettext

from essor.problems import Problem


def said(problem: Problem) -> str:
    """Give one line: where, what is wrong, what to do. The sentences of a problem are its msgids."""
    return f"{problem.where}: {gettext(problem.what)} {gettext(problem.advice)}"


def unreadable(path: Path, error: OSError) -> str:
    """Say that a file, this one unless the error names another, cannot be read, and why."""
    reason = gettext("%(file)s cannot be read: %(reason)s.")
    return reason % {"file": error.filename or path, "reason": error.strerror or error}
