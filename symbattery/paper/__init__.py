"""The paper, Huangfu and Jing (2021), reproduced."""
