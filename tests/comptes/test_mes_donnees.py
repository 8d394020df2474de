"""Mes données : tout ce qui me cite, énuméré par construction ; et partir, sans rien défaire de ce qui est public."""

import json
from datetime import datetime
from threading import Barrier, Thread

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection, connections
from django.db.models import ForeignObjectRel
from django.test import Client

from consultations.models import Acte, PreuveRemise
from participation.common.errors import RefusMetier
from participation.comptes.actions.suppression import SUPPRIME, supprimer_compte
from participation.comptes.mes_donnees import DU_COMPTE, JAMAIS, LIENS
from participation.comptes.models import Groupe, Mandat, Referent, Utilisateur
from participation.notifications.actions import poster
from participation.notifications.models import Envoi
from participation.pieces.models import PieceJointe
from participation.registre.actions import inscrire, verifier
from tests import fabriques, fabriques_actes
from tests.comptes.outils import entrer

pytestmark = pytest.mark.django_db
SUPPRIMER = "/compte/supprimer/"


def liens_vers_une_personne() -> set[str]:
    """« consultations.Avis.depose_par » : chaque clé étrangère vers un compte, où qu'elle soit."""
    relations = Utilisateur._meta.get_fields(include_hidden=True)
    return {
        f"{r.related_model._meta.label}.{r.field.name}"
        for r in relations
        if isinstance(r, ForeignObjectRel) and not r.many_to_many
    }


# --- lire
@pytest.mark.une_base
def test_chaque_lien_vers_une_personne_est_rendu_ou_declare() -> None:
    assert len(liens_vers_une_personne()) > 20
    directs = {lien for lien in LIENS if "__" not in lien}  # un lien indirect se rend de plus
    assert liens_vers_une_personne() == directs, "à dire dans comptes/mes_donnees.py"
    for etiquette, lien in LIENS.items():
        assert bool(lien.champs) != bool(lien.raison), etiquette
        modele = apps.get_model(etiquette.rpartition(".")[0])
        assert [c for c in lien.champs if not modele._meta.get_field(c).concrete] == []
    noms = [lien.nom for lien in LIENS.values() if lien.nom]
    assert len(noms) == len(set(noms))


@pytest.mark.une_base
def test_chaque_champ_du_compte_est_rendu_ou_declare() -> None:
    assert {c.name for c in Utilisateur._meta.concrete_fields} == {*DU_COMPTE, *JAMAIS}


def test_ce_qui_me_cite_est_dans_mes_donnees_et_rien_d_autrui(client: Client, now: datetime) -> None:
    moi = fabriques.utilisateur(nom_usage="Habitante du Mont-Liébaut", quartier=fabriques.quartier(nom="Mont-Liébaut"))
    mandat = fabriques.mandat(par=moi)
    autre = fabriques.utilisateur(nom_usage="AUTRUI")
    saisine = fabriques.saisine(instance_=mandat.instance)
    fabriques.avis(saisine, depose_par=moi, texte="TEXTE DE L'INSTANCE")
    fabriques.avis(fabriques.saisine(), depose_par=autre)
    fabriques.projet_avis(saisine, texte="BROUILLON", modifie_par=moi, modifie_le=now)
    client.force_login(moi)
    reponse = client.get("/compte/mes-donnees.json")
    su = json.loads(reponse.content)
    assert su["compte"]["nom_usage"] == "Habitante du Mont-Liébaut"
    assert su["compte"]["quartier"] == "Mont-Liébaut"
    assert [m["role"] for m in su["mandats"]] == ["PRESIDENCE"]
    assert len(su["avis_deposes"]) == len(su["projets_d_avis_modifies"]) == 1
    assert set(su) == {"lu_le", "compte"} | {lien.nom for lien in LIENS.values() if lien.nom}
    for interdit in ("AUTRUI", "BROUILLON", "TEXTE DE L"):
        assert interdit not in reponse.content.decode()
    assert client.get("/compte/mes-donnees/", headers={"accept": "application/json"}).json()["compte"] == su["compte"]
    page = client.get("/compte/mes-donnees/")
    assert page["Content-Type"].startswith("text/html")
    assert "no-store" in page["Cache-Control"]


# --- partir
def present(compte: Utilisateur) -> Utilisateur | None:
    return Utilisateur.objects.filter(pk=compte.pk).first()


def test_partir_efface_la_personne_et_garde_l_avis_de_l_instance(client: Client, now: datetime) -> None:
    moi = fabriques.utilisateur(email="moi@exemple.invalid")
    mandat = fabriques.mandat(par=moi)
    Referent.objects.create(utilisateur=moi, instance=mandat.instance, prenom="Prénom")
    avis = fabriques.avis(fabriques.saisine(instance_=mandat.instance), depose_par=moi)
    preuve = avis.saisine.preuves.get()
    PreuveRemise.objects.filter(pk=preuve.pk).update(par=None)
    inscrire(acte="avis_depose", objet=avis, dossier=avis.saisine.consultation_id, now=now)
    Authenticator.objects.create(user=moi, type=Authenticator.Type.WEBAUTHN, data={"name": "Téléphone"})
    poster(adresse="moi@exemple.invalid", destinataire=moi, evenement="essai", occurrence="1", sujet="S", texte="T",
           now=now)  # fmt: skip
    telephone = Client()
    assert entrer(telephone, "moi@exemple.invalid", garder=True).status_code == 303
    assert entrer(client, "moi@exemple.invalid").status_code == 303
    reponse = client.post(SUPPRIMER, {"confirmer": "on"})
    assert (reponse.status_code, reponse["Location"], reponse["Clear-Site-Data"]) == (303, "/", '"storage"')
    assert present(moi) is None
    for modele in (Mandat, Referent, EmailAddress, Authenticator, UserSession, Session, Envoi):
        assert not modele.objects.exists(), modele
    assert telephone.get("/compte/").status_code == 302
    avis.refresh_from_db()
    assert avis.depose_par is None
    assert client.get(avis.get_absolute_url()).status_code == 200
    assert verifier().constats == []
    assert entrer(Client(), "moi@exemple.invalid").status_code == 303  # un compte neuf, sans mandat
    assert not Mandat.objects.exists()


