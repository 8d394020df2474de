"""L'enveloppe ASGI et le vrai serveur : instant d'arrivée, bornes, démarrage refusé, arrêt propre."""

import asyncio
import socket
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from participation.config.demarrage import nombre_de_processus
from participation.config.enveloppe import CORPS_MAX, Enveloppe
from tests.outillage.processus import Dossier, Serveur

Lancer = Callable[..., Serveur]


def jouer(application: Any, messages: list[dict[str, Any]], **scope: Any) -> list[dict[str, Any]]:
    """Une requête dans l'enveloppe, sans serveur : rend ce qui a été répondu."""
    envoyes: list[dict[str, Any]] = []

    async def recevoir() -> dict[str, Any]:
        return messages.pop(0)

    async def envoyer(message: dict[str, Any]) -> None:
        envoyes.append(message)

    asyncio.run(Enveloppe(application)({"type": "http", "headers": []} | scope, recevoir, envoyer))  # type: ignore[arg-type]
    return envoyes


def test_l_instant_est_pris_aux_en_tetes_avant_le_corps() -> None:
    vus: dict[str, datetime] = {}

    async def lente(scope: dict[str, Any], receive: Any, send: Any) -> None:
        vus["debut"] = datetime.now(UTC)
        await receive()
        vus["recu_le"] = scope["recu_le"]

    async def recevoir() -> dict[str, Any]:
        await asyncio.sleep(0.05)
        return {"type": "http.request", "body": b"", "more_body": False}

    async def envoyer(message: dict[str, Any]) -> None: ...

    asyncio.run(Enveloppe(lente)({"type": "http", "headers": []}, recevoir, envoyer))  # type: ignore[arg-type]
    assert vus["recu_le"] <= vus["debut"]


async def avale(scope: Any, receive: Any, send: Any) -> None:
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": []})


def test_un_corps_annonce_trop_gros_est_refuse_sans_etre_lu() -> None:
    entetes = [(b"content-length", str(CORPS_MAX + 1).encode())]
    debut, corps = jouer(avale, [], headers=entetes)
    assert debut["status"] == 413
    assert "votre texte y est encore" in corps["body"].decode()
    assert "<script" not in corps["body"].decode()


