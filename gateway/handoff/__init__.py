"""Hand-off to human advisors: availability, routing, the package, timeouts."""
