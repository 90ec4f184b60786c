"""The staff's pages: who needs help, why, what was done, and taking over."""
