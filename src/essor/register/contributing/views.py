"""The pages of claims and corrections; none is kept by a cache, for each form is given once.

They set no cookie: what protects them against forgery is the signed token of the form, or of the link.
"""

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from essor.presentation.visitors import address_of_visitor
from essor.register.contributing.form import (
    LEAST_S,
    ContributionForm,
    StaleForm,
    new_token,
    read_token,
)
from essor.register.contributing.mails import pk_in
from essor.register.models import Contribution, LegalUnit, StructureProfile
from essor.register.models.contributions import CONFIRMED_WITHIN, EMAIL_KEPT
from essor.register.services.contributions import TooMany, confirm, send
from essor.register.structure_page import current_unit, display_name, is_hidden

KINDS = {"revendication": Contribution.Kind.CLAIM, "retrait": Contribution.Kind.DELETION}
"""What a link may choose beforehand, by the value of `objet` in its address."""


@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def contribute(request: HttpRequest, siren: str) -> HttpResponse:
    """Show the form, or take what a reader says of a structure and ask to confirm by e-mail."""
    unit = current_unit(siren)
    if unit is None:
        raise Http404
    current = None if is_hidden(unit) else StructureProfile.objects.filter(siren=siren).first()
    if request.method != "POST":
        kind = KINDS.get(request.GET.get("objet", ""), Contribution.Kind.CORRECTION)
        form = ContributionForm(current=current, initial={"kind": kind})
        return _form_page(request, unit, form, new_token(siren))
    form, token = ContributionForm(request.POST, current=current), request.POST.get("token", "")
    try:
        nonce, elapsed_s = read_token(token, siren)
    except StaleForm:
        form.add_error(None, _("The form was open for too long. Check it, and send it again."))
        return _form_page(request, unit, form, new_token(siren))
    if elapsed_s < LEAST_S:
        form.add_error(None, _("That was very quick: check what you wrote, and send it again."))
    if not form.is_valid():
        return _form_page(request, unit, form, token)
    try:
        send(
            siren=siren,
            values=form.values(get_language() or "fr"),
            nonce=nonce,
            address=address_of_visitor(request),
            now=timezone.now(),
        )
    except TooMany:
        said = _("Too many messages came today from your network or for this e-mail address.")
        form.add_error(None, said)
        return _form_page(request, unit, form, token, status=429)
    return redirect("contribution_sent", siren=siren)


def _form_page(
    request: HttpRequest, unit: LegalUnit, form: ContributionForm, token: str, status: int = 200
) -> HttpResponse:
    context = {
        "unit": unit,
        "name": display_name(unit, is_hidden=is_hidden(unit)),
        "form": form,
        "token": token,
        "confirm_days": CONFIRMED_WITHIN.days,
        "email_days": EMAIL_KEPT.days,
    }
    return render(request, "register/contribute.html", context, status=status)


@require_safe
def contribution_sent(request: HttpRequest, siren: str) -> HttpResponse:
    """Say that an e-mail was sent, and what to do with it."""
    context = {"siren": siren, "days": CONFIRMED_WITHIN.days}
    return render(request, "register/contribution_sent.html", context)


@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_contribution(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button that confirms, then confirm: programs that follow the links of mails press none."""
    try:
        pk = pk_in(token)
    except signing.SignatureExpired:
        return _confirmation_page(request, is_late=True, status=410)
    except (signing.BadSignature, ValueError, TypeError) as refused:
        raise Http404 from refused
    if request.method != "POST":
        return _confirmation_page(request, asks=True)
    contribution = confirm(pk, now=timezone.now())
    if contribution is None:
        return _confirmation_page(request, is_late=True, status=410)
    return _confirmation_page(request, siren=contribution.siren)


def _confirmation_page(
    request: HttpRequest,
    *,
    asks: bool = False,
    is_late: bool = False,
    siren: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {"asks": asks, "is_late": is_late, "siren": siren}
    response = render(request, "register/contribution_confirmed.html", context, status=status)
    # The address is the proof that one reads the mail: no other site is told of it.
    response["Referrer-Policy"] = "no-referrer"
    return response
