"""The vocabulary: frozen values and pure functions, standard library only. Everybody may import it."""
