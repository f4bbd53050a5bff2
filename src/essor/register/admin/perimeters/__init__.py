"""Perimeters: copy one into a draft, write its lines, see what it would change, choose it for the next build."""

from essor.register.admin.perimeters.versions import PerimeterViewSet

__all__ = ["PerimeterViewSet"]
