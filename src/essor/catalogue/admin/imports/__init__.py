"""The screens of imports: drop a file, see the dry run, start, follow, stop, go on, read the report."""

from essor.catalogue.admin.imports.runs import ImportRunViewSet

__all__ = ["ImportRunViewSet"]
