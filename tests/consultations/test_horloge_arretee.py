"""L'horloge s'arrête, les courriels reviennent : ce qu'un vrai serveur SMTP a reçu, compté message par message."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.module_loading import import_string
from pytest_django import Settings

from consultations import relances
from consultations.actions.actes import preparer_acte
from consultations.actions.retour import relever_retour
from consultations.actions.transmission import transmettre
from consultations.etats import Etat, TypeActe
from consultations.models import Avis, Saisine
from consultations.queries import etats
from consultations.queries_remise import retours_a_traiter
from participation.common.dates import PARIS
from participation.gestion.afaire import retour as tache_de_retour
from participation.notifications.models import Envoi
from tests import fabriques
from tests.fabriques import ECHEANCE, TRANSMISE_LE, UN_JOUR
from tests.fabriques_remise import dsn
from tests.outillage.puits import BoiteAuxLettres, boite_aux_lettres

pytestmark = pytest.mark.django_db
HEURE = timedelta(hours=1)
MATIN = datetime.combine(ECHEANCE, relances.HEURE, tzinfo=PARIS)


@pytest.fixture
def puits(settings: Settings) -> Iterator[BoiteAuxLettres]:
    """Le site envoie par SMTP, à un serveur local qui garde tout."""
    with boite_aux_lettres() as boite:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", boite.server_address[1]
        yield boite


def battre(settings: Settings, now: datetime) -> None:
    """Un tour entier de l'horloge, comme le serveur le fait."""
    for chemin in settings.HORLOGE:
        import_string(chemin)(now=now)


@pytest.fixture
def horloge(settings: Settings) -> Callable[[datetime, datetime], None]:
    """Bat toutes les douze heures, de l'un à l'autre."""

    def tourner(depuis: datetime, jusqu_a: datetime) -> None:
        while depuis <= jusqu_a:
            battre(settings, depuis)
            depuis += 12 * HEURE

    return tourner


def recus(puits: BoiteAuxLettres) -> list[EmailMessage]:
    return [message_from_bytes(octets, policy=policy.default) for octets in puits.recus]


def monde() -> dict[str, Saisine]:
    """Un conseil muet (deux courriels et sa boîte), une commune muette, un conseil qui répond, un autre non saisi."""
    de = fabriques.consultation()

    def saisine(nom: str, *, is_commune: bool = False, remise: bool = True) -> Saisine:
        fabrique = fabriques.conseil_municipal if is_commune else fabriques.instance
        instance = fabrique(nom=nom, courriel=f"{nom}@exemple.invalid")
        une = fabriques.saisine(consultation_=de, instance_=instance, remise=remise)
        for n, courriel in enumerate((f"{nom}-1@exemple.invalid", f"{nom}-2@exemple.invalid", None)):
            compte = fabriques.utilisateur(email=courriel)
            fabriques.mandat(instance, par=compte, role="MEMBRE", au=None if n != 1 else ECHEANCE_PASSEE)
        return une

    return {
        "conseil": saisine("conseil"), "commune": saisine("commune", is_commune=True),
        "repond": saisine("repond"), "nonsaisi": saisine("nonsaisi", remise=False),
    }  # fmt: skip


ECHEANCE_PASSEE = TRANSMISE_LE + 30 * UN_JOUR
"""La fin d'un mandat sur deux : qui n'a plus de mandat ne reçoit plus rien."""


def test_arretee_trois_jours_a_travers_j_2_et_j_1_chacun_recoit_la_derniere_utile_une_fois(
    puits: BoiteAuxLettres, horloge: Callable[[datetime, datetime], None]
) -> None:
    instances = monde()
    horloge(MATIN - 7 * UN_JOUR, MATIN - 3 * UN_JOUR)
    avant = Counter(m["To"] for m in recus(puits))
    assert avant == {f"{qui}@exemple.invalid": 1 for qui in (
        "conseil", "conseil-1", "repond", "repond-1", "commune", "commune-1",
    )}  # fmt: skip
    assert {m["Subject"].strip().partition(" :")[0] for m in recus(puits)} == {
        "Encore une semaine pour répondre", "Encore le temps de convoquer le conseil municipal",
    }  # fmt: skip
    fabriques.avis(instances["repond"])  # pendant l'arrêt
    puits.recus.clear()
    horloge(MATIN + HEURE, MATIN + 2 * UN_JOUR)  # arrêtée de J-3 à l'échéance : J-2 et J-1 sont passés
    messages = recus(puits)
    assert Counter(m["To"] for m in messages) == {
        f"{qui}@exemple.invalid": 1 for qui in ("conseil", "conseil-1", "commune", "commune-1")
    }
    assert len({m["Message-ID"] for m in messages}) == 4
    for message in messages:
        assert message["Subject"].strip().startswith("Dernier rappel")
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        texte = message.get_content()
        assert "jeudi 30 octobre 2025 à minuit, heure de Paris" in texte, "le texte est dans le message"
        assert "réputé favorable" in texte
    assert not Envoi.objects.exclude(etat=Envoi.Etat.ENVOYE).exists()


