"""“Start a business in the ESS”: every answer leads somewhere, and supporters are those of editors."""

import itertools

import pytest
from django.test import Client
from lxml import html

from essor.register.models import LegalUnit, StructureProfile, StructureTag
from essor.register.starting import words
from essor.register.starting.advising import LEAST, Caution, Form, Reason, advise
from essor.register.starting.answers import QUESTIONS, Aim, Answers, Need, People, Project, Stage
from essor.register.starting.supporters import supporters
from tests.register.factories import LegalUnitFactory

PATH = "/entreprendre/parcours/"
PROJECTS = [Project(*answers) for answers in itertools.product(Stage, Need, People, Aim)]


def written(project: Project) -> dict[str, str]:
    return {
        "avancement": project.stage,
        "besoin": project.need,
        "nombre": project.people,
        "but": project.aim,
    }


def test_every_project_has_advice_with_each_form_once() -> None:
    for project in PROJECTS:
        forms = [one.form for one in advise(project)]
        assert forms
        assert len(set(forms)) == len(forms)


def test_a_form_that_asks_for_more_people_says_so() -> None:
    sizes = tuple(People)
    for project in PROJECTS:
        for one in advise(project):
            is_short = sizes.index(project.people) < sizes.index(LEAST.get(one.form, People.ALONE))
            says_so = {Caution.FIND_A_SECOND, Caution.FIND_OTHERS} & set(one.cautions)
            assert bool(says_so) == is_short


def test_what_is_not_to_be_shared_never_leads_to_a_company_for_profit() -> None:
    for project in PROJECTS:
        if project.aim is Aim.NOT_FOR_PROFIT:
            forms = {one.form for one in advise(project)}
            assert not forms & {Form.COMMERCIAL, Form.WORKERS_COOPERATIVE}


def test_every_form_and_every_reason_is_the_answer_to_some_project() -> None:
    advices = [one for project in PROJECTS for one in advise(project)]
    assert {one.form for one in advices} == set(Form)
    assert {one.reason for one in advices} == set(Reason)
    assert {caution for one in advices for caution in one.cautions} == set(Caution)


def test_everything_that_may_be_said_has_words_and_sources() -> None:
    assert set(words.FORMS) == set(Form)
    assert set(words.REASONS) == set(Reason)
    assert set(words.CAUTIONS) == set(Caution)
    assert set(words.QUESTIONS) == set(QUESTIONS)
    assert set(words.CHOICES) == {answer for kind in QUESTIONS.values() for answer in kind}
    assert set(words.NEXT_STEPS) == {*Stage, *Need}
    for sheet in (*words.FORMS.values(), words.ESUS):
        assert sheet.rules
        assert sheet.limits
        assert all(
            one.address.startswith("https://www.legifrance.gouv.fr/") for one in sheet.sources
        )


def test_answers_are_read_back_from_their_address() -> None:
    for project in PROJECTS:
        answers = Answers(project.stage, project.need, project.people, project.aim)
        assert Answers.in_address(dict(answers.given)) == answers
        assert answers.project == project


def test_each_question_leads_to_the_next_by_plain_links(client: Client, db: None) -> None:
    address, seen = PATH, 0
    while True:
        page = html.fromstring(client.get(address).content)
        links = page.xpath("//a[contains(@class, 'ways__link')]/@href")
        if not links:
            break
        seen += 1
        assert f"Étape {seen} sur 4" in page.text_content()
        address = PATH + links[-1]
    assert seen == 4
    assert "Ceci n’est pas un conseil juridique" in page.text_content()


def test_one_can_go_back_to_the_question_before(client: Client, db: None) -> None:
    third = html.fromstring(client.get(f"{PATH}?avancement=idee&besoin=lieu").content)
    back = third.xpath("//p[@class='starting__back']/a/@href")
    assert back == [f"{PATH}?avancement=idee"]
    first = html.fromstring(client.get(PATH).content)
    assert first.xpath("//p[@class='starting__back']/a/@href") == ["/entreprendre/"]


