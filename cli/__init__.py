"""The command line of stakebook: one file per command, one place that opens stores."""
