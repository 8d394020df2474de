"""Les adresses publiques pour rejoindre : une lettre, une invitation."""

from django.urls import URLPattern, URLResolver, path

from participation.comptes.views import rejoindre

app_name = "rejoindre"
urlpatterns: list[URLPattern | URLResolver] = [
    path("lettre/", rejoindre.lettre, name="lettre"),
    path("invitation/", rejoindre.invitation_sans_jeton, name="invitation_sans_jeton"),
    path("invitation/<str:jeton>/", rejoindre.invitation, name="invitation"),
]
