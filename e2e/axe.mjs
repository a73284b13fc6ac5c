// Accessibility of pages as a browser shows them. Called by the Go tests of this folder.
//
//   node e2e/axe.mjs PAGES.json             PAGES.json is a list of pages to look at:
//
//   [{ "url": "http://localhost:1234/i/mill-row", "name": "home",  what the answer calls it
//      "mode": "phone",                     or desktop, dark, reflow, or "all" for the four
//      "cookies": [{"name": "cw", "value": "…"}],   optional: who is looking, in which language
//      "post": "need=&key=…",               optional: send this form instead, for a page in error
//      "status": 422 }]                     optional: the answer expected (200)
//
//   phone    360 px wide, two device pixels each        dark    1280 px, prefers-color-scheme: dark
//   desktop  1280 px                                    reflow  320 px, as at 400 % zoom
//
// On each page every <details> is opened, axe-core runs with the tags wcag2a, wcag2aa, wcag21a,
// wcag21aa, wcag22aa and best-practice, and we look ourselves for sideways scrolling, for loose
// targets under 24 px, for requests to another origin and for what the CSP refused. The page's own
// CSP stays on: axe is brought in by the browser's debugger, not by the page.
//
// One JSON object a line on standard output:
//
//   {"kind":"axe","page":"home","mode":"dark","rule":"color-contrast","impact":"serious","help":"…","target":"…","html":"…","detail":"…"}
//   {"kind":"sideways"|"target"|"offsite"|"csp"|"status"|"error","page":"home","mode":"reflow","detail":"…"}
//   {"kind":"summary","looks":84,"offences":0,"control":9,"seconds":31}
//
// Exit: 0 clean · 1 offences · 2 the gate itself is dead: no browser, no page, or the page that is
// broken on purpose (testdata/broken.html) passes. Chromium is $COMMONWEAL_TEST_CHROMIUM, or
// /usr/bin/chromium. axe can't judge the colours of SVG text: those are computed in chart's tests.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { flags, modes } from "./browser.mjs";
import { loose, openDetails, sideways, watchPolicy } from "./look.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

// Two pages at a time: more only wait for each other on two cores.
const hands = 2;

function say(line) {
  process.stdout.write(JSON.stringify(line) + "\n");
}

class Dead extends Error {}

// Every look asked for: a page in one mode.
function looksFrom(path) {
  const pages = JSON.parse(readFileSync(path, "utf8"));
  if (!Array.isArray(pages) || pages.length === 0) throw new Dead("the list of pages is empty");
  return pages.flatMap((page) => {
    const wanted = page.mode === "all" ? Object.keys(modes) : [page.mode];
    return wanted.map((mode) => {
      if (!page.url || !page.name) throw new Dead(`a page needs a url and a name: ${JSON.stringify(page)}`);
      if (!modes[mode]) throw new Dead(`${page.name}: no mode called ${mode}`);
      return { ...page, mode };
    });
  });
}

async function axe(page) {
  await page.evaluate(axeSource);
  const result = await page.evaluate(
    (values) => window.axe.run(document, { runOnly: { type: "tag", values }, resultTypes: ["violations"] }),
    tags,
  );
  return result.violations.flatMap((violation) =>
    violation.nodes.map((node) => ({
      kind: "axe",
      rule: violation.id,
      impact: violation.impact,
      help: violation.help,
      target: node.target.flat(Infinity).join(" "),
      html: node.html.slice(0, 300),
      detail: [...node.any, ...node.all, ...node.none].map((check) => check.message).join("; "),
    })),
  );
}

// What is wrong with the page that stands open.
async function faults(page) {
  await page.evaluate(openDetails);
  const found = await axe(page);
  for (const detail of await page.evaluate(sideways)) found.push({ kind: "sideways", detail });
  for (const detail of await page.evaluate(loose)) found.push({ kind: "target", detail });
  return found;
}

