"""F5: what was spent, on what, what that saved and how fast it was, as charts with their numbers beside them."""
