"""Thin views: find through queries, call the deed, choose the template."""
