"""Perimeters written by staff, stating only what a case is about."""

from django.contrib.auth.models import User
from django.utils import timezone

from essor.register.build.perimeter import read_perimeter
from essor.register.models import PerimeterVersion
from essor.register.services.perimeters import begin_draft, write_lines


def a_draft(version="2027-01", *, note="Un essai.", without=()):
    """Begin a draft from the perimeter of the package, without the lines of some categories."""
    by, _made = User.objects.get_or_create(username="ada")
    draft = begin_draft(version, note, base=read_perimeter(), by=by)
    if not without:
        return draft
    kept = [line for line in draft.categories if line["code"] not in without]
    return write_lines(draft, seen=draft.fingerprint, by=by, categories=kept)


def chosen(version="2027-01", **values):
    """Give one that is chosen for the next build, whatever it was compared with."""
    draft = a_draft(version, **values)
    PerimeterVersion.objects.update(is_chosen=False)
    PerimeterVersion.objects.filter(pk=draft.pk).update(
        is_chosen=True, chosen_at=timezone.now(), chosen_by=draft.author
    )
    draft.refresh_from_db()
    return draft
