"""Les filtres du rapport : `{% load rapports %}`."""

from django import template
from django.utils.safestring import SafeString

from participation.common.html import markdown_en_html
from participation.rapports import rendu
from participation.rapports.models import Image, Section, Version

register = template.Library()


@register.filter
def section_en_html(section: Section) -> SafeString:
    """Le texte de la partie."""
    return rendu.section_en_html(section)


@register.filter
def preambule_en_html(version: Version) -> SafeString:
    """Le préambule de la version."""
    return rendu.preambule_en_html(version)


@register.filter
def en_clair_html(section: Section) -> SafeString:
    """« En clair » : la même chose en mots simples."""
    return markdown_en_html(section.en_clair)


@register.filter
def titre_numerote(section: Section) -> str:
    """« 2.3 Le Fonds de Cohésion Sociale »."""
    return str(section)


@register.filter
def image_en_html(image: Image) -> SafeString:
    """L'image, avec sa description."""
    return rendu.image_en_html(image)
