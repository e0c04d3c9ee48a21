// The frame that gradio serves says it is in English; screen readers would read French as such.
document.documentElement.lang = "fr";
// Gradio words its own parts, such as the drop zone, in the browser's language: one page, one tongue.
for (const [name, value] of [["language", "fr"], ["languages", ["fr"]]]) {
  Object.defineProperty(navigator, name, { get: () => value, configurable: true });
}

// Some names that gradio gives its parts for screen readers are English in every language. Where the
// part has its own French words, these are its name; else the name is given in French.
(() => {
  const SPOKEN = [
    [/^Click to upload or drop files$/, ""],
    [/^number input for (.+)$/, "$1, en chiffres"],
    [/^range slider for (.+)$/, "$1, au curseur"],
    [/^More tabs$/, "Autres pages"],
  ];

  const rename = (part) => {
    const name = part.getAttribute("aria-label");
    const found = SPOKEN.find(([english]) => english.test(name));
    if (!found) return;
    const french = name.replace(...found);
    if (french) part.setAttribute("aria-label", french);
    else part.removeAttribute("aria-label");
  };

  const look = (changes) => {
    for (const { type, target, addedNodes } of changes) {
      if (type === "attributes" && target.hasAttribute("aria-label")) rename(target);
      for (const node of addedNodes) {
        if (!(node instanceof Element)) continue;
        if (node.hasAttribute("aria-label")) rename(node);
        node.querySelectorAll("[aria-label]").forEach(rename);
      }
    }
  };

  new MutationObserver(look).observe(document, {
    subtree: true,
    childList: true,
    attributeFilter: ["aria-label"],
  });
})();

// Gradio refuses a file that is too large in English and keeps the field in an error state. This
// looks first, and says it in French beside the field. The server writes the limit's number here.
(() => {
  const MESSAGE =
    "Ce fichier dépasse 10 Mo. Allégez-le, ou collez le texte de votre CV.";

  const zoneOf = (event) => event.target.closest?.(".jm-cv-file");

  const showTooLarge = (zone) => {
    const notice = document.createElement("div");
    notice.className = "jm-notice jm-error jm-too-large";
    notice.setAttribute("role", "alert");
    const text = document.createElement("p");
    text.textContent = MESSAGE;
    notice.append(text);
    zone.after(notice);
  };

  const check = (event, files) => {
    const zone = zoneOf(event);
    if (!zone || !files?.length) return;
    document.querySelectorAll(".jm-too-large").forEach((told) => told.remove());
    if ([...files].every((file) => file.size <= MAX_FILE_BYTES)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.type === "change") event.target.value = "";
    showTooLarge(zone);
  };

  // In the capture phase of the document: before the field's own listeners.
  document.addEventListener("change", (event) => check(event, event.target.files), true);
  document.addEventListener("drop", (event) => check(event, event.dataTransfer?.files), true);
})();
