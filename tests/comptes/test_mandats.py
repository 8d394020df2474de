"""Les mandats sont datés ; leur fin coupe le droit aussitôt (règle 16, S8)."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError

from participation.common.errors import RefusMetier
from participation.comptes import actions
from participation.comptes.models import Groupe, Mandat
from participation.comptes.permissions import (
    has_mandat,
    is_admin,
    is_agent,
    is_animation,
    is_signataire,
    mandats_en_cours,
)
from tests.fabriques import agent, instance, mandat, utilisateur

pytestmark = pytest.mark.django_db
MS = timedelta(milliseconds=1)


def test_un_mandat_donne_le_droit_de_son_debut_compris_a_sa_fin_exclue(now: datetime) -> None:
    conseil, fin = instance(), now + timedelta(days=30)
    personne = mandat(conseil, du=now, au=fin).utilisateur
    vus = [has_mandat(personne, conseil, i) for i in (now - MS, now, fin - MS, fin)]
    assert vus == [False, True, True, False]


def test_finir_un_mandat_coupe_le_droit_au_meme_instant(now: datetime) -> None:
    conseil = instance()
    en_cours = mandat(conseil, du=now - timedelta(days=1))
    actions.finir_mandat(mandat=en_cours, par=agent(), now=now)
    assert not has_mandat(en_cours.utilisateur, conseil, now)
    assert has_mandat(en_cours.utilisateur, conseil, now - MS)


def test_un_mandat_ne_vaut_que_dans_son_instance_et_son_role(now: datetime) -> None:
    conseil = instance()
    personne = mandat(conseil, role=Mandat.Role.SUPPLEANCE).utilisateur
    assert not has_mandat(personne, instance(), now)
    assert has_mandat(personne, conseil, now, roles=[Mandat.Role.SUPPLEANCE])
    assert not has_mandat(personne, conseil, now, roles=[Mandat.Role.PRESIDENCE])


def test_un_compte_ferme_ou_anonyme_n_a_aucun_mandat(now: datetime) -> None:
    en_cours = mandat()
    en_cours.utilisateur.is_active = False
    assert not mandats_en_cours(en_cours.utilisateur, now).exists()
    assert not mandats_en_cours(AnonymousUser(), now).exists()


def test_nommer_un_mandat(now: datetime) -> None:
    conseil, personne = instance(), utilisateur()
    donne = actions.nommer_mandat(utilisateur=personne, instance=conseil, role=Mandat.Role.MEMBRE, par=agent(), now=now)
    assert (donne.du, donne.au) == (now, None)
    assert has_mandat(personne, conseil, now)


def test_le_meme_mandat_ne_se_donne_pas_deux_fois(now: datetime) -> None:
    deja = mandat(role=Mandat.Role.MEMBRE)
    with pytest.raises(RefusMetier, match="déjà ce mandat"):
        actions.nommer_mandat(
            utilisateur=deja.utilisateur, instance=deja.instance, role=Mandat.Role.MEMBRE, par=agent(), now=now
        )


@pytest.mark.parametrize("groupes", [(), (Groupe.SIGNATAIRE,), (Groupe.ANIMATION,)])
def test_seul_un_agent_ou_l_administration_nomme_et_finit(groupes: tuple[Groupe, ...], now: datetime) -> None:
    quelconque, deja = utilisateur(*groupes), mandat()
    with pytest.raises(RefusMetier) as refus:
        actions.finir_mandat(mandat=deja, par=quelconque, now=now)
    assert refus.value.code == "interdit"
    with pytest.raises(RefusMetier):
        actions.nommer_mandat(
            utilisateur=quelconque, instance=deja.instance, role=Mandat.Role.MEMBRE, par=quelconque, now=now
        )


def test_un_mandat_deja_fini_ne_se_finit_pas_encore(now: datetime) -> None:
    fini = mandat(au=now - timedelta(days=1))
    with pytest.raises(RefusMetier, match="déjà fini"):
        actions.finir_mandat(mandat=fini, par=agent(), now=now)
    fini.refresh_from_db()
    assert fini.au == now - timedelta(days=1)


def test_un_mandat_a_venir_se_retire(now: datetime) -> None:
    a_venir = mandat(du=now + timedelta(days=1))
    actions.finir_mandat(mandat=a_venir, par=agent(), now=now)
    assert not Mandat.objects.exists()


def test_la_base_refuse_un_mandat_qui_finit_avant_de_commencer(now: datetime) -> None:
    with pytest.raises(IntegrityError, match="mandat_finit_apres_son_debut"):
        mandat(du=now, au=now)


def test_les_groupes_existent_apres_les_migrations_et_donnent_leur_droit(now: datetime) -> None:
    droits = {
        Groupe.AGENT: is_agent,
        Groupe.SIGNATAIRE: is_signataire,
        Groupe.ANIMATION: is_animation,
        Groupe.ADMIN: is_admin,
    }
    for groupe, droit in droits.items():
        personne = utilisateur()
        assert not droit(personne)
        actions.donner_groupe(compte=personne, groupe=groupe, par=None, now=now)
        assert [d(personne) for d in droits.values()].count(True) == 1
        assert droit(personne)
        actions.retirer_groupe(compte=personne, groupe=groupe, par=None, now=now)
        assert not droit(personne)


def test_un_agent_ne_change_pas_les_groupes(now: datetime) -> None:
    with pytest.raises(RefusMetier):
        actions.donner_groupe(compte=utilisateur(), groupe=Groupe.SIGNATAIRE, par=agent(), now=now)


def test_un_super_compte_technique_n_a_aucun_droit_du_metier() -> None:
    technique = utilisateur(is_superuser=True, is_staff=True)
    assert not any(droit(technique) for droit in (is_agent, is_signataire, is_animation, is_admin))