async function open(page, look) {
  if (look.post !== undefined) {
    // The form as a browser would send it; what the page then fetches goes its usual way.
    await page.route(
      look.url,
      (route) =>
        route.continue({
          method: "POST",
          postData: look.post,
          headers: { ...route.request().headers(), "content-type": "application/x-www-form-urlencoded" },
        }),
      { times: 1 },
    );
  }
  const response = await page.goto(look.url, { waitUntil: "load", timeout: 30_000 });
  const want = look.status ?? 200;
  const got = response?.status();
  return got === want ? [] : [{ kind: "status", detail: `got ${got}, want ${want}` }];
}

async function lookAt(browser, look) {
  const context = await browser.newContext({ reducedMotion: "reduce", ...modes[look.mode] });
  try {
    const { origin } = new URL(look.url);
    if (look.cookies?.length) {
      await context.addCookies(look.cookies.map((c) => ({ url: origin, ...c })));
    }
    const page = await context.newPage();
    const found = [];
    page.on("request", (request) => {
      const url = new URL(request.url());
      const local = url.origin === origin || url.protocol === "data:" || url.protocol === "blob:";
      if (!local) found.push({ kind: "offsite", detail: request.url() });
    });
    await page.addInitScript(watchPolicy);
    found.push(...(await open(page, look)));
    for (const detail of await page.evaluate(() => window.refused ?? [])) found.push({ kind: "csp", detail });
    found.push(...(await faults(page)));
    return found;
  } catch (error) {
    return [{ kind: "error", detail: String(error.message ?? error).slice(0, 500) }];
  } finally {
    await context.close();
  }
}

// The page that is broken on purpose must be found broken in every mode in use, by axe and by us.
async function control(browser, inUse) {
  const html = readFileSync(join(here, "testdata", "broken.html"), "utf8");
  let least = Infinity;
  for (const mode of inUse) {
    const context = await browser.newContext(modes[mode]);
    const page = await context.newPage();
    await page.setContent(html);
    const found = await faults(page);
    await context.close();
    const rules = new Set(found.filter((f) => f.kind === "axe").map((f) => f.rule));
    const pale = found.filter((f) => f.rule === "color-contrast").length;
    const kinds = new Set(found.map((f) => f.kind));
    if (rules.size < 9 || pale < 2 || !kinds.has("sideways") || !kinds.has("target")) {
      throw new Dead(`the page that is broken on purpose passes in ${mode}: ${[...rules].join(", ")}; pale ${pale}; ${[...kinds]}`);
    }
    least = Math.min(least, rules.size);
  }
  return least;
}

async function launch() {
  const executablePath = process.env.COMMONWEAL_TEST_CHROMIUM || "/usr/bin/chromium";
  try {
    return await chromium.launch({ executablePath, args: flags });
  } catch (error) {
    throw new Dead(`no browser at ${executablePath}: ${error.message}`);
  }
}

async function run(path) {
  if (!path) throw new Dead("say which file lists the pages");
  const looks = looksFrom(path);
  const began = Date.now();
  const browser = await launch();
  try {
    const found = await control(browser, new Set(looks.map((look) => look.mode)));
    let offences = 0;
    let next = 0;
    const hand = async () => {
      while (next < looks.length) {
        const look = looks[next++];
        for (const { kind, ...rest } of await lookAt(browser, look)) {
          offences++;
          say({ kind, page: look.name, mode: look.mode, ...rest });
        }
      }
    };
    await Promise.all(Array.from({ length: hands }, hand));
    const seconds = Math.round((Date.now() - began) / 1000);
    say({ kind: "summary", looks: looks.length, offences, control: found, seconds });
    return offences === 0 ? 0 : 1;
  } finally {
    await browser.close();
  }
}

try {
  process.exitCode = await run(process.argv[2]);
} catch (error) {
  say({ kind: "dead", message: String(error.message ?? error) });
  process.exitCode = 2;
}
