"""Time: histories seen through a cut; the only place where clocks are compared."""
