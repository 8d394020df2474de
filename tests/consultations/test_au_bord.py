"""Les essais qui ne se contentent pas d'une base d'essai : vrais processus, vraies horloges, vrais dossiers.

Chacun tient sur SQLite et sur PostgreSQL. L'heure du site est posée, jamais attendue.
"""

import json
import re
import urllib.parse
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests.outillage.processus import Dossier, Serveur

pytestmark = pytest.mark.processus
AVANT_MINUIT = "2025-10-30T23:59:50+01:00"
BORNE = datetime.fromisoformat("2025-10-31T00:00:00+01:00")
SLUG = "rapport-2024"
MUETTES = 10  # six instances réelles, trois de démonstration, et celle dont le papier sera saisi plus tard
Lancer = Callable[..., Serveur]
Fabrique = Callable[..., Dossier]

COMPTE = """
from collections import Counter
from consultations.models import Avis, Saisine
de = Saisine.objects.filter(consultation__slug="rapport-2024")
muets = [a for a in Avis.objects.filter(sens="REPUTE_FAVORABLE", saisine__in=de)]
par_saisine = Counter(a.saisine_id for a in muets)
print(len(muets), max(par_saisine.values(), default=0))
"""


def poser_l_heure(dossier: Dossier, site: datetime) -> None:
    """Le site est à cette heure à partir de maintenant, pour tout processus de ce dossier."""
    reel = datetime.now(UTC).isoformat()
    (dossier.var / "horloge").write_text(json.dumps({"site": site.isoformat(), "reel": reel}))


def figer_l_heure(dossier: Dossier) -> None:
    """Sans fichier de référence, l'heure du site est MAINTENANT, immobile (contrat : MAINTENANT)."""
    (dossier.var / "horloge").unlink(missing_ok=True)


class Navigation:
    """Un navigateur minuscule : témoins, jeton, formulaires. Sans lui, rien ne prouve le passage par HTTP."""

    def __init__(self, serveur: Serveur) -> None:
        self.serveur, self.temoins = serveur, dict[str, str]()

    def __call__(self, methode: str, chemin: str, **champs: str) -> tuple[int, dict[str, str], str]:
        entetes = {"Cookie": "; ".join(f"{n}={v}" for n, v in self.temoins.items())}
        corps = None
        if methode == "POST":
            champs["csrfmiddlewaretoken"] = self.temoins["csrftoken"]
            corps = urllib.parse.urlencode(champs)
            entetes |= {"Content-Type": "application/x-www-form-urlencoded"}
        statut, recus, texte = self.serveur.demander(methode, chemin, corps, entetes)
        for nom, valeur in re.findall(r"(?:^|, )(\w+)=([^;,]*)", recus.get("set-cookie", "")):
            if nom in {"csrftoken", "sessionid"}:
                self.temoins[nom] = valeur
        return statut, recus, texte

    def entrer(self, role: str) -> None:
        """Entre comme une personne de la démonstration."""
        self("GET", "/demo/")
        assert self("POST", f"/demo/connexion/{role}/")[0] == 303

    def donnees(self) -> list[dict[str, str]]:
        """`avis.json` de la consultation de référence."""
        lignes: list[dict[str, str]] = json.loads(self("GET", f"/consultations/{SLUG}/avis.json")[2])
        return lignes


def saisine_du_mont_liebaut(dossier: Dossier) -> str:
    return dossier.python(
        "from consultations.models import Saisine\n"
        f"print(Saisine.objects.get(consultation__slug='{SLUG}', instance__nom__contains='Mont-Li').pk)"
    )


def tenter_un_depot(nav: Navigation, saisine: str) -> tuple[int, dict[str, str], str]:
    """Enregistre un projet, le relit, le dépose : le parcours d'une présidente."""
    base = f"/consultations/{SLUG}/saisines/{saisine}"
    return nav(
        "POST", f"{base}/avis/", cle="0198c0de-0000-7000-8000-000000000001", projet_v="1", remplace="", au_nom_de="1"
    )  # fmt: skip


def preparer_un_projet(dossier: Dossier, saisine: str) -> None:
    dossier.python(
        "from consultations.models import ProjetAvis\n"
        f"ProjetAvis.objects.update_or_create(saisine_id='{saisine}', defaults=dict(v=1, sens='DEFAVORABLE', "
        "texte='Canari du Mont-Liébaut'))"
    )


