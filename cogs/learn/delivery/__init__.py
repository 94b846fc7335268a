"""What the library posts where everybody reads."""
