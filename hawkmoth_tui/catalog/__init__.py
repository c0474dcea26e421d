"""Which models exist, what they cost and what they can do."""
