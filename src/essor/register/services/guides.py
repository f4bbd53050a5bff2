"""The files of guides: made when they are asked for and their content has changed, kept until it changes again."""

import hashlib
import json
import logging
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.db.models import Count, Max, Q
from django.utils import timezone, translation

from essor.presentation.typesetting import TypesettingFailed
from essor.register.documents import is_in_force
from essor.register.guides.contents import contents_of, selection_of
from essor.register.guides.setting import BOOKLET, IMPOSED, printed
from essor.register.models import Approval, Guide, GuideEdition, StructureProfile, StructureTag
from essor.register.queries import current_vintage
from essor.search import CannotTellNow

logger = logging.getLogger(__name__)

AT_ONCE = 200
"""Structures of a guide that is made while its reader waits: some seconds; a longer one is made apart."""

GIVEN_UP_AFTER = timedelta(minutes=10)
"""A making that has not ended by then was killed: it may be asked again."""


def key_of(guide: Guide) -> str:
    """Tell the content of a guide from any other: its own, that of the directory, the form of the pages.

    The words of a selection find others once the index has followed the vintage; its approvals begin and end.
    """
    vintage = current_vintage()
    profiles = StructureProfile.objects.aggregate(Count("pk"), Max("updated_at"))
    drawn_from = [
        guide.pk,
        guide.changed_at.isoformat(),
        (vintage.pk, vintage.is_indexed) if vintage else None,
        _approved(guide),
        [str(value) for value in profiles.values()],
        list(StructureTag.objects.order_by("pk").values_list("pk", "name")),
    ]
    written = json.dumps(drawn_from).encode() + BOOKLET.read_bytes() + IMPOSED.read_bytes()
    return hashlib.sha256(written).hexdigest()[:32]


def _approved(guide: Guide) -> list[str]:
    """Give the structures that hold the approvals that the selection of a guide asks for, if it does."""
    kinds = selection_of(guide).asked.chosen.get("approval")
    if not kinds:
        return []
    today = timezone.localdate()
    held = Approval.objects.filter(kind__in=kinds).order_by("siren", "pk")
    return list(dict.fromkeys(one.siren for one in held if is_in_force(one, today)))


def edition_of(guide: Guide, *, portal: str, address: str) -> GuideEdition | None:
    """Give the files of a guide as it is today; None while they are being made, which this asks for.

    Raises TypesettingFailed for a short guide that cannot be set.
    """
    from essor.register.guides.tasks import make_guide  # the task calls back here

    key = key_of(guide)
    edition, _made = GuideEdition.objects.get_or_create(guide=guide)
    if edition.key == key and edition.booklet:
        return edition
    if selection_of(guide).units()[: AT_ONCE + 1].count() <= AT_ONCE:
        return make_edition(guide, portal=portal, address=address)
    if _takes(edition, key, timezone.now()):
        make_guide.enqueue(guide.pk, portal, address)
    return None


def _takes(edition: GuideEdition, key: str, now: datetime) -> bool:
    """Say whether this is who asks for the making: one alone does, until it is given up."""
    is_free = ~Q(asked_key=key) | Q(asked_at__lt=now - GIVEN_UP_AFTER)
    asked = GuideEdition.objects.filter(is_free, pk=edition.pk)
    return asked.update(asked_key=key, asked_at=now) == 1


def make_edition(guide: Guide, *, portal: str, address: str) -> GuideEdition:
    """Make the files of a guide and keep them in the place of the former ones. Raises TypesettingFailed."""
    key = key_of(guide)
    with translation.override("fr"):
        contents = contents_of(guide, portal=address)
        files = printed(contents, portal=portal)
    edition, _made = GuideEdition.objects.get_or_create(guide=guide)
    former = [(file.storage, str(file.name)) for file in (edition.booklet, edition.imposed) if file]
    edition.booklet.save(f"{key}-a5.pdf", ContentFile(files.booklet), save=False)
    edition.imposed.save(f"{key}-a4.pdf", ContentFile(files.imposed), save=False)
    edition.key, edition.pages, edition.structures = key, files.pages, contents.total
    edition.made_at, edition.asked_key = timezone.now(), ""
    edition.save()
    for storage, name in former:
        storage.delete(name)
    logger.info("guide.made", extra={"guide": guide.pk, "pages": files.pages})
    return edition


def make_guide_apart(pk: int, *, portal: str, address: str) -> None:
    """Make the files of a long guide, for a worker; a guide deleted meanwhile, or that fails, is told of."""
    guide = Guide.objects.filter(pk=pk).select_related("territory", "cover").first()
    if guide is None:
        return
    try:
        make_edition(guide, portal=portal, address=address)
    except (TypesettingFailed, CannotTellNow):
        logger.exception("guide.failed", extra={"guide": pk})
