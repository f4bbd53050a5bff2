"""The screens of the portal in the Wagtail admin."""
