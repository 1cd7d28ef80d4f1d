// The ledger's filter; without it every row is shown.
const form = document.querySelector("form.filter");
if (form) {
  const rows = [...document.querySelectorAll("table.ledger tbody tr")];
  const texts = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
  const show = () => {
    const verdicts = new Set(
      [...form.querySelectorAll("input[name=verdict]:checked")].map((box) => box.value),
    );
    const section = form.elements.section.value;
    const words = form.elements.words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const wanted =
        verdicts.has(row.dataset.verdict) &&
        (!section || row.dataset.section === section) &&
        words.every((word) => texts.get(row).includes(word));
      row.hidden = !wanted;
      shown += wanted;
    }
    form.querySelector("output").value = `${shown} of ${rows.length} shown`;
  };
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  show();
}
