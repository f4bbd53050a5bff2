"""The two tables of a draft as forms: a line for each legal category, a line for each excluded activity."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages

from essor.register.admin.perimeters.screens import ChangingAVersion
from essor.register.build.perimeter import Entry
from essor.register.labels import activity_label, category_label, legal_categories
from essor.register.loading_report import problem_in_words
from essor.register.models import FAMILY_LABELS
from essor.register.perimeter_page import EXCLUSION_PROOFS, NOMENCLATURE_LABELS
from essor.register.services.perimeters import write_lines
from essor.register.types import Family, RegisterError

FREE_LINES = 3
LONGEST = 300
OUT = "out"


class LineForm(forms.Form):
    """A line of a table."""

    source = forms.CharField(label=gettext_lazy("Source"), max_length=LONGEST)
    label: str = ""
    order: ClassVar[tuple[str, ...]]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label = str(self.initial.get("label", ""))
        if self.initial:
            # A line is of one code for good: another code is another line.
            self.fields["code"].disabled = True
            self._offer_what_is_written()
        else:
            self._begin_lists_at_their_first()

    def _offer_what_is_written(self) -> None:
        """Let a line keep what a table of somebody else wrote."""
        for name, field in self.fields.items():
            value = self.initial.get(name, "")
            if isinstance(field, forms.ChoiceField) and not field.valid_value(value):
                offered: Any = field.choices
                field.choices = [*offered, (value, value)]

    def _begin_lists_at_their_first(self) -> None:
        """Have a free line that is sent as the browser shows it be one that nobody wrote."""
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField):
                choices: Any = field.choices
                field.initial = next(iter(choices))[0]

    @property
    def ordered_fields(self) -> list[forms.BoundField]:
        """Give the fields that are written, in their order; the code of a line that stands is told above them."""
        return [self[name] for name in self.order if not self.fields[name].disabled]

    @property
    def entry(self) -> Entry:
        """The line as its table writes it."""
        raise NotImplementedError


class CategoryForm(LineForm):
    """A legal category, its family or “left out”, how that is proven."""

    order = ("code", "family", "proof", "observed", "source")
    code = forms.CharField(label=gettext_lazy("Code"), max_length=4)
    family = forms.ChoiceField(
        label=gettext_lazy("Family"),
        choices=[
            *(
                (str(family), capfirst(label))
                for family, label in FAMILY_LABELS.items()
                if family is not Family.COMMERCIAL
            ),
            (OUT, gettext_lazy("Left out")),
        ],
    )
    proof = forms.ChoiceField(
        label=gettext_lazy("Proof"), choices=[(letter, letter) for letter in "ABX"]
    )
    observed = forms.CharField(
        label=gettext_lazy("Seen in SIRENE"), max_length=LONGEST, required=False
    )

    def clean_code(self) -> str:
        """Refuse a code that the official nomenclature does not have."""
        code: str = self.cleaned_data["code"].strip()
        if code not in legal_categories():
            raise ValidationError(
                _("The nomenclature of legal categories has no code %(code)s.") % {"code": code}
            )
        return code

    @property
    def entry(self) -> Entry:
        """The line as its table writes it."""
        said = self.cleaned_data
        is_out = said["family"] == OUT
        return {
            "code": said["code"],
            "label": self.label or category_label(said["code"]),
            "family": "" if is_out else said["family"],
            "status": "out" if is_out else "retained",
            "proof": said["proof"],
            "observed": said["observed"],
            "source": said["source"],
        }


class ExclusionForm(LineForm):
    """An excluded activity, from a day until another, how that is proven."""

    order = ("code", "nomenclature", "begins", "ends", "proof", "source")
    code = forms.CharField(label=gettext_lazy("Code"), max_length=6)
    nomenclature = forms.ChoiceField(
        label=gettext_lazy("Nomenclature"), choices=list(NOMENCLATURE_LABELS.items())
    )
    begins = forms.DateField(
        label=gettext_lazy("From"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    ends = forms.DateField(
        label=gettext_lazy("Until (that day included)"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    proof = forms.ChoiceField(
        label=gettext_lazy("Proof"),
        choices=[(value, capfirst(label)) for value, label in EXCLUSION_PROOFS.items()],
    )

    def clean(self) -> dict[str, Any]:
        """Refuse an activity that its nomenclature does not have, and dates in the wrong order."""
        said: dict[str, Any] = super().clean() or {}
        code, nomenclature = said.get("code", "").strip().upper(), said.get("nomenclature", "")
        if code and activity_label(code, nomenclature) == code:
            self.add_error("code", _("This nomenclature has no such activity: write it as 94.11Z."))
        begins, ends = said.get("begins"), said.get("ends")
        if begins and ends and ends < begins:
            self.add_error("ends", _("This exclusion ends before it begins."))
        return {**said, "code": code}

    @property
    def entry(self) -> Entry:
        """The line as its table writes it."""
        said = self.cleaned_data
        return {
            "code": said["code"],
            "nomenclature": said["nomenclature"],
            "label": activity_label(said["code"], said["nomenclature"]),
            "from": said["begins"].isoformat() if said["begins"] else "",
            "until": said["ends"].isoformat() if said["ends"] else "",
            "source": said["source"],
            "proof": said["proof"],
        }


class LinesView(ChangingAVersion, TemplateView):
    """A table of a draft as a form; the whole table is written at once, or nothing is."""

    http_method_names = ["get", "post"]
    template_name = "register/admin/perimeter_lines.html"
    form_class: type[LineForm]
    table: str

    def initial(self) -> list[dict[str, Any]]:
        """Give the lines of the draft as the form has them."""
        raise NotImplementedError

    @cached_property
    def formset(self) -> Any:
        """The lines, with some free ones."""
        made = forms.formset_factory(self.form_class, extra=FREE_LINES, can_delete=True)
        sent = self.request.POST if self.request.method == "POST" else None
        return made(sent, initial=self.initial(), prefix="line")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the table; one that was chosen is read where readers read it."""
        if not self.version.is_draft:
            return redirect("register_perimeters:edit", self.version.pk)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the form."""
        return super().get_context_data(**kwargs, version=self.version, formset=self.formset)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Write the table, and come back to the draft."""
        if not self.formset.is_valid():
            messages.error(request, _("Nothing was saved: correct the lines in red."))
            return self.render_to_response(self.get_context_data())
        kept = [form for form in self.formset if form.has_changed() or form.initial]
        entries = [form.entry for form in kept if not form.cleaned_data.get("DELETE")]
        try:
            seen = request.POST.get("fingerprint", "")
            write_lines(self.version, seen=seen, by=self.person, **{self.table: entries})
        except RegisterError as error:
            messages.error(request, problem_in_words(error.problem))
            return self.render_to_response(self.get_context_data())
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("The table is saved. Compare it before choosing it."))
        return redirect("register_perimeters:edit", pk)


class CategoriesView(LinesView):
    """The legal categories of a draft."""

    page_title = gettext_lazy("Legal categories")
    form_class = CategoryForm
    table = "categories"

    def initial(self) -> list[dict[str, Any]]:
        """Give the lines, “left out” among the families."""
        return [{**line, "family": line["family"] or OUT} for line in self.version.categories]


class ExclusionsView(LinesView):
    """The excluded activities of a draft."""

    page_title = gettext_lazy("Excluded activities")
    form_class = ExclusionForm
    table = "exclusions"

    def initial(self) -> list[dict[str, Any]]:
        """Give the lines, their days under the names that a form may have."""
        return list(_with_days(self.version.exclusions))


def _with_days(lines: Iterable[Mapping[str, str]]) -> Iterable[dict[str, Any]]:
    for line in lines:
        yield {**line, "begins": line["from"] or None, "ends": line["until"] or None}
