"""Importer, corriger, figer, effacer : ce que chaque acte écrit, et ce qu'il refuse."""

import base64
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from participation.common.errors import RefusMetier
from participation.rapports.actions.correction import corriger_presentation, corriger_section, decrire_image
from participation.rapports.actions.effacement import effacer_version
from participation.rapports.actions.figer import figer
from participation.rapports.actions.importation import importer
from participation.rapports.models import Image, Rapport, Section, Version
from participation.rapports.queries import images_de, lecture, marque, parties, sommaire, verifier_version
from participation.registre import declencheurs
from participation.registre.actions import verifier
from participation.registre.models import Entree
from tests import fabriques
from tests.rapports.fichiers import png, rapport_2024

PETIT = "# Rapport 2024\n\nAvant.\n\n## 1. Contrat\n\nTexte un.\n\n## 2. Fonds\n\nTexte deux.\n"
pytestmark = pytest.mark.django_db


def lire(texte: str, now: datetime, **autres: Any) -> Version:
    """Importe ce Markdown."""
    return importer(**{"nom": "r.md", "octets": texte.encode(), "annee": None, "par": None, "now": now} | autres)


def image(version: Version, **champs: Any) -> Image:
    """Une image de la version, citée par sa première partie."""
    voulu = {"nom": "image-1", "type_mime": "image/png", "octets": png(), "largeur": 40, "hauteur": 20} | champs
    return Image.objects.create(version=version, **voulu)


def corriger(section: Section, now: datetime, **champs: Any) -> Section:
    """Corrige une partie."""
    voulu = {"titre": section.titre, "texte": section.texte, "en_clair": section.en_clair, "v": section.v} | champs
    return corriger_section(section=section, par=None, now=now, **voulu)


def presenter(version: Version, now: datetime, **champs: Any) -> Version:
    """Corrige la présentation."""
    voulu = {"titre": version.titre, "preambule": version.preambule, "libelle": "", "vu": marque(version)} | champs
    return corriger_presentation(version=version, par=None, now=now, **voulu)


def code_du_refus(acte: Any) -> tuple[str, str]:
    """(code, phrase) du refus que lève cet acte."""
    with pytest.raises(RefusMetier) as leve:
        acte()
    return leve.value.code, leve.value.phrase


def test_importer_cree_le_rapport_et_sa_premiere_version(now: datetime) -> None:
    version = lire(rapport_2024(), now)
    assert (version.numero, version.rapport.annee, version.is_figee, version.creee_le) == (1, 2024, False, now)
    assert version.preambule == "Contrat de ville. Version arrêtée au 24 juin 2025."
    assert version.lecture["compris"][0] == "32 titres"
    plan = sommaire(version)
    assert (len(plan), plan[0].ancre, plan[-1].ancre[:6]) == (31, "1", "annexe")
    assert [s.ordre for s in plan] == list(range(1, 32))


def test_importer_de_nouveau_fait_une_version_de_plus_et_garde_les_identites(now: datetime) -> None:
    premiere = lire(PETIT, now)
    corriger(premiere.sections.get(ancre="1"), now, en_clair="Un contrat.")
    seconde = lire(PETIT.replace("## 2. Fonds", "## 2. Neuf\n\nx\n\n## 3. Fonds"), now)
    assert (seconde.rapport, seconde.numero) == (premiere.rapport, 2)
    avant = {s.titre: s.ref for s in premiere.sections.all()}
    apres = {s.titre: s for s in seconde.sections.all()}
    assert (apres["Contrat"].ref, apres["Fonds"].ref) == (avant["Contrat"], avant["Fonds"])
    assert apres["Neuf"].ref not in avant.values()
    assert (apres["Contrat"].en_clair, apres["Fonds"].en_clair) == ("Un contrat.", "")


def test_l_annee_se_donne_quand_le_titre_ne_la_dit_pas(now: datetime) -> None:
    sans = PETIT.replace(" 2024", "")
    assert code_du_refus(lambda: lire(sans, now)) == ("forme", "Dites de quelle année est ce rapport.")
    assert lire(sans, now, annee=2023).rapport.annee == 2023
    assert code_du_refus(lambda: lire(sans, now, annee=1999))[0] == "forme"


def test_un_import_refuse_n_ecrit_rien(now: datetime) -> None:
    code_du_refus(lambda: lire("rien", now))
    assert not Rapport.objects.exists()


def test_le_rapport_de_demonstration_ne_se_mele_pas_au_vrai(now: datetime) -> None:
    vrai, fictif = lire(PETIT, now), lire(PETIT, now, is_fictif=True)
    assert vrai.rapport != fictif.rapport
    assert (vrai.numero, fictif.numero) == (1, 1)


