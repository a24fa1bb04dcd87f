"""What the monitor talks about: frozen dataclasses and the rules that belong to them. Standard library only.

All times are aware UTC `datetime`; days are `date` in the calendar of whoever published them.
"""
