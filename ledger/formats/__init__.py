"""Files of others made into events: tables of CSV and XLSX, each cell with its address."""
