"""Answers about one subject at a cut: holdings, votes, boards, deals, claims."""
