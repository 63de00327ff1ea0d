"""Fuzzing: what takes bytes or text from outside, held to what it promises. See docs/scale.md and fuzz/found.md."""
