"""Who may do what with other directories."""

from collections.abc import Iterable
from typing import Any

from wagtail.permission_policies import ModelPermissionPolicy


class SomeActs(ModelPermissionPolicy):
    """A thing of which only some acts exist: imports are started and read, rows are read and reviewed."""

    def __init__(self, model: type, *, allowed: Iterable[str]) -> None:
        super().__init__(model)
        self.allowed = frozenset(allowed)

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Allow what is done here at all, to those who have the right to."""
        return action in self.allowed and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Iterable[str]) -> bool:
        """Allow any of these that is done here."""
        return any(self.user_has_permission(user, action) for action in actions)
