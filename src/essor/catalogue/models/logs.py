"""Who did what to baskets and saved searches: told to those only who may see the thing.

The log that Wagtail keeps of all other things is shown by kind: whoever may see some baskets would
read in the history of the site the names of all of them, the private ones of others included.
"""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from wagtail.models import BaseLogEntry
from wagtail.models.audit_log import ModelLogEntryManager
from wagtail.permissions import policy_registry

from essor.catalogue.models.selections import Basket, SavedSearch, Selection


class SelectionLogEntryManager(ModelLogEntryManager):
    """Finds the acts on one thing, and those that a person may read of."""

    def viewable_by_user(self, user: Any) -> QuerySet["SelectionLogEntry"]:
        """Give one's own acts, and all those on what one sees.

        What was deleted is seen by nobody: its acts are left to who did them, and to who meets the
        private things of all.
        """
        readable = Q(user=user)
        for model in (Basket, SavedSearch):
            readable |= _acts_on_what_is_seen(model, user)
        return self.filter(readable)


def _acts_on_what_is_seen(model: type[Selection], user: Any) -> Q:
    of_this_kind = Q(content_type=ContentType.objects.get_for_model(model))
    policy = policy_registry.get_by_type(model)
    if policy.meets_all(user):
        return of_this_kind
    seen = policy.instances_user_has_permission_for(user, "view").order_by()
    keys = seen.annotate(key=Cast("pk", models.CharField())).values("key")
    return of_this_kind & Q(object_id__in=keys)


class SelectionLogEntry(BaseLogEntry):
    """An act on a basket or on a saved search."""

    object_id = models.CharField(max_length=255, db_index=True)

    objects = SelectionLogEntryManager()

    class Meta(BaseLogEntry.Meta):
        verbose_name = _("act on a basket or on a saved search")
        verbose_name_plural = _("acts on baskets and on saved searches")
        ordering = ["-timestamp", "-id"]

    def __str__(self) -> str:
        return f"{self.action}: {self.label}"