def test_corriger_une_partie(now: datetime) -> None:
    section = lire(PETIT, now).sections.get(ancre="1")
    corrigee = corriger(section, now, titre=" Le  contrat ", texte="Neuf\r\n\u202e**gras**\n\n", en_clair="Simple.")
    assert (corrigee.titre, corrigee.texte, corrigee.en_clair) == ("Le contrat", "Neuf\n**gras**", "Simple.")
    assert (corrigee.ancre, corrigee.v) == ("1", 1)


def test_deux_mains_sur_une_partie_la_seconde_est_prevenue(now: datetime) -> None:
    section = lire(PETIT, now).sections.get(ancre="1")
    corriger(section, now, texte="Le premier.", v=0)
    assert code_du_refus(lambda: corriger(section, now, texte="Le second.", v=0))[0] == "conflit"
    section.refresh_from_db()
    assert section.texte == "Le premier."


def test_deux_mains_sur_la_presentation_la_seconde_est_prevenue(now: datetime) -> None:
    version = lire(PETIT, now)
    vu = marque(version)
    presenter(version, now, preambule="Le premier.")
    assert code_du_refus(lambda: presenter(version, now, preambule="Le second.", vu=vu))[0] == "conflit"
    corriger(version.sections.get(ancre="1"), now, texte="Corriger une partie ne gêne pas la présentation.")
    assert presenter(version, now, preambule="Le troisième.").preambule == "Le troisième."


@pytest.mark.parametrize(
    "champs",
    [
        {"titre": "  "},
        {"titre": "a" * 251},
        {"texte": "a" * 10_001},
        {"texte": "a\n\n" * 40_000},
        {"en_clair": "a" * 10_001},
    ],
)
def test_une_correction_hors_forme_est_refusee(now: datetime, champs: dict[str, str]) -> None:
    section = lire(PETIT, now).sections.get(ancre="1")
    assert code_du_refus(lambda: corriger(section, now, **champs))[0] == "forme"


def test_figer_pose_l_empreinte_et_l_inscrit_une_fois(now: datetime) -> None:
    version = lire(PETIT, now)
    empreinte = figer(version=version, now=now)
    assert len(empreinte) == 64
    assert (version.empreinte, version.figee_le) == (empreinte, now)
    assert figer(version=version, now=now + timedelta(days=1)) == empreinte
    version.refresh_from_db()
    assert version.figee_le == now
    assert Entree.objects.filter(acte="version_figee", objet_id=version.pk).count() == 1
    assert verifier_version(version)
    assert all(len(s.empreinte) == 64 for s in version.sections.all())


def test_l_empreinte_depend_de_chaque_valeur(now: datetime) -> None:
    def empreinte(version: Version) -> str:
        valeur = ""
        with transaction.atomic():
            valeur = figer(version=version, now=now)
            transaction.set_rollback(True)
        return valeur

    version = lire(PETIT, now)
    dessin = image(version, alt="Un mur")
    empreintes = [empreinte(version), empreinte(version)]
    assert len(set(empreintes)) == 1
    section = version.sections.get(ancre="2")
    for champ in ("texte", "titre", "en_clair", "numero"):
        Section.objects.filter(pk=section.pk).update(**{champ: "autre"})
        empreintes.append(empreinte(version))
    Image.objects.filter(pk=dessin.pk).update(alt="Un autre mur")
    empreintes.append(empreinte(version))
    Image.objects.filter(pk=dessin.pk).update(octets=png(41, 20))
    empreintes.append(empreinte(version))
    Version.objects.filter(pk=version.pk).update(preambule="autre")
    empreintes.append(empreinte(version))
    assert len(set(empreintes)) == len(empreintes) - 1


def test_une_version_figee_refuse_toute_correction(now: datetime) -> None:
    version = lire(PETIT, now)
    dessin = image(version, alt="Un mur")
    figer(version=version, now=now)
    section = version.sections.get(ancre="1")
    for acte in (
        lambda: corriger(section, now, texte="x"),
        lambda: presenter(version, now, titre="x"),
        lambda: decrire_image(image=dessin, alt="autre", ancien="Un mur", par=None, now=now),
        lambda: effacer_version(version=version, par=None, now=now),
    ):
        code, phrase = code_du_refus(acte)
        assert (code, "figée" in phrase) == ("conflit", True)


