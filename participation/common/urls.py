"""Les adresses du socle : identité, réglages d'affichage, vitrine des composants."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, path

from participation.common import vitrine, vues

app_name = "common"
urlpatterns: list[URLPattern | URLResolver] = [
    path("identite.css", vues.identite, name="identite"),
    path("identite/logo", vues.identite_logo, name="identite_logo"),
    path("favicon.ico", vues.favicon, name="favicon"),
    path("affichage/", vues.affichage, name="affichage"),
]
if settings.DEBUG:
    urlpatterns.append(path("composants/", vitrine.composants, name="composants"))
