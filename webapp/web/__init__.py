"""Who asks and how: guard, limits, headers, readiness and error pages, for every address whatever it shows."""
