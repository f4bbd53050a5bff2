"""What staff sees of a kiosk that is being written: its frame, and above it what its source holds.

Nobody is shown, here either, what is in a private basket of somebody else.
"""

from csp.decorators import csp_update
from django.http import HttpRequest
from django.template.response import TemplateResponse

from essor.kiosk.choosing import chosen_among
from essor.kiosk.contents import contents_of
from essor.kiosk.models import Kiosk
from essor.kiosk.perms import sees_source
from essor.kiosk.showing import Shown


# The links of a frame open in the page around it: here, that would leave the form.
@csp_update({"sandbox": ["allow-scripts", "allow-same-origin"]})
def preview(request: HttpRequest, kiosk: Kiosk) -> TemplateResponse:
    """Show a kiosk with its unsaved values, private source included, to who may see that source."""
    source = kiosk.source
    is_seen = source is not None and sees_source(request.user, source)
    records = chosen_among(source, kiosk.choice, identity=kiosk.slug) if source and is_seen else ()
    context = {
        "shown": Shown(kiosk.name, records, kiosk.look).uncounted(),
        "contents": contents_of(source, kiosk.choice) if source and is_seen else None,
        "waits": source is None,
    }
    return TemplateResponse(request, "kiosk/preview.html", context)
