"""Les adresses d'allauth que la maison ouvre, à leur nom. Aucune page de mot de passe n'y est : elles répondent 404."""

from django.urls import URLPattern, URLResolver, path

from participation.comptes import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", views.entrer, name="account_login"),
    path("login/code/", views.entrer, name="account_request_login_code"),
    path("login/code/confirm/", views.entrer_code, name="account_confirm_login_code"),
    path("signup/", views.entrer, name="account_signup"),
    path("logout/", views.sortir, name="account_logout"),
    path("inactive/", views.compte_ferme, name="account_inactive"),
    path("email/", views.courriel_changer, name="account_email"),
    path("confirm-email/", views.courriel_prouver, name="account_email_verification_sent"),
    path("2fa/webauthn/", views.cles, name="mfa_list_webauthn"),
    path("2fa/webauthn/add/", views.cle_ajouter, name="mfa_add_webauthn"),
    path("2fa/webauthn/login/", views.cle_entrer, name="mfa_login_webauthn"),
    path("sessions/", views.sessions, name="usersessions_list"),
]
