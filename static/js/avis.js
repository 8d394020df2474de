// Le brouillon d'un projet d'avis : enregistré deux secondes après la frappe, gardé sur l'appareil si le réseau manque.
// Tout marche sans lui : chaque bouton du formulaire enregistre.

const ATTENTE = 2000;
const CORPS_MAX = 60000; // octets : au-delà, un envoi `keepalive` est refusé par le navigateur
const TECHNIQUES = new Set(["csrfmiddlewaretoken", "v", "etape", "suite", "retirer", "observations_total", "reunion_total", "rejointes_total"]);

const form = document.querySelector("form[data-brouillon]");
const cle = form.dataset.brouillon;
const statut = form.querySelector("[data-statut]");
const version = form.elements.namedItem("v");
let attente = 0;
let enCours = null;
let change = false;
let arrete = false;

/** Un enregistrement réussi se montre sans se dire ; seul un souci s'annonce au lecteur d'écran. */
function dire(phrase, isSouci = true) {
  if (!statut || statut.textContent === phrase) return;
  statut.setAttribute("aria-live", isSouci ? "polite" : "off");
  statut.textContent = phrase;
}

function champs() {
  return [...new FormData(form)].filter(([nom, valeur]) => !TECHNIQUES.has(nom) && typeof valeur === "string");
}

function garderIci() {
  try {
    localStorage.setItem(cle, JSON.stringify({ champs: champs() }));
  } catch {
    // stockage plein ou refusé : le serveur reste le seul gardien
  }
}

function oublierIci() {
  try {
    localStorage.removeItem(cle);
  } catch {
    // rien n'était gardé
  }
}

function corps() {
  const donnees = new FormData(form);
  donnees.delete("pieces");
  donnees.delete("retirer");
  donnees.set("suite", "rester");
  return donnees;
}

/** L'heure du site, à Paris : celle du serveur au chargement, plus le temps passé ici. */
function heure() {
  const instant = new Date(Date.parse(form.dataset.maintenant) + performance.now());
  const options = { timeZone: "Europe/Paris", hour: "numeric", minute: "2-digit", hourCycle: "h23" };
  return new Intl.DateTimeFormat("fr", options).format(instant).replace(":", " h ");
}

async function envoyer() {
  const donnees = corps();
  const taille = new Blob([...donnees.values()]).size;
  change = false;
  const reponse = await fetch(form.action, {
    method: "POST",
    body: donnees,
    keepalive: taille < CORPS_MAX,
    headers: { "X-CSRFToken": form.elements.namedItem("csrfmiddlewaretoken").value },
  });
  const arrivee = new URL(reponse.url).pathname;
  if (reponse.redirected && arrivee === new URL(form.action).pathname) {
    version.value = String(Number(version.value) + 1); // chaque enregistrement accepté avance d'une version
    if (!change) oublierIci();
    dire(`Brouillon enregistré à ${heure()}.`, false);
  } else if (reponse.status === 409) {
    arrete = true;
    const isTard = (await reponse.text()).includes("<title>Trop tard");
    dire(isTard ? "Le délai est clos. Votre texte est gardé." : "Ce projet a changé ailleurs. Continuez : vous verrez les deux textes.");
  } else if (reponse.status === 422) {
    dire("Pas encore enregistré : un point est à corriger.");
  } else {
    arrete = true;
    dire("Pas enregistré. Votre texte est gardé sur cet appareil.");
  }
}

function enregistrer() {
  clearTimeout(attente);
  attente = 0;
  if (arrete || !change || enCours) return enCours ?? Promise.resolve();
  enCours = envoyer()
    .catch(() => {
      change = true;
      dire("Pas de réseau. Votre texte est gardé sur cet appareil.");
    })
    .finally(() => {
      enCours = null;
      if (change && !arrete && !form.dataset.envoi) programmer();
    });
  return enCours;
}

function programmer() {
  clearTimeout(attente);
  attente = setTimeout(enregistrer, ATTENTE);
}

form.addEventListener("input", (evenement) => {
  if (evenement.target.type === "file" || evenement.target.name === "retirer") return;
  change = true;
  garderIci();
  if (!arrete) programmer();
});

// Un enregistrement en route finit avant l'envoi : sinon la page se croirait dépassée par elle-même.
form.addEventListener("submit", (evenement) => {
  clearTimeout(attente);
  if (enCours) {
    evenement.preventDefault();
    const bouton = evenement.submitter;
    enCours.finally(() => form.requestSubmit(bouton));
    return;
  }
  arrete = true;
});

window.addEventListener("pagehide", () => change && !arrete && enregistrer());
window.addEventListener("pageshow", (page) => page.persisted && location.reload());

function lire() {
  try {
    return JSON.parse(localStorage.getItem(cle) ?? "null")?.champs ?? null;
  } catch {
    return null;
  }
}

/** Les cases à cocher : décochée, une case n'est pas dans un envoi ; elle se compare et se reprend à part. */
function cases() {
  return [...form.querySelectorAll("input[type=checkbox]")].filter((c) => !TECHNIQUES.has(c.name));
}

function isCochee(gardes, coche) {
  return gardes.some(([nom, valeur]) => nom === coche.name && valeur === coche.value);
}

function differe(gardes) {
  const ici = new FormData(form);
  const noms = new Set(cases().map((coche) => coche.name));
  const autre = ([nom, valeur]) => form.elements.namedItem(nom) && !noms.has(nom) && (ici.get(nom) ?? "") !== valeur;
  return gardes.some(autre) || cases().some((coche) => coche.checked !== isCochee(gardes, coche));
}

function reprendre(gardes) {
  for (const coche of cases()) coche.checked = isCochee(gardes, coche);
  const noms = new Set(cases().map((coche) => coche.name));
  for (const [nom, valeur] of gardes) {
    const champ = form.elements.namedItem(nom);
    if (champ && !noms.has(nom)) champ.value = valeur;
  }
  change = true;
  enregistrer();
}

const gardes = lire();
const bloc = form.querySelector("[data-reprise]");
if (gardes && differe(gardes)) {
  bloc.hidden = false;
  bloc.querySelector("[data-reprendre]").addEventListener("click", () => {
    reprendre(gardes);
    bloc.hidden = true;
  });
  bloc.querySelector("[data-oublier]").addEventListener("click", () => {
    oublierIci();
    bloc.hidden = true;
  });
} else if (gardes) {
  oublierIci();
}
