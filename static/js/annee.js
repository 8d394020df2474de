// Le curseur de « Une année en trois minutes » : dit la date où il est. Sans lui, le curseur et les boutons marchent.

const curseur = document.querySelector("[data-annee] input[type=range]");

function dire() {
  const date = curseur.list.querySelector(`option[value="${curseur.value}"]`).label;
  curseur.form.querySelector("output").value = date;
  curseur.setAttribute("aria-valuetext", date);
}

curseur.addEventListener("input", dire);
dire();
