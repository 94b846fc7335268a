"""What `/setup` shows: panels and forms, drawn from what the services return."""
