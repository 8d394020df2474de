"""La matrice des accès : chaque adresse × chaque rôle × chaque méthode. Le tableau se lit, le monde se fabrique."""
