"""Écrire un rapport : un module par acte (importation, correction, figer, effacement)."""
