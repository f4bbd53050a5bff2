"""The screens of claims and corrections: what was confirmed, read side by side with the page, decided once."""

from typing import Any

from django.contrib.admin.utils import label_for_field
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Case, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic import IndexView, InspectView
from wagtail.admin.viewsets.model import ModelViewSet

from essor.register.models import Contribution, LegalUnit, StructureProfile
from essor.register.services.contributions import (
    PROFILE_FIELDS,
    AlreadyDecided,
    accept,
    refuse,
)
from essor.register.structure_page import current_unit

DECIDING_RIGHT = "register.change_contribution"
LONGEST_ANSWER = 2_000


def contributions_to_read() -> QuerySet[Contribution]:
    """Give those that were confirmed: first those that wait, requests of deletion before the others."""
    rank = Case(
        When(state=Contribution.State.PENDING, kind=Contribution.Kind.DELETION, then=Value(0)),
        When(state=Contribution.State.PENDING, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    confirmed = Contribution.objects.exclude(state=Contribution.State.UNCONFIRMED)
    return confirmed.annotate(rank=rank).order_by("rank", "-sent_at", "-pk")


class ContributionIndexView(IndexView):
    """Those that were confirmed, what waits first."""

    default_ordering = None

    def get_base_queryset(self) -> QuerySet[Contribution]:
        """Leave out what nobody has confirmed: it may come from anybody. Add the names of structures."""
        named = LegalUnit.objects.current().filter(siren=OuterRef("siren")).order_by("pk")
        return contributions_to_read().annotate(name=Subquery(named.values("name")[:1]))


class ContributionInspectView(InspectView):
    """What is proposed beside what is said today, and the decision."""

    def get_object(self, queryset: QuerySet[Contribution] | None = None) -> Contribution:
        """Give one that was confirmed."""
        return get_object_or_404(contributions_to_read(), pk=self.pk)

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        """Write a dash for what is not known yet, or was not said."""
        return super().get_field_display_value(field_name, field) or "–"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the structure, and each field that would change."""
        contribution = self.object
        profile = StructureProfile.objects.filter(siren=contribution.siren).first()
        may_decide = self.request.user.has_perm(DECIDING_RIGHT) and contribution.is_pending
        return super().get_context_data(
            **kwargs,
            unit=current_unit(contribution.siren),
            changes=tuple(_changes(contribution, profile)),
            is_closed=contribution.proposed.get("is_closed", False),
            may_decide=may_decide,
            is_deletion=contribution.kind == Contribution.Kind.DELETION,
            longest_answer=LONGEST_ANSWER,
        )


def _changes(contribution: Contribution, profile: StructureProfile | None) -> Any:
    for name in PROFILE_FIELDS:
        if name in contribution.proposed:
            yield {
                "name": name,
                "label": label_for_field(name, StructureProfile),
                "today": getattr(profile, name, ""),
                "proposed": contribution.proposed[name],
                "is_kept": name in contribution.kept,
            }


class DecideView(View):
    """Takes the decision; the second of two persons learns that it was taken."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Accept the ticked fields, or refuse with a reason."""
        if not request.user.has_perm(DECIDING_RIGHT):
            raise PermissionDenied
        contribution = get_object_or_404(contributions_to_read(), pk=pk)
        answer = request.POST.get("answer", "").strip()[:LONGEST_ANSWER]
        try:
            if "accept" in request.POST:
                self._accept(contribution, answer)
            elif not answer:
                messages.error(request, _("Say why: your reason is sent to who wrote."))
                return redirect("register_contributions:inspect", pk)
            else:
                refuse(pk, user=self._user, now=timezone.now(), answer=answer)
                messages.success(request, _("Refused; who wrote is told why."))
        except AlreadyDecided:
            messages.error(request, _("Somebody else has decided meanwhile."))
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
            return redirect("register_contributions:inspect", pk)
        return redirect("register_contributions:index")

    def _accept(self, contribution: Contribution, answer: str) -> None:
        accept(
            contribution.pk,
            fields=self.request.POST.getlist("field"),
            user=self._user,
            now=timezone.now(),
            answer=answer,
        )
        if contribution.kind == Contribution.Kind.DELETION:
            said = _("The identity of the structure is withheld; who wrote is told.")
        else:
            said = _("Accepted; who wrote is told.")
        messages.success(self.request, said)

    @property
    def _user(self) -> User:
        user = self.request.user
        assert isinstance(user, User)  # noqa: S101  # the right was checked
        return user


class ContributionViewSet(ModelViewSet):
    """What readers say of structures; nothing changes before somebody accepts it."""

    model = Contribution
    name = "register_contributions"
    url_prefix = "annuaire/messages"
    icon = "mail"
    menu_label = gettext_lazy("Claims and corrections")
    form_fields = ["answer"]
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    inspect_view_class = ContributionInspectView
    inspect_template_name = "register/admin/contribution.html"
    inspect_view_fields = [
        "kind",
        "state",
        "capacity",
        "email",
        "sent_at",
        "confirmed_at",
        "decided_at",
        "decided_by",
        "answer",
    ]
    index_view_class = ContributionIndexView
    list_display = [
        TitleColumn(
            "name",
            label=gettext_lazy("Structure"),
            accessor=lambda one: one.name or one.siren,
            url_name="register_contributions:inspect",
        ),
        Column("siren", label="SIREN"),
        StatusTagColumn("kind", label=gettext_lazy("Kind"), accessor="get_kind_display"),
        Column("state", label=gettext_lazy("State"), accessor="get_state_display"),
        DateColumn("sent_at", label=gettext_lazy("Sent")),
    ]
    list_filter = ["state", "kind"]

    def get_urlpatterns(self) -> list[URLPattern]:
        """Give the addresses of these screens, and that of the decision."""
        decide = path("<int:pk>/decide/", DecideView.as_view(), name="decide")
        return [*super().get_urlpatterns(), decide]
