// The page that compares two runs: j and k walk through the changes. The page reads without it.
"use strict";
(() => {
  document.documentElement.classList.add("js");
  const changes = Array.from(document.querySelectorAll(".change"));
  let at = -1;
  addEventListener("keydown", (event) => {
    const way = { j: 1, n: 1, k: -1, p: -1 }[event.key];
    if (!way || event.ctrlKey || event.metaKey || event.altKey || !changes.length) return;
    changes[at]?.classList.remove("on");
    at = Math.max(0, Math.min(changes.length - 1, at + way));
    changes[at].classList.add("on");
    changes[at].tabIndex = -1;
    changes[at].focus({ preventScroll: true });  // so that screen readers read it, and Tab goes on from it
    changes[at].scrollIntoView({ block: "center" });
  });
})();
