/* What the page does in the browser beyond htmx: live updates, the theme, the key for search. */
"use strict";

const REST = 4000; // milliseconds between two announcements

function follow() {
  const shown = document.getElementById("live-state");
  const news = document.getElementById("news");
  let source = null;
  let missed = false;
  let said = 0;

  const say = (state, text) => {
    shown.dataset.state = state;
    shown.querySelector(".text").textContent = text;
  };
  const refresh = () => document.body.dispatchEvent(new CustomEvent("live"));
  const open = () => {
    source = new EventSource("/live");
    source.addEventListener("ready", () => {
      say("on", "Live");
      if (missed) refresh();
      missed = false;
    });
    source.addEventListener("changed", (event) => {
      refresh();
      const { text } = JSON.parse(event.data);
      if (text && Date.now() - said > REST) {
        news.textContent = text;
        said = Date.now();
      }
    });
    source.addEventListener("error", () => {
      missed = true;
      say("off", source.readyState === EventSource.CLOSED ? "Not live: reload" : "Reconnecting");
    });
  };
  const close = () => {
    source?.close();
    source = null;
    missed = true;
  };
  // A page that nobody sees needs no updates; it catches up when it is looked at again.
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : source || open()));
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", (event) => event.persisted && !source && open());
  if (!document.hidden) open();
}

function switchTheme(button) {
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  button.hidden = false;
  button.addEventListener("click", () => {
    const now = root.dataset.theme || (dark.matches ? "dark" : "light");
    root.dataset.theme = now === "dark" ? "light" : "dark";
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `theme=${root.dataset.theme}; Path=/; Max-Age=31536000; SameSite=Strict${secure}`;
  });
}

function searchKey(event) {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  const field = document.getElementById("q");
  if (field) {
    field.focus();
    field.select();
  } else if (document.body.hasAttribute("data-live")) {
    location.assign("/#q");
  }
}

// On a phone the filters are folded away until somebody wants them.
const filter = document.getElementById("filter");
if (filter && !filter.hasAttribute("data-filtered") && window.matchMedia("(max-width: 720px)").matches) {
  filter.querySelector("details").open = false;
}
// On a phone the tab of this page may be out of sight; scrollIntoView would also move where Tab goes on from.
const current = document.querySelector(".tabs [aria-current]");
if (current) {
  const tabs = current.closest(".tabs");
  tabs.scrollLeft = current.offsetLeft - tabs.offsetLeft - (tabs.clientWidth - current.offsetWidth) / 2;
}
document.documentElement.classList.add("script");
if (document.body.hasAttribute("data-live")) follow();
switchTheme(document.getElementById("theme"));
document.addEventListener("keydown", searchKey);
if (location.hash === "#q") document.getElementById("q")?.focus();
