"""Les adresses de « Comptes » qui ne viennent pas d'allauth."""

from django.urls import URLPattern, URLResolver, path

from participation.comptes import views
from participation.comptes.views import courrier, donnees

app_name = "comptes"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.mon_compte, name="mon_compte"),
    path("mes-donnees/", donnees.mes_donnees, name="mes_donnees"),
    path("mes-donnees.json", donnees.mes_donnees_json, name="mes_donnees_json"),
    path("messages/", courrier.messages, name="messages"),
    path("messages/<str:jeton>/", courrier.messages_arreter, name="messages_arreter"),
    path("supprimer/", donnees.supprimer, name="supprimer"),
    path("reprise/", views.reprise, name="reprise"),
    path("2fa/webauthn/options/", views.cle_options, name="cle_options"),
]
