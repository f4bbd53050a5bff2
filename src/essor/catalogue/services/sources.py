"""Writes of sources and of how they are read."""

from collections.abc import Iterable

from django.db import transaction

from essor.catalogue.importers.profiles import Profile
from essor.catalogue.models import MappingProfile, Source


@transaction.atomic
def source_known_as(code: str, name: str = "") -> Source:
    """Give the source of this code, made if need be; its name changes only when one is given.

    Raises ValidationError on a code or a name that is none.
    """
    source = Source.objects.filter(code=code).first() or Source(code=code, name=code)
    if source.pk and not name:
        return source
    source.name = name or source.name
    source.full_clean()
    source.save()
    return source


@transaction.atomic
def stored_profile(profile: Profile) -> MappingProfile:
    """Give the stored version of a profile that says just this, made if there is none."""
    definition = profile.definition()
    versions = MappingProfile.objects.filter(code=profile.code).order_by("-version")
    last = versions.first()
    if last and last.definition == definition:
        return last
    return MappingProfile.objects.create(
        code=profile.code,
        version=last.version + 1 if last else 1,
        name=profile.name,
        definition=definition,
    )


@transaction.atomic
def publish_profile(profile: Profile, *, sources: Iterable[Source]) -> MappingProfile:
    """Store a profile as the latest version of its code, and have these sources read by it from now on.

    A source that was read by an earlier version, and is not named, has none until its next import.
    """
    version = stored_profile(profile)
    named = [source.pk for source in sources]
    left = Source.objects.filter(profile__code=profile.code).exclude(pk__in=named)
    left.update(profile=None)
    Source.objects.filter(pk__in=named).update(profile=version)
    return version
