// What axe doesn't look at. Each function runs inside the page, so it holds all it needs.

// openDetails opens everything that can be opened, those that close each other too.
export function openDetails() {
  for (const details of document.querySelectorAll("details")) {
    details.removeAttribute("name");
    details.open = true;
  }
}

// watchPolicy remembers what the page's CSP refused. It runs before the page does.
export function watchPolicy() {
  window.refused = [];
  document.addEventListener("securitypolicyviolation", (event) => {
    window.refused.push(`${event.violatedDirective}: ${event.blockedURI || event.sample}`);
  });
}

// sideways says by what the page is wider than its window. Something wide may scroll inside its own
// box, as a table does; the page itself may not.
export function sideways() {
  const root = document.scrollingElement;
  const width = document.documentElement.clientWidth;
  if (root.scrollWidth <= width) return [];
  const boxed = (element) => {
    for (let box = element.parentElement; box && box !== document.body; box = box.parentElement) {
      if (getComputedStyle(box).overflowX !== "visible") return true;
    }
    return false;
  };
  const wide = [...document.body.querySelectorAll("*")].filter(
    (element) => element.getBoundingClientRect().right > width + 0.5 && !boxed(element),
  );
  const names = wide.slice(0, 5).map((element) => element.outerHTML.replace(/\s+/g, " ").slice(0, 120));
  return [`the page is ${root.scrollWidth} px wide in a window of ${width}: ${names.join(" | ")}`];
}

// loose names each target under 24 px that stands by itself. A link in a sentence may be as high as
// its line (WCAG 2.5.8); a tick counts with its label.
export function loose() {
  const least = 24;
  const selector = "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [tabindex='0']";

  const box = (element) => {
    const rects = [element, ...(element.labels ?? [])].map((e) => e.getBoundingClientRect());
    const left = Math.min(...rects.map((r) => r.left));
    const top = Math.min(...rects.map((r) => r.top));
    const right = Math.max(...rects.map((r) => r.right));
    const bottom = Math.max(...rects.map((r) => r.bottom));
    return { left, top, right, bottom, width: right - left, height: bottom - top };
  };

  // Hidden from sight until it has focus, as a link that skips to the content is.
  const aside = (element, b) =>
    !element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) ||
    b.right + scrollX <= 0 ||
    b.bottom + scrollY <= 0 ||
    (b.width <= 1 && b.height <= 1);

  // In a sentence: an inline link with words beside it that belong to no other target.
  const inSentence = (element) => {
    if (getComputedStyle(element).display !== "inline") return false;
    let block = element.parentElement;
    while (block && getComputedStyle(block).display === "inline") block = block.parentElement;
    if (!block) return false;
    const words = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    while (words.nextNode()) {
      const { nodeValue, parentElement } = words.currentNode;
      if (/[\p{L}\p{N}]/u.test(nodeValue) && !parentElement.closest(selector)) return true;
    }
    return false;
  };

  return [...document.querySelectorAll(selector)].flatMap((element) => {
    const b = box(element);
    if (aside(element, b) || element.disabled || inSentence(element)) return [];
    if (Math.round(b.width) >= least && Math.round(b.height) >= least) return [];
    const html = element.outerHTML.replace(/\s+/g, " ").slice(0, 120);
    return [`${Math.round(b.width)} × ${Math.round(b.height)} px: ${html}`];
  });
}
