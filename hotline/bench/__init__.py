"""The bench: this hotline measured on this machine, against a floor that does next to nothing."""
