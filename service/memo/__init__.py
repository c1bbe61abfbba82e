"""The memo on paper: print HTML with nothing from elsewhere, and PDF made from it."""
