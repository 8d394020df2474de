"""Les adresses de « Comptes » qui ne viennent pas d'allauth."""

from django.urls import URLPattern, URLResolver, path

from participation.comptes import views

app_name = "comptes"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.mon_compte, name="mon_compte"),
    path("reprise/", views.reprise, name="reprise"),
    path("2fa/webauthn/options/", views.cle_options, name="cle_options"),
]
