"""The model: facts, and the arithmetic of registers, boards and threads over them."""
