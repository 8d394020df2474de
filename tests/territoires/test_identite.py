"""L'identité d'une agglomération : ses mots, ses couleurs, son logo ; et les instances qu'on crée."""

from datetime import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from participation.common.errors import RefusMetier
from participation.territoires import rules
from participation.territoires.actions import creer_instance
from participation.territoires.models import Commune, Decor, Epci, Instance
from participation.territoires.queries import identite
from participation.territoires.validateurs import valider_logo

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\nIDATx\x9cc\x00\x01\x00\x00\x05\x00\x01\r\n-\xb4\x00\x00\x00\x00IEND\xaeB`\x82"
)


def svg(dedans: str, racine: str = "") -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" {racine}>{dedans}</svg>'.encode()


@pytest.mark.django_db
def test_l_identite_se_lit_en_une_requete_meme_vide(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        assert identite().mots["qic_sigle"] == "QIC"
    Epci.objects.create(
        nom="Exemple", nom_court="Exemple", vocabulaire={"qic": "quartier de veille", "qic_sigle": "QVA"}
    )
    with django_assert_num_queries(1):
        mots = identite().mots
    assert (mots["qic"], mots["qic_sigle"], mots["qpv_sigle"]) == ("quartier de veille", "QVA", "QPV")


@pytest.mark.parametrize("couleur", ["rouge", "#fff", "#12345g", "#1234567", "red;}body{display:none", ""])
def test_une_couleur_mal_ecrite_est_refusee(couleur: str) -> None:
    with pytest.raises(ValidationError) as refus:
        Epci(nom="Exemple", nom_court="Exemple", couleur_action=couleur).clean()
    assert list(refus.value.message_dict) == ["couleur_action"]


def test_un_mot_inconnu_ou_vide_est_refuse() -> None:
    assert rules.fautes_de_vocabulaire({"quartierrr": "x"})
    assert rules.fautes_de_vocabulaire({"qic": ""})
    assert rules.fautes_de_vocabulaire([])
    assert rules.fautes_de_vocabulaire({"qic": "quartier de veille"}) == []


@pytest.mark.parametrize(
    ("nom", "octets"),
    [("logo.svg", svg('<path d="M0 0h9v9z" fill="#a02f1a"/>')), ("logo.png", PNG)],
)
def test_un_dessin_simple_est_un_logo(nom: str, octets: bytes) -> None:
    valider_logo(ContentFile(octets, name=nom))


@pytest.mark.parametrize(
    ("nom", "octets"),
    [
        ("logo.svg", svg("<script>alert(1)</script>")),
        ("logo.svg", svg("<path/>", 'onload="alert(1)"')),
        ("logo.svg", svg('<use href="https://ailleurs.example/x.svg#a"/>')),
        ("logo.svg", svg('<path fill="url(https://ailleurs.example/x)"/>')),
        ("logo.svg", svg("<foreignObject/>")),
        ("logo.svg", svg("<style>@import 'x'</style>")),
        ("logo.svg", svg('<image href="data:image/png;base64,AAAA"/>')),
        ("logo.svg", b'<!DOCTYPE svg [<!ENTITY a "b">]>' + svg("<text>&a;</text>")),
        ("logo.svg", b"<html/>"),
        ("logo.svg", b"pas du xml"),
        ("logo.png", svg("<path/>")),
        ("logo.png", PNG[:30]),
        ("logo.gif", b"GIF89a"),
        ("logo.png", PNG + b"\0" * 300_000),
    ],
)
def test_un_logo_douteux_est_refuse(nom: str, octets: bytes) -> None:
    with pytest.raises(ValidationError):
        valider_logo(ContentFile(octets, name=nom))


@pytest.mark.django_db
def test_une_conformite_sans_audit_date_est_refusee_par_la_base() -> None:
    with pytest.raises(IntegrityError, match="epci_conforme_apres_audit"):
        Epci.objects.create(nom="Exemple", nom_court="Exemple", conformite="TOTALE")


@pytest.mark.django_db
def test_une_commune_n_a_qu_un_conseil_municipal(now: datetime) -> None:
    commune = Commune.objects.create(nom="Exemple", slug="exemple")
    arguments: dict[str, Any] = {"nom": "Exemple", "type": "CONSEIL_MUNICIPAL", "commune": commune, "par": None}
    creer_instance(**arguments, now=now)
    with pytest.raises(RefusMetier, match="déjà son conseil municipal"):
        creer_instance(**arguments, now=now)
    assert Instance.objects.count() == 1


@pytest.mark.django_db
def test_deux_conseils_de_meme_nom_ont_chacun_leur_adresse(now: datetime) -> None:
    une = creer_instance(nom="Conseil citoyen du Centre", type="CONSEIL_CITOYEN", par=None, now=now)
    deux = creer_instance(nom="Conseil citoyen du Centre", type="CONSEIL_CITOYEN", par=None, now=now)
    assert (une.slug, deux.slug) == ("conseil-citoyen-du-centre", "conseil-citoyen-du-centre-2")
    assert une.creee_le == now


@pytest.mark.django_db
@pytest.mark.parametrize(("nom", "type_"), [("", "AUTRE"), ("X", "CLUB"), ("X", "CONSEIL_MUNICIPAL")])
def test_une_instance_mal_dite_est_refusee(nom: str, type_: str, now: datetime) -> None:
    with pytest.raises(RefusMetier):
        creer_instance(nom=nom, type=type_, par=None, now=now)


@pytest.mark.django_db
def test_l_accueil_ne_dessine_un_paysage_que_si_l_agglomeration_le_demande(client: Client) -> None:
    Epci.objects.create(nom="Exemple", nom_court="Exemple")
    assert 'class="scene"' not in client.get("/").content.decode()
    Epci.objects.update(decor="coron")
    assert 'class="scene"' in client.get("/").content.decode()
    assert tuple(rules.DECORS) == tuple(Decor.values)
