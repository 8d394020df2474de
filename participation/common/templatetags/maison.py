"""Les filtres et balises de la maison, chargés partout."""

from django import template

register = template.Library()
