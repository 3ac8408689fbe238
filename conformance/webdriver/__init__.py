"""Real browsers, controlled as a person would use them: Chromium, Firefox and WebKitGTK, with the standard library only."""
