"""Who may do what with the catalogue."""

from typing import Any

from wagtail.permission_policies import ModelPermissionPolicy


class LookOnly(ModelPermissionPolicy):
    """Records and imports are what came from the library system: staff look, and change them there."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Allow looking, to those who have the right to."""
        return action == "view" and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        """Allow any of these only when looking is one of them."""
        return "view" in actions and self.user_has_permission(user, "view")


class NoDeletion(ModelPermissionPolicy):
    """A source is part of the identity of its records: it is renamed, never deleted."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Allow everything else, to those who have the right to."""
        return action != "delete" and super().user_has_permission(user, action)