def test_seize_ouvriers_ensemble_inscrivent_un_silence_par_instance_muette(dossier_demo: Fabrique) -> None:
    dossier = dossier_demo(maintenant=AVANT_MINUIT)
    poser_l_heure(dossier, BORNE + timedelta(days=3))
    sorties = dossier.ensemble(16, "from django.core.management import call_command; call_command('acter_silences')")
    assert len(sorties) == 16, sorties
    attendu = MUETTES
    assert dossier.python(COMPTE) == f"{attendu} 1"
    inscrits = sum(int(m[1]) for sortie in sorties if (m := re.search(r"(\d+) silence", sortie)))
    assert inscrits >= attendu  # la consultation ouverte de la démonstration peut en compter d'autres
    dossier.commande("verifier_registre")


@pytest.mark.parametrize(
    ("maintenant", "silence_inscrit", "attendu"),
    [
        ("2025-10-30T23:59:59.900+01:00", False, 303),
        ("2025-10-31T00:00:00.100+01:00", False, 409),
        ("2025-10-30T23:59:59.900+01:00", True, 303),
        ("2025-10-31T00:00:00.100+01:00", True, 409),
    ],
)
def test_par_http_un_dixieme_de_seconde_separe_l_acceptation_du_refus(
    dossier_demo: Fabrique, serveur: Lancer, maintenant: str, silence_inscrit: bool, attendu: int
) -> None:
    dossier = dossier_demo(maintenant=AVANT_MINUIT)
    saisine = saisine_du_mont_liebaut(dossier)
    preparer_un_projet(dossier, saisine)
    if silence_inscrit:  # un ouvrier en avance de deux heures
        poser_l_heure(dossier, datetime.fromisoformat(maintenant) + timedelta(hours=2))
        dossier.commande("acter_silences")
        assert dossier.python(COMPTE) == f"{MUETTES} 1"
        figer_l_heure(dossier)
    vu = dossier.avec(MAINTENANT=maintenant, HORLOGE_PAS="0")
    nav = Navigation(serveur(vu))
    figer_l_heure(dossier)
    nav.entrer("presidente")
    statut, recus, texte = tenter_un_depot(nav, saisine)
    assert statut == attendu, texte[:3000]
    ligne = next(li for li in nav.donnees() if "Mont-Li" in li["ORGANE_NOM"])
    if attendu == 303:
        assert "/avis/" in recus["location"]
        assert ligne["AVIS_SENS"] == "DEFAVORABLE"
    else:
        assert "Canari du Mont-Liébaut" in texte  # le texte est rendu
        assert ligne["AVIS_SENS"] == "REPUTE_FAVORABLE"
    dossier.commande("verifier_registre", MAINTENANT=maintenant)


@pytest.mark.parametrize("fuseau", ["Europe/Paris", "America/New_York", "Asia/Tokyo"])
def test_arrete_le_29_octobre_relance_le_16_novembre_la_premiere_page_dit_deja_clos(
    dossier_demo: Fabrique, serveur: Lancer, fuseau: str
) -> None:
    arrete = dossier_demo(maintenant="2025-10-29T20:00:00+01:00")
    dossier = arrete.avec(MAINTENANT="2025-11-16T09:00:00+01:00")
    sans_horloge = serveur(dossier, TZ=fuseau, HORLOGE_PAS="0")
    nav = Navigation(sans_horloge)
    lignes = nav.donnees()
    muettes = [li for li in lignes if li["AVIS_SENS"] == "REPUTE_FAVORABLE"]
    assert len(muettes) == MUETTES
    assert {(li["AVIS_DATE"], li["SAISI_LE"]) for li in muettes} == {("2025-10-30", "")}
    statut, _, page = nav("GET", f"/consultations/{SLUG}/")
    assert statut == 200
    assert Counter(re.findall(r'data-etat="(\w+)"', page))["attente"] == 0
    sans_horloge.arreter()
    dossier.commande("acter_silences", TZ=fuseau)
    assert dossier.python(COMPTE) == f"{MUETTES} 1"
    assert "0 silence" in dossier.commande("acter_silences", TZ=fuseau).stdout
    apres = Navigation(serveur(dossier, TZ=fuseau, HORLOGE_PAS="0")).donnees()
    inscrites = {(li["AVIS_DATE"], li["SAISI_LE"]) for li in apres if li["AVIS_SENS"] == "REPUTE_FAVORABLE"}
    assert inscrites == {("2025-10-30", "2025-11-16")}