@pytest.mark.parametrize("table", ["version", "section", "image", "rapport"])
def test_la_base_elle_meme_refuse_de_changer_ce_qui_est_fige(now: datetime, table: str) -> None:
    version = lire(PETIT, now)
    dessin = image(version, alt="Un mur")
    figer(version=version, now=now)
    objets: dict[str, tuple[Any, dict[str, Any]]] = {
        "version": (Version.objects.filter(pk=version.pk), {"preambule": "x"}),
        "section": (version.sections.filter(ancre="1"), {"texte": "x"}),
        "image": (Image.objects.filter(pk=dessin.pk), {"octets": b"x"}),
        "rapport": (Rapport.objects.filter(pk=version.rapport_id), {"annee": 1}),
    }
    qs, champs = objets[table]
    with pytest.raises(DatabaseError), transaction.atomic():
        qs.update(**champs)
    if table != "rapport":  # un rapport qui a des versions est tenu par leur clé étrangère
        with pytest.raises(DatabaseError), transaction.atomic():
            qs._raw_delete(qs.db)
    assert verifier_version(version)


def test_un_octet_change_par_dessous_se_voit_et_se_nomme(now: datetime) -> None:
    version = lire(PETIT, now)
    figer(version=version, now=now)
    declencheurs.retirer(connection)
    section = version.sections.get(ancre="2")
    Section.objects.filter(pk=section.pk).update(texte=section.texte.replace("deux", "deuX"))
    assert not verifier_version(version)
    dits = " ".join(str(constat) for constat in verifier().constats)
    assert str(section.pk) in dits


def test_une_image_sans_description_empeche_de_figer(now: datetime) -> None:
    version = lire(PETIT, now)
    dessin = image(version)
    code, phrase = code_du_refus(lambda: figer(version=version, now=now))
    assert (code, "description" in phrase) == ("forme", True)
    version.refresh_from_db()
    assert not version.is_figee
    assert code_du_refus(lambda: decrire_image(image=dessin, alt=" ", ancien="", par=None, now=now))[0] == "forme"
    decrire_image(image=dessin, alt="Un mur de briques", ancien="", par=None, now=now)
    assert code_du_refus(lambda: decrire_image(image=dessin, alt="Autre", ancien="", par=None, now=now))[0] == "conflit"
    assert figer(version=version, now=now)


def test_une_version_sans_partie_ne_se_fige_pas(now: datetime) -> None:
    vide = fabriques.version(sections=0)
    assert code_du_refus(lambda: figer(version=vide, now=now))[0] == "forme"


def test_la_description_d_une_image_suit_les_memes_octets(now: datetime) -> None:
    texte = PETIT + f"\n![](data:image/png;base64,{base64.b64encode(png()).decode()})\n"
    premiere = lire(texte, now)
    decrire_image(image=premiere.images.get(), alt="Un mur", ancien="", par=None, now=now)
    assert lire(texte, now).images.get().alt == "Un mur"


def test_effacer_un_brouillon(now: datetime) -> None:
    version = lire(PETIT, now)
    image(version)
    effacer_version(version=version, par=None, now=now)
    assert not Rapport.objects.exists()
    assert not Section.objects.exists()


def test_une_version_employee_ne_s_efface_pas(now: datetime) -> None:
    version = lire(PETIT, now)
    fabriques.consultation(version=version, transmise=False)
    assert code_du_refus(lambda: effacer_version(version=version, par=None, now=now))[0] == "conflit"
    assert version.sections.count() == 2


def test_une_partie_se_lit_entre_ses_voisines(now: datetime) -> None:
    version = lire(rapport_2024(), now)
    lue = lecture(version, "2-3")
    assert lue is not None
    assert lue.precedente is not None
    assert lue.suivante is not None
    assert (lue.precedente.ancre, lue.section.ancre, lue.suivante.ancre) == ("2-2", "2-3", "2-4")
    premiere, derniere = lecture(version, "1"), lecture(version, sommaire(version)[-1].ancre)
    assert premiere is not None
    assert premiere.precedente is None
    assert derniere is not None
    assert derniere.suivante is None
    assert lecture(version, "absente") is None
    chapitre = lecture(version, "2")
    assert chapitre is not None
    assert [s.numero for s in chapitre.dedans] == ["2.1", "2.2", "2.3", "2.4", "2.5"]


def test_lire_tout_coute_autant_de_requetes_pour_2_et_20_parties(now: datetime, django_assert_num_queries: Any) -> None:
    for nombre in (2, 20):
        version = fabriques.version(sections=nombre)
        image(version)
        version.sections.update(texte="![](image:image-1)")
        with django_assert_num_queries(2):
            assert all(images_de(section) for section in parties(version))
        with django_assert_num_queries(1):
            assert len(sommaire(version)) == nombre
