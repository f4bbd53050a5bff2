"""Who may do what with the catalogue."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, Q, QuerySet
from wagtail.permission_policies import ModelPermissionPolicy

SEEING = ("view", "add", "change", "delete")


class LookOnly(ModelPermissionPolicy):
    """Records are what came from the library system: staff look, and change them there."""

    allowed: frozenset[str] = frozenset({"view"})

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Allow what is done here at all, to those who have the right to."""
        return action in self.allowed and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Iterable[str]) -> bool:
        """Allow any of these that is done here."""
        return any(self.user_has_permission(user, action) for action in actions)


class LookAndStart(LookOnly):
    """Imports are started, and profiles get new versions; what was done stays as it was done."""

    allowed = frozenset({"view", "add"})


class LookAndName(LookOnly):
    """Branches come with the items of an import: staff give them the name that readers see."""

    allowed = frozenset({"view", "change"})


class NoDeletion(ModelPermissionPolicy):
    """A source is part of the identity of its records: it is renamed, never deleted."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Allow everything else, to those who have the right to."""
        return action != "delete" and super().user_has_permission(user, action)


class Selections(ModelPermissionPolicy):
    """Baskets and saved searches: each person has their own, and a private one is nobody else's business.

    - seen: the public ones, those of the network (without owner), one's own;
    - changed and deleted: one's own private ones by who may add; all that is seen by who may change;
    - made public, changed while public, given to somebody else: by who may change, for publishing is theirs;
    - handed over to the network: one's own, while one may change it; taken back by who may change only;
    - who looks after the accounts meets the private ones of all, so that nothing is lost with a person.
    """

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Tell whether there can be a thing that this person may do this to."""
        if action == "view":
            return any(super(Selections, self).user_has_permission(user, one) for one in SEEING)
        if action in ("change", "delete"):
            return self._may(user, "change") or self._may(user, "add")
        return super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Iterable[str]) -> bool:
        """Tell it of any of these actions."""
        return any(self.user_has_permission(user, action) for action in actions)

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Model) -> bool:
        """Tell whether this person may do this to this one."""
        return self.instances_user_has_permission_for(user, action).filter(pk=instance.pk).exists()

    def user_has_any_permission_for_instance(
        self, user: Any, actions: Iterable[str], instance: Model
    ) -> bool:
        """Tell it of any of these actions."""
        allowed = self.instances_user_has_any_permission_for(user, actions)
        return allowed.filter(pk=instance.pk).exists()

    def instances_user_has_any_permission_for(
        self, user: Any, actions: Iterable[str]
    ) -> QuerySet[Any]:
        """Give those that this person may do any of this to."""
        actions = [action for action in actions if self.user_has_permission(user, action)]
        things = self.model._default_manager.all()
        if not actions:
            return things.none()
        may_publish = self.may_publish(user)
        if "view" not in actions and not may_publish:
            things = things.filter(is_public=False)
        if self.meets_all(user):
            return things
        if "view" in actions or may_publish:
            return things.filter(Q(is_public=True) | Q(owner=None) | Q(owner=user))
        return things.filter(owner=user)

    def instances_user_has_permission_for(self, user: Any, action: str) -> QuerySet[Any]:
        """Give those that this person may do this to."""
        return self.instances_user_has_any_permission_for(user, [action])

    def may_publish(self, user: Any) -> bool:
        """Tell whether this person may make one public, change what is, or give one to somebody else."""
        return self._may(user, "change")

    def instances_user_may_give(self, user: Any) -> QuerySet[Any]:
        """Give those that this person may hand over to the network: their own that they may change."""
        return self.instances_user_has_permission_for(user, "change").filter(owner=user)

    def meets_all(self, user: Any) -> bool:
        """Tell whether the private ones of others are this person's business too."""
        return bool(user.has_perm("auth.change_user")) and self.user_has_permission(user, "view")

    def _may(self, user: Any, action: str) -> bool:
        return bool(user.has_perm(self._get_permission_name(action)))
