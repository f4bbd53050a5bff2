"""What the observatory adds to the staff screens."""

from wagtail.snippets.models import register_snippet

from essor.observatory.admin import PublishedFigureViewSet

register_snippet(PublishedFigureViewSet)
