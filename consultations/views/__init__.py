"""Les vues des consultations : accès, forme, action, page."""
