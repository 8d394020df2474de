"""Le seul endroit qui écrit le territoire : l'import d'un fichier, la création d'une instance."""

from participation.territoires.actions.importation import CompteRendu, importer_territoire
from participation.territoires.actions.instances import creer_instance

__all__ = ["CompteRendu", "creer_instance", "importer_territoire"]
