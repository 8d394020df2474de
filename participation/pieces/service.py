"""Servir une pièce : toujours en téléchargement, jamais affichée par le navigateur dans le site."""

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from participation.pieces.models import PieceJointe


def servir(piece: PieceJointe) -> HttpResponse:
    """Le fichier en pièce jointe. Le droit de lecture est jugé par l'appelant. Lève Http404 si le fichier a disparu."""
    try:
        with piece.fichier.open("rb") as fichier:
            octets = fichier.read()
    except OSError as erreur:
        raise Http404("Le fichier a disparu.") from erreur
    reponse = HttpResponse(octets, content_type=piece.type_mime)
    reponse["Content-Disposition"] = content_disposition_header(True, piece.nom) or "attachment"
    reponse["X-Content-Type-Options"] = "nosniff"
    reponse["Content-Security-Policy"] = "default-src 'none'; sandbox"
    reponse["Cache-Control"] = "private, max-age=300"
    return reponse
