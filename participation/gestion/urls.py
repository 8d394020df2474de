"""Les adresses de « Gestion » : le bureau des agents et des signataires."""

from django.urls import URLPattern, URLResolver, include, path

from participation.gestion import (
    views,
    views_actes,
    views_appels,
    views_circuit,
    views_courriels,
    views_participation,
    views_reception,
    views_remise,
)

app_name = "gestion"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.bureau, name="bureau"),
    path("mandats/", include("participation.comptes.urls_mandats")),
    path("participation/", views_participation.participation, name="participation"),
    path("rapports/", include("participation.rapports.urls")),
    path("consultations/nouvelle/", views.consultation_creer, name="consultation_creer"),
    path("consultations/<slug:slug>/", views.consultation, name="consultation"),
    path("consultations/<slug:slug>/modifier/", views.consultation_modifier, name="consultation_modifier"),
    path("consultations/<slug:slug>/circuit/", views_circuit.circuit, name="circuit"),
    path("consultations/<slug:slug>/contenu/", views_circuit.contenu, name="contenu"),
    path("consultations/<slug:slug>/transmettre/", views.transmettre, name="transmettre"),
    path("consultations/<slug:slug>/actes/<slug:acte>/", views_actes.acte_preparer, name="acte_preparer"),
    path("a-signer/", views_actes.a_signer, name="a_signer"),
    path("a-signer/<uuid:pk>/", views_actes.acte, name="acte"),
    path("a-signer/<uuid:pk>/abandonner/", views_actes.acte_abandonner, name="acte_abandonner"),
    path("courriels/<uuid:pk>/reessayer/", views_courriels.courriel_reessayer, name="courriel_reessayer"),
    path("papier/<str:jeton>/", views_reception.avis_papier, name="avis_papier"),
    path("saisines/<uuid:pk>/avis-recu/", views_reception.avis_recu, name="avis_recu"),
    path("saisines/<uuid:pk>/appel/", views_appels.appel, name="appel"),
    path("saisines/<uuid:pk>/remise/", views_remise.remise, name="remise"),
    path("saisines/<uuid:pk>/retour/", views_remise.retour, name="retour"),
    path("retours/<uuid:pk>/", views_remise.retour_constater, name="retour_constater"),
]
