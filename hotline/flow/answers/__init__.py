"""Reading an answer to the open question, one module per kind of question."""
