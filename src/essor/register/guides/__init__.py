"""Printable guides: what they hold, how they are set, when their files are made."""
