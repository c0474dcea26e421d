"""Where a key comes from, and where it may go."""
