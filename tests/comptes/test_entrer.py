"""Entrer par un code reçu : mêmes réponses pour tous, trois essais, un seul usage (S9)."""

import re
from datetime import timedelta
from http.cookies import Morsel
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.test import Client, override_settings

from participation.comptes.models import EssaisDeCode, Utilisateur
from tests.comptes.outils import CODE, ENTRER, dernier_code, entrer, faux_code
from tests.fabriques import utilisateur

pytestmark = pytest.mark.django_db
CONNUE, INCONNUE = "connue@exemple.invalid", "inconnue@exemple.invalid"


def page_sans_hasard(html: str, courriel: str) -> str:
    """La page, sans son jeton ni l'adresse qu'on vient de taper."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", html).replace(courriel, "")


def test_un_code_recu_fait_entrer_et_mene_a_la_page_demandee(client: Client) -> None:
    compte = utilisateur(email=CONNUE)
    reponse = entrer(client, CONNUE, suite="/compte/")
    assert (reponse.status_code, reponse["Location"]) == (303, "/compte/")
    assert client.session["_auth_user_id"] == str(compte.pk)


def test_le_courriel_dit_le_code_et_rien_d_autre_n_ouvre(client: Client) -> None:
    client.post(ENTRER, {"email": CONNUE})
    (courriel,) = mail.outbox
    assert courriel.to == [CONNUE]
    assert courriel.subject == "Votre code pour entrer"
    assert "15 minutes" in courriel.body
    assert dernier_code() not in courriel.subject
    assert "/login/" not in courriel.body


def test_une_adresse_inconnue_recoit_exactement_les_memes_reponses(client: Client) -> None:
    utilisateur(email=CONNUE)
    vues = []
    for adresse in (CONNUE, INCONNUE):
        navigateur = Client()
        demande = navigateur.post(ENTRER, {"email": adresse})
        page = navigateur.get(CODE)
        faux = navigateur.post(CODE, {"code": "0000-0000"})
        html = [page_sans_hasard(r.content.decode(), adresse) for r in (page, faux)]
        vues.append((demande.status_code, demande["Location"], page.status_code, faux.status_code, html))
    assert vues[0] == vues[1]
    assert [c.subject for c in mail.outbox] == ["Votre code pour entrer"] * 2
    assert len({re.sub(r"\d{4}-\d{4}", "", str(c.body)) for c in mail.outbox}) == 1


def test_une_adresse_neuve_n_a_un_compte_qu_une_fois_prouvee(client: Client) -> None:
    client.post(ENTRER, {"email": "Neuve@Exemple.invalid"})
    assert not Utilisateur.objects.exists()
    client.post(CODE, {"code": dernier_code().replace("-", " ")})
    compte = Utilisateur.objects.get()
    assert (compte.email, compte.nom_usage, compte.quartier) == ("neuve@exemple.invalid", "", None)
    assert not compte.has_usable_password()


def test_le_code_ne_sert_qu_une_fois(client: Client) -> None:
    client.post(ENTRER, {"email": CONNUE})
    autre = Client()
    autre.cookies["sessionid"] = client.cookies["sessionid"].value
    vole = dict(client.session)
    client.post(CODE, {"code": dernier_code()})
    session = autre.session
    session.update(vole)  # même la session d'avant, remise telle quelle, ne rouvre rien
    session.save()
    autre.cookies["sessionid"] = str(session.session_key)
    assert autre.post(CODE, {"code": dernier_code()}).status_code == 429
    assert "_auth_user_id" not in autre.session


def test_trois_faux_essais_epuisent_le_code_et_le_bon_arrive_trop_tard(client: Client) -> None:
    client.post(ENTRER, {"email": CONNUE})
    faux = faux_code(dernier_code())
    assert [client.post(CODE, {"code": faux}).status_code for _ in range(3)] == [422, 422, 429]
    reponse = client.post(CODE, {"code": dernier_code()})
    assert reponse.status_code == 429
    assert "Demandez un nouveau code" in reponse.content.decode()
    assert "_auth_user_id" not in client.session


def test_un_nouveau_code_ne_redonne_pas_d_essais(client: Client) -> None:
    client.post(ENTRER, {"email": CONNUE})
    client.post(CODE, {"code": faux_code(dernier_code())})
    client.post(CODE, {"code": faux_code(dernier_code())})
    ancien = dernier_code()
    assert client.post(CODE, {"action": "renvoyer"}).status_code == 303
    assert dernier_code() != ancien
    assert client.post(CODE, {"code": dernier_code()}).status_code == 303


def test_le_code_part_trois_fois_au_plus(client: Client) -> None:
    client.post(ENTRER, {"email": CONNUE})
    assert [client.post(CODE, {"action": "renvoyer"}).status_code for _ in range(3)] == [303, 303, 429]
    assert len(mail.outbox) == 3


def test_le_code_s_eteint_au_bout_de_quinze_minutes(client: Client) -> None:
    client.post(ENTRER, {"email": CONNUE})
    session = client.session
    session["entree_par_code"] |= {"at": session["entree_par_code"]["at"] - 901}
    session.save()
    reponse = client.post(CODE, {"code": dernier_code()})
    assert (reponse.status_code, reponse["Location"]) == (303, ENTRER)


def test_la_base_aussi_refuse_un_code_perime(client: Client) -> None:
    client.post(ENTRER, {"email": CONNUE})
    essais = EssaisDeCode.objects.get()
    EssaisDeCode.objects.update(expire_le=essais.expire_le - timedelta(seconds=901))
    assert client.post(CODE, {"code": dernier_code()}).status_code == 429


def test_lire_les_pages_d_entree_n_ecrit_rien(client: Client) -> None:
    client.post(ENTRER, {"email": CONNUE})
    avant = dict(client.session)
    for adresse in (ENTRER, CODE, "/compte/signup/"):
        assert client.get(adresse).status_code == 200
    assert dict(client.session) == avant


@pytest.mark.parametrize(
    "ailleurs",
    ["https://ailleurs.invalid/", "//ailleurs.invalid", "http:///ailleurs", "javascript:alert(1)", "/\\x.y", "\\\\x.y"],
)
def test_la_page_demandee_est_de_ce_site_ou_n_est_pas(client: Client, ailleurs: str) -> None:
    assert entrer(client, CONNUE, suite=ailleurs)["Location"] == "/"
    assert client.get(ENTRER, {"next": ailleurs})["Location"] == "/"


def test_le_lien_d_un_courriel_preremplit_l_adresse_et_ne_donne_rien(client: Client) -> None:
    reponse = client.get("/compte/", {"courriel": CONNUE}, follow=True)
    assert f'value="{CONNUE}"' in reponse.content.decode()
    assert "_auth_user_id" not in client.session


def test_un_compte_ferme_n_entre_pas(client: Client) -> None:
    utilisateur(email=CONNUE, is_active=False)
    reponse = entrer(client, CONNUE)
    assert reponse.status_code == 403
    assert "_auth_user_id" not in client.session


def test_une_adresse_trop_demandee_repond_429(client: Client) -> None:
    codes = [Client().post(ENTRER, {"email": CONNUE}).status_code for _ in range(6)]
    assert codes == [303] * 5 + [429]
    assert Client().post(ENTRER, {"email": INCONNUE}).status_code == 303  # par personne, pas pour tous
    assert Client(REMOTE_ADDR="192.0.2.7").post(ENTRER, {"email": CONNUE}).status_code == 303  # ni l'enfermer dehors


def test_une_adresse_fausse_repond_422_avec_la_saisie(client: Client) -> None:
    reponse = client.post(ENTRER, {"email": "pas-un-courriel"})
    assert reponse.status_code == 422
    assert "pas-un-courriel" in reponse.content.decode()


def test_serveur_de_courriel_en_panne_repond_503(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def tomber(*_: object, **__: object) -> None:
        raise SMTPServerDisconnected("parti")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", tomber)
    assert client.post(ENTRER, {"email": CONNUE}).status_code == 503


@pytest.mark.parametrize(
    "adresse",
    ["password/change/", "password/set/", "password/reset/", "password/reset/done/", "social/login/", "3rdparty/"],
)
def test_aucune_page_de_mot_de_passe(client: Client, adresse: str) -> None:
    client.force_login(utilisateur())
    assert client.get(f"/compte/{adresse}").status_code == 404


def temoin(client: Client, nom: str) -> "Morsel[str]":
    """Un témoin posé."""
    return client.cookies[nom]


def test_les_temoins_sont_fermes(client: Client) -> None:
    client.get(ENTRER)
    entrer(client, CONNUE)
    session = temoin(client, "sessionid")
    assert (session["httponly"], session["samesite"], session["max-age"]) == (True, "Lax", "")
    assert temoin(client, "csrftoken")["samesite"] == "Lax"
    with override_settings(SESSION_COOKIE_SECURE=True):
        autre = Client()
        entrer(autre, INCONNUE)
        assert temoin(autre, "sessionid")["secure"]


def test_la_cle_de_session_change_en_entrant(client: Client) -> None:
    client.post(ENTRER, {"email": CONNUE})
    avant = temoin(client, "sessionid").value
    client.post(CODE, {"code": dernier_code()})
    assert temoin(client, "sessionid").value != avant


def test_sortir_se_fait_par_un_envoi_et_efface_les_brouillons_locaux(client: Client) -> None:
    entrer(client, CONNUE)
    assert client.get("/compte/logout/").status_code == 200
    assert "_auth_user_id" in client.session
    reponse = client.post("/compte/logout/")
    assert (reponse.status_code, reponse["Clear-Site-Data"]) == (303, '"storage"')
    assert client.get("/compte/").status_code == 302
