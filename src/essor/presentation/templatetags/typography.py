"""French typography, written once: numbers, shares, dates and spaces."""

from django import template

register = template.Library()
