// Turns the page's sections into tabs and its switch of futures into a filter. Without it the page is a long
// document whose links jump to its parts.
"use strict";
(function () {
  var all = function (selector, root) { return Array.from((root || document).querySelectorAll(selector)); };
  var root = document.documentElement;
  var links = all(".tabs a");
  var pages = all("main > section");

  function show(page, focus) {
    pages.forEach(function (other) { other.hidden = other !== page; });
    links.forEach(function (link) {
      var current = link.hash === "#" + page.id;
      link.setAttribute("aria-selected", String(current));
      link.tabIndex = current ? 0 : -1;
      if (current) {
        // Only the bar itself scrolls, never the page.
        var bar = link.closest("ul");
        bar.scrollLeft = link.offsetLeft - (bar.clientWidth - link.offsetWidth) / 2;
        if (focus) { link.focus({ preventScroll: true }); }
      }
    });
  }

  // Any address inside the page opens the tab that it lies in.
  function follow() {
    var target = location.hash ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
    var page = target ? target.closest("main > section") : null;
    if (target && !page) { return; }
    show(page || pages[0], false);
    if (target && target !== page) { target.scrollIntoView(); } else if (target) { top(); }
  }

  // A new tab starts at its beginning, with the bar at the top if the masthead is out of sight.
  function top() {
    var edge = document.querySelector(".masthead").offsetHeight;
    window.scrollTo(0, Math.min(window.scrollY, edge));
  }

  function open(link, focus) {
    history.replaceState(null, "", link.hash);
    show(document.getElementById(link.hash.slice(1)), focus);
    top();
  }

  // The tabs of the ARIA Authoring Practices: one stop for the tabulator, arrows between the tabs.
  function tabs() {
    var list = document.querySelector(".tabs ul");
    list.setAttribute("role", "tablist");
    all("li", list).forEach(function (item) { item.setAttribute("role", "presentation"); });
    links.forEach(function (link, k) {
      var page = document.getElementById(link.hash.slice(1));
      link.id = "tab-" + page.id;
      link.setAttribute("role", "tab");
      link.setAttribute("aria-controls", page.id);
      page.setAttribute("role", "tabpanel");
      page.setAttribute("aria-labelledby", link.id);
      page.tabIndex = 0;
      link.addEventListener("click", function (event) { event.preventDefault(); open(link, true); });
      link.addEventListener("keydown", function (event) {
        var to = { ArrowRight: k + 1, ArrowLeft: k - 1, Home: 0, End: links.length - 1 }[event.key];
        if (event.key === " ") { to = k; }
        if (to === undefined) { return; }
        event.preventDefault();
        open(links[(to + links.length) % links.length], true);
      });
    });
  }

  // Shows what is about one future, or about all.
  function filter(scenario) {
    all("[data-scenario]").forEach(function (part) {
      part.hidden = scenario !== "" ? part.dataset.scenario !== scenario : false;
    });
    root.classList.toggle("one", scenario !== "");
  }

  function futures() {
    var choice = document.querySelector(".switch");
    if (!choice) { return; }
    choice.hidden = false;
    choice.addEventListener("change", function (event) { filter(event.target.value); });
    var chosen = choice.querySelector("input:checked");
    if (chosen) { filter(chosen.value); }
  }

  // What stands unfolded for paper is folded on a screen, and unfolded again for the printer.
  var folded = all("details[open]");
  function fold(shut) { folded.forEach(function (part) { part.open = !shut; }); }

  root.classList.add("js");
  tabs();
  futures();
  fold(true);
  follow();
  window.addEventListener("hashchange", follow);
  window.addEventListener("beforeprint", function () { fold(false); });
  window.addEventListener("afterprint", function () { fold(true); });
})();
