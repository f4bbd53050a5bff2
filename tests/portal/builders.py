"""Plain builders: a small portal, saying only what a case is about."""

from django.contrib.auth.models import Group, User
from wagtail.models import Site

from essor.portal.models import ArticlePage, DossierIndexPage, DossierPage, SectionPage
from essor.portal.services.roles import provide_roles
from essor.portal.services.sites import create_portal


def a_portal(hostname="testserver", *, title="Bibliothèques de la métropole"):
    """A site with its home page and its list of dossiers; the first one answers any host."""
    return create_portal(name=title, hostname=hostname)


def the_portal():
    return Site.objects.filter(is_default_site=True, hostname="testserver").first() or a_portal()


def a_dossier(site=None, *, title="L’économie sociale et solidaire", slug="ess", **fields):
    site = site or the_portal()
    index = DossierIndexPage.objects.child_of(site.root_page).get()
    return index.add_child(instance=DossierPage(title=title, slug=slug, **fields))


def an_article(parent=None, *, title="Une histoire", slug="histoire", text="", **fields):
    if text:
        fields["body"] = [("text", {"title": "", "text": text})]
    return (parent or a_dossier()).add_child(instance=ArticlePage(title=title, slug=slug, **fields))


def a_section(site=None, *, title="Médiathèque des Tilleuls", slug="tilleuls"):
    site = site or the_portal()
    return site.root_page.add_child(instance=SectionPage(title=title, slug=slug))


def a_member(group_name, *, username=None):
    """A member of staff in one group of the network."""
    if not Group.objects.filter(name=group_name).exists():
        provide_roles()  # done by each migration, undone by a test that empties all tables
    user = User.objects.create_user(username or f"user-{User.objects.count()}", password="x")
    user.groups.add(Group.objects.get(name=group_name))
    return user
