"""Rebuilds the router's shipped weights from recorded outcomes and measures them. Never imported by the other packages but the command."""
