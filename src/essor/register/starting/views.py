"""The pages of the path: its beginning, its questions and their answer, the forms of the law."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from essor.register.starting import words
from essor.register.starting.advising import Advice, Form, advise, may_be_esus
from essor.register.starting.answers import QUESTIONS, Answers, Project
from essor.register.starting.supporters import supporters
from essor.register.starting.words import Choice, FormSheet, Question, Text


@dataclass(frozen=True, slots=True)
class Way:
    """An answer that may be chosen, and where it leads."""

    choice: Choice
    address: str


@dataclass(frozen=True, slots=True)
class Said:
    """An answer already given, and where to change it."""

    question: Question
    choice: Choice
    address: str


@dataclass(frozen=True, slots=True)
class Suitable:
    """A form that suits, with its sheet, the reason, what to settle first."""

    form: Form
    sheet: FormSheet
    reason: Text
    cautions: tuple[Text, ...]


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Explain what the ESS is, and begin."""
    context = {
        "principles": words.PRINCIPLES,
        "law": words.ESS_LAW,
        "first": reverse("start_path"),
        "steps": len(QUESTIONS),
    }
    return render(request, "register/starting/start.html", context)


@require_safe
def forms(request: HttpRequest) -> HttpResponse:
    """Tell the forms of the law, one after the other."""
    context = {"sheets": words.FORMS, "esus": words.ESUS}
    return render(request, "register/starting/forms.html", context)


@require_safe
def path(request: HttpRequest) -> HttpResponse:
    """Ask the first question that has no answer; once all have one, answer."""
    answers = Answers.in_address(request.GET.dict())
    context: dict[str, object] = {"said": tuple(_said(answers)), "back": _back(answers)}
    project = answers.project
    response = _answer(request, project, context) if project else _ask(request, answers, context)
    if answers.given:  # as many pages as answers: no cache need hold them all
        patch_cache_control(response, max_age=0)
    return response


def _ask(request: HttpRequest, answers: Answers, context: dict[str, object]) -> HttpResponse:
    name = answers.question
    asked = {
        "question": words.QUESTIONS[name],
        "ways": tuple(
            Way(words.CHOICES[answer], answers.answering(name, answer).address)
            for answer in QUESTIONS[name]
        ),
        "step": tuple(QUESTIONS).index(name) + 1,
        "steps": len(QUESTIONS),
    }
    return render(request, "register/starting/question.html", {**context, **asked})


def _answer(request: HttpRequest, project: Project, context: dict[str, object]) -> HttpResponse:
    advices = advise(project)
    told = {
        "suitable": tuple(_suitable(one) for one in advices),
        "esus": words.ESUS if may_be_esus(advices) else None,
        "next_steps": (*words.NEXT_STEPS[project.stage], *words.NEXT_STEPS[project.need]),
        "supporters": supporters(),
    }
    return render(request, "register/starting/answer.html", {**context, **told})


def _suitable(advice: Advice) -> Suitable:
    return Suitable(
        advice.form,
        words.FORMS[advice.form],
        words.REASONS[advice.reason],
        tuple(words.CAUTIONS[caution] for caution in advice.cautions),
    )


def _said(answers: Answers) -> Iterator[Said]:
    for name, value in answers.given.items():
        choice = words.CHOICES[QUESTIONS[name](value)]
        yield Said(words.QUESTIONS[name], choice, answers.without(name).address)


def _back(answers: Answers) -> str:
    before = answers.before(answers.question)
    return reverse("start_path") + before.address if before else reverse("start")
