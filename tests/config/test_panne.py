"""Base ou disque en panne : 503, une page claire, le texte rendu, et la reprise sans redémarrage (R11)."""

import errno
import time
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from participation.common.pannes import is_panne
from participation.config import sante as module_sante
from participation.registre import queries
from tests.outillage.processus import Dossier, Serveur


def en_panne(*_: object, **__: object) -> None:
    raise OperationalError("database is locked")


def disque_plein(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.django_db
@pytest.mark.parametrize("panne", [en_panne, disque_plein])
def test_une_panne_dans_une_page_rend_503_sans_trace(
    client: Client, monkeypatch: pytest.MonkeyPatch, panne: Callable[..., None]
) -> None:
    monkeypatch.setattr(queries, "tete", panne)
    reponse = client.get("/registre/")
    assert reponse.status_code == 503
    assert int(reponse["Retry-After"]) > 0
    page = reponse.content.decode()
    assert "Traceback" not in page
    assert "locked" not in page
    assert "reprend son souffle" in page


@pytest.mark.django_db
def test_une_panne_hors_d_une_vue_rend_503_et_le_texte_tape(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """L'écriture de la session échoue après la vue : la réponse acceptée ne part pas."""
    client.raise_request_exception = False
    monkeypatch.setattr(SessionStore, "save", en_panne)
    monkeypatch.setattr(SessionStore, "create", en_panne)
    reponse = client.post(reverse("account_login"), {"email": "presidente@exemple.invalid", "texte": "Nos remarques."})
    assert reponse.status_code == 503
    assert "Nos remarques." in reponse.content.decode()


@pytest.mark.django_db
def test_la_sante_dit_la_panne(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module_sante, "manquants", en_panne)
    reponse = client.get("/sante/")
    assert reponse.status_code == 503
    dite = reponse.json()
    assert dite["base"] == {"ok": False}
    assert set(dite) >= {"base", "couche", "declencheurs", "ntp", "age_sauvegarde", "version"}


@pytest.mark.django_db
def test_la_sante_dit_tout_et_rien_de_secret(client: Client) -> None:
    dite = client.get("/sante/").json()
    assert set(dite) == {
        "ok", "base", "couche", "horloge", "file", "declencheurs", "ntp", "age_sauvegarde", "version",
        "tete_par_courriel",
    }  # fmt: skip
    texte = str(dite)
    for secret in ("postgres://", "sqlite3", "/", "@"):
        assert secret not in texte


@pytest.mark.parametrize(
    ("exception", "attendu"),
    [
        (OperationalError(), True),
        (OSError(errno.EROFS, ""), True),
        (OSError(errno.ENOENT, ""), False),
        (ValueError(), False),
    ],
)
def test_une_faute_de_code_n_est_pas_une_panne(exception: Exception, attendu: bool) -> None:
    assert is_panne(exception) is attendu


@contextmanager
def base_coupee(dossier: Dossier) -> Iterator[None]:
    """La base cesse de répondre : fichier remplacé par un dossier, ou connexions refusées par PostgreSQL."""
    if adresse := dossier.env.get("DATABASE_URL"):
        lue = urllib.parse.urlsplit(adresse)
        with psycopg.connect(lue._replace(path="/postgres").geturl(), autocommit=True) as admin:
            nom = lue.path.removeprefix("/")
            admin.execute(f'ALTER DATABASE "{nom}" ALLOW_CONNECTIONS false'.encode())
            admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [nom])
            yield
            admin.execute(f'ALTER DATABASE "{nom}" ALLOW_CONNECTIONS true'.encode())
        return
    base = dossier.var / "db.sqlite3"
    base.rename(dossier.var / "ailleurs")
    base.mkdir()
    yield
    base.rmdir()
    (dossier.var / "ailleurs").rename(base)


@pytest.mark.processus
def test_la_base_coupee_rend_503_puis_le_site_reprend_seul(
    dossier_reel: Dossier, serveur: Callable[..., Serveur]
) -> None:
    lance = serveur(dossier_reel)
    with base_coupee(dossier_reel):
        depart = time.monotonic()
        statut, entetes, page = lance.demander("GET", "/registre/")
        assert (statut, "retry-after" in entetes) == (503, True)
        assert "reprend son souffle" in page
        assert lance.demander("GET", "/sante/")[0] == 503
        assert time.monotonic() - depart < 15
    depart = time.monotonic()
    while lance.demander("GET", "/sante/")[0] != 200:
        assert time.monotonic() - depart < 10, "la reprise prend plus de dix secondes"
    assert lance.demander("GET", "/registre/")[0] == 200
