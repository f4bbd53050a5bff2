"""The form of a kiosk: what it shows, how it looks, what that makes while one chooses."""

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel, ObjectList, TitleFieldPanel

from essor.catalogue.models import Basket, SavedSearch
from essor.catalogue.services.selections import free_slug
from essor.kiosk.contents import contents_of
from essor.kiosk.embedding import embedding
from essor.kiosk.models import Kiosk
from essor.kiosk.perms import sees_source, sources_seen

SOURCES: dict[str, type[Basket] | type[SavedSearch]] = {
    "basket": Basket,
    "saved_search": SavedSearch,
}
NAMELESS = "kiosque"
"""The short name of a kiosk whose title has no letter that an address takes."""

CHOICE = ("order", "limit", "draw", "pool", "only_with_cover", "branch")
"""The fields that decide which records are shown."""


class KioskForm(WagtailAdminModelForm):
    """Offers what this person sees; leaves in its place what another has chosen, without naming it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False
        for name, model in SOURCES.items():
            self._offer(name, model)

    def _offer(self, name: str, model: type[Basket] | type[SavedSearch]) -> None:
        field, held = self.fields[name], getattr(self.instance, f"{name}_id")
        seen = sources_seen(self.for_user, model).order_by().values("pk")
        field.queryset = model._default_manager.filter(Q(pk__in=seen) | Q(pk=held))
        field.widget.for_user = self.for_user
        field.error_messages["invalid_choice"] = _(
            "This one does not exist, or is not yours to see."
        )

    def clean(self) -> dict[str, Any]:
        """Want one source; make the short name from the title when none is given."""
        cleaned: dict[str, Any] = super().clean()
        if not cleaned.get("slug") and not self.errors.get("slug"):
            cleaned["slug"] = free_slug(Kiosk, cleaned.get("name") or "", nameless=NAMELESS)
        if not any(name in self.errors for name in SOURCES):
            self._want_one_source(*(cleaned.get(name) for name in SOURCES))
        return cleaned

    def _want_one_source(self, basket: Any, saved_search: Any) -> None:
        if not basket and not saved_search and not self.is_deferred_validation:
            self.add_error("basket", _("Choose a basket here, or a saved search below."))
        if basket and saved_search:
            said = _(
                "A kiosk draws from a basket or from a saved search: take one of the two away."
            )
            self.add_error("saved_search", said)

    def _get_validation_exclusions(self) -> set[str]:
        """Preview what has no source yet: nothing is said to be wrong before anything is chosen."""
        excluded: set[str] = super()._get_validation_exclusions()
        return excluded | set(SOURCES) if self.is_deferred_validation else excluded


def told(form: Any, user: Any) -> dict[str, Any]:
    """Give what the form says it would show: `contents`, None when not this person's to see; or its `faults`."""
    source = form.instance.source
    if form.is_bound:
        faults = _faults(form)
        if faults:
            return {"faults": faults, "contents": None}
        source = form.instance.source
    if source is None:
        return {"faults": [_("Choose a basket here, or a saved search below.")], "contents": None}
    seen = sees_source(user, source)
    return {"faults": [], "contents": contents_of(source, form.instance.choice) if seen else None}


def _faults(form: Any) -> list[str]:
    form.is_valid()
    sources = [fault for name in SOURCES for fault in form.errors.get(name, ())]
    others = [(form[name].label, fault) for name in CHOICE for fault in form.errors.get(name, ())]
    said = _("%(field)s: %(fault)s")
    return [*sources, *(said % {"field": field, "fault": fault} for field, fault in others)]


class NewNamePanel(TitleFieldPanel):
    """A title from which the short name is proposed, as long as no other site can have pasted the address."""

    class BoundPanel(TitleFieldPanel.BoundPanel):
        def get_should_apply(self) -> bool:
            """Leave the short name of a kiosk that exists as it is."""
            return self.instance.pk is None


class ContentsPanel(HelpPanel):
    """What the source holds and what is shown of it, counted again while one chooses."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"template": "kiosk/admin/contents_panel.html", **kwargs})

    class BoundPanel(HelpPanel.BoundPanel):
        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Add the numbers, and where they are asked for again."""
            context = super().get_context_data(parent_context)
            return {
                **context,
                **told(self.form, self.request.user),
                "address": _contents_address(self.instance),
            }


def _contents_address(kiosk: Kiosk) -> str:
    screens = Kiosk.snippet_viewset
    if kiosk.pk is None:
        return reverse(screens.get_url_name("contents_on_add"))
    return reverse(screens.get_url_name("contents_on_edit"), args=[kiosk.pk])


class EmbedPanel(HelpPanel):
    """The code that shows the kiosk on another site."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"template": "kiosk/admin/embed_panel.html", **kwargs})

    class BoundPanel(HelpPanel.BoundPanel):
        def is_shown(self) -> bool:
            """Wait until there is an address to show."""
            return self.instance.pk is not None

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Add the kiosk as it is saved: its address, and the code to copy."""
            context = super().get_context_data(parent_context)
            kiosk = Kiosk.objects.get(pk=self.instance.pk)
            return {**context, "kiosk": kiosk, "embed": embedding(kiosk, self.request)}


FORM = ObjectList(
    [
        MultiFieldPanel(
            [
                NewNamePanel("name", placeholder=gettext_lazy("Title of the kiosk")),
                FieldPanel("slug"),
            ],
            heading=pgettext_lazy("form", "Kiosk"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("basket"),
                FieldPanel("saved_search"),
                ContentsPanel(heading=gettext_lazy("What this makes")),
                FieldPanel("order"),
                FieldPanel("limit"),
                FieldPanel("draw"),
                FieldPanel("pool"),
                FieldPanel("only_with_cover"),
                FieldPanel("branch"),
            ],
            heading=gettext_lazy("What it shows"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("display"),
                FieldPanel("autoplay_s"),
                FieldPanel("theme"),
                FieldPanel("names_portal"),
            ],
            heading=gettext_lazy("How it looks"),
        ),
        EmbedPanel(heading=gettext_lazy("Where it is shown")),
    ],
    base_form_class=KioskForm,
)
