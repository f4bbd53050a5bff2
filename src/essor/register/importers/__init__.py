"""From official files to typed rows and problems; no Django here."""
