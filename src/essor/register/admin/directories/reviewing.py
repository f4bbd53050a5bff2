"""The review: each doubtful row beside the structures it may be; a page of decisions is sent at once."""

from dataclasses import dataclass
from typing import Any, cast

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.log_actions import registry
from wagtail.models import ModelLogEntry

from essor.presentation.templatetags.typography import number
from essor.register.admin.directories.screens import DirectoryScreen
from essor.register.entry_queries import (
    Proposed,
    directories_counted,
    entries_to_review,
    proposals_for,
)
from essor.register.models import DirectoryEntry, ImportedDirectory
from essor.register.services.reviews import choose, refuse, reopen

ROWS_ON_A_PAGE = 10
LATER, NONE, OTHER, REOPEN = "later", "none", "other", "reopen"


@dataclass(frozen=True, slots=True)
class Doubt:
    """A row, the structures it may be, and what was wrong with what was asked for it."""

    entry: DirectoryEntry
    proposals: tuple[Proposed, ...]
    error: str = ""
    typed: str = ""


class Reviewing(DirectoryScreen):
    """A screen where rows are read, and reviewed by who may."""

    model = DirectoryEntry
    any_permission_required = ("view", "change")
    request: HttpRequest

    def decide(self, entries: list[DirectoryEntry]) -> tuple[int, dict[int, str]]:
        """Do what is asked for each of these rows; give how many were decided, and what could not be."""
        done, errors = 0, {}
        for entry in entries:
            try:
                done += self._decide(entry)
            except ValidationError as error:
                errors[entry.pk] = " ".join(error.messages)
        return done, errors

    def _decide(self, entry: DirectoryEntry) -> bool:
        asked = self.request.POST.get(f"row-{entry.pk}", LATER)
        by = cast("User", self.request.user)
        if asked == LATER:
            return False
        if asked == NONE:
            refuse(entry, by=by)
        elif asked == REOPEN:
            reopen(entry, by=by)
        else:
            typed = "".join(self.request.POST.get(f"siren-{entry.pk}", "").split())
            choose(entry, typed[:9] if asked == OTHER else asked, by=by)
        return True

    def doubts(self, entries: list[DirectoryEntry], errors: dict[int, str]) -> list[Doubt]:
        """Put each row beside the structures it may be."""
        proposals = proposals_for(entries)
        return [
            Doubt(
                entry,
                proposals[entry.pk],
                errors.get(entry.pk, ""),
                self.request.POST.get(f"siren-{entry.pk}", ""),
            )
            for entry in entries
        ]


class ReviewView(Reviewing, TemplateView):
    """The rows of a directory that are in one state, a page at a time: the doubtful ones unless asked otherwise."""

    template_name = "register/admin/review.html"
    page_title = gettext_lazy("Review")

    @cached_property
    def directory(self) -> ImportedDirectory:
        """The directory of the address, with its counts."""
        return get_object_or_404(directories_counted(), pk=self.kwargs["pk"])

    @cached_property
    def state(self) -> str:
        """The state that is looked at."""
        asked = self.request.GET.get("state", "")
        return asked if asked in DirectoryEntry.State.values else DirectoryEntry.State.DOUBTFUL

    @cached_property
    def page(self) -> Page:
        """The rows of this page."""
        rows = entries_to_review(self.directory, self.state)
        return Paginator(rows, ROWS_ON_A_PAGE).get_page(self.request.GET.get("p"))

    def get_page_subtitle(self) -> str:
        """Say which list."""
        return str(self.directory)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Put the rows beside the structures they may be."""
        counts = [
            (state.value, state.label, getattr(self.directory, f"{state.value}_count"))
            for state in DirectoryEntry.State
        ]
        return super().get_context_data(
            **kwargs,
            directory=self.directory,
            state=self.state,
            counts=counts,
            page=self.page,
            doubts=self.doubts(list(self.page.object_list), kwargs.get("errors", {})),
            may_review=self.user_has_permission("change"),
        )

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Decide the rows that were on the page, and come back to those that are left."""
        if not self.user_has_permission("change"):
            return self._refused()
        asked = [value for value in request.POST.getlist("entry") if value.isdigit()]
        rows = DirectoryEntry.objects.filter(
            directory=self.directory, pk__in=asked[:ROWS_ON_A_PAGE]
        )
        done, errors = self.decide(list(rows.order_by("line", "pk")))
        if done:
            text = ngettext("%(count)s row was decided.", "%(count)s rows were decided.", done)
            messages.success(request, text % {"count": number(done)})
        if errors:
            messages.error(request, _("Some rows could not be decided: see below."))
            return self.render_to_response(self.get_context_data(errors=errors))
        # Those that wait for later fill the page: the next page shows the others.
        shift = 0 if done else 1
        address = reverse("register_directories:review", args=[pk])
        return redirect(f"{address}?state={self.state}&p={self.page.number + shift}")

    def _refused(self) -> HttpResponse:
        messages.error(self.request, _("You may read these rows, not review them."))
        return redirect("wagtailadmin_home")


class EntryView(Reviewing, TemplateView):
    """One row: as received, as understood, what is wrong with it, what was decided and by whom."""

    template_name = "register/admin/entry.html"
    page_title = gettext_lazy("Row of a directory")

    @cached_property
    def entry(self) -> DirectoryEntry:
        """The row of the address."""
        rows = DirectoryEntry.objects.select_related("directory", "commune", "reviewed_by")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        """Say which row."""
        return str(self.entry)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the structures it may be, and its history."""
        history = ModelLogEntry.objects.for_instance(self.entry).select_related("user")
        return super().get_context_data(
            **kwargs,
            entry=self.entry,
            doubts=self.doubts([self.entry], kwargs.get("errors", {})),
            history=[
                (one, registry.get_action_label(one.action))
                for one in history.order_by("-timestamp")
            ],
            may_review=self.user_has_permission("change"),
        )

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Decide this row, and show it."""
        if not self.user_has_permission("change"):
            messages.error(request, _("You may read these rows, not review them."))
            return redirect("wagtailadmin_home")
        _done, errors = self.decide([self.entry])
        if errors:
            return self.render_to_response(self.get_context_data(errors=errors))
        return redirect("register_directories:entry", pk)
