"""Control: who stands behind whom, from stakes, votes, seats and recorded facts."""
