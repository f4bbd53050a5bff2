"""What the portal answers beside its pages."""
