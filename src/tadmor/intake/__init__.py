"""What comes in: sorted before it is read, read by several processes, kept; feeds that are watched."""

from __future__ import annotations
