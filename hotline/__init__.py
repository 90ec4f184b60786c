"""A text and phone hotline for bleeding in pregnancy."""

__version__ = "0.1.0"
