"""SQLite garde ce qu'on y force : la forme même des identifiants et des instants scellés se vérifie (R7).

« C » pour « c » dans un identifiant, « T » pour l'espace dans un instant : Django lit la même valeur, mais les lignes
liées ne se retrouvent plus. PostgreSQL a de vrais types : rien à vérifier.
"""

from typing import Any

from django.apps import apps
from django.db import connection, models

from participation.registre.relecture import PHRASE, Dire

SCELLES = (
    "registre.Entree", "rapports.Version", "rapports.Section", "rapports.Image", "consultations.Avis",
    "consultations.Observation", "consultations.PieceAvis", "pieces.PieceJointe",
    "consultations.Saisine", "consultations.PreuveRemise", "consultations.Acte", "consultations.Contribution",
    "consultations.Complement", "consultations.Etape", "consultations.RetourCourriel", "consultations.ConstatRetour",
    "notifications.MessageEnvoye",
)  # fmt: skip
JOUR = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]"
SECONDE = f"{JOUR} [0-9][0-9]:[0-9][0-9]:[0-9][0-9]"
FAUSSES = {
    "uuid": "{c} GLOB '*[^0-9a-f]*'",
    "instant": f"{{c}} NOT GLOB '{SECONDE}' AND {{c}} NOT GLOB '{SECONDE}.[0-9][0-9][0-9][0-9][0-9][0-9]'",
    "jour": f"{{c}} NOT GLOB '{JOUR}'",
}


def verifier_les_formes(dire: Dire) -> None:
    """Nomme chaque ligne scellée dont un identifiant ou un instant n'est plus écrit comme la plateforme l'écrit."""
    if connection.vendor != "sqlite":
        return
    for etiquette in SCELLES:
        modele = apps.get_model(etiquette)
        if conditions := [f"({condition})" for champ in modele._meta.concrete_fields if (condition := _fausse(champ))]:
            table, cle = modele._meta.db_table, modele._meta.pk.column
            with connection.cursor() as curseur:
                curseur.execute(f'SELECT "{cle}" FROM "{table}" WHERE {" OR ".join(conditions)}')  # noqa: S608 : noms des modèles
                for (pk,) in curseur.fetchall():
                    dire(f"{etiquette} {pk}" if etiquette != SCELLES[0] else f"entrée n° {pk}", PHRASE)


def _fausse(champ: Any) -> str:
    """La condition SQL d'une forme fausse ; vide si la colonne n'a pas de forme à elle."""
    cible = champ.target_field if isinstance(champ, models.ForeignKey) else champ
    genre = {"UUIDField": "uuid", "DateTimeField": "instant", "DateField": "jour"}.get(cible.get_internal_type(), "")
    return FAUSSES[genre].format(c=f'"{champ.column}"') if genre else ""
