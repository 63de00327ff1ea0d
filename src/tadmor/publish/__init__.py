"""Rows and pages out: tables for people, JSON Lines, CSV, GeoJSON, the situation report."""
