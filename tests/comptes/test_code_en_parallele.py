"""S9 : vingt requêtes ensemble, trois codes regardés au plus, une seule entrée. Une vraie base, de vrais fils."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier, Lock

import pytest
from allauth.core.internal import cryptokit
from django.core import mail
from django.db import connection
from django.test import Client

from participation.comptes import actions
from participation.comptes.models import EssaisDeCode
from tests.comptes.outils import CODE, ENTRER, dernier_code, faux_code

pytestmark = pytest.mark.django_db(transaction=True)
ENSEMBLE = 20


def tous_ensemble(session: str, corps: list[dict[str, str]]) -> list[tuple[int, bool]]:
    """(code, entré) de chaque requête ; toutes portent la même session et partent au même signal."""
    depart = Barrier(len(corps))

    def une(donnees: dict[str, str]) -> tuple[int, bool]:
        client = Client(raise_request_exception=False)
        client.cookies["sessionid"] = session
        try:
            depart.wait()
            reponse = client.post(CODE, donnees)
            return reponse.status_code, reponse.headers.get("Location") == "/"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(corps)) as fils:
        return list(fils.map(une, corps))


@pytest.fixture
def regardes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Les codes réellement comparés."""
    vus: list[str] = []
    verrou, comparer = Lock(), cryptokit.compare_user_code

    def noter(*, actual: str, expected: str) -> bool:
        with verrou:
            vus.append(actual)
        return bool(comparer(actual=actual, expected=expected))

    monkeypatch.setattr("participation.comptes.flux.compare_user_code", noter)
    return vus


def test_vingt_faux_codes_ensemble_trois_sont_regardes(client: Client, regardes: list[str]) -> None:
    client.post(ENTRER, {"email": "personne@exemple.invalid"})
    faux = faux_code(dernier_code())
    reponses = tous_ensemble(client.cookies["sessionid"].value, [{"code": faux}] * ENSEMBLE)
    assert len(regardes) == 3
    assert sorted(code for code, _ in reponses) == [422] * 2 + [429] * (ENSEMBLE - 2)
    assert client.post(CODE, {"code": dernier_code()}).status_code == 429


def test_vingt_fois_le_bon_code_ensemble_une_seule_entree(client: Client, regardes: list[str]) -> None:
    client.post(ENTRER, {"email": "personne@exemple.invalid"})
    reponses = tous_ensemble(client.cookies["sessionid"].value, [{"code": dernier_code()}] * ENSEMBLE)
    assert len(regardes) <= 3
    assert sum(entree for _, entree in reponses) == 1


def test_vingt_renvois_ensemble_trois_courriels(client: Client) -> None:
    client.post(ENTRER, {"email": "personne@exemple.invalid"})
    tous_ensemble(client.cookies["sessionid"].value, [{"action": "renvoyer"}] * ENSEMBLE)
    assert len(mail.outbox) <= 3


def test_trois_essais_deja_pris_ne_consomment_le_code_qu_une_fois() -> None:
    """La course la plus serrée : trois requêtes ont pris leur essai avant que la première ne réussisse."""
    now = datetime.now(UTC)
    actions.ouvrir_essais(cle="flux", expire_le=now + timedelta(minutes=15), now=now)
    assert [actions.prendre_un_essai(cle="flux", now=now) for _ in range(4)] == [1, 2, 3, None]
    assert [actions.consommer(cle="flux") for _ in range(3)] == [True, False, False]


def test_un_flux_perime_est_oublie_a_l_ouverture_du_suivant() -> None:
    now = datetime.now(UTC)
    actions.ouvrir_essais(cle="ancien", expire_le=now, now=now)
    actions.ouvrir_essais(cle="neuf", expire_le=now + timedelta(minutes=15), now=now + timedelta(seconds=1))
    assert list(EssaisDeCode.objects.values_list("cle", flat=True)) == ["neuf"]
