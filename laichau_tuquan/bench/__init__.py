"""Measures of the main pages, each beside the least that it could cost in the same run (make bench)."""