def test_qui_a_signe_reste_sans_nom_et_n_entre_plus(client: Client, now: datetime) -> None:
    moi = fabriques.signataire(email="moi@exemple.invalid")
    consultation = fabriques.consultation(transmise_par=moi)
    preuve = fabriques.preuve_remise(fabriques.saisine(consultation_=consultation), par=moi)
    prepare = fabriques_actes.acte_prepare(consultation, prepare_par=moi)
    acte = Acte.objects.create(
        prepare=prepare, consultation=consultation, n=1, type=prepare.type, signe_par=moi, signe_le=now,
        effets={"rang": 1, "section": "", "texte": "Lire « aménagement »."},
    )  # fmt: skip
    inscrire(acte="acte_signe", objet=acte, dossier=consultation.pk, now=now)
    client.force_login(moi)
    assert client.post(SUPPRIMER, {"confirmer": "on"}).status_code == 303
    reste = present(moi)
    assert reste is not None
    assert (str(reste), reste.email, reste.is_active, reste.quartier, reste.last_login) == (
        SUPPRIME,
        None,
        False,
        None,
        None,
    )
    assert not reste.groups.exists()
    acte.refresh_from_db()
    preuve.refresh_from_db()
    assert (acte.signe_par, preuve.par) == (reste, None)
    assert verifier().constats == []
    assert client.get("/gestion/").status_code == 302


def test_la_ligne_signee_du_maire_part_avec_la_personne_sauf_si_une_autre_la_cite(now: datetime) -> None:
    moi, commune = fabriques.utilisateur(), fabriques.conseil_municipal()
    a_moi, partagee = fabriques.piece(), fabriques.piece()
    fabriques.mandat(commune, par=moi, role=Mandat.Role.SECRETARIAT, piece=a_moi)
    fabriques.mandat(commune, par=moi, role=Mandat.Role.SUPPLEANCE, piece=partagee)
    fabriques.mandat(commune, role=Mandat.Role.SECRETARIAT, piece=partagee)
    assert supprimer_compte(compte=moi, par=moi, now=now)
    assert list(PieceJointe.objects.all()) == [partagee]


def test_un_courriel_parti_avant_que_ses_octets_soient_gardes_reste_la_preuve_d_une_remise(now: datetime) -> None:
    moi = fabriques.utilisateur()
    for numero in "12":
        poster(adresse="moi@exemple.invalid", destinataire=moi, evenement="essai", occurrence=numero, sujet="S",
               texte="T", now=now)  # fmt: skip
    Envoi.objects.filter(occurrence="1").update(etat=Envoi.Etat.ENVOYE, envoye_le=now)
    assert supprimer_compte(compte=moi, par=moi, now=now)
    assert Envoi.objects.get().occurrence == "1"


def test_la_derniere_personne_de_l_administration_ne_part_pas(client: Client, now: datetime) -> None:
    moi = fabriques.utilisateur(Groupe.ADMIN)
    fabriques.utilisateur(Groupe.ADMIN, is_active=False)
    client.force_login(moi)
    reponse = client.post(SUPPRIMER, {"confirmer": "on"})
    assert reponse.status_code == 409
    assert "Vous êtes la seule personne de l&#x27;administration" in reponse.content.decode()
    assert present(moi)
    fabriques.utilisateur(Groupe.ADMIN)
    assert client.post(SUPPRIMER, {"confirmer": "on"}).status_code == 303
    assert present(moi) is None


def test_sans_la_case_rien_ne_part_et_personne_ne_supprime_le_compte_d_autrui(client: Client, now: datetime) -> None:
    moi = fabriques.utilisateur()
    client.force_login(moi)
    assert client.post(SUPPRIMER).status_code == 422
    with pytest.raises(RefusMetier, match="pas le vôtre"):
        supprimer_compte(compte=moi, par=fabriques.utilisateur(Groupe.ADMIN), now=now)
    assert present(moi)


@pytest.mark.django_db(transaction=True)
def test_deux_administrateurs_qui_partent_ensemble_n_en_laissent_pas_zero(now: datetime) -> None:
    comptes = [fabriques.utilisateur(Groupe.ADMIN) for _ in range(2)]
    depart, refus = Barrier(2), list[str]()

    def partir(compte: Utilisateur) -> None:
        try:
            depart.wait()
            supprimer_compte(compte=compte, par=compte, now=now)
        except RefusMetier as refuse:
            refus.append(refuse.code)
        finally:
            connections.close_all()

    fils = [Thread(target=partir, args=[compte]) for compte in comptes]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    assert refus == ["conflit"], connection.vendor
    assert Utilisateur.objects.filter(groups__name=Groupe.ADMIN).count() == 1
