"""The commands, presses and listeners of `/setup`."""
