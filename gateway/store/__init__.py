"""What is written to and read from the conversations database. Every function is one transaction's work."""
