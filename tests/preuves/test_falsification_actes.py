"""Un octet changé dans un acte, une contribution, un complément, une remise ou un message parti est vu et nommé (R7).

Les mêmes gestes que tests/preuves/test_falsification.py, sur un récit entier, du report au procès-verbal.
"""

from pathlib import Path

import pytest
from django.db import connection, models
from hypothesis import given
from hypothesis import strategies as st

from consultations.actions.retour import inscrire_retour
from consultations.models import Acte, Complement, ConstatRetour, Contribution, PreuveRemise, RetourCourriel
from consultations.queries_remise import courriels_acceptes
from participation.notifications.models import MessageEnvoye
from participation.pieces.models import PieceJointe
from participation.registre import declencheurs
from participation.registre.actions import inscrire
from tests import fabriques, monde_actes
from tests.monde_actes import MondeActes
from tests.preuves.test_falsification import (
    SIGNES,
    au_hasard,
    autre,
    constats,
    defait,
    ecrire_brut,
    est_le_meme,
    lire_brut,
)

pytestmark = [pytest.mark.django_db, pytest.mark.une_base]
TABLES = (Acte, Contribution, Complement, PreuveRemise, MessageEnvoye, RetourCourriel, ConstatRetour)
NON_SCELLEES = {
    Acte: {"prepare_id", "signe_par_id"},  # le brouillon de l'acte, une personne : ni l'un ni l'autre n'est l'acte
    Contribution: {"par_id"},
    Complement: {"par_id", "inscrit_le"},  # l'acte « avis_complete » est daté au registre
    PreuveRemise: {"par_id", "note", "envoi", "inscrite_le"},  # l'acte « remise_prouvee » est daté au registre
    RetourCourriel: {"par_id"},
    ConstatRetour: {"par_id"},
    MessageEnvoye: {"reponse"},  # ce qu'a dit un serveur ; les octets, eux, sont tenus par leur empreinte
}
COLONNES = [
    (modele, champ.column)
    for modele in TABLES
    for champ in modele._meta.concrete_fields
    if champ.column not in NON_SCELLEES[modele]
]


@pytest.fixture
def monde() -> MondeActes:
    """Le récit entier, vérifié, puis sans déclencheur : ce que tient qui tient la base."""
    recit = monde_actes.batir()
    revenir(recit)
    assert constats() == []
    declencheurs.retirer(connection)
    return recit


def revenir(recit: MondeActes) -> None:
    """Le courriel du conseil est revenu tard ; un agent constate, et nomme le silence."""
    saisine, le = recit.conseil, recit.conseil.borne
    retour = inscrire_retour(
        saisine=saisine, envoi=courriels_acceptes(saisine)[0].pk, retourne_le=le, motif="550, boîte inconnue.",
        piece=fabriques.piece(octets=b"%PDF-1.4 retour", nom="retour.pdf"), par=recit.agent, now=le,
    )  # fmt: skip
    constat = ConstatRetour.objects.create(
        retour=retour, decision="NON_REMISE", motif="La boîte est fermée.", constate_le=le,
        silence=saisine.avis.get(sens="REPUTE_FAVORABLE"), par=recit.agent,
    )  # fmt: skip
    inscrire(acte="retour_constate", objet=constat, dossier=saisine.consultation_id, now=le)


@pytest.mark.parametrize(("modele", "colonne"), COLONNES, ids=lambda v: getattr(v, "__name__", v))
def test_un_signe_change_dans_un_acte_est_vu_et_nomme(
    monde: MondeActes, modele: type[models.Model], colonne: str
) -> None:
    lignes = lire_brut(modele, colonne)
    assert lignes, "rien à changer : l'essai ne prouve rien"

    @au_hasard
    @given(st.sampled_from(lignes), st.integers(0, 400), st.sampled_from(SIGNES))
    def un_signe(ligne: tuple[str, str], place: int, signe: str) -> None:
        pk, avant = ligne
        faux = autre(avant, place, signe)
        with defait():
            if not ecrire_brut(modele, colonne, pk, faux) or est_le_meme(modele, colonne, pk, avant):
                return
            vus = constats()
        assert any(modele._meta.label in v for v in vus), f"{colonne} : {avant!r} → {faux!r} : {vus}"

    un_signe()


def test_un_octet_change_dans_chaque_piece_citee_est_vu_et_nomme(monde: MondeActes) -> None:
    """Récépissé, papier, délibération signée, lettre tardive, retour : cinq actes, cinq pièces."""
    pieces = list(PieceJointe.objects.all())
    assert len(pieces) == 5
    for piece in pieces:
        chemin = Path(piece.fichier.path)
        octets = chemin.read_bytes()
        for ou in (0, len(octets) // 2, len(octets) - 1):
            chemin.write_bytes(octets[:ou] + bytes([octets[ou] ^ 1]) + octets[ou + 1 :])
            nom = f"pieces.PieceJointe {piece.pk} : son fichier n'est plus celui qui a été déposé."
            assert constats() == [nom], piece.nom
        chemin.unlink()
        assert constats() == [f"pieces.PieceJointe {piece.pk} : son fichier a disparu."]
        chemin.write_bytes(octets)
    assert constats() == []


def test_le_nom_d_une_piece_recrit_n_efface_pas_ce_que_scelle_l_acte(monde: MondeActes) -> None:
    lettre = monde.contribution.piece
    PieceJointe.objects.filter(pk=lettre.pk).update(empreinte="0" * 64)
    vus = constats()
    assert any(f"consultations.Contribution {monde.contribution.pk}" in v for v in vus)
    assert any(f"pieces.PieceJointe {lettre.pk}" in v for v in vus)
