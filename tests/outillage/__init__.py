"""Les outils des essais : bases d'essai, vrais processus, navigateur. Rien ici ne juge le produit."""
