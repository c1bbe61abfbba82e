"""What comes in: bytes to plain values to a profile, or every fault with its place."""
