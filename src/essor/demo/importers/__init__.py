"""What is read from the files of the package."""
