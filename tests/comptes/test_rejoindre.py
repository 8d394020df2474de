"""Rejoindre : une invitation n'ouvre rien ; une lettre ouvre une fois, garde l'appareil, et se reprend."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.test import Client

from participation.common.dates import maintenant
from participation.common.errors import RefusMetier
from participation.comptes import actions
from participation.comptes.actions.lettres import empreinte_du_code
from participation.comptes.actions.membres import nommer_membre
from participation.comptes.courriels import jeton_d_invitation
from participation.comptes.models import CodeRemis, EssaisDeCode, Groupe, Mandat
from participation.comptes.permissions import has_mandat
from participation.comptes.rules import SIGNES, code_lisible, engendrer_code, normaliser_code
from participation.comptes.saisies import SaisieMembre
from participation.comptes.views import rejoindre
from participation.notifications.models import Envoi
from participation.territoires.models import Instance
from tests.comptes.lettres import donner_la_lettre, sans_courriel
from tests.comptes.outils import dernier_code
from tests.fabriques import agent, instance, mandat, utilisateur

pytestmark = pytest.mark.django_db
LETTRE = "/lettre/"
JUSTE, FAUX = 303, 422


# --- l'invitation
def inviter(courriel: str, conseil: Instance) -> Mandat:
    """Un mandat nommé par un agent, son courriel en boîte."""
    saisie = SaisieMembre(instance=conseil.pk, nom="Une voisine", role="MEMBRE", courriel=courriel)
    return nommer_membre(saisie=saisie, fichier=None, par=agent(), now=maintenant())


def test_l_invitation_ouvre_la_bonne_page_prepare_l_adresse_et_n_ouvre_aucun_droit(client: Client) -> None:
    conseil = instance(nom="Conseil du Centre")
    donne = inviter("voisine@exemple.invalid", conseil)
    (envoi,) = Envoi.objects.all()
    lien = re.search(r"(/invitation/\S+/)", envoi.texte)
    assert lien
    page = client.get(lien[1])
    assert 'value="voisine@exemple.invalid"' in page.content.decode()
    assert client.get("/compte/").status_code == 302  # personne n'est entré
    client.post("/compte/login/", {"email": "voisine@exemple.invalid"})
    client.post("/compte/login/code/confirm/", {"code": dernier_code()})
    assert conseil.nom in client.get("/compte/").content.decode()
    assert has_mandat(donne.utilisateur, conseil, maintenant())
    assert "déjà entrée" in client.get(lien[1]).content.decode()


def test_une_adresse_connue_ou_neuve_recoit_le_meme_courriel_et_garde_son_nom_a_elle() -> None:
    connue = utilisateur(email="connue@exemple.invalid", nom_usage="Nom secret")
    donne = inviter("Connue@exemple.invalid".lower(), instance())
    assert donne.utilisateur == connue
    assert donne.nom_lu == "Une voisine"
    assert "Nom secret" not in Envoi.objects.get().texte
    connue.refresh_from_db()
    assert connue.nom_usage == "Nom secret"


@pytest.mark.parametrize("jeton", ["abc", "abc:def:ghi"])
def test_un_lien_forge_ne_dit_rien(client: Client, jeton: str) -> None:
    assert client.get(f"/invitation/{jeton}/").status_code == 404
    assert client.get("/invitation/").status_code == 200


def test_un_lien_ne_dit_plus_rien_apres_90_jours_ni_apres_la_fin_du_mandat(client: Client) -> None:
    donne = inviter("voisine@exemple.invalid", instance())
    lien = f"/invitation/{jeton_d_invitation(donne)}/"
    with time_machine.travel(datetime.now(UTC) + timedelta(days=91), tick=True):
        assert client.get(lien).status_code == 404
    Mandat.objects.update(au=maintenant())
    reponse = client.get(lien)
    assert reponse.status_code == 404
    assert "voisine@" not in reponse.content.decode()


def test_l_invitation_se_renvoie_une_fois_par_jour() -> None:
    donne, par = inviter("voisine@exemple.invalid", instance()), agent()
    actions.renvoyer_l_invitation(mandat=donne, par=par, now=maintenant())
    with pytest.raises(RefusMetier, match="déjà repartie"):
        actions.renvoyer_l_invitation(mandat=donne, par=par, now=maintenant())
    assert Envoi.objects.count() == 2


# --- le code
def test_un_code_se_tape_comme_on_veut_et_n_a_aucun_signe_ambigu() -> None:
    code = engendrer_code(SIGNES)
    assert len(code) == 10
    assert not set(code) & set("01ILO")
    assert normaliser_code(f" {code_lisible(code).lower()} ") == code
    assert normaliser_code("o1i l-42") == "011142"
    assert empreinte_du_code(code_lisible(code).lower()) == empreinte_du_code(code)


def test_la_base_ne_garde_que_l_empreinte_et_aucun_journal_ne_voit_le_code(caplog: pytest.LogCaptureFixture) -> None:
    donne = sans_courriel()
    with caplog.at_level("DEBUG"):
        code = donner_la_lettre(donne)
        Client().post(LETTRE, {"code": code})
    remis = CodeRemis.objects.get()
    assert code not in str(CodeRemis.objects.values())
    assert remis.empreinte != empreinte_du_code("x" * 10)
    assert code not in caplog.text


# --- la lettre
def test_une_lettre_fait_entrer_sans_courriel_et_garde_l_appareil_90_jours(client: Client) -> None:
    donne = sans_courriel(instance(nom="Conseil du Centre"))
    code = donner_la_lettre(donne)
    reponse = client.post(LETTRE, {"code": f" {code_lisible(code).lower()} "})
    assert (reponse.status_code, reponse["Location"]) == (JUSTE, "/")
    assert client.cookies["sessionid"]["max-age"] == 90 * 86400
    assert donne.instance.nom in client.get("/compte/").content.decode()
    appareils = client.get("/compte/sessions/").content.decode()
    assert "Gardé 90 jours" in appareils
    assert "Ouvert par une lettre" in appareils


def test_une_lettre_deja_utilisee_est_refusee_gentiment(client: Client) -> None:
    code = donner_la_lettre(sans_courriel())
    assert Client().post(LETTRE, {"code": code}).status_code == JUSTE
    reponse = client.post(LETTRE, {"code": code})
    page = reponse.content.decode()
    assert reponse.status_code == 409
    assert "Ce code a déjà servi" in page
    assert "Demandez une autre lettre" in page
    assert client.get("/compte/").status_code == 302


def test_qui_rephotographie_sa_lettre_sur_son_appareil_continue(client: Client) -> None:
    code = donner_la_lettre(sans_courriel())
    client.post(LETTRE, {"code": code})
    assert client.post(LETTRE, {"code": code}).status_code == JUSTE
    assert UserSession.objects.count() == 1


def test_un_code_inconnu_est_refuse_et_la_saisie_reste(client: Client) -> None:
    reponse = client.post(LETTRE, {"code": "K7M2P-QX4RT"})
    assert reponse.status_code == FAUX
    assert "pas connu" in reponse.content.decode()
    assert "K7M2P-QX4RT" in reponse.content.decode()
    assert client.post(LETTRE, {}).status_code == FAUX


def test_une_lettre_expire_90_jours_apres(client: Client) -> None:
    code = donner_la_lettre(sans_courriel())
    CodeRemis.objects.update(expire_le=datetime.now(UTC), emis_le=datetime.now(UTC) - timedelta(days=90))
    reponse = client.post(LETTRE, {"code": code})
    assert reponse.status_code == 409
    assert "trop vieux" in reponse.content.decode()


def test_redonner_la_lettre_tue_l_ancienne_et_l_appareil_qu_elle_avait_ouvert(client: Client) -> None:
    donne, perdu = sans_courriel(), Client()
    premiere = donner_la_lettre(donne)
    perdu.post(LETTRE, {"code": premiere})
    assert perdu.get("/compte/").status_code == 200
    jamais = donner_la_lettre(donne)
    seconde = donner_la_lettre(donne)
    assert perdu.get("/compte/").status_code == 302
    assert [client.post(LETTRE, {"code": c}).status_code for c in (premiere, jamais, seconde)] == [409, 409, JUSTE]


def test_la_fin_du_mandat_ferme_l_appareil_ne_d_une_lettre_et_coupe_le_droit_des_autres(client: Client) -> None:
    donne, autre = sans_courriel(), mandat()
    client.post(LETTRE, {"code": donner_la_lettre(donne)})
    ailleurs = Client()
    ailleurs.force_login(autre.utilisateur)
    for fini in (donne, autre):
        actions.finir_mandat(mandat=fini, par=agent(), now=maintenant())
    assert client.get("/compte/").status_code == 302
    assert "pas de mandat" in ailleurs.get("/compte/").content.decode()


def test_un_mandat_arrive_a_sa_date_ferme_ses_appareils_au_passage_de_l_horloge(client: Client) -> None:
    donne = sans_courriel()
    client.post(LETTRE, {"code": donner_la_lettre(donne)})
    Mandat.objects.update(au=maintenant())
    assert not has_mandat(donne.utilisateur, donne.instance, maintenant())
    actions.purger_les_traces(now=maintenant())
    assert client.get("/compte/").status_code == 302


def test_une_lettre_d_un_mandat_fini_n_ouvre_rien(client: Client) -> None:
    code = donner_la_lettre(sans_courriel())
    Mandat.objects.update(au=maintenant())
    assert client.post(LETTRE, {"code": code}).status_code == 409


def test_une_lettre_ne_se_donne_ni_a_l_equipe_ni_a_qui_a_un_courriel() -> None:
    de_l_equipe = mandat(par=utilisateur(Groupe.SIGNATAIRE, email=None))
    for donne, code in ((de_l_equipe, "interdit"), (mandat(), "forme")):
        with pytest.raises(RefusMetier) as refus:
            donner_la_lettre(donne)
        assert refus.value.code == code
    assert not CodeRemis.objects.exists()


def test_les_essais_se_comptent_en_base_par_adresse_et_en_tout(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rejoindre, "PAR_ADRESSE", 3)
    with time_machine.travel(datetime(2026, 1, 5, 10, 2, tzinfo=UTC), tick=True):
        statuts = [client.post(LETTRE, {"code": f"ABCDEFGH{n}{n}"}).status_code for n in range(2, 7)]
        assert statuts == [FAUX, FAUX, FAUX, 429, 429]
        monkeypatch.setattr(rejoindre, "POUR_TOUS", 4)  # trois sont déjà comptés
        d_ailleurs = [
            client.post(LETTRE, {"code": "ABCDEFGH99"}, REMOTE_ADDR=f"10.0.0.{n}").status_code for n in range(3)
        ]
        assert d_ailleurs == [FAUX, 429, 429]
    assert not any("127.0.0.1" in str(ligne) for ligne in EssaisDeCode.objects.values())


def test_un_code_juste_rend_son_essai_une_salle_entiere_entre_par_la_meme_adresse(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rejoindre, "PAR_ADRESSE", 2)
    codes = [donner_la_lettre(sans_courriel()) for _ in range(5)]
    assert [Client().post(LETTRE, {"code": c}).status_code for c in codes] == [JUSTE] * 5
