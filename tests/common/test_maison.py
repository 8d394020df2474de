"""Les filtres et balises des gabarits."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django import forms
from django.template import Context, Template
from django.utils.safestring import SafeString

from outils import vendor
from participation.common.templatetags import maison

RACINE = Path(__file__).parents[2]
NB, F = "\u00a0", "\u202f"


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("Qui ? Vous : « oui » !", f"Qui{NB}? Vous{NB}: «{NB}oui{NB}»{NB}!"),
        ("«oui»", f"«{NB}oui»"),
        ("http://a.fr à 12:30", "http://a.fr à 12:30"),
    ],
)
def test_la_ponctuation_ne_se_separe_pas(texte: str, attendu: str) -> None:
    assert maison.typo(texte) == attendu


def test_la_typographie_n_ouvre_pas_l_echappement() -> None:
    assert Template("{{ t|typo }}").render(Context({"t": "<b> ?"})) == f"&lt;b&gt;{NB}?"
    assert isinstance(maison.typo(SafeString("a ?")), SafeString)


@pytest.mark.parametrize(
    ("valeur", "attendu"),
    [(97600, f"97{F}600{NB}€"), (6286281, f"6{F}286{F}281{NB}€"), (0, f"0{NB}€"), (12.5, f"12,50{NB}€"), (None, "")],
)
def test_les_montants_se_lisent_a_la_francaise(valeur: float | None, attendu: str) -> None:
    assert maison.euros(valeur) == attendu


@pytest.mark.parametrize(
    ("combien", "mots", "attendu"),
    [
        (0, "réponse", f"0{NB}réponse"),
        (1, "réponse", f"1{NB}réponse"),
        (2, "réponse", f"2{NB}réponses"),
        (3, "avis", f"3{NB}avis"),
        (4, "conseil citoyen", f"4{NB}conseils citoyens"),
        (5, "journal,journaux", f"5{NB}journaux"),
    ],
)
def test_le_pluriel_suit_le_nombre(combien: int, mots: str, attendu: str) -> None:
    assert maison.pluriel(combien, mots) == attendu


def test_une_icone_est_muette_et_vient_de_la_planche() -> None:
    rendu = Template('{% icone "check" %}').render(Context())
    assert rendu == (
        '<svg class="ico" aria-hidden="true" focusable="false"><use href="/static/icons/sprite.svg#check"></use></svg>'
    )


def test_chaque_icone_nommee_est_sur_la_planche() -> None:
    nommees = {
        (str(fichier.relative_to(RACINE)), nom)
        for fichier in (RACINE / "templates").rglob("*.html")
        for nom in re.findall(r"""{%\s*icone\s+["']([\w-]+)["']""", fichier.read_text())
    }
    connues = maison.icones_connues()
    assert len(nommees) > 10
    assert {(fichier, nom) for fichier, nom in nommees if nom not in connues} == set()


def test_les_fichiers_venus_d_ailleurs_sont_ceux_du_verrou() -> None:
    assert vendor.ecarts() == []


def test_un_fichier_vendu_qui_change_se_voit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vendor, "empreinte", lambda fichier: "0" * 64)
    assert any("a changé" in phrase for phrase in vendor.ecarts())


def test_un_champ_rendu_porte_un_nom_lisible() -> None:
    assert maison.nom_de_champ("observation-2-texte") == "Observation 2, texte"
    assert maison.nom_de_champ("date_seance") == "Date de la séance"
    assert maison.nom_de_champ("mot_libre") == "Mot libre"
    assert maison.libelle_de_saisie("FAVORABLE_RESERVES", "sens") == "Favorable avec réserves"
    assert maison.libelle_de_saisie("FAVORABLE", "texte") == "FAVORABLE"


class DemandeForm(forms.Form):
    texte = forms.CharField(label="Votre demande", help_text="Une phrase suffit.")
    choix = forms.ChoiceField(label="Réponse", choices=[("o", "Oui"), ("n", "Non")], widget=forms.RadioSelect)


def test_l_aide_et_l_erreur_d_un_champ_lui_sont_reliees() -> None:
    rendu = str(DemandeForm({}))
    assert 'aria-describedby="id_texte_helptext id_texte_error"' in rendu
    assert re.search(r'<p class="aide" id="id_texte_helptext">', rendu)
    assert re.search(r'id="id_texte_error"', rendu)
    assert 'aria-invalid="true"' in rendu
    assert '<fieldset class="champ" data-erreur' in rendu


def test_le_resume_des_erreurs_mene_au_champ() -> None:
    rendu = Template('{% include "components/erreurs.html" %}').render(Context({"form": DemandeForm({})}))
    assert 'href="#id_texte"' in rendu
    assert 'href="#id_choix_0"' in rendu
    assert 'id="id_choix_0"' in str(DemandeForm({}))
    vide = Template('{% include "components/erreurs.html" %}').render(Context({"form": DemandeForm()}))
    assert vide.strip() == ""


def test_l_heure_ne_se_coupe_pas_a_la_fin_d_une_ligne() -> None:
    instant = datetime(2025, 10, 30, 22, 59, 59, tzinfo=UTC)
    assert maison.instant_court(instant) == "jeudi 30 octobre 2025 à 23\u00a0h\u00a059"
    long = f"jeudi 30 octobre 2025 à 23{NB}h{NB}59{NB}min{NB}59{NB}s, heure de Paris"
    assert maison.instant_long(instant) == long


def test_la_taille_d_un_fichier_se_dit_en_ko_puis_en_mo() -> None:
    assert [maison.poids(n) for n in (12, 37_012, 2_400_000, 10_000_000)] == [
        "1\u00a0Ko",
        "37\u00a0Ko",
        "2,4\u00a0Mo",
        "10\u00a0Mo",
    ]


def test_une_empreinte_se_lit_en_huit_groupes_de_huit() -> None:
    assert [len(groupe) for groupe in maison.par_huit("a" * 64)] == [8] * 8


def test_la_fin_d_une_phrase_commence_en_bas_de_casse() -> None:
    assert maison.minuscule("Récépissé signé") == "récépissé signé"
    assert maison.minuscule("") == ""
