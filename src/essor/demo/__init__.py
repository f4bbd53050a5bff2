"""The demonstration portal, built only through the public commands of the apps."""
