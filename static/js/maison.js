// Le seul script de toutes les pages. Tout marche sans lui : il copie, compte, retient un second envoi, place le focus.

const MINUTE = 60000;
const HEURE = 60 * MINUTE;

function jourAParis(instant) {
  const morceaux = new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/Paris" }).format(instant);
  return Date.parse(morceaux + "T00:00:00Z");
}

/** Ce qui reste avant la borne, exclue : la même règle que le serveur (common/affichage.py). */
export function reste(borne, maintenant) {
  const duree = borne - maintenant;
  if (duree <= 0) return { nombre: null, unite: "", clos: true };
  if (duree < MINUTE) return { nombre: null, unite: "moins d’une minute,", clos: false };
  let nombre;
  let unite;
  if (duree > 48 * HEURE) {
    nombre = Math.round((jourAParis(borne - 1) - jourAParis(maintenant)) / (24 * HEURE));
    unite = "jour";
  } else if (duree >= HEURE) {
    nombre = Math.floor(duree / HEURE);
    unite = "heure";
  } else {
    nombre = Math.floor(duree / MINUTE);
    unite = "minute";
  }
  return { nombre, unite: unite + (nombre > 1 ? "s," : ","), clos: false };
}

function tenirLeCompte(compte) {
  const borne = Date.parse(compte.dataset.borne);
  const depart = Date.parse(compte.dataset.maintenant);
  const ouverture = performance.now();
  const suivre = () => {
    const maintenant = depart + performance.now() - ouverture;
    const etat = reste(borne, maintenant);
    if (etat.clos) {
      compte.textContent = "C’est terminé. Rechargez la page pour voir la suite.";
      return;
    }
    const nombre = compte.querySelector(".nb");
    const unite = compte.querySelector(".j");
    if (nombre) nombre.textContent = etat.nombre ?? "";
    if (unite) unite.textContent = etat.unite;
    setTimeout(suivre, Math.min(MINUTE, borne - maintenant)); // la dernière fois, à la borne même
  };
  setTimeout(suivre, Math.min(MINUTE, borne - depart));
}

function copier(bouton) {
  const champ = document.getElementById(bouton.dataset.copier);
  if (!champ) return;
  bouton.hidden = false;
  bouton.addEventListener("click", async () => {
    champ.select();
    let fait = false;
    try {
      await navigator.clipboard.writeText(champ.value);
      fait = true;
    } catch {
      fait = document.execCommand("copy");
    }
    const mot = bouton.querySelector("span") ?? bouton;
    mot.textContent = fait ? "Copié" : "Texte choisi : copiez-le";
    mot.setAttribute("role", "status");
  });
}

/** Un second appui pendant l'envoi ne part pas ; la largeur du bouton ne bouge pas. */
function retenirLeSecondEnvoi(evenement) {
  const form = evenement.target;
  if (evenement.defaultPrevented || form.method !== "post") return;
  if (form.dataset.envoi) {
    evenement.preventDefault();
    return;
  }
  form.dataset.envoi = "1";
  const bouton = evenement.submitter;
  if (!bouton) return;
  bouton.setAttribute("aria-disabled", "true");
  bouton.dataset.mot = bouton.textContent;
  bouton.textContent = "Envoi…";
}

/** Règle 21 : le brouillon gardé sur l'appareil s'efface quand la personne sort, ou laisse sa place. */
function oublierLesBrouillons(evenement) {
  const chemin = new URL(evenement.target.getAttribute("action") ?? "", location.href).pathname;
  if (!chemin.endsWith("/logout/") && !chemin.startsWith("/demo/connexion/")) return;
  try {
    Object.keys(localStorage).filter((cle) => cle.startsWith("brouillon:")).forEach((cle) => localStorage.removeItem(cle));
  } catch {
    // stockage refusé par le navigateur : rien n'y était gardé
  }
}

/** Déposé : le brouillon de cette saisine n'a plus rien à garder (règle 21). */
function oublierLeBrouillon(recu) {
  try {
    localStorage.removeItem(recu.dataset.brouillonDepose);
  } catch {
    // stockage refusé par le navigateur : rien n'y était gardé
  }
}

function liberer() {
  for (const form of document.querySelectorAll("form[data-envoi]")) delete form.dataset.envoi;
  for (const bouton of document.querySelectorAll("[data-mot][aria-disabled]")) {
    bouton.removeAttribute("aria-disabled");
    bouton.textContent = bouton.dataset.mot;
    delete bouton.dataset.mot;
  }
}

document.querySelectorAll("[data-compte]").forEach(tenirLeCompte);
document.querySelectorAll("[data-copier]").forEach(copier);
document.querySelectorAll("[data-brouillon-depose]").forEach(oublierLeBrouillon);
document.addEventListener("submit", oublierLesBrouillons);
document.addEventListener("submit", retenirLeSecondEnvoi);
window.addEventListener("pageshow", (page) => page.persisted && liberer());
document.querySelector("[data-focus]")?.focus();
