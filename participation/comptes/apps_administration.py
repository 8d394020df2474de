"""L'administration de Django, avec la porte de la maison. À part : un fichier apps.py n'a qu'une application."""

from django.contrib.admin.apps import AdminConfig


class AdministrationConfig(AdminConfig):
    """Pas de mot de passe, le groupe « admin » seulement."""

    default_site = "participation.comptes.administration.Administration"
