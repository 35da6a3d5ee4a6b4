"""Two runs compared: `runs.py` reads and compares them, `report.py` says what differs."""
