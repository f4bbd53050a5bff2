"""Reads of the portal, named after the question."""
