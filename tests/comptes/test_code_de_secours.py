"""Le code de secours, dicté par un agent ; et ce que la présidence ne peut pas donner."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from participation.common.dates import maintenant
from participation.common.errors import RefusMetier
from participation.comptes import actions, papiers
from participation.comptes.actions.lettres import tirer_les_lettres
from participation.comptes.models import CodeRemis, Groupe, Mandat, Utilisateur
from participation.notifications.models import Envoi
from tests.comptes.lettres import donner_la_lettre, sans_courriel
from tests.fabriques import agent, instance, mandat, utilisateur

pytestmark = pytest.mark.django_db
LETTRE, JUSTE = "/lettre/", 303


def secours(donne: Mandat, par: Utilisateur) -> str:
    """Un code dicté."""
    return actions.donner_un_code_de_secours(mandat=donne, par=par, now=maintenant(), reel=datetime.now(UTC))


def test_un_code_de_secours_sert_une_fois_pendant_un_quart_d_heure_et_laisse_sa_trace(client: Client) -> None:
    donne, par = mandat(), agent()
    code = secours(donne, par)
    assert code.isdecimal()
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=15), tick=True):
        assert client.post(LETTRE, {"code": code}).status_code == 409
    assert client.post(LETTRE, {"code": code}).status_code == JUSTE
    assert client.cookies["sessionid"]["max-age"] == ""
    assert Client().post(LETTRE, {"code": code}).status_code == 409
    trace = CodeRemis.objects.get()
    assert (trace.emis_par, trace.mandat, trace.moyen, bool(trace.reclame_le)) == (par, donne, "DICTE", True)
    appareils = client.get("/compte/sessions/").content.decode()
    assert "Les codes donnés pour vous" in appareils
    assert par.nom_usage.replace("'", "&#x27;") in appareils
    prevenue = Envoi.objects.get()
    assert prevenue.adresse == donne.utilisateur.email
    assert code not in prevenue.texte


def test_le_code_de_secours_suivant_annule_le_precedent(client: Client) -> None:
    donne, par = sans_courriel(), agent()
    premier, second = secours(donne, par), secours(donne, par)
    assert [client.post(LETTRE, {"code": c}).status_code for c in (premier, second)] == [409, JUSTE]


def test_un_code_de_secours_n_ouvre_jamais_un_compte_de_l_equipe_et_seul_un_agent_le_donne() -> None:
    conseil = instance()
    presidente = mandat(conseil).utilisateur
    for donne, par in ((mandat(par=utilisateur(Groupe.ADMIN)), agent()), (sans_courriel(conseil), presidente)):
        with pytest.raises(RefusMetier) as refus:
            secours(donne, par)
        assert refus.value.code == "interdit"


def test_le_code_dicte_se_montre_une_fois_a_l_ecran(client: Client) -> None:
    donne = mandat()
    client.force_login(agent())
    fiche = f"/gestion/mandats/instances/{donne.instance.slug}/{donne.pk}/"
    assert client.post(f"{fiche}secours/").status_code == 303
    codes = [re.search(r"\b\d\d(\xa0\d\d){4}\b", client.get(fiche).content.decode()) for _ in range(2)]
    assert codes[0]
    assert codes[1] is None


# --- la présidence
def test_la_presidence_ne_donne_pas_de_lettre_a_qui_siege_aussi_ailleurs() -> None:
    conseil = instance()
    presidente, double = mandat(conseil).utilisateur, sans_courriel(conseil)
    mandat(par=double.utilisateur)
    with pytest.raises(RefusMetier, match="siège aussi ailleurs"):
        donner_la_lettre(double, presidente)
    assert donner_la_lettre(double, agent())


def test_le_qr_porte_le_code_apres_un_diese_jamais_dans_la_requete(monkeypatch: pytest.MonkeyPatch) -> None:
    vus: list[str] = []
    monkeypatch.setattr(papiers, "en_svg", lambda texte, titre: vus.append(texte) or "")
    monkeypatch.setattr(papiers.pdf, "rendre", lambda **_: (_ for _ in ()).throw(LookupError))
    lettres = tirer_les_lettres([sans_courriel()])
    with pytest.raises(LookupError):
        papiers.lettres_en_pdf(lettres, datetime.now(UTC))
    assert vus == [f"{settings.SITE_URL}/lettre/#{lettres[0].code}"]
