"""`installer` : une collectivité, ses premières personnes, l'adresse d'envoi ; rejouable."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from pytest_django import Settings

from participation.comptes.models import Groupe, Utilisateur
from participation.comptes.permissions import is_admin, is_signataire
from participation.territoires.models import Epci

pytestmark = pytest.mark.django_db


def installer(**reponses: Any) -> str:
    """Lance la commande sans question ; rend ce qu'elle dit."""
    sortie = StringIO()
    call_command("installer", sans_question=True, stdout=sortie, **reponses)
    return sortie.getvalue()


@pytest.fixture(autouse=True)
def dossier(settings: Settings, tmp_path: Path) -> Path:
    """Un VAR_DIR à part : l'adresse d'envoi y est gardée."""
    settings.VAR_DIR = tmp_path
    settings.DEFAULT_FROM_EMAIL = settings.EXPEDITEUR_INCONNU
    return tmp_path


def test_installer_deux_fois_ne_double_rien(dossier: Path) -> None:
    reponses = {
        "nom": "Agglomération d'essai", "courriel_contact": "contact@exemple.invalid",
        "administrateur": "Admin@exemple.invalid", "signataire": "signe@exemple.invalid",
        "expediteur": "site@exemple.invalid", "essai": "essai@exemple.invalid",
    }  # fmt: skip
    assert "Compte administrateur créé" in installer(**reponses)
    assert "Compte administrateur déjà là" in installer(**reponses)
    assert Epci.objects.get().nom_court == "Agglomération d'essai"
    assert Utilisateur.objects.count() == 2
    assert is_admin(Utilisateur.objects.get(email="admin@exemple.invalid"))
    assert is_signataire(Utilisateur.objects.get(email="signe@exemple.invalid"))
    assert (dossier / "expediteur").read_text().strip() == "site@exemple.invalid"
    assert [(c.to, c.from_email) for c in mail.outbox] == [(["essai@exemple.invalid"], "site@exemple.invalid")] * 2


def test_une_meme_personne_peut_administrer_et_signer() -> None:
    installer(nom="Agglo", administrateur="une@exemple.invalid", signataire="une@exemple.invalid")
    compte = Utilisateur.objects.get()
    assert set(compte.groups.values_list("name", flat=True)) == {g.value for g in Groupe} - {"animation"}


def test_une_reponse_vide_garde_ce_qui_etait_su() -> None:
    installer(nom="Agglo", courriel_contact="contact@exemple.invalid")
    installer(nom="Agglo renommée")
    epci = Epci.objects.get()
    assert (epci.nom, epci.courriel_contact) == ("Agglo renommée", "contact@exemple.invalid")


def test_installer_dit_ce_qui_manque() -> None:
    dit = installer(nom="Agglo")
    for manque in (
        "SITE_URL en https",
        "EMAIL_URL",
        "--expediteur",
        "TETE_DU_REGISTRE_A",
        "--administrateur",
        "--signataire",
        "les communes",
    ):
        assert manque in dit


@pytest.mark.parametrize("reponses", [{}, {"nom": "Agglo", "administrateur": "pas un courriel"}])
def test_une_reponse_fausse_arrete_tout_sans_rien_ecrire(reponses: dict[str, str]) -> None:
    with pytest.raises(CommandError):
        installer(**reponses)
    assert not Epci.objects.exists()
    assert not Utilisateur.objects.exists()