def test_arretee_a_travers_la_borne_plus_aucune_relance(
    puits: BoiteAuxLettres, horloge: Callable[[datetime, datetime], None]
) -> None:
    instances = monde()
    horloge(MATIN + UN_JOUR, MATIN + 2 * UN_JOUR)
    assert recus(puits) == []
    assert Avis.objects.get(saisine=instances["conseil"]).is_silence, "la loi, elle, n'attend pas l'horloge"


@pytest.mark.parametrize(
    ("apres", "etat", "relances_recues"),
    [(timedelta(hours=71), Etat.NON_SAISIE, 0), (5 * UN_JOUR, Etat.EN_ATTENTE, 4)],
    ids=["sous 72 h", "plus tard"],
)
def test_un_courriel_revenu_sous_72_h_rend_non_saisie_plus_tard_il_alerte_seulement(
    puits: BoiteAuxLettres,
    horloge: Callable[[datetime, datetime], None],
    apres: timedelta,
    etat: Etat,
    relances_recues: int,
) -> None:
    saisine = transmis_par_courriel()
    horloge(TRANSMISE_LE, TRANSMISE_LE)
    envoi = Envoi.objects.get(evenement="saisine", objet_id=saisine.pk)
    assert envoi.envoye_le
    le = envoi.envoye_le + apres
    horloge(TRANSMISE_LE + 6 * HEURE, min(le, TRANSMISE_LE + 4 * UN_JOUR))
    assert relever_retour(message=dsn(envoi, le), now=le)
    horloge(le + HEURE, le + UN_JOUR)
    for jours in (30, 7, 2, 1, 0):
        horloge(MATIN - jours * UN_JOUR, MATIN - jours * UN_JOUR)
    assert Etat(etats(Saisine.objects.filter(pk=saisine.pk), MATIN).get().etat) == etat  # type: ignore[attr-defined]
    (alerte,) = [tache_de_retour(r) for r in retours_a_traiter()]
    assert alerte.is_alerte
    sujets = [m["Subject"] for m in recus(puits) if m["To"] == envoi.adresse]
    assert len(sujets) == 1 + relances_recues, sujets


def transmis_par_courriel() -> Saisine:
    """Un conseil à qui le projet est transmis par la seule voie du courriel, par l'acte signé."""
    conseil = fabriques.instance(courriel="conseil@exemple.invalid")
    de = fabriques.consultation(transmise=False, version=fabriques.version(), instances=[conseil])
    (saisine,) = transmettre(consultation=de, par=fabriques.signataire(), now=TRANSMISE_LE)
    return saisine


def test_aucune_requete_ne_touche_le_serveur_de_courriel_l_horloge_seule_envoie(
    puits: BoiteAuxLettres, settings: Settings, client: Client
) -> None:
    """Signer la transmission, dire « J'ai bien reçu », demander du temps : aucun courriel ne part là."""
    settings.MAINTENANT = TRANSMISE_LE
    conseil, signataire = fabriques.instance(), fabriques.signataire()
    de = fabriques.consultation(transmise=False, version=fabriques.version(), instances=[conseil])
    prepare = preparer_acte(
        consultation=de, type=TypeActe.TRANSMISSION, parametres={}, par=signataire, now=TRANSMISE_LE, motif=""
    )
    client.force_login(signataire)
    page = client.get(reverse("gestion:acte", args=[prepare.pk]))
    vu = re.findall(r'name="vu" value="([^"]*)"', page.text)
    signe = client.post(reverse("gestion:acte", args=[prepare.pk]), {"relu": "on", "vu": vu[0] if vu else ""})
    assert signe.status_code == 303
    saisine = de.saisines.get()
    client.force_login(fabriques.mandat(conseil).utilisateur)
    for geste in ("recu", "temps"):
        assert client.post(reverse(f"consultations:{geste}", args=[de.slug, saisine.pk])).status_code == 303
    assert Envoi.objects.filter(etat=Envoi.Etat.A_ENVOYER).exists()
    assert (puits.connexions, puits.recus) == (0, [])
    battre(settings, TRANSMISE_LE)
    assert puits.connexions == 1
    assert len(puits.recus) == Envoi.objects.count()
