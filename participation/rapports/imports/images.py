"""Les images d'un rapport : reconnues par leurs octets, bornées, redessinées sans données cachées (lieu, appareil)."""

import io
import warnings

from PIL import Image as Pillow

from participation.rapports.imports.analyse import Ecart, ImageLue

OCTETS_MAX = 12_000_000
PIXELS_MAX = 40_000_000
COTE_MAX = 1400
POIDS_RENDU = 700_000
NOMBRE_MAX = 60
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF")


class Album:
    """Les images prises au fil de la lecture, et ce qui en a été écarté."""

    def __init__(self) -> None:
        self.images: list[ImageLue] = []
        self.ecarts: list[Ecart] = []

    def prendre(self, octets: bytes, alt: str, *, ligne: int = 0) -> str:
        """Le nom de l'image gardée, ou une chaîne vide : la raison est dans `ecarts`."""
        nom = f"image-{len(self.images) + 1}"
        try:
            if len(self.images) >= NOMBRE_MAX:
                raise ValueError(f"une image de plus que la limite ({NOMBRE_MAX})")
            self.images.append(_redessiner(nom, octets, " ".join(alt.split())[:300]))
        except Pillow.DecompressionBombError:
            self.ecarts.append(Ecart(ligne, "Écarté : une image trop grande."))
            return ""
        except (ValueError, OSError, SyntaxError, MemoryError) as raison:
            dit = raison if type(raison) is ValueError else "une image illisible, ou d'un format qui ne se lit pas ici"
            self.ecarts.append(Ecart(ligne, f"Écarté : {dit}."))
            return ""
        return nom


def _redessiner(nom: str, octets: bytes, alt: str) -> ImageLue:
    """Ouvre, borne, remet d'aplomb et réécrit en PNG ou JPEG. Lève ValueError ou ce que lève Pillow."""
    if len(octets) > OCTETS_MAX:
        raise ValueError("une image de plus de 12 Mo")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # la taille est jugée ici, avant de décoder
        image: Pillow.Image = Pillow.open(io.BytesIO(octets), formats=FORMATS)
        if image.width * image.height > PIXELS_MAX:
            raise ValueError(f"une image trop grande ({image.width} × {image.height} pixels)")
        image.load()
    image.thumbnail((COTE_MAX, COTE_MAX))
    transparente = "A" in image.getbands() or "transparency" in image.info
    type_mime, rendu = _encoder(image, transparente)
    return ImageLue(nom, type_mime, rendu, image.width, image.height, alt)


def _encoder(image: Pillow.Image, transparente: bool) -> tuple[str, bytes]:
    """PNG si c'est léger (schéma, carte), sinon JPEG sur fond blanc."""
    sortie = io.BytesIO()
    image.convert("RGBA" if transparente else "RGB").save(sortie, "PNG", optimize=True)
    if sortie.tell() <= POIDS_RENDU:
        return "image/png", sortie.getvalue()
    fond = Pillow.new("RGB", image.size, "white")
    calque = image.convert("RGBA")
    fond.paste(calque, mask=calque.getchannel("A"))
    sortie = io.BytesIO()
    fond.save(sortie, "JPEG", quality=84)
    return "image/jpeg", sortie.getvalue()
