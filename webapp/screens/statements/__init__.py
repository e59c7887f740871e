"""The menu of statements: figures, the documents they come from, what is computed from them; a file a screen.

The pages of a filing's facts lie beside its screen: `tracing` has the addresses between figures and facts. Where a
figure stands is found in `services.intake.tracing`.
"""
