"""Which model takes a turn, and why. Pure: no I/O and no clock of its own."""
