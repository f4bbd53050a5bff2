"""Who sees what kiosks draw from: a private basket or search stays its owner's, even when a kiosk shows it."""

from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from wagtail.permissions import policy_registry

from essor.catalogue.models import Basket, SavedSearch
from essor.kiosk.choosing import Source
from essor.kiosk.models import Kiosk


def sees_source(user: Any, source: Source) -> bool:
    """Tell whether this person sees a basket or a search: everyone sees the public ones."""
    policy = policy_registry.get_by_type(type(source))
    return source.is_public or bool(policy.user_has_permission_for_instance(user, "view", source))


def sources_seen(user: Any, model: type[Basket] | type[SavedSearch]) -> QuerySet[Any]:
    """Give the baskets, or the searches, that this person sees."""
    policy = policy_registry.get_by_type(model)
    seen = policy.instances_user_has_permission_for(user, "view")
    return model._default_manager.filter(Q(is_public=True) | Q(pk__in=seen.order_by().values("pk")))


def telling_seen_sources(kiosks: QuerySet[Kiosk], user: Any) -> QuerySet[Kiosk]:
    """Add to each kiosk `is_source_seen`: whether this person sees what it draws from."""
    seen = Q(basket__in=sources_seen(user, Basket).order_by().values("pk")) | Q(
        saved_search__in=sources_seen(user, SavedSearch).order_by().values("pk")
    )
    return kiosks.annotate(is_source_seen=ExpressionWrapper(seen, BooleanField()))
