"""How a problem of an import is said to a person, in their language."""

from django.utils.translation import gettext

from essor.problems import Problem


def said(problem: Problem) -> str:
    """Give one line: where, what is wrong, what to do. The sentences of a problem are its msgids."""
    return f"{problem.where}: {gettext(problem.what)} {gettext(problem.advice)}"
