// The search, the choice of light or dark, anchors beside headings, and the list of pages on a phone. Without it the pages read as well.
"use strict";

const root = document.currentScript.dataset.root;

const remembered = (() => {
  try {
    return localStorage.getItem("theme");
  } catch {
    return null; // Not kept where pages are opened as files, in some browsers.
  }
})();
if (remembered) document.documentElement.dataset.theme = remembered;
document.getElementById("theme").addEventListener("click", () => {
  const now = document.documentElement.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  const next = now === "dark" ? "light" : "dark";
  document.documentElement.dataset.theme = next;
  try {
    localStorage.setItem("theme", next);
  } catch {
    // Then it holds for this page.
  }
});

// Where the list of pages stands above the text, it is closed until it is asked for.
if (matchMedia("(max-width: 50rem)").matches) {
  for (const section of document.querySelectorAll(".columns > nav details")) section.open = false;
}

for (const heading of document.querySelectorAll("main :is(h2, h3, h4)[id]")) {
  const anchor = document.createElement("a");
  anchor.className = "anchor";
  anchor.href = "#" + heading.id;
  anchor.textContent = "#";
  anchor.setAttribute("aria-label", "Link to: " + heading.textContent);
  heading.append(anchor);
}

const input = document.querySelector("input[type=search]");
const results = document.getElementById("results");

function loadIndex() {
  if (window.searchIndex || document.getElementById("search-index")) return;
  const script = document.createElement("script");
  script.id = "search-index";
  script.src = root + "search-index.js";
  script.onload = search;
  document.head.append(script);
}

// Each word has to be there; in a heading it counts more than in the text.
function search() {
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  results.hidden = words.length === 0 || !window.searchIndex;
  if (results.hidden) return;
  const found = [];
  for (const [title, heading, file, text] of window.searchIndex) {
    const parts = [heading.toLowerCase(), title.toLowerCase(), text.toLowerCase()];
    let score = 0;
    for (const word of words) {
      const best = [8, 4, 1].reduce((sum, weight, i) => sum + (parts[i].includes(word) ? weight : 0), 0);
      if (best === 0) {
        score = 0;
        break;
      }
      score += best;
    }
    if (score > 0) found.push({ title, heading, file, text, score });
  }
  found.sort((a, b) => b.score - a.score);
  results.replaceChildren(...(found.length ? found.slice(0, 12).map((entry) => link(entry, words[0])) : [nothing()]));
}

function link({ title, heading, file, text }, word) {
  const a = document.createElement("a");
  a.href = root + file;
  a.textContent = title === heading ? title : title + ": " + heading;
  const at = Math.max(0, text.toLowerCase().indexOf(word) - 40);
  const small = document.createElement("small");
  small.textContent = (at ? "…" : "") + text.slice(at, at + 140);
  a.append(small);
  return a;
}

function nothing() {
  const p = document.createElement("p");
  p.textContent = "Nothing found.";
  return p;
}

input.addEventListener("focus", loadIndex);
input.addEventListener("input", search);
input.form.addEventListener("submit", (event) => {
  event.preventDefault();
  const first = results.querySelector("a");
  if (first) location.href = first.href;
});
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && document.activeElement !== input && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    input.focus();
  } else if (event.key === "Escape") {
    results.hidden = true;
  }
});
document.addEventListener("click", (event) => {
  if (!results.contains(event.target) && event.target !== input) results.hidden = true;
});
