"""The start of an import: a file is dropped, what was understood of it is shown, and somebody starts it."""

import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView

from essor.catalogue.admin.imports.screens import ImportScreen, in_tables
from essor.catalogue.admin.selections import signed_in
from essor.catalogue.importers.inspection import Inspection, inspected
from essor.catalogue.importers.opening import NotRecords, opened
from essor.catalogue.importers.profiles import Profile, shipped_profile, shipped_profiles
from essor.catalogue.models import ImportRun, MappingProfile, Source
from essor.catalogue.models.imports import FILE_FORMATS
from essor.catalogue.queries import latest_profiles
from essor.catalogue.report import ENCODINGS, encoding_name
from essor.catalogue.services import prepare_run, source_known_as, stored_profile
from essor.catalogue.services.dropped import (
    dropped_name,
    forget_dropped,
    keep_dropped,
    open_dropped,
)
from essor.catalogue.tasks import import_file_task
from essor.catalogue.types import Encoding
from essor.presentation.templatetags.typography import number

MEGABYTE = 1024 * 1024
PART, WHOLE = "part", "whole"

# A file is dropped


class DropForm(forms.Form):
    """The file that a library system has exported."""

    file = forms.FileField(
        label=gettext_lazy("File of records"),
        widget=forms.FileInput(attrs={"data-drop": ""}),
        help_text=gettext_lazy(
            "As your library system exports it: UNIMARC or MARC 21 in ISO 2709, MARCXML, the XML of "
            "PMB, a CSV table of items; compressed (gzip, zip) or not. Nothing is imported yet."
        ),
    )

    def clean_file(self) -> Any:
        """Refuse what is larger than the portal takes."""
        file = self.cleaned_data["file"]
        if file.size > settings.LARGEST_IMPORT:
            said = _(
                "This file is larger than %(most)s megabytes: compress it, or have it imported by "
                "the command import_records."
            )
            raise ValidationError(said % {"most": number(settings.LARGEST_IMPORT // MEGABYTE)})
        return file


class DropView(ImportScreen, FormView):
    """Takes a file, and goes on to what it holds."""

    template_name = "catalogue/admin/import_drop.html"
    form_class = DropForm
    page_title = gettext_lazy("Import a file")

    def form_valid(self, form: DropForm) -> HttpResponse:
        """Keep the file if it holds records, and show its dry run."""
        file = form.cleaned_data["file"]
        key = keep_dropped(file, file_name=file.name)
        try:
            with open_dropped(key) as stream:
                next(opened(stream, file.name).received(), None)
        except NotRecords as error:
            forget_dropped(key)
            form.add_error("file", _(str(error)))
            return self.form_invalid(form)
        return redirect("catalogue_imports:dry_run", key)


# The dry run


class StartForm(forms.Form):
    """Where the records come from, and how they are read."""

    source = forms.ModelChoiceField(
        Source.objects.select_related("profile"),
        label=gettext_lazy("Source"),
        required=False,
        empty_label=gettext_lazy("A new library system, named below"),
        help_text=gettext_lazy(
            "The library system that the file comes from. Choose the same one each time: its control "
            "numbers tell what is new from what has changed."
        ),
    )
    source_name = forms.CharField(
        label=gettext_lazy("Name of the new library system"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("As readers know it, for instance “Réseau des médiathèques”."),
    )
    profile = forms.ChoiceField(label=gettext_lazy("Mapping profile"), required=False)
    encoding = forms.ChoiceField(
        label=gettext_lazy("Encoding"),
        required=False,
        choices=[("", gettext_lazy("Recognised record by record (advised)")), *ENCODINGS],
        help_text=gettext_lazy(
            "Impose one only if the accents of the titles above are wrong, then look again."
        ),
    )
    extent = forms.ChoiceField(
        label=gettext_lazy("What the file holds"),
        widget=forms.RadioSelect,
        initial=PART,
        choices=[
            (PART, gettext_lazy("A part: its records are added or changed, the others stay")),
            (
                WHOLE,
                gettext_lazy(
                    "The whole catalogue of this source: the records that are not in it are withdrawn"
                ),
            ),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["profile"].choices = profile_choices()  # type: ignore[attr-defined]
        if not Source.objects.exists():
            self.fields["source"].widget = forms.HiddenInput()

    @property
    def chosen_source(self) -> Source | None:
        """The source chosen among those known, None for a new one."""
        return self.cleaned_data.get("source") if self.is_bound and self.is_valid() else None

    def profile_to_read_by(self) -> Profile | None:
        """Give the profile chosen, else that of the source, None to take the one that fits."""
        if not self.is_bound or not self.is_valid():
            return None
        chosen = self.cleaned_data["profile"]
        if chosen:
            return _profile_of(chosen)
        source = self.chosen_source
        return Profile.of(source.profile.definition) if source and source.profile else None

    def version_to_store(self) -> MappingProfile | None:
        """Give the version of the profile chosen, None when none was."""
        chosen = self.cleaned_data["profile"]
        if not chosen:
            return None
        kind, _colon, name = chosen.partition(":")
        if kind == "kept":
            return MappingProfile.objects.get(pk=name)
        return stored_profile(shipped_profile(name))

    def source_to_read(self) -> Source:
        """Give the source chosen, or make the new one. Raises ValidationError when there is neither."""
        source = self.chosen_source
        if source:
            return source
        name = self.cleaned_data["source_name"].strip()
        code = slugify(name)[:50]
        if not code:
            raise ValidationError(_("Choose the source of this file, or name a new one."))
        if Source.objects.filter(code=code).exists():
            raise ValidationError(_("A source has this name already: choose it in the list."))
        return source_known_as(code, name)


def profile_choices() -> list[tuple[str, str]]:
    """Give the profiles one can choose: those that are kept, then those that come with the portal."""
    kept = latest_profiles()
    codes = {one.code for one in kept}
    return [
        ("", _("That of the source, else the one that fits best")),
        *((f"kept:{one.pk}", str(one)) for one in kept),
        *((f"shipped:{one.code}", one.name) for one in shipped_profiles() if one.code not in codes),
    ]


def _profile_of(choice: str) -> Profile:
    kind, _colon, name = choice.partition(":")
    if kind == "kept":
        return Profile.of(MappingProfile.objects.get(pk=name).definition)
    return shipped_profile(name)


class DryRunView(ImportScreen, FormView):
    """Shows what was understood of a file, as often as one likes, and starts its import."""

    template_name = "catalogue/admin/import_dry_run.html"
    form_class = StartForm
    page_title = gettext_lazy("Import a file")

    @cached_property
    def file_name(self) -> str:
        """The name of the file; gone after a day, or once it is imported."""
        try:
            return dropped_name(self.kwargs["key"])
        except FileNotFoundError as error:
            raise Http404 from error

    def get_page_subtitle(self) -> str:
        """Say which file."""
        return self.file_name

    def get_initial(self) -> dict[str, Any]:
        """Choose the source when there is but one."""
        sources = Source.objects.order_by("pk")[:2]
        return {"source": sources[0].pk if len(sources) == 1 else None, "extent": PART}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what was seen in the file."""
        form = kwargs.get("form") or self.get_form()
        seen = kwargs.get("seen") or self._inspected(form)
        return super().get_context_data(
            **{**kwargs, "form": form, "seen": seen},
            file_format=dict(FILE_FORMATS)[seen.file_format.value],
            encodings=[(encoding_name(one.encoding), one) for one in seen.encodings],
            samples=[(encoding_name(one.encoding), one) for one in seen.samples],
            unknown=in_tables((one.table.value, one.code, one.count) for one in seen.unknown_codes),
            unknown_count=len(seen.unknown_codes),
        )

    def _inspected(self, form: StartForm) -> Inspection:
        name = self.file_name  # not found once the file is gone
        profile, encoding = form.profile_to_read_by(), ""
        if form.is_bound and form.is_valid():
            encoding = form.cleaned_data["encoding"]
        elif form.initial.get("source"):
            source = Source.objects.select_related("profile").get(pk=form.initial["source"])
            profile = Profile.of(source.profile.definition) if source.profile else None
        with open_dropped(self.kwargs["key"]) as stream:
            file = opened(stream, name)
            return inspected(file, profile, Encoding(encoding) if encoding else None)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Look again, or start, by the button that was pressed."""
        form = self.get_form()
        if request.POST.get("act") == "look" or not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        seen = self._inspected(form)
        try:
            run = self._started(form, seen)
        except ValidationError as error:
            form.add_error(None, error)
            return self.render_to_response(self.get_context_data(form=form, seen=seen))
        return redirect("catalogue_imports:inspect", run.pk)

    def _started(self, form: StartForm, seen: Inspection) -> ImportRun:
        """Start the import. Raises ValidationError when nothing would come of it, before anything is made."""
        key: uuid.UUID = self.kwargs["key"]
        name = self.file_name
        if seen.is_whole and not (seen.records or seen.items):
            raise ValidationError(
                _(
                    "Nothing of this file would come in, as is said above: choose another profile or file."
                )
            )
        source = form.source_to_read()
        with open_dropped(key) as stream:
            run = prepare_run(
                source,
                stream=stream,
                file_name=name,
                is_kept=True,
                profile=form.version_to_store(),
                encoding=form.cleaned_data["encoding"],
                is_full=form.cleaned_data["extent"] == WHOLE,
                started_by=signed_in(self.request),
            )
        forget_dropped(key)
        import_file_task.enqueue(run.pk)
        return run
