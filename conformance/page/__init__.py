"""The page of `corsac ui` in real browsers."""
