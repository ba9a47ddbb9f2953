"""Shape of what people enter in the year of the plan, one module for each part."""
