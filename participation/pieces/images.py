"""Les images : ouvertes pour de vrai, bornées, redessinées sans leurs données cachées (lieu, appareil, date)."""

import warnings
from io import BytesIO

from PIL import Image, ImageOps

from participation.pieces.rules import JPEG, PIXELS_MAX, Genre, PieceRefusee

ABIMEE = "Cette image est abîmée ou trop grande. Enregistrez-la de nouveau, puis renvoyez-la."


def redessiner(octets: bytes, genre: Genre) -> bytes:
    """La même image, sans EXIF ni rien après elle. Les dimensions sont lues avant de gonfler. Lève PieceRefusee."""
    format_attendu = "JPEG" if genre == JPEG else "PNG"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(BytesIO(octets), formats=[format_attendu]) as image:
                if image.width * image.height > PIXELS_MAX:
                    raise PieceRefusee("Cette image a trop de pixels. Réduisez-la, puis renvoyez-la.")
                droite = ImageOps.exif_transpose(image)
                return _ecrire(droite, format_attendu)
    except PieceRefusee:
        raise
    except Exception as erreur:  # Pillow lève des erreurs de tout genre sur un fichier hostile
        raise PieceRefusee(ABIMEE) from erreur


def _ecrire(image: Image.Image, format_attendu: str) -> bytes:
    propre = image
    if format_attendu == "JPEG" and image.mode not in {"RGB", "L"}:
        propre = image.convert("RGB")
    propre.info = {cle: v for cle, v in propre.info.items() if cle == "transparency"}
    tampon = BytesIO()
    propre.save(tampon, format_attendu, quality=90, optimize=True)
    return tampon.getvalue()
