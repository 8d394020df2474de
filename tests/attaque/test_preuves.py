"""Une preuve de remise ne se fabrique pas : sans serveur de courriel, rien n'est remis (règle 6)."""

import pytest
from django.conf import LazySettings

from consultations.actions.remise import constater_remises
from participation.notifications.actions import poster, vider_la_boite
from participation.notifications.models import Envoi
from tests import fabriques

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("moteur", ["console", "dummy"])
def test_un_courriel_imprime_dans_un_journal_ne_prouve_rien(settings: LazySettings, moteur: str) -> None:
    settings.EMAIL_BACKEND = f"django.core.mail.backends.{moteur}.EmailBackend"
    settings.DEMO = False
    saisine = fabriques.saisine(remise=False)
    poster(
        adresse="instance@exemple.invalid", destinataire=None, evenement="saisine", occurrence=str(saisine.pk),
        sujet="Saisine", texte="…", now=saisine.transmise_le, objet="consultations.Saisine", objet_id=saisine.pk,
    )  # fmt: skip
    assert vider_la_boite(now=saisine.transmise_le) == 0
    assert Envoi.objects.get().etat == Envoi.Etat.A_ENVOYER
    assert constater_remises(now=saisine.transmise_le + fabriques.UN_JOUR) == 0
    settings.DEMO = True
    assert vider_la_boite(now=saisine.transmise_le) == 1
