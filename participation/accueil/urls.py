"""Les adresses de « Accueil »."""

from django.urls import URLPattern, URLResolver, path, re_path

from participation.accueil import views, views_agenda, views_donnees

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
    path("modalites/", views.modalites, name="modalites"),
    path("moderation/", views.moderation, name="moderation"),
    path("agenda/", views_agenda.agenda, name="agenda"),
    path("agenda.ics", views_agenda.agenda_ics, name="agenda_ics"),
    path("donnees-ouvertes/", views_donnees.donnees_ouvertes, name="donnees_ouvertes"),
    path("donnees-ouvertes.zip", views_donnees.donnees_zip, name="donnees_zip"),
    re_path(
        r"^donnees-ouvertes/(?P<jeu>[a-z-]+)\.(?P<extension>csv|json|ods)$",
        views_donnees.donnees_jeu,
        name="donnees_jeu",
    ),
    path("schemas/<slug:jeu>.json", views_donnees.schema, name="schema"),
]
