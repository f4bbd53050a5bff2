"""Kiosks: a selection of records shown as covers, here and on any other site."""
