"""Days of prices, as brokers and vendors write them: `price_layouts` knows what their columns hold, `prices` reads a
file whole and `price_stream` one of any length row after row."""
