"""Slash commands, free of any screen: each returns an effect that a front end applies."""
