"""Regions of the screen that show one thing each. A pane draws what it is shown; it asks nobody for anything."""