def test_an_answer_is_changed_without_losing_the_others(client: Client, db: None) -> None:
    project = Project(Stage.IDEA, Need.TRIAL, People.ALONE, Aim.UNSURE)
    page = html.fromstring(client.get(PATH, written(project)).content)
    change = page.xpath("//dl[@class='said__list']//a/@href")
    asked = html.fromstring(client.get(PATH + change[0]).content)
    links = asked.xpath("//a[contains(@class, 'ways__link')]/@href")
    assert len(links) == len(Stage)
    assert all("besoin=essai&nombre=une&but=indecis" in link for link in links)


@pytest.mark.parametrize("nonsense", ["avancement=x", "avancement=", "avancement=%00", "autre=1"])
def test_what_cannot_be_meant_is_asked_again(client: Client, db: None, nonsense: str) -> None:
    page = client.get(f"{PATH}?{nonsense}")
    assert page.status_code == 200
    assert "Étape 1 sur 4" in page.text


@pytest.mark.parametrize(
    "project", [pytest.param(one, id="-".join(written(one).values())) for one in PROJECTS[::37]]
)
def test_an_answer_names_forms_with_their_sources(
    client: Client, db: None, project: Project
) -> None:
    page = html.fromstring(client.get(PATH, written(project)).content)
    assert [one.get("id") for one in page.xpath("//article[not(@id='esus')]")] == [
        one.form.value for one in advise(project)
    ]
    assert page.xpath("//article//a[contains(@href, 'legifrance')]")


def test_no_cookie_is_given(client: Client, db: None) -> None:
    project = Project(Stage.IDEA, Need.FORM, People.TWO, Aim.UNSURE)
    answer = client.get(PATH, written(project))
    assert not answer.cookies


def test_the_pages_are_there_in_english(client: Client, db: None) -> None:
    for page in ("/en/entreprendre/", "/en/entreprendre/formes/", "/en/entreprendre/parcours/"):
        assert "Start a business in the ESS" in client.get(page).text


def supporter(siren: str, name: str, **profile: object) -> None:
    LegalUnitFactory(siren=siren, name=name)
    tag, _made = StructureTag.objects.get_or_create(
        slug="accompagnement", defaults={"name": "Accompagnement", "is_support": True}
    )
    StructureProfile.objects.create(siren=siren, **profile).tags.add(tag)


def test_the_answer_names_the_supporters_that_editors_tagged(client: Client, db: None) -> None:
    supporter("300000001", "Les Cigales du Nord", web_site="https://cigales.example.org/")
    supporter("300000002", "Cachée", is_withheld=True)
    LegalUnitFactory(siren="300000003", name="Sans étiquette")
    page = client.get(PATH, written(PROJECTS[0])).text
    assert "Les Cigales du Nord" in page
    assert "https://cigales.example.org/" in page
    assert "Cachée" not in page
    assert "Sans étiquette" not in page


def test_a_supporter_that_sirene_masks_is_not_named(client: Client, db: None) -> None:
    supporter("300000001", "", description="Un secret")
    LegalUnit.objects.update(is_partial=True)
    assert "Un secret" not in client.get(PATH, written(PROJECTS[0])).text


def test_without_supporters_the_page_says_who_can_direct(client: Client, db: None) -> None:
    assert "chambre régionale de l’ESS" in client.get(PATH, written(PROJECTS[0])).text


def test_the_number_of_queries_does_not_grow_with_the_supporters(
    client: Client, db: None, django_assert_num_queries
) -> None:
    for number in range(2):
        supporter(f"30000000{number}", f"Structure {number}")
    with django_assert_num_queries(3):
        assert len(supporters()) == 2
    for number in range(2, 9):
        supporter(f"30000000{number}", f"Structure {number}")
    with django_assert_num_queries(3):
        assert len(supporters()) == 9
