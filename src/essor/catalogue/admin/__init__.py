"""The screens of the catalogue in the Wagtail admin, one module for each."""
