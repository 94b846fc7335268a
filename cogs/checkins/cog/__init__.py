"""What people type and press about check-ins: the commands, and the desks that answer them."""
