"""Les lectures nommées du territoire."""

from dataclasses import dataclass, field

from django.db.models import Count, Prefetch, Q, QuerySet

from participation.territoires.models import Ambition, ContratDeVille, Enjeu, Epci, Quartier, Terme


def identite() -> Epci:
    """L'agglomération qui tient la plateforme : son nom, ses couleurs, ses mots (`.mots`). Une requête.

    Tant que rien n'est importé, une agglomération vide : les gabarits disent alors « à compléter ».
    """
    return Epci.objects.first() or Epci()


def quartiers_pour_choisir() -> QuerySet[Quartier]:
    """Les quartiers et leurs communes, pour une liste de choix. Deux requêtes."""
    return Quartier.objects.defer("contour", "source").prefetch_related("communes").order_by("is_fictif", "nom")


def nom_du_quartier(choisi: str) -> str:
    """Le nom du quartier dont voici le numéro ou l'adresse ; à défaut, ce qui a été reçu. Une requête."""
    repere = Q(pk=int(choisi)) if choisi.isascii() and choisi.isdigit() and len(choisi) < 10 else Q(slug=choisi[:200])
    return Quartier.objects.filter(repere).values_list("nom", flat=True).first() or choisi


@dataclass(frozen=True)
class Contrat:
    """Le contrat de ville en vigueur, prêt à montrer."""

    contrat: ContratDeVille
    structurants: list[Enjeu] = field(default_factory=list)
    transversaux: list[Enjeu] = field(default_factory=list)

    @property
    def ambitions(self) -> list[Ambition]:
        """Toutes les ambitions, dans l'ordre du contrat."""
        return [a for enjeu in self.structurants for a in enjeu.ambitions.all()]

    @property
    def total_2024(self) -> int | None:
        """La somme des ambitions et du pilotage, en euros ; None dès qu'un montant manque."""
        montants = [a.montant_2024 for a in self.ambitions] + (
            [self.contrat.montant_pilotage_2024] if self.contrat.nom_pilotage else []
        )
        return sum(m for m in montants if m is not None) if montants and None not in montants else None


def contrat_en_vigueur() -> Contrat | None:
    """Le dernier contrat signé, ses enjeux et ses ambitions. Trois requêtes."""
    contrat = (
        ContratDeVille.objects.order_by("-signe_le", "-pk")
        .prefetch_related(Prefetch("enjeux", Enjeu.objects.prefetch_related("ambitions")))
        .first()
    )
    if contrat is None:
        return None
    enjeux = list(contrat.enjeux.all())
    return Contrat(contrat, [e for e in enjeux if not e.is_transversal], [e for e in enjeux if e.is_transversal])


def comptes_de_quartiers() -> dict[str, int]:
    """Combien de quartiers sont enregistrés, par type ; les quartiers fictifs ne comptent pas. Une requête."""
    return Quartier.objects.filter(is_fictif=False).aggregate(
        qpv=Count("pk", filter=Q(type=Quartier.Type.QPV)),
        qic=Count("pk", filter=Q(type=Quartier.Type.QIC)),
        inconnus=Count("pk", filter=Q(type=Quartier.Type.INCONNU)),
        total=Count("pk"),
    )


def termes() -> QuerySet[Terme]:
    """Les mots du territoire et leur définition."""
    return Terme.objects.all()
