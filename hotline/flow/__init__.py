"""The pure core: flows, answers, dangers and words, without I/O, clock or ids (see README.md)."""
