"""Essor: a library network's portal to the social and solidarity economy of its territory."""

__version__ = "0.1.0"
