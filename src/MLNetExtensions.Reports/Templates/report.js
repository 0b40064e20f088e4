"use strict";
(() => {
  const byId = id => document.getElementById(id);
  const make = (tag, style, text) => {
    const element = document.createElement(tag);
    if (style) element.className = style;
    if (text !== undefined) element.textContent = text;
    return element;
  };

  // Light, dark, or what the system says.
  const theme = byId("theme");
  const themes = ["automatic", "light", "dark"];
  theme.hidden = false;
  theme.addEventListener("click", () => {
    const label = theme.querySelector("span");
    label.textContent = themes[(themes.indexOf(label.textContent) + 1) % themes.length];
    if (label.textContent === "automatic") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = label.textContent;
  });

  // A click on a header sorts; numbers begin with the largest, names with A.
  for (const table of document.querySelectorAll("table.sortable")) {
    const headers = [...table.tHead.rows[0].cells];
    headers.forEach((header, column) => {
      const button = make("button", "", header.textContent);
      button.type = "button";
      header.replaceChildren(button);
      button.addEventListener("click", () => {
        const isNumber = header.classList.contains("n");
        const ascending = header.hasAttribute("aria-sort") ? header.getAttribute("aria-sort") !== "ascending" : !isNumber;
        for (const other of headers) other.removeAttribute("aria-sort");
        header.setAttribute("aria-sort", ascending ? "ascending" : "descending");
        const value = row => {
          const cell = row.cells[column];
          return isNumber ? parseFloat(cell.dataset.v || "-1") : cell.textContent;
        };
        const compare = (a, b) => (isNumber ? value(a) - value(b) : value(a).localeCompare(value(b)));
        const rows = [...table.tBodies[0].rows].sort((a, b) => (ascending ? compare(a, b) : compare(b, a)));
        table.tBodies[0].append(...rows);
      });
    });
  }

  // A cell of the matrix opens its images.
  const data = byId("rows");
  if (data) {
    const { rows, cells } = JSON.parse(data.textContent);
    const panel = byId("cell");
    let opener = null;
    const close = () => {
      panel.hidden = true;
      if (opener) {
        opener.setAttribute("aria-expanded", "false");
        opener.focus();
      }
      opener = null;
    };
    const card = number => {
      const row = rows[number];
      const item = make("li", "card");
      const picture = make("div", "picture");
      const source = row.source ?? document.querySelector(`img[data-row="${number}"]`)?.src;
      if (source) {
        const image = make("img");
        image.src = source;
        image.alt = row.name;
        picture.append(image);
      } else {
        picture.append(make("p", "problem", `cannot be read: ${row.problem}`));
      }
      const path = make("p", "small path", row.name);
      path.title = row.path;
      item.append(picture, make("p", "small", row.text), path);
      return item;
    };
    for (const button of document.querySelectorAll("button[data-cell]")) {
      button.setAttribute("aria-expanded", "false");
      button.setAttribute("aria-controls", "cell");
      button.title = button.dataset.title;
      button.addEventListener("click", () => {
        if (opener === button) return close();
        opener?.setAttribute("aria-expanded", "false");
        opener = button;
        button.setAttribute("aria-expanded", "true");
        const shown = cells[button.dataset.cell];
        const count = parseInt(button.firstChild.textContent.replaceAll(",", ""), 10);
        byId("cell-title").textContent = button.dataset.title;
        const [actual, predicted] = button.dataset.cell.split("-");
        byId("cell-note").textContent =
          (shown.length < count ? `${shown.length} of them, the ` : "The ") + (actual === predicted ? "least sure first." : "surest first.");
        byId("cell-cards").replaceChildren(...shown.map(card));
        panel.hidden = false;
        panel.focus({ preventScroll: true });
        panel.scrollIntoView({ block: "nearest" });
      });
    }
    byId("cell-close").addEventListener("click", close);
    document.addEventListener("keydown", event => {
      if (event.key === "Escape" && !panel.hidden) close();
    });
  }

  // Paper has nothing to open.
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const details of opened) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
  });
})();
