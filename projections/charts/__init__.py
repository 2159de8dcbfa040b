"""What charts show over time, as rows: stakes in steps, and terms from day to day."""
