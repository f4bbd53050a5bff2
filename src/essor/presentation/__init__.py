"""What all apps show alike: tokens, typography, the share links, drawn pictures."""
