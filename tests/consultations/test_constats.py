"""Dormante, elle reste saisie ; sans objet, seulement si elle n'est pas installée (règle 6)."""

from datetime import timedelta

import pytest

from consultations.actions.actes import preparer_acte, signer_acte
from consultations.actions.silence import acter_silences
from consultations.etats import Etat, TypeActe
from consultations.models import Acte, Saisine
from consultations.queries import DORMANTE, etiquettes, saisines_de
from participation.common.errors import RefusMetier
from participation.comptes.models import Groupe, Utilisateur
from participation.notifications.models import Envoi
from participation.registre.actions import verifier
from participation.registre.models import Entree
from tests import fabriques
from tests.fabriques import TRANSMISE_LE, UN_JOUR

pytestmark = pytest.mark.django_db
LE = TRANSMISE_LE + 60 * UN_JOUR
MOTIF = "Aucune réunion depuis deux ans."


def signer(saisine: Saisine, type: str, par: Utilisateur | None = None, now: object = LE) -> Acte:
    prepare = preparer_acte(
        consultation=saisine.consultation, type=type, parametres={"saisines": [str(saisine.pk)]},
        par=fabriques.agent(), now=LE, motif=MOTIF,
    )  # fmt: skip
    return signer_acte(prepare=prepare, par=par or fabriques.signataire(), now=now)  # type: ignore[arg-type]


def lue(saisine: Saisine, now: object) -> Saisine:
    return saisines_de(saisine.consultation, now).get(pk=saisine.pk)  # type: ignore[arg-type]


def test_une_instance_dormante_reste_saisie_et_son_silence_suit_la_regle() -> None:
    saisine = fabriques.saisine()
    acte = signer(saisine, TypeActe.DORMANCE)
    annotee = lue(saisine, LE)
    assert annotee.etat == Etat.EN_ATTENTE  # type: ignore[attr-defined]
    assert DORMANTE in etiquettes(annotee, Etat.EN_ATTENTE, LE)
    assert acte.motif == MOTIF
    assert "Elle reste saisie" in Envoi.objects.get(evenement="constat").texte
    assert acter_silences(now=saisine.borne) == 1
    assert Entree.objects.filter(acte="acte_signe").count() == 1
    with pytest.raises(RefusMetier):
        signer(saisine, TypeActe.DORMANCE)


def test_une_instance_installee_n_est_jamais_sans_objet_meme_dormante() -> None:
    saisine = fabriques.saisine()
    with pytest.raises(RefusMetier, match="reste saisie"):
        signer(saisine, TypeActe.SANS_OBJET)
    assert not Acte.objects.exists()


def test_une_instance_non_installee_constatee_apres_la_transmission_ne_doit_plus_rien() -> None:
    saisine = fabriques.saisine(instance_=fabriques.instance(is_installee=False))
    signer(saisine, TypeActe.SANS_OBJET)
    saisine.refresh_from_db()
    assert not saisine.is_sans_objet, "ce qui est scellé à la transmission ne change pas"
    assert saisine.retiree_le == LE
    assert saisine.motif_sans_objet
    assert lue(saisine, LE).etat == Etat.SANS_OBJET  # type: ignore[attr-defined]
    assert acter_silences(now=saisine.borne + timedelta(days=1)) == 0
    assert verifier().is_intact


@pytest.mark.parametrize("type", [TypeActe.DORMANCE, TypeActe.SANS_OBJET])
def test_apres_la_borne_plus_aucun_constat(type: str) -> None:
    saisine = fabriques.saisine(instance_=fabriques.instance(is_installee=False))
    with pytest.raises(RefusMetier) as refus:
        signer(saisine, type, now=saisine.borne)
    assert refus.value.code == "delai_clos"


@pytest.mark.parametrize("type", [TypeActe.DORMANCE, TypeActe.SANS_OBJET])
@pytest.mark.parametrize("groupes", [(), (Groupe.ADMIN,), (Groupe.AGENT,)])
def test_seule_une_personne_signataire_constate(type: str, groupes: tuple[Groupe, ...]) -> None:
    saisine = fabriques.saisine(instance_=fabriques.instance(is_installee=False))
    with pytest.raises(RefusMetier) as refus:
        signer(saisine, type, par=fabriques.utilisateur(*groupes))
    assert refus.value.code == "interdit"
    assert not Acte.objects.exists()


def test_sans_motif_le_constat_ne_se_prepare_pas() -> None:
    saisine = fabriques.saisine()
    with pytest.raises(RefusMetier, match="pourquoi"):
        preparer_acte(
            consultation=saisine.consultation, type=TypeActe.DORMANCE, parametres={"saisines": [str(saisine.pk)]},
            par=fabriques.agent(), now=LE, motif="Non.",
        )  # fmt: skip
