"""What is done in the year of the plan around the assessments: one module for each part."""
