"""The screens of initiatives and of their themes."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    TitleFieldPanel,
)
from wagtail.admin.ui.tables import BooleanColumn, DateColumn
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.snippets.views.snippets import SnippetViewSet

from essor.register.models import Initiative, InitiativeTheme


class ThemeViewSet(ModelViewSet):
    """What initiatives are about."""

    model = InitiativeTheme
    name = "register_themes"
    url_prefix = "annuaire/themes"
    icon = "tag"
    menu_label = _("Themes of initiatives")
    copy_view_enabled = False
    list_display = ["name", "name_en", "slug"]
    panels = [TitleFieldPanel("name"), FieldPanel("name_en"), FieldPanel("slug")]


class InitiativeViewSet(SnippetViewSet):
    """List, describe, preview, publish; “usage” tells which pages show one."""

    model = Initiative
    icon = "pick"
    menu_label = _("Innovations")
    menu_order = 207
    add_to_admin_menu = True
    list_display = [
        "title",
        "kind",
        "theme",
        "stage",
        BooleanColumn("is_published", label=_("Published"), sort_key="is_published"),
        DateColumn("changed_at", label=_("Changed"), sort_key="changed_at"),
    ]
    list_filter = ["is_published", "kind", "theme", "stage"]
    search_fields = ["title", "summary"]
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [
                    TitleFieldPanel("title"),
                    FieldPanel("slug"),
                    FieldPanel("summary"),
                    FieldPanel("description"),
                    FieldPanel("picture"),
                ],
                heading=_("What it is"),
            ),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("kind"), FieldPanel("stage")]),
                    FieldPanel("theme"),
                    FieldPanel("territory"),
                    FieldRowPanel([FieldPanel("since"), FieldPanel("web_site")]),
                ],
                heading=_("Where it is found in the catalogue"),
            ),
            InlinePanel("structures", heading=_("Structures that take part"), label=_("Structure")),
            FieldPanel("is_published"),
        ]
    )
