"""What the plan of a year asks for around the assessments, one module for each part."""
