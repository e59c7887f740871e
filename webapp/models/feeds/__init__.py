"""What feeds keep while they wait."""
