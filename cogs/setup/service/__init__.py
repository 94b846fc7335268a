"""The use cases of `/setup`."""
