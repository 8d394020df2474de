// Le QR d'une lettre porte le code après « # » : il ne part jamais vers le serveur. On l'écrit dans le champ, puis on
// l'efface de l'adresse. Sans script, la personne tape le code.
const champ = document.querySelector("[data-lettre] [name=code]");
const code = decodeURIComponent(location.hash.slice(1));
if (champ && /^[A-Za-z0-9-]{10,12}$/.test(code)) {
  champ.value = code;
  history.replaceState(null, "", location.pathname);
}
