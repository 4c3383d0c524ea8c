"""Firesteel trains feed-forward neural networks on tables; this package uses its models in Python."""
