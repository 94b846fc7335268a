"""The library's commands and presses."""
