"""The figures of the paper, computed anew: data first, then pictures of them."""
