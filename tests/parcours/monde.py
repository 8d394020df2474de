"""Ce que la démonstration n’a pas d’elle-même et que les pages montrent : un texte à relire, un délai clos."""

import json

from tests.outillage.processus import Dossier

COMPLETER = """
import json
from datetime import date, datetime
from consultations.models import Avis, Saisine
from participation.common.dates import PARIS
from participation.notifications.courriel import SIGNATURE
from participation.territoires.models import Instance
from tests import fabriques as f, fabriques_actes, fabriques_remise
conseil = Instance.objects.get(slug="conseil-citoyen-du-mont-liebaut")
brouillon = f.version(titre="Rapport à relire")
image = f.image(brouillon)
f.consultation(transmise=False, slug="en-preparation", titre="En préparation", version=brouillon, instances=[conseil])
close = f.consultation(slug="close", transmise_le=datetime(2025, 5, 1, 9, tzinfo=PARIS), echeance=date(2025, 6, 15))
finie = f.saisine(consultation_=close, instance_=conseil, transmise_le=close.transmise_le, echeance=close.echeance)
f.projet_pret(finie, observations=["31 ou 32 projets ?"])
ouverte = Saisine.objects.get(consultation__slug="rapport-2024", instance=conseil)
acte = fabriques_actes.acte_prepare(ouverte.consultation)
beuvry = f.avis(Saisine.objects.get(consultation__slug="rapport-2024", instance__slug="beuvry"))
fabriques_remise.envoi_accepte(ouverte, adresse="conseil@exemple.invalid")
retour = fabriques_remise.retour(finie)
avis = Avis.objects.filter(saisine__consultation__slug="rapport-2024").order_by("inscrit_le").first()
rappel = fabriques_remise.envoi_accepte(ouverte, evenement="relance", occurrence="x:2025-09-30:J-30")
print(json.dumps({
    "arret": SIGNATURE.sign(str(rappel.pk)),
    "brouillon": str(brouillon.pk), "image": str(image.pk), "partie": str(brouillon.sections.first().pk),
    "saisine": f"/consultations/rapport-2024/saisines/{ouverte.pk}/", "preuve": str(ouverte.pk),
    "finie": f"/consultations/close/saisines/{finie.pk}/", "avis": avis.get_absolute_url(),
    "conseil": conseil.slug, "mandat": str(conseil.mandats.get(role="MEMBRE").pk),
    "mairie": beuvry.saisine.get_absolute_url(),
    "acte": str(acte.pk), "retour": str(retour.pk), "communal": beuvry.get_absolute_url(),
}))
"""


def completer(dossier: Dossier) -> dict[str, str]:
    """Ajoute au monde et rend les adresses à visiter, par leur nom."""
    reperes: dict[str, str] = json.loads(dossier.python(COMPLETER))
    return reperes
