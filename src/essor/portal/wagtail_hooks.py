"""What the portal adds to the staff screens."""

from wagtail.snippets.models import register_snippet

from essor.portal.admin.boxes import ReusableBoxViewSet

register_snippet(ReusableBoxViewSet)
