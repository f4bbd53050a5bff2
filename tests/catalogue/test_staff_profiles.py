"""Mapping profiles and branches in the staff screens: read, corrected by a new version, named; and by whom."""

import io

import pytest

from essor.catalogue.importers.profiles import Profile, shipped_profile
from essor.catalogue.models import Branch, ImportRun, MappingProfile, Record, UnknownCode
from essor.catalogue.services import import_file
from essor.catalogue.services.sources import stored_profile
from essor.portal.services.roles import ADMINISTRATORS, EDITORS, MODERATORS, open_section
from tests.catalogue.builders import SourceFactory, a_book
from tests.portal.builders import a_member, a_portal, a_section

pytestmark = pytest.mark.django_db

PROFILES = "/gestion/catalogue/profils/"
BRANCHES = "/gestion/catalogue/bibliotheques/"


@pytest.fixture(autouse=True)
def portal():
    return a_portal()


@pytest.fixture
def administrator(client):
    """A network administrator, who has signed in."""
    user = a_member(ADMINISTRATORS)
    client.force_login(user)
    return user


def a_profile(**fields):
    """A profile of a library's own, kept."""
    definition = {
        "code": "ville",
        "name": "SIGB de la ville",
        "item_tag": "995",
        "places": {"barcode": "f", "branch": "c b"},
        "tables": {"branch": {"CEN": "Centre"}, "status": {"o:0": "available"}},
        **fields,
    }
    return stored_profile(Profile.of(definition))


def filled_form(page, **changes):
    """The form as the page shows it, with some changes; a change to None leaves the field out."""
    form = {}
    context = page.context
    for bound in context["form"]:
        form[bound.html_name] = _shown(bound)
    for table in context["tables"]:
        for bound in (*table.management_form, *(bound for line in table for bound in line)):
            form[bound.html_name] = _shown(bound)
    form |= changes
    return {name: value for name, value in form.items() if value is not None}


def _shown(bound):
    value = bound.value()
    if value is None or value is False:
        return None
    if isinstance(value, str) or not hasattr(value, "__iter__"):
        return value
    return [getattr(one, "pk", one) for one in value]


def test_a_profile_is_read_as_tables(client, administrator):
    version = a_profile()
    SourceFactory(profile=version, name="Réseau de la ville")
    page = client.get(f"{PROFILES}{version.pk}/").content.decode()

    for words in ("Réseau de la ville", "Centre", "995 $c$b", "Disponible"):
        assert words in page


@pytest.mark.parametrize("code", ["koha-france", "pmb", "sudoc", "koha-marc21"])
def test_every_profile_that_comes_with_the_portal_can_be_read_and_copied(
    client, administrator, code
):
    assert client.get(f"{PROFILES}shipped/{code}/").status_code == 200
    page = client.get(f"{PROFILES}shipped/{code}/correct/")
    answer = client.post(f"{PROFILES}shipped/{code}/correct/", filled_form(page, code="la-notre"))

    copy = MappingProfile.objects.get()
    assert answer["Location"] == f"{PROFILES}{copy.pk}/"
    assert copy.definition == {**shipped_profile(code).definition(), "code": "la-notre"}


def test_a_copy_leaves_the_code_of_the_shipped_one_alone(client, administrator):
    page = client.get(f"{PROFILES}shipped/pmb/correct/")
    answer = client.post(f"{PROFILES}shipped/pmb/correct/", filled_form(page, code="pmb"))

    assert "Un autre profil a ce code" in answer.content.decode()
    assert not MappingProfile.objects.exists()


def test_a_correction_makes_the_next_version_and_its_sources_follow(client, administrator):
    version = a_profile()
    source = SourceFactory(profile=version)
    page = client.get(f"{PROFILES}{version.pk}/correct/")
    form = filled_form(page, **{"branch-1-code": "NORD", "branch-1-meaning": "Les Tilleuls"})
    client.post(f"{PROFILES}{version.pk}/correct/", form)

    latest = MappingProfile.objects.get(version=2)
    source.refresh_from_db()
    assert latest.definition["tables"]["branch"] == {"CEN": "Centre", "NORD": "Les Tilleuls"}
    assert source.profile == latest
    version.refresh_from_db()
    assert "NORD" not in version.definition["tables"]["branch"]


def test_the_mark_of_titles_is_corrected_by_the_next_version(client, administrator):
    version = a_profile(filing_mark="@")
    source = SourceFactory(profile=version)
    assert "<code>@</code>" in client.get(f"{PROFILES}{version.pk}/").content.decode()
    page = client.get(f"{PROFILES}{version.pk}/correct/")
    client.post(f"{PROFILES}{version.pk}/correct/", filled_form(page, filing_mark="*"))

    latest = MappingProfile.objects.get(version=2)
    assert latest.definition == {**version.definition, "filing_mark": "*"}
    import_file(
        io.BytesIO(a_book("1", "Le *jardin") + a_book("2", "Le @bois")),
        source_code=source.code,
        file_name="notices.mrc",
    )
    titles = Record.objects.order_by("control_number").values_list("title", "filing_title")
    assert [title for title, _filed in titles] == ["Le jardin", "Le @bois"]
    assert titles[0][1].startswith("jardin")

    page = client.get(f"{PROFILES}{latest.pk}/correct/")
    client.post(f"{PROFILES}{latest.pk}/correct/", filled_form(page, filing_mark=""))
    assert MappingProfile.objects.get(version=3).definition["filing_mark"] == ""


