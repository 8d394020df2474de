"""Les avis inventés des instances de démonstration, jamais d'une instance réelle. Les anomalies citées sont vraies."""

from datetime import date

from participation.demo.monde.outils import Reponse

EN_TETE = "Avis inventé pour la démonstration. "


def commune_1(seance: date) -> Reponse:
    """Favorable."""
    return Reponse(
        "commune-de-demonstration-1", "FAVORABLE", EN_TETE + "Le conseil municipal approuve le projet de rapport.",
        vote=(27, 0, 2), seance=seance,
    )  # fmt: skip


def commune_2(seance: date) -> Reponse:
    """Favorable avec observations : les comptes du Fonds de Cohésion Sociale."""
    return Reponse(
        "commune-de-demonstration-2", "FAVORABLE_OBSERVATIONS",
        EN_TETE + "Le conseil municipal approuve le projet et demande deux vérifications.",
        (
            ("2-3", "correction", "Le texte dit 31 projets soutenus. Le tableau par axe en compte 32."),
            ("2-1", "correction", "L'axe 1 fait 18,2 % du total, et non 19 %."),
        ),
        vote=(23, 1, 5), seance=seance,
    )  # fmt: skip


def commune_3(seance: date) -> Reponse:
    """Favorable avec réserves."""
    return Reponse(
        "commune-de-demonstration-3", "FAVORABLE_RESERVES",
        EN_TETE + "Le conseil municipal est d'accord, à condition que les données soient données par sexe.",
        (("2-1", "ajout", "Donner les chiffres pour les femmes et pour les hommes, comme la loi le demande."),),
        vote=(18, 6, 3), seance=seance,
    )  # fmt: skip


def commune_4(seance: date) -> Reponse:
    """Défavorable."""
    return Reponse(
        "commune-de-demonstration-4", "DEFAVORABLE",
        EN_TETE + "Le conseil municipal n'est pas d'accord : les fonds de concours vont à trop peu de communes.",
        (("2-4", "desaccord", "Quatre communes reçoivent un fonds de concours. Nous demandons un autre partage."),),
        vote=(7, 15, 4), seance=seance,
    )  # fmt: skip


def conseil_1(seance: date) -> Reponse:
    """Favorable avec observations."""
    return Reponse(
        "conseil-citoyen-de-demonstration-1", "FAVORABLE_OBSERVATIONS",
        EN_TETE + "Le conseil est d'accord avec le rapport. Il pose une question et demande un ajout.",
        (
            ("3-1", "question", "Le texte dit « 6 à 12 ans », puis « entre 7 et 11 ans ». Quel âge est le bon ?"),
            ("4-5", "ajout", "Dire qui sera la personne référente de chaque quartier, et comment la joindre."),
        ),
        seance=seance,
    )  # fmt: skip


def conseil_2(seance: date) -> Reponse:
    """Ne se prononce pas."""
    return Reponse(
        "conseil-citoyen-de-demonstration-2", "NE_SE_PRONONCE_PAS",
        EN_TETE + "Le conseil vient de se réunir pour la première fois. Il ne choisit pas cette année.",
        seance=seance,
    )  # fmt: skip


def conseil_3(seance: date) -> Reponse:
    """Favorable."""
    return Reponse(
        "conseil-citoyen-de-demonstration-3",
        "FAVORABLE",
        EN_TETE + "Le conseil est d'accord avec le rapport.",
        seance=seance,
    )


def conseil_3_bis(seance: date) -> Reponse:
    """La version 2 : des réserves, après une seconde réunion."""
    return Reponse(
        "conseil-citoyen-de-demonstration-3", "FAVORABLE_RESERVES",
        EN_TETE + "Après une seconde réunion, le conseil est d'accord, à condition que le calendrier soit tenu.",
        (("7", "question", "Quand le groupe sur la participation citoyenne se réunira-t-il en 2025 ?"),),
        seance=seance,
    )  # fmt: skip


def conseil_5_en_retard(seance: date) -> Reponse:
    """Arrivé après l'échéance : une contribution, qui ne change rien au silence (règle 11)."""
    return Reponse(
        "conseil-citoyen-de-demonstration-5", "FAVORABLE_OBSERVATIONS",
        EN_TETE + "Le conseil est d'accord. Il demande à être prévenu plus tôt l'an prochain.",
        seance=seance,
    )  # fmt: skip
