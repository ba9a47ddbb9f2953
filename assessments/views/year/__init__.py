"""Pages of the year of the plan, one module for each part."""
