"""Les réglages de la maison pour allauth."""

from datetime import UTC, datetime
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse

from participation.comptes import actions
from participation.territoires.models import Epci

GARDER = "garder_appareil"
DUREE_GARDEE = 90 * 24 * 3600


class Adaptateur(DefaultAccountAdapter):
    """Pas de mot de passe, pas de second facteur : un code reçu, une clé d'accès ou un appareil gardé suffisent."""

    def get_login_stages(self) -> list[str]:
        """Aucune étape d'allauth après la preuve : le code est jugé avant, la clé d'accès se suffit."""
        return []

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Les messages d'allauth ne sont pas affichés : chaque page dit elle-même ce qui s'est passé."""

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse:
        """Règle la durée de la session : 90 jours si la personne l'a choisi, sinon le temps du navigateur."""
        garde = bool(request.session.pop(GARDER, False))
        request.session.set_expiry(DUREE_GARDEE if garde else 0)
        reponse: HttpResponse = super().post_login(request, user, **kwargs)
        cle = request.session.session_key or ""
        actions.noter_l_appareil(cle_de_session=cle, garde=garde, now=datetime.now(UTC))
        return reponse


class AdaptateurCles(DefaultMFAAdapter):
    """Les clés d'accès portent le nom de la plateforme."""

    def _get_site_name(self) -> str:
        epci = Epci.objects.first()
        return epci.nom_plateforme if epci else "Voix des quartiers"
