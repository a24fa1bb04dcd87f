"""When a poll, an attempt of a delivery or a digest's period is due. Time is an argument."""
