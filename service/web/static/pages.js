// What pages do beyond HTML: print, and apply the order of a list as soon as it is chosen.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-print]");
  if (!link) return;
  event.preventDefault();
  print();
});

document.addEventListener("change", (event) => {
  const form = event.target.closest("form.view");
  if (form) form.requestSubmit();
});

// "None of these" and another choice exclude each other.
document.addEventListener("change", (event) => {
  const box = event.target;
  if (box.type !== "checkbox" || !box.checked) return;
  const others = box.closest("fieldset")?.querySelectorAll(`input[name="${CSS.escape(box.name)}"]`);
  for (const other of others ?? [])
    if (other !== box && (box.value === "~none" || other.value === "~none")) other.checked = false;
});

// Printed, every card is open.
const closed = [];
addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll(".block.potential details:not([open])")) {
    closed.push(details);
    details.open = true;
  }
});
addEventListener("afterprint", () => {
  for (const details of closed.splice(0)) details.open = false;
});
