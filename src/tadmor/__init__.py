"""Tadmor: from reports of war to a sourced record."""
