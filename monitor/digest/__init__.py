"""Digest: select what to tell, then render it; selection is pure, `render.py` is Jinja2's and css-inline's home."""
