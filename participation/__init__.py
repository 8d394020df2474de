"""L'espace de noms du produit, et sa version."""

VERSION = "0.1.0"
