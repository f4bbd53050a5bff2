"""What readers may fill in."""

import re
from urllib.parse import quote

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_HOST_NAME = re.compile(
    r"(?=.{4,253}\Z)(?:(?!-)[a-z0-9-]{1,63}(?<!-)\.)+(?!-)(?=[a-z0-9-]*[a-z])[a-z0-9-]{2,63}(?<!-)"
)


def host_name_in(text: str) -> str | None:
    """Give the host name in what a reader typed: `example.org`, `https://example.org/`, `@me@example.org`.

    None when there is none: an address by number, a port, a single word.
    """
    typed = text.strip().lower().removeprefix("https://").removeprefix("http://")
    name = typed.partition("/")[0].rpartition("@")[2].rstrip(".")
    try:
        ascii_name = name.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    return ascii_name if _HOST_NAME.fullmatch(ascii_name) else None


class MastodonForm(forms.Form):
    """The server where the reader has an account. Field names are those of the address."""

    serveur = forms.CharField(
        label=_("Your Mastodon server"),
        max_length=300,
        help_text=_("The part of your account’s name after the last @, as in mastodon.social."),
        widget=forms.TextInput(
            attrs={
                "autocapitalize": "none",
                "autocomplete": "off",
                "inputmode": "url",
                "spellcheck": "false",
            }
        ),
        error_messages={"required": _("Write the name of your server, as in mastodon.social.")},
    )

    def clean_serveur(self) -> str:
        """Give the host name; refuse what is not one."""
        host = host_name_in(self.cleaned_data["serveur"])
        if host is None:
            raise ValidationError(
                _("This is not the name of a server. Write it as in mastodon.social.")
            )
        return host

    def address_for(self, title: str, address: str) -> str:
        """Give the page of the server where this title and link are ready to be published."""
        words = quote(f"{title}\n{address}", safe="")
        return f"https://{self.cleaned_data['serveur']}/share?text={words}"
