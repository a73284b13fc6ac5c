// Is the HTML of saved pages well formed? Called by the Go tests of this folder.
//
//   node e2e/htmlvalidate.mjs FOLDER        checks FOLDER/**/*.html as it was sent
//
// One JSON object a line on standard output:
//
//   {"kind":"html","page":"FOLDER/home.en.html","line":12,"column":5,"rule":"no-inline-style","message":"…"}
//   {"kind":"summary","pages":42,"offences":0}
//
// Exit: 0 clean · 1 offences · 2 the gate itself is dead (no page, or the page that is broken on
// purpose, testdata/broken.html, passes). Rules are in .htmlvalidate.json.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { HtmlValidate, StaticConfigLoader } from "html-validate";

const here = dirname(fileURLToPath(import.meta.url));
const config = JSON.parse(readFileSync(join(here, ".htmlvalidate.json"), "utf8"));
const validator = new HtmlValidate(new StaticConfigLoader(config));

function say(line) {
  process.stdout.write(JSON.stringify(line) + "\n");
}

function dead(message) {
  say({ kind: "dead", message });
  process.exit(2);
}

async function offences(path) {
  const report = await validator.validateString(readFileSync(path, "utf8"), path);
  return report.results.flatMap((result) =>
    result.messages.map((m) => ({
      kind: "html",
      page: path,
      line: m.line,
      column: m.column,
      rule: m.ruleId,
      message: m.message,
    })),
  );
}

const folder = process.argv[2];
if (!folder) dead("say which folder holds the pages");

const control = new Set((await offences(join(here, "testdata", "broken.html"))).map((o) => o.rule));
for (const rule of ["no-inline-style", "no-dup-id", "text-content", "element-required-attributes"]) {
  if (!control.has(rule)) dead(`the page that is broken on purpose passes ${rule}`);
}

const pages = readdirSync(folder, { recursive: true })
  .filter((name) => name.endsWith(".html"))
  .sort();
if (pages.length === 0) dead(`no page in ${folder}`);

let found = 0;
for (const name of pages) {
  for (const offence of await offences(join(folder, name))) {
    found++;
    say(offence);
  }
}
say({ kind: "summary", pages: pages.length, offences: found });
process.exitCode = found === 0 ? 0 : 1;