def test_un_corps_sans_longueur_est_compte_et_coupe() -> None:
    bloc = {"type": "http.request", "body": b"x" * (CORPS_MAX // 2), "more_body": True}
    fin = {"type": "http.request", "body": b"x", "more_body": False}
    assert jouer(avale, [dict(bloc), dict(bloc), fin])[0]["status"] == 413
    assert jouer(avale, [dict(bloc), fin])[0]["status"] == 200


@pytest.mark.parametrize(
    ("arguments", "web_concurrency", "attendu"),
    [
        (["uvicorn", "--workers", "2"], None, 2),
        (["uvicorn", "--workers=4"], None, 4),
        (["uvicorn"], "3", 3),
        (["uvicorn"], None, 1),
        (["uvicorn", "--workers", "deux"], None, 1),
    ],
)
def test_le_nombre_de_processus_demandes_se_lit(
    arguments: list[str], web_concurrency: str | None, attendu: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", arguments)
    monkeypatch.delenv("WEB_CONCURRENCY", raising=False)
    if web_concurrency:
        monkeypatch.setenv("WEB_CONCURRENCY", web_concurrency)
    assert nombre_de_processus() == attendu


pytest_processus = pytest.mark.processus


@pytest_processus
def test_le_serveur_repond_bat_ferme_les_sockets_et_s_arrete_proprement(dossier_reel: Dossier, serveur: Lancer) -> None:
    lance = serveur(dossier_reel, HORLOGE_PAS="0.2")
    fin = time.monotonic() + 15
    while not lance.sante()["horloge"]["ok"] and time.monotonic() < fin:  # type: ignore[index]
        lance.demander("GET", "/sante/")
    assert lance.sante()["horloge"]["ok"]  # type: ignore[index]
    with connect(f"ws://127.0.0.1:{lance.port}/ws/fils/rien/") as prise, pytest.raises(ConnectionClosed) as ferme:
        prise.recv(timeout=5)
    assert ferme.value.rcvd
    assert ferme.value.rcvd.code == 4404
    entetes = lance.demander("GET", "/sante/")[1]
    assert "server" not in entetes
    depart = time.monotonic()
    lance.arreter()
    assert time.monotonic() - depart < 15
    assert "Traceback" not in lance.journal
    with closing(socket.socket()) as prise_libre:
        prise_libre.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        prise_libre.bind(("127.0.0.1", lance.port))


@pytest_processus
def test_horloge_arretee_le_site_repond_et_le_dit(dossier_reel: Dossier, serveur: Lancer) -> None:
    lance = serveur(dossier_reel, HORLOGE_PAS="0")
    statut, _, _ = lance.demander("GET", "/sante/")
    assert statut == 200
    assert lance.sante()["horloge"] == {"ok": False, "age": None, "erreurs": 0}


@pytest_processus
def test_un_declencheur_absent_empeche_de_demarrer(dossier_reel: Dossier, serveur: Lancer) -> None:
    dossier_reel.python(
        "from django.db import connection as c; from participation.registre import declencheurs as d;"
        "d.retirer(c, garder={r.declencheur for r in d.regles_de(c)[1:]})"
    )
    with pytest.raises(AssertionError, match=r"La base n'est pas gardée : 1 déclencheurs manquent"):
        serveur(dossier_reel)
    dossier_reel.commande("migrate")
    serveur(dossier_reel)


@pytest_processus
def test_un_declencheur_perdu_en_service_rend_503(dossier_reel: Dossier, serveur: Lancer) -> None:
    lance = serveur(dossier_reel)
    dossier_reel.python(
        "from django.db import connection as c; from participation.registre import declencheurs as d; d.retirer(c)"
    )
    assert lance.demander("GET", "/sante/")[0] == 503
    assert lance.sante()["declencheurs"]["poses"] == 0  # type: ignore[index]


@pytest_processus
def test_plusieurs_processus_sans_redis_sont_refuses(dossier_reel: Dossier, serveur: Lancer) -> None:
    env = {nom: v for nom, v in dossier_reel.env.items() if nom != "REDIS_URL"}
    sans_redis = Dossier(dossier_reel.var, env)
    fini = sans_redis.python(
        "import os; os.environ['WEB_CONCURRENCY']='2'\n"
        "from participation.config.demarrage import preparer\n"
        "from participation.horloge.depart import DepartRefuse\n"
        "try: preparer()\nexcept DepartRefuse as refus: print(refus)"
    )
    assert "Plusieurs processus demandent Redis" in fini


@pytest_processus
def test_un_corps_lent_garde_l_instant_de_ses_en_tetes(dossier_reel: Dossier, serveur: Lancer) -> None:
    """Les en-têtes arrivent avant, le corps après : le serveur attend le corps sans perdre l'instant."""
    lance = serveur(dossier_reel)
    with socket.create_connection(("127.0.0.1", lance.port), timeout=10) as prise:
        prise.sendall(b"POST /registre/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 3\r\n\r\n")
        assert lance.demander("GET", "/sante/")[0] == 200
        prise.sendall(b"a=b")
        assert prise.recv(20).startswith(b"HTTP/1.1 4")


@pytest_processus
def test_un_envoi_enorme_est_refuse_en_413(dossier_reel: Dossier, serveur: Lancer) -> None:
    lance = serveur(dossier_reel)
    with socket.create_connection(("127.0.0.1", lance.port), timeout=10) as prise:
        prise.sendall(b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99999999999\r\n\r\n")
        assert prise.recv(40).startswith(b"HTTP/1.1 413")


@pytest_processus
def test_relancer_avec_une_heure_plus_ancienne_est_refuse_en_clair(dossier_reel: Dossier, serveur: Lancer) -> None:
    serveur(dossier_reel, MAINTENANT="2025-10-30T23:59:50+01:00").arreter()
    with pytest.raises(AssertionError, match="l'heure du site ne recule jamais"):
        serveur(dossier_reel, MAINTENANT="2025-10-30T20:00:00+01:00")
    serveur(dossier_reel, MAINTENANT="2025-10-30T23:59:50+01:00")
