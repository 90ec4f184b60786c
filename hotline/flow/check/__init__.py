"""The checks of a flow: what its files lack, and the proof that what it tells is safe."""
