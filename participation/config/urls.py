"""La carte du site : chaque application garde ses adresses (contrat.md, « Adresses »)."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from participation.config.sante import sante

urlpatterns = [
    path("", include("participation.accueil.urls")),
    path("", include("participation.common.urls")),
    path("", include("participation.registre.urls")),
    path("", include("participation.horloge.urls")),
    path("", include("participation.comptes.urls_rejoindre")),
    path("agenda/instances/", include("participation.agenda.urls")),
    path("mon-conseil/", include("participation.comptes.urls_conseil")),
    path("sante/", sante, name="sante"),
    path("consultations/", include("consultations.urls")),
    path("gestion/", include("participation.gestion.urls")),
    path("compte/", include("participation.comptes.urls")),
    path("compte/", include("participation.comptes.urls_allauth")),
    path("admin/", admin.site.urls),
]
if settings.DEMO:
    urlpatterns.append(path("demo/", include("participation.demo.urls")))

handler400 = "participation.common.vues.erreur_400"
handler403 = "participation.common.vues.erreur_403"
handler404 = "participation.common.vues.erreur_404"
handler500 = "participation.common.vues.erreur_500"
handler429 = "participation.common.vues.erreur_429"
