"""What pictures show, as rows; graphs of who has what of whom, at one cut and over all of them."""
