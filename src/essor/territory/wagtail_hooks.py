"""What the territories add to the staff screens."""

from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from essor.territory.admin import ReadOnlyPermissionPolicy, TerritoryViewSet
from essor.territory.models import Territory

register_permission_policy(Territory, ReadOnlyPermissionPolicy(Territory))
register_snippet(TerritoryViewSet)
