// Pictures of the demo's pages, for the handbook. Called by scripts/screenshots.sh.
//
//   node e2e/screenshots.mjs http://127.0.0.1:8080 docs/screenshots
//
// Which pages, in screenshots.json: [{"file": "home-phone", "path": "/i/…", "mode": "phone" or
// "desktop" or "dark", "lang": "en", "as": "resident" or "connector" or "steward", "full": true}]

import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { flags, modes } from "./browser.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const [base, folder] = process.argv.slice(2);
if (!base || !folder) throw new Error("say where the demo is, and where pictures go");

// In the order in which /demo offers them.
const roles = ["resident", "connector", "steward"];

async function signIn(page, role) {
  const at = roles.indexOf(role);
  if (at < 0) throw new Error(`nobody in the demo is a ${role}`);
  await page.goto(new URL("/demo", base).href);
  await Promise.all([page.waitForNavigation(), page.locator("main form button").nth(at).click()]);
}

async function picture(browser, { file, path, mode, lang = "en", as, full = false }) {
  const context = await browser.newContext({ ...modes[mode], locale: lang, reducedMotion: "reduce" });
  const page = await context.newPage();
  if (as) await signIn(page, as);
  const response = await page.goto(new URL(path, base).href, { waitUntil: "load" });
  if (response.status() !== 200) throw new Error(`${path}: ${response.status()}`);
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: join(folder, `${file}.png`), fullPage: full });
  await context.close();
  process.stdout.write(`${file}.png\n`);
}

mkdirSync(folder, { recursive: true });
const pictures = JSON.parse(readFileSync(join(here, "screenshots.json"), "utf8"));
const browser = await chromium.launch({
  executablePath: process.env.COMMONWEAL_TEST_CHROMIUM || "/usr/bin/chromium",
  args: flags,
});
try {
  for (const one of pictures) await picture(browser, one);
} finally {
  await browser.close();
}
