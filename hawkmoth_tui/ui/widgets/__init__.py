"""Smaller parts of the screen: composer, status line, notices, welcome."""
