// What pages do beyond HTML: print, remember, copy, and lead the focus.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-print]");
  if (!link) return;
  event.preventDefault();
  print();
});

// Where the server does not know by which name it is reached, the browser does.
for (const field of document.querySelectorAll("#own-link, #link"))
  if (field.value.startsWith("/")) field.value = location.origin + field.value;

// What a visitor keeps is remembered here, by the browser alone; the address carries it to the page.
const KEPT = "huice-kept";
const kept = () => {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) ?? [];
  } catch {
    return [];
  }
};
const tell = (button) => {
  const on = kept().includes(button.dataset.keep);
  button.textContent = on ? button.dataset.keepOff : button.dataset.keepOn;
  button.hidden = false;
};
for (const button of document.querySelectorAll("[data-keep]")) {
  tell(button);
  button.addEventListener("click", () => {
    const id = button.dataset.keep;
    const now = kept().includes(id) ? kept().filter((k) => k !== id) : [...kept(), id];
    localStorage.setItem(KEPT, JSON.stringify(now));
    tell(button);
  });
}
if (document.querySelector("[data-kept]") && !location.search && kept().length)
  location.replace("?" + kept().map((id) => "p=" + encodeURIComponent(id)).join("&"));

// The key of a self-check is remembered here when its owner asks for it; a telephone, which is one
// person's own, remembers it until told not to. Whoever is at the device can then go on with it.
const CASE = "huice-case";
const remembered = () => {
  try {
    const found = JSON.parse(localStorage.getItem(CASE));
    return found && (!found.until || new Date(found.until) > new Date()) ? found : null;
  } catch {
    return null;
  }
};
const own = document.querySelector("[data-remember]");
if (own) {
  const { remember: key, until, on, off } = own.dataset;
  const isHere = () => remembered()?.key === key && remembered().on;
  const set = (on) => localStorage.setItem(CASE, JSON.stringify({ key, until, on }));
  const show = () => (own.textContent = isHere() ? off : on);
  const telephone = matchMedia("(pointer: coarse) and (max-width: 40rem)").matches;
  if (isHere() || (telephone && remembered()?.key !== key)) set(true);
  own.addEventListener("click", () => {
    set(!isHere());
    show();
  });
  own.hidden = false;
  show();
}
const offer = document.querySelector("[data-go-on]");
if (offer && remembered()?.on) {
  offer.querySelector("a").href = offer.dataset.goOn + remembered().key + "/answers";
  offer.querySelector("[data-forget]").addEventListener("click", () => {
    localStorage.removeItem(CASE);
    offer.hidden = true;
  });
  offer.hidden = false;
}
if (document.querySelector("[data-deleted]") && location.pathname.includes(remembered()?.key))
  localStorage.removeItem(CASE);

// On a wide screen the filters stand open beside the list.
const facets = document.querySelector(".facets");
if (facets && matchMedia("(min-width: 56rem)").matches) facets.open = true;

// Copy what stands in a field, and say so.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const field = document.querySelector(button.dataset.copy);
  field.select();
  navigator.clipboard?.writeText(field.value).then(() => {
    button.textContent = button.dataset.copied;
  });
});

// "None of these" and another choice exclude each other.
document.addEventListener("change", (event) => {
  const box = event.target;
  if (box.type !== "checkbox" || !box.checked) return;
  const others = box.closest("fieldset")?.querySelectorAll(`input[name="${CSS.escape(box.name)}"]`);
  const denies = (choice) => choice.closest(".none") !== null;
  for (const other of others ?? [])
    if (other !== box && (denies(box) || denies(other))) other.checked = false;
});

// Who chooses from the list means that, and no more what he typed to find it.
document.addEventListener("change", (event) => {
  const words = event.target.closest(".found")?.parentElement.querySelector('input[name$="~q"]');
  if (words && event.target.checked) words.value = "";
});

// After a part of the page was replaced, the focus goes to what came in its place.
let wanted = null;
document.addEventListener("htmx:before:request", (event) => {
  const form = event.target.closest("form[data-focus]");
  wanted = form ? form.dataset.focus : null;
});
document.addEventListener("htmx:after:swap", () => {
  if (!wanted) return;
  const target = document.querySelector(wanted) ?? document.querySelector("h1");
  wanted = null;
  if (!target) return;
  target.tabIndex = -1;
  target.focus();
});
document.querySelector("[autofocus]")?.focus();
