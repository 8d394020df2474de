# Deux commandes suffisent, avec Python ≥ 3.11 et make : le reste est installé par elles (voir README.md).
PYTHON ?= python3
export PYTHONDONTWRITEBYTECODE ?= 1

.PHONY: run annee test lint epreuves

run: ## prépare, migre, charge la démonstration si la base est vide, sert sur http://127.0.0.1:$(PORT)
	@$(PYTHON) -m outils.preparer

annee: ## une année en trois minutes : le même site, dans var/annee, le 16 juin 2025 à 9 h (README.md)
	@$(PYTHON) -m outils.preparer annee

test: ## installe ce qu'il faut aux essais, relit, essaie tout
	@$(PYTHON) -m outils.essais test

lint: ## forme, types, couches, gabarits, migrations
	@$(PYTHON) -m outils.essais lint

epreuves: ## les épreuves bornées, hors de la suite
	@$(PYTHON) -m outils.essais epreuves
