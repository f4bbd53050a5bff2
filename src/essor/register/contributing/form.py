"""The form: what it asks, and how it tells a person from a machine without a cookie or a third party.

A signed token says for which structure the form was given, and when: it stands for the cookie that
other forms have against forgery, and a form filled in three seconds was not filled in by a person.
"""

import re
import secrets
import time
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from essor.register.models import Contribution, StructureProfile

LEAST_S = 3
MOST_S = 12 * 3600
MOST_LINKS = 2
SALT = "essor.register.form"

PROFILE_FIELDS = ("description", "web_site", "opening_hours")
_LINK = re.compile(r"https?://|www\.", re.IGNORECASE)


class StaleForm(Exception):
    """The form was open for too long, or was given for something else: a fresh one is needed."""


def new_token(siren: str) -> str:
    """Give a form its token: the structure, a number used once, the time."""
    return signing.dumps([siren, secrets.token_hex(16), int(time.time())], salt=SALT)


def read_token(token: str, siren: str) -> tuple[str, int]:
    """Give the number used once and the seconds since the form was given. Raises StaleForm."""
    try:
        its_siren, nonce, given_at = signing.loads(token, salt=SALT, max_age=MOST_S)
    except (signing.BadSignature, ValueError) as refused:
        raise StaleForm from refused
    if its_siren != siren:
        raise StaleForm
    return nonce, int(time.time()) - given_at


class WebSiteField(forms.URLField):
    """The address of a web site: no other scheme, and what is wrong is said once."""

    default_validators = [URLValidator(schemes=["http", "https"])]


class ContributionForm(forms.Form):
    """What a reader says of a structure."""

    kind = forms.ChoiceField(
        label=_("What do you want to do?"),
        choices=[
            (Contribution.Kind.CORRECTION, _("Correct or complete the page")),
            (Contribution.Kind.CLAIM, _("Claim the page: I represent this structure")),
            (Contribution.Kind.DELETION, _("Have personal data taken away")),
        ],
        initial=Contribution.Kind.CORRECTION,
        widget=forms.RadioSelect,
    )
    description = forms.CharField(
        label=_("What the structure does"),
        required=False,
        max_length=Contribution.LIMITS["description"],
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    web_site = WebSiteField(
        label=_("Web site"),
        required=False,
        max_length=Contribution.LIMITS["web_site"],
        assume_scheme="https",
        widget=forms.TextInput(attrs={"inputmode": "url", "autocapitalize": "none"}),
        error_messages={"invalid": _("Write the whole address, as in https://www.example.org.")},
    )
    opening_hours = forms.CharField(
        label=_("Opening hours"),
        required=False,
        max_length=Contribution.LIMITS["opening_hours"],
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    is_closed = forms.BooleanField(label=_("The structure has closed"), required=False)
    message = forms.CharField(
        label=_("Anything else"),
        required=False,
        max_length=Contribution.LIMITS["message"],
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "For the name, the address or the activity, which come from SIRENE: tell us what is wrong,"
            " and we will say how to have it corrected there."
        ),
    )
    capacity = forms.CharField(
        label=_("Who are you for the structure?"),
        required=False,
        max_length=120,
        help_text=_("As in “director”, “volunteer”, “neighbour”. Needed to claim the page."),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        help_text=_("To confirm, and to tell you what was decided. It is never shown."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Without an e-mail address we cannot ask you to confirm."),
            "invalid": _("This is not an e-mail address. Write it as in name@example.org."),
        },
    )
    second_name = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def __init__(
        self, data: Any = None, *, current: StructureProfile | None = None, **more: Any
    ) -> None:
        held = {name: getattr(current, name) for name in PROFILE_FIELDS} if current else {}
        super().__init__(data, initial={**held, **more.pop("initial", {})}, **more)
        self.held = held

    def clean_second_name(self) -> str:
        """Refuse what a machine filled in: people do not see this field."""
        if self.cleaned_data["second_name"]:
            raise ValidationError(_("This field must stay empty: it tells machines from people."))
        return ""

    def clean(self) -> dict[str, Any]:
        """Ask for something to say, and for few links."""
        given = super().clean() or {}
        links = sum(
            len(_LINK.findall(given.get(name, "")))
            for name in ("description", "opening_hours", "message", "capacity")
        )
        if links > MOST_LINKS:
            said = ngettext(
                "Your texts may hold %(most)s link at most.",
                "Your texts may hold %(most)s links at most.",
                MOST_LINKS,
            )
            self.add_error(None, said % {"most": MOST_LINKS})
        if given.get("kind") == Contribution.Kind.CLAIM and not given.get("capacity"):
            self.add_error("capacity", _("Say what you are for this structure."))
        if given.get("kind") == Contribution.Kind.CORRECTION and not self._says_something(given):
            self.add_error(None, _("Say what is to be corrected: nothing is different here."))
        return given

    def _says_something(self, given: dict[str, Any]) -> bool:
        return bool(given.get("message") or self._proposed(given) or self.errors)

    def _proposed(self, given: dict[str, Any]) -> dict[str, Any]:
        changed = {
            name: given[name]
            for name in PROFILE_FIELDS
            if name in given and _lines(given[name]) != _lines(self.held.get(name, ""))
        }
        return changed | ({"is_closed": True} if given.get("is_closed") else {})

    def values(self, language: str) -> dict[str, Any]:
        """Give what the contribution keeps, once the form is valid."""
        given = self.cleaned_data
        return {
            "kind": given["kind"],
            "language": language,
            "email": given["email"],
            "capacity": given["capacity"],
            "message": given["message"],
            "proposed": {}
            if given["kind"] == Contribution.Kind.DELETION
            else self._proposed(given),
        }


def _lines(text: str) -> list[str]:
    """Give the lines of a text: a browser sends CR LF where the store has LF."""
    return text.strip().splitlines()
