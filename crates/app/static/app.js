// What scripts add to pages that work without them: `/` goes to the search field, `?` to the list of keys, `g` and a letter to a page.
(() => {
  "use strict";
  const pages = { o: "/", b: "/beslut", e: "/ersattningar", v: "/vardgivare", i: "/inrapportering", a: "/avrakning", s: "/statsbidrag", u: "/uppfoljning", k: "/vardkedjan", m: "/bemanning", l: "/logg" };
  let waits = false;
  document.addEventListener("keydown", (event) => {
    const at = event.target;
    const types = at instanceof HTMLInputElement || at instanceof HTMLTextAreaElement || at instanceof HTMLSelectElement;
    if (types || event.ctrlKey || event.metaKey || event.altKey) return;
    if (waits && pages[event.key]) {
      waits = false;
      location.assign(pages[event.key]);
    } else if (event.key === "/") {
      const search = document.getElementById("search");
      if (search) {
        event.preventDefault();
        search.focus();
      }
    } else if (event.key === "?") {
      location.assign("/tangenter");
    }
    waits = event.key === "g";
  });
})();
