// Les clés d'accès : créer une clé, ou entrer avec. Le défi vient d'un POST ; la réponse part dans un formulaire ordinaire.

const REFUS = "La clé n’a pas répondu. Recommencez, ou entrez avec un code.";

const octets = (texte) => Uint8Array.from(atob(texte.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));

function texte(tampon) {
  if (!tampon) return null;
  const lettres = Array.from(new Uint8Array(tampon), (octet) => String.fromCharCode(octet)).join("");
  return btoa(lettres).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function lireOptions({ publicKey }) {
  const cle = { ...publicKey, challenge: octets(publicKey.challenge) };
  if (cle.user) cle.user = { ...cle.user, id: octets(cle.user.id) };
  for (const liste of ["allowCredentials", "excludeCredentials"]) {
    if (cle[liste]) cle[liste] = cle[liste].map((c) => ({ ...c, id: octets(c.id) }));
  }
  return { publicKey: cle };
}

function ecrireReponse(cle) {
  const response = { clientDataJSON: texte(cle.response.clientDataJSON) };
  for (const nom of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (cle.response[nom]) response[nom] = texte(cle.response[nom]);
  }
  const clientExtensionResults = cle.getClientExtensionResults();
  return JSON.stringify({ id: cle.id, rawId: texte(cle.rawId), type: cle.type, response, clientExtensionResults });
}

async function demanderLeDefi(form) {
  const corps = new FormData();
  corps.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  const reponse = await fetch(form.dataset.options, { method: "POST", body: corps });
  if (!reponse.ok) throw new Error(`défi refusé : ${reponse.status}`);
  return lireOptions(await reponse.json());
}

async function signer(form) {
  const options = await demanderLeDefi(form);
  const creer = form.dataset.cle === "creer";
  const cle = creer ? await navigator.credentials.create(options) : await navigator.credentials.get(options);
  form.elements.credential.value = ecrireReponse(cle);
  if (document.getElementById(form.dataset.garder)?.checked) {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "garder", value: "on" }));
  }
  form.submit();
}

function preparer(form) {
  form.hidden = false;
  const refus = form.querySelector("[data-refus]");
  form.querySelector("button").addEventListener("click", async (evenement) => {
    const bouton = evenement.currentTarget;
    refus.textContent = "";
    bouton.setAttribute("aria-disabled", "true");
    try {
      await signer(form);
    } catch {
      refus.textContent = REFUS;
      bouton.removeAttribute("aria-disabled");
    }
  });
}

if (window.PublicKeyCredential) {
  document.querySelectorAll("form[data-cle]").forEach(preparer);
  document.querySelectorAll("[data-sans-cle]").forEach((alerte) => alerte.remove());
}
