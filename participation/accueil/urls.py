"""Les adresses de « Accueil »."""

from django.urls import URLPattern, URLResolver, path

from participation.accueil import views

app_name = "accueil"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.accueil, name="accueil"),
    path("mon-quartier/", views.mon_quartier, name="mon_quartier"),
    path("quartiers/<slug:slug>/", views.quartier, name="quartier"),
    path("chiffres/", views.chiffres, name="chiffres"),
    path("comprendre/", views.comprendre, name="comprendre"),
    path("glossaire/", views.glossaire, name="glossaire"),
    path("aide/", views.aide, name="aide"),
    path("contact/", views.contact, name="contact"),
    path("accessibilite/", views.accessibilite, name="accessibilite"),
    path("donnees-personnelles/", views.donnees_personnelles, name="donnees_personnelles"),
    path("mentions-legales/", views.mentions_legales, name="mentions_legales"),
    path("moderation/", views.moderation, name="moderation"),
]
