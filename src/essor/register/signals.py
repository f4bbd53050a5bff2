"""What follows from an edit of a profile, a tag, an approval or a list: what is said and found of structures."""

from collections.abc import Iterable
from typing import Any

from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete
from django.dispatch import receiver

from essor.register.documents import KIND
from essor.register.models import Approval, ImportedDirectory, StructureProfile, StructureTag
from essor.register.types import ApprovalKind
from essor.search.services import note_changes


@receiver([post_save, post_delete], sender=Approval)
def find_approved_anew(instance: Approval, *, raw: bool = False, **kwargs: Any) -> None:
    """Have a structure found by the approvals that it has now."""
    if not raw:
        note_changes(KIND, [instance.siren])


@receiver(post_delete, sender=ImportedDirectory)
def withdraw_approvals(instance: ImportedDirectory, **kwargs: Any) -> None:
    """Take back the approvals that a deleted list had stated."""
    Approval.objects.filter(kind=ApprovalKind.SIAE, source=instance.name).delete()


@receiver([post_save, post_delete], sender=StructureProfile)
def find_profile_anew(instance: StructureProfile, *, raw: bool = False, **kwargs: Any) -> None:
    """Have the structure of this profile found by what it says now."""
    if not raw:
        note_changes(KIND, [instance.siren])


@receiver(m2m_changed, sender=StructureProfile.tags.through)
def find_tagged_anew(
    instance: StructureProfile | StructureTag,
    action: str,
    pk_set: Iterable[int] | None = None,
    **kwargs: Any,
) -> None:
    """Have a structure found by the tags it has now, from whichever side they were given."""
    if action not in ("post_add", "post_remove", "pre_clear"):
        return
    if isinstance(instance, StructureProfile):
        note_changes(KIND, [instance.siren])
        return
    tagged = instance.profiles.all()
    if pk_set is not None:
        tagged = StructureProfile.objects.filter(pk__in=pk_set)
    note_changes(KIND, tagged.order_by("pk").values_list("siren", flat=True))


@receiver([post_save, pre_delete], sender=StructureTag)
def find_tag_anew(instance: StructureTag, *, raw: bool = False, **kwargs: Any) -> None:
    """Have the structures that carry a tag found by its present name, or no more by it."""
    if not raw:
        sirens = instance.profiles.order_by("pk").values_list("siren", flat=True)
        note_changes(KIND, sirens)
