"""Le code reçu par courriel : l'émettre, le renvoyer, le juger.

Le flux d'allauth compte les essais dans la session : envoyés en parallèle, tous sont examinés. Ici l'essai est pris
en base, par une mise à jour conditionnelle, **avant** que le code soit regardé (S9). Les heures sont réelles : les
codes ne suivent jamais l'heure du site.
"""

import hashlib
import secrets
import time
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar, Self

from allauth.account.internal.flows.code_verification import AbstractCodeVerificationProcess
from allauth.core.internal.cryptokit import compare_user_code, generate_user_code
from django.conf import settings
from django.http import HttpRequest

from participation.comptes import actions
from participation.comptes.actions.codes import ESSAIS_MAX
from participation.comptes.courriels import envoyer_le_code


class Verdict(StrEnum):
    """Ce que vaut un code tapé."""

    JUSTE = "juste"
    FAUX = "faux"
    EPUISE = "epuise"


class FluxParCode(AbstractCodeVerificationProcess):
    """Un code en cours, gardé dans la session de ce navigateur. Même chemin pour une adresse connue ou inconnue."""

    cle_session: ClassVar[str]
    gabarit: ClassVar[str]

    def __init__(self, request: HttpRequest, etat: dict[str, Any]) -> None:
        self.request = request
        super().__init__(max_attempts=ESSAIS_MAX, timeout=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT, state=etat)

    @classmethod
    def ouvrir(cls, request: HttpRequest, courriel: str, **plus: Any) -> Self:
        """Engendre un code, l'envoie dans la requête, ouvre trois essais. Lève OSError si le courriel ne part pas."""
        etat = {"at": time.time(), "email": courriel, "flux": secrets.token_urlsafe(24)} | plus
        flux = cls(request, etat)
        flux.generate_code()
        actions.ouvrir_essais(cle=flux.cle, expire_le=flux.expire_le, now=datetime.now(UTC))
        flux.send()
        flux.persist()
        return flux

    @classmethod
    def reprendre(cls, request: HttpRequest) -> Self | None:
        """Le code en cours de ce navigateur, ou None. Ne touche jamais à la session : un GET n'écrit pas."""
        etat = request.session.get(cls.cle_session)
        if not isinstance(etat, dict) or not (flux := cls(request, dict(etat))).is_valid():
            return None
        return flux

    @property
    def email(self) -> str:
        """L'adresse qui a reçu le code."""
        return str(self.state["email"])

    @property
    def cle(self) -> str:
        """L'empreinte de ce flux : la clé de son compteur en base."""
        return hashlib.sha256(self.state["flux"].encode()).hexdigest()

    @property
    def expire_le(self) -> datetime:
        """La fin de validité, en heure réelle."""
        return datetime.fromtimestamp(self.state["at"], UTC) + timedelta(seconds=self.timeout)

    def generate_code(self) -> None:
        """Un code neuf de huit chiffres."""
        self.state["code"] = generate_user_code(length=8, numeric=True, dashed=True)

    def send(self) -> None:
        """Envoie le code tout de suite : le seul courriel qui ne passe pas par la boîte d'envoi."""
        envoyer_le_code(self.gabarit, adresse=self.email, code=self.code)

    def persist(self) -> None:
        """Garde l'état dans la session."""
        self.request.session[self.cle_session] = self.state

    def abort(self) -> None:
        """Oublie le code."""
        self.request.session.pop(self.cle_session, None)

    def renvoyer(self) -> bool:
        """Envoie un code neuf, trois envois en tout ; les essais faits restent comptés. Faux si c'est trop."""
        expire_le = datetime.now(UTC) + timedelta(seconds=self.timeout)
        if not actions.prendre_un_envoi(cle=self.cle, expire_le=expire_le, now=datetime.now(UTC)):
            return False
        self.state["at"] = time.time()
        self.generate_code()
        self.send()
        self.persist()
        return True

    def juger(self, saisi: str) -> Verdict:
        """Prend un essai, puis compare. JUSTE une seule fois ; EPUISE quand il ne reste rien à essayer."""
        essai = actions.prendre_un_essai(cle=self.cle, now=datetime.now(UTC))
        if essai is None:
            return Verdict.EPUISE
        if compare_user_code(actual=saisi, expected=self.code):
            return Verdict.JUSTE if actions.consommer(cle=self.cle) else Verdict.EPUISE
        return Verdict.FAUX if essai < ESSAIS_MAX else Verdict.EPUISE


class FluxConnexion(FluxParCode):
    """Le code qui fait entrer."""

    cle_session = "entree_par_code"
    gabarit = "code_connexion"


class FluxCourriel(FluxParCode):
    """Le code qui prouve une nouvelle adresse."""

    cle_session = "courriel_par_code"
    gabarit = "code_courriel"
