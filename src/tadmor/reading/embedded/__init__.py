"""The embedded reader: a small trained encoder that ships in the package and runs offline on a CPU."""
