"""Les outils de la maison : préparer la machine, servir, essayer, vérifier. Aucun n'est importé par le site."""
