"""Traffic that was recorded from real servers; it lies beside the project, never in it."""
