"""Les quatorze rôles de la démonstration (contrat.md) : qui ils sont, ce qu'ils peuvent. Aucune personne réelle."""

from dataclasses import dataclass, field

from participation.comptes.models import Groupe, Mandat, Referent

DOMAINE = "demonstration.invalid"
MONT_LIEBAUT = "mont-liebaut"
CONSEIL_MONT_LIEBAUT = "conseil-citoyen-du-mont-liebaut"
CONSEIL_CENTRE = "conseil-citoyen-du-centre"


@dataclass(frozen=True)
class Role:
    """Un rôle : son code d'adresse, son nom d'usage, une phrase, et les droits qu'il porte."""

    code: str
    nom: str
    phrase: str
    groupes: tuple[Groupe, ...] = ()
    mandats: tuple[tuple[str, Mandat.Role], ...] = ()
    referent: Referent.Genre | None = None
    quartier: str | None = None
    arrivee: str = "/"
    has_courriel: bool = True

    @property
    def courriel(self) -> str | None:
        """Une adresse en `.invalid` : aucun serveur ne peut la recevoir (RFC 2606)."""
        return f"{self.code}@{DOMAINE}" if self.has_courriel else None


@dataclass(frozen=True)
class Famille:
    """Des rôles rangés par ce qu'ils peuvent faire."""

    titre: str
    icone: str
    roles: tuple[Role, ...] = field(default_factory=tuple)


FAMILLES = (
    Famille(
        "Donner l'avis d'une instance",
        "landmark",
        (
            Role(
                "presidente",
                "Présidente du conseil citoyen du Mont-Liébaut",
                "Écrit, relit et dépose l'avis du conseil.",
                mandats=((CONSEIL_MONT_LIEBAUT, Mandat.Role.PRESIDENCE),),
                quartier=MONT_LIEBAUT,
            ),
            Role(
                "membre",
                "Membre du conseil citoyen du Mont-Liébaut",
                "Écrit le même projet d'avis, à plusieurs mains.",
                mandats=((CONSEIL_MONT_LIEBAUT, Mandat.Role.MEMBRE),),
                quartier=MONT_LIEBAUT,
            ),
            Role(
                "suppleante",
                "Suppléante au conseil citoyen du Mont-Liébaut",
                "Remplace un membre absent.",
                mandats=((CONSEIL_MONT_LIEBAUT, Mandat.Role.SUPPLEANCE),),
                quartier=MONT_LIEBAUT,
            ),
            Role(
                "membre-bruay",
                "Membre du conseil citoyen du Centre",
                "Voit son projet d'avis, jamais celui d'un autre conseil.",
                mandats=((CONSEIL_CENTRE, Mandat.Role.MEMBRE),),
                quartier="le-centre",
            ),
            Role(
                "mairie-bethune",
                "Mairie de Béthune",
                "Dépose l'avis voté par le conseil municipal.",
                mandats=(("bethune", Mandat.Role.MEMBRE),),
            ),
            Role(
                "secretaire",
                "Secrétaire de mairie, Béthune et Beuvry",
                "Dépose pour deux communes qui l'ont habilitée.",
                mandats=(("bethune", Mandat.Role.SECRETARIAT), ("beuvry", Mandat.Role.SECRETARIAT)),
            ),
        ),
    ),
    Famille(
        "Conduire la consultation",
        "stamp",
        (
            Role(
                "agent",
                "Agente de l'équipe",
                "Prépare, suit les réponses, saisit les récépissés.",
                (Groupe.AGENT,),
                arrivee="/gestion/",
            ),
            Role(
                "signataire",
                "Signataire",
                "Signe les actes qui engagent : la transmission.",
                (Groupe.SIGNATAIRE,),
                arrivee="/gestion/",
            ),
            Role(
                "admin",
                "Administratrice",
                "Tient les comptes et l'identité du site.",
                (Groupe.ADMIN,),
                arrivee="/admin/",
            ),
        ),
    ),
    Famille(
        "Vivre dans un quartier",
        "home",
        (
            Role(
                "habitante",
                "Habitante du Mont-Liébaut",
                "Lit le rapport et suit son quartier.",
                quartier=MONT_LIEBAUT,
                has_courriel=False,
            ),
            Role(
                "referente",
                "Personne référente du Mont-Liébaut",
                "Accompagne les habitants du quartier.",
                referent=Referent.Genre.REFERENT,
                quartier=MONT_LIEBAUT,
            ),
            Role(
                "ambassadrice",
                "Ambassadrice du Mont-Liébaut",
                "Porte la parole de ses voisins, sans compte ni écran pour eux.",
                referent=Referent.Genre.AMBASSADE,
                quartier=MONT_LIEBAUT,
            ),
        ),
    ),
    Famille(
        "Animer une rencontre",
        "users-round",
        (
            Role("animatrice", "Animatrice", "Anime un séminaire.", (Groupe.ANIMATION,)),
            Role("scribe", "Scribe", "Écrit ce que dit sa table."),
        ),
    ),
)
ROLES = {role.code: role for famille in FAMILLES for role in famille.roles}
