"""Les adresses des mandats d'une instance, montées deux fois : au bureau, et sous « Mon conseil »."""

from django.urls import URLPattern, URLResolver, path

from participation.comptes.views import conseil

app_name = "conseil"
urlpatterns: list[URLPattern | URLResolver] = [
    path("<slug:slug>/", conseil.membres, name="membres"),
    path("<slug:slug>/depot/", conseil.depot_regler, name="depot_regler"),
    path("<slug:slug>/nommer/", conseil.membre_nommer, name="membre_nommer"),
    path("<slug:slug>/lettres/", conseil.lettres, name="lettres"),
    path("<slug:slug>/<uuid:pk>/", conseil.membre, name="membre"),
    path("<slug:slug>/<uuid:pk>/piece/", conseil.membre_piece, name="membre_piece"),
    path("<slug:slug>/<uuid:pk>/finir/", conseil.membre_finir, name="membre_finir"),
    path("<slug:slug>/<uuid:pk>/renouveler/", conseil.membre_renouveler, name="membre_renouveler"),
    path("<slug:slug>/<uuid:pk>/inviter/", conseil.membre_inviter, name="membre_inviter"),
    path("<slug:slug>/<uuid:pk>/secours/", conseil.membre_secours, name="membre_secours"),
]
