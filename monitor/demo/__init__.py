"""A small newsroom served over loopback, and the main job run on it with the newsroom's clock."""
