"""Pure decisions about a group's set-up."""
