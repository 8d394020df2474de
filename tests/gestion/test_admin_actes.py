"""Aucun acte ne s'ajoute, ne se change, ne s'efface dans l'administration, action groupée comprise (règle 12)."""

import json
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.core import serializers
from django.db import models
from django.test import Client
from django.urls import reverse

from consultations.models import Acte, ActePrepare, Complement, Contribution, DemandeDeTemps
from participation.common.admin import LectureSeule
from participation.comptes.models import Groupe
from participation.notifications.models import MessageEnvoye
from participation.registre import declencheurs
from tests import fabriques, monde_actes

ACTES = (Acte, ActePrepare, Complement, Contribution, DemandeDeTemps, MessageEnvoye)


@pytest.fixture
def administratrice(db: None) -> Client:
    """Le groupe admin et tous les droits techniques de Django, sur un monde où chaque table a une ligne."""
    monde = monde_actes.batir()
    DemandeDeTemps.objects.create(
        saisine=monde.conseil, echeance_vue=monde.conseil.echeance, demandee_le=monde_actes.TRANSMISE_LE
    )
    client = Client()
    client.force_login(fabriques.utilisateur(Groupe.ADMIN, is_staff=True, is_superuser=True))
    return client


def etat(modele: type[models.Model]) -> list[Any]:
    """Toutes les lignes d'une table, valeur par valeur."""
    return json.loads(serializers.serialize("json", modele._base_manager.order_by("pk")))  # type: ignore[no-any-return]


@pytest.mark.parametrize("modele", ACTES)
def test_rien_ne_s_y_change_meme_en_lot(administratrice: Client, modele: type[models.Model]) -> None:
    nom = f"admin:{modele._meta.app_label}_{modele._meta.model_name}"
    avant, lignes = etat(modele), list(modele._base_manager.all())
    assert avant
    assert administratrice.get(reverse(f"{nom}_changelist")).status_code == 200
    assert administratrice.post(reverse(f"{nom}_add"), {}).status_code == 403
    tout = {"_selected_action": [str(o.pk) for o in lignes], "post": "yes", "index": "0"}
    for geste in ("delete_selected", "", "export"):
        administratrice.post(reverse(f"{nom}_changelist"), tout | {"action": geste, "_save": "1"})
    for objet in lignes:
        adresse = [objet.pk]
        assert administratrice.get(reverse(f"{nom}_change", args=adresse)).status_code == 200
        for code in (
            administratrice.post(reverse(f"{nom}_change", args=adresse), {"motif": "Récrit", "_save": "1"}).status_code,
            administratrice.post(reverse(f"{nom}_delete", args=adresse), {"post": "yes"}).status_code,
        ):
            assert code == 403
    assert etat(modele) == avant


@pytest.mark.django_db
def test_une_contribution_et_un_message_n_y_montrent_que_leurs_reperes(administratrice: Client) -> None:
    """Règle 20 : ni sens, ni texte, ni adresse."""
    contribution, message = Contribution.objects.get(), MessageEnvoye.objects.all()[0]
    page = administratrice.get(reverse("admin:consultations_contribution_change", args=[contribution.pk])).text
    page += administratrice.get(reverse("admin:notifications_messageenvoye_change", args=[message.pk])).text
    for secret in (contribution.texte, contribution.get_sens_display(), monde_actes.ADRESSE, "Subject"):
        assert secret not in page, secret


def test_chaque_table_a_ajout_seul_n_est_qu_en_lecture_dans_l_administration() -> None:
    """Une table d'actes ajoutée demain ne s'y ouvre pas en écriture par oubli."""
    gardees = {r.table for r in declencheurs.REGLES}
    ecrites = [
        modele._meta.label
        for modele in apps.get_models()
        if modele._meta.db_table in gardees and admin.site.is_registered(modele)
        if not isinstance(admin.site.get_model_admin(modele), LectureSeule)
    ]
    assert ecrites == []