def test_the_unknown_codes_of_the_last_import_wait_for_a_meaning(client, administrator):
    version = a_profile()
    run = ImportRun.objects.create(
        source=SourceFactory(profile=version), profile=version, file_name="x"
    )
    UnknownCode.objects.create(run=run, table="status", code="o:7", count=12)
    page = client.get(f"{PROFILES}{version.pk}/correct/")
    status = next(table for table in page.context["tables"] if table.prefix == "status")

    assert [line["code"].value() for line in status][:2] == ["o:0", "o:7"]
    client.post(f"{PROFILES}{version.pk}/correct/", filled_form(page))
    assert MappingProfile.objects.count() == 1  # a code without a meaning says nothing
    client.post(
        f"{PROFILES}{version.pk}/correct/", filled_form(page, **{"status-1-meaning": "on_site"})
    )
    assert MappingProfile.objects.get(version=2).definition["tables"]["status"]["o:7"] == "on_site"


def test_more_lines_are_given_and_nothing_is_stored(client, administrator):
    version = a_profile()
    page = client.get(f"{PROFILES}{version.pk}/correct/")
    before = int(filled_form(page)["branch-TOTAL_FORMS"])
    again = client.post(
        f"{PROFILES}{version.pk}/correct/", filled_form(page, more="branch", name="Autre")
    )

    assert int(filled_form(again)["branch-TOTAL_FORMS"]) == before + 10
    assert filled_form(again)["name"] == "Autre"
    assert MappingProfile.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"place_barcode": "É"}, "places: barcode"),
        ({"name": ""}, "Champ requis"),
        ({"status-0-meaning": "perdu"}, "perdu"),
        ({"item_tag": "001"}, "001"),
        ({"filing_mark": "a"}, "filing_mark: a"),
        ({"filing_mark": "@@"}, "au plus"),
        ({"branch-TOTAL_FORMS": "x"}, ""),
    ],
)
def test_a_wrong_profile_is_refused_in_words(client, administrator, change, said):
    version = a_profile()
    page = client.get(f"{PROFILES}{version.pk}/correct/")
    answer = client.post(f"{PROFILES}{version.pk}/correct/", filled_form(page, **change))

    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert MappingProfile.objects.count() == 1


@pytest.mark.parametrize("group", [EDITORS, MODERATORS])
def test_others_read_profiles_and_correct_none(client, group):
    version = a_profile()
    client.force_login(a_member(group))

    assert client.get(PROFILES).status_code == 200
    assert client.get(f"{PROFILES}{version.pk}/").status_code == 200
    for address in (f"{PROFILES}{version.pk}/correct/", f"{PROFILES}shipped/pmb/correct/"):
        assert client.get(address)["Location"] == "/gestion/"
        assert client.post(address, {})["Location"] == "/gestion/"


@pytest.mark.parametrize("path", ["", "{}/", "{}/correct/", "shipped/pmb/"])
def test_a_library_editor_and_an_anonymous_reader_see_none(client, path):
    address = PROFILES + path.format(a_profile().pk)

    assert client.get(address)["Location"].startswith("/gestion/login/")
    client.force_login(a_member(open_section(a_section()).name))
    assert client.get(address)["Location"] == "/gestion/"


@pytest.mark.parametrize("path", ["999/", "shipped/aucun/", "shipped/aucun/correct/"])
def test_a_profile_that_is_none_is_not_found(client, administrator, path):
    assert client.get(PROFILES + path).status_code == 404


def test_an_administrator_names_a_branch_whose_code_stays(client, administrator):
    branch = Branch.objects.create(source=SourceFactory(), code="CEN", name="CEN")
    client.post(f"{BRANCHES}edit/{branch.pk}/", {"name": "Médiathèque du Centre", "code": "X"})

    branch.refresh_from_db()
    assert (branch.name, branch.code) == ("Médiathèque du Centre", "CEN")


@pytest.mark.parametrize("act", ["new/", "delete/{}/"])
def test_nobody_makes_or_deletes_a_branch_here(client, administrator, act):
    branch = Branch.objects.create(source=SourceFactory(), code="CEN", name="CEN")

    assert client.post(BRANCHES + act.format(branch.pk))["Location"] == "/gestion/"
    assert Branch.objects.count() == 1


def test_an_editor_looks_at_branches_and_names_none(client):
    branch = Branch.objects.create(source=SourceFactory(), code="CEN", name="CEN")
    client.force_login(a_member(EDITORS))

    assert client.get(BRANCHES).status_code == 200
    assert client.post(f"{BRANCHES}edit/{branch.pk}/", {"name": "X"})["Location"] == "/gestion/"


@pytest.mark.parametrize("address", [PROFILES, BRANCHES])
def test_the_queries_of_a_list_do_not_grow_with_it(
    client, administrator, address, django_assert_max_num_queries
):
    def fill(first, last):
        for number in range(first, last):
            profile = a_profile(code=f"ville-{number}", name=f"Ville {number}")
            source = SourceFactory(code=f"ville-{number}", profile=profile)
            Branch.objects.create(source=source, code="C", name=f"Centre {number}")

    fill(0, 2)
    client.get(address)
    with django_assert_max_num_queries(60) as few:
        client.get(address)
    fill(2, 19)
    with django_assert_max_num_queries(len(few)):
        client.get(address)
