"""Other directories: drop a list, check what was understood, start, follow, read the report, review."""

from essor.register.admin.directories.lists import ImportedDirectoryViewSet

__all__ = ["ImportedDirectoryViewSet"]
