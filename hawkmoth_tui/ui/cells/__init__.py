"""A terminal's cells as the program believes them to be, and the fewest bytes that make them what they should be.

Text, styles and places only: no app, no widgets, no driver. Strips that come in are harmless already (`ui.output`).
"""
