// A conversation at a door. It is written to this phone before anything is
// sent, and is forgotten only when the server says by its id that it has it.
// Without this script the form is an ordinary one. Sentences come from the page.

const at = (id) => document.getElementById(id);
const phone = at("phone");
const say = phone.dataset;
const form = document.querySelector("#doorstep form");
const by = form.elements.by.value;
const DAY = 864e5;

// What is kept, in the browser's own store.

const opened = new Promise((done, failed) => {
  const ask = indexedDB.open("doorstep", 1);
  ask.onupgradeneeded = () => ask.result.createObjectStore("talk", { keyPath: "id" });
  ask.onsuccess = () => done(ask.result);
  ask.onerror = () => failed(ask.error);
});
opened.catch(() => {}); // whoever needs it hears of it again

async function store(mode, act) {
  const change = (await opened).transaction("talk", mode);
  const ask = act(change.objectStore("talk"));
  return new Promise((done, failed) => {
    change.oncomplete = () => done(ask.result);
    change.onerror = change.onabort = () => failed(change.error);
  });
}

const keep = (talk) => store("readwrite", (all) => all.put(talk));
const forget = (id) => store("readwrite", (all) => all.delete(id));
const everything = async () => (await store("readonly", (all) => all.getAll())).sort((a, b) => a.at - b.at);
const own = async () => (await everything()).filter((talk) => talk.by === by);

function newID() {
  const bytes = [...crypto.getRandomValues(new Uint8Array(16))];
  return bytes.map((b) => b.toString(16).padStart(2, "0")).join("");
}

// Sending. What has a receipt goes; what is refused for its own sake is marked,
// and the next one tried; anything else stops, and everything stays.

const MARK = [400, 404, 413, 415, 422];
const PATIENCE = 30000; // milliseconds for one conversation
let state = "";
let old = 0;
let sending = false;
let again = null;

async function deliver(talk) {
  const stop = new AbortController();
  const patience = setTimeout(() => stop.abort(), PATIENCE);
  let answer, read;
  try {
    answer = await fetch(talk.to, {
      method: "POST", headers: { "Idempotency-Key": talk.id }, body: new URLSearchParams(talk.body), signal: stop.signal,
    });
    read = await answer.json().catch(() => ({}));
  } catch {
    return "offline";
  } finally {
    clearTimeout(patience);
  }
  if ((answer.ok && read.id === talk.id) || answer.status === 409) {
    await forget(talk.id);
    if (current && current.id === talk.id) receipt(read);
    return "";
  }
  if (MARK.includes(answer.status)) {
    const marked = { ...talk, look: true, fields: read.fields || [{ name: "", says: say.refused }] };
    await keep(marked);
    if (current && current.id === talk.id) edit(marked);
    return "";
  }
  return { 401: "signedout", 403: "another" }[answer.status] || "later";
}

async function sendAll(marked) {
  const due = (await own()).filter((talk) => marked || !talk.look);
  state = due.length ? "sending" : "";
  await paint();
  state = "";
  for (const talk of due) {
    state = await deliver(talk);
    if (state) break;
  }
  old = 0; // only what was tried first is too old
  for (const talk of await everything()) {
    if (Date.now() - talk.at > say.keep * DAY) {
      await forget(talk.id);
      old++;
    }
  }
}

// send is asked for often; asked for while it is busy, it goes round once more.
async function send(marked) {
  again = { marked: marked === true || (again && again.marked) };
  if (sending) return;
  sending = true;
  while (again) {
    const ask = again;
    again = null;
    await sendAll(ask.marked).catch(() => { state = "later"; });
  }
  sending = false;
  await paint();
}

// What the page shows.

const ago = (time) => new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" })
  .format(-Math.floor((Date.now() - time) / DAY), "day");

const answered = (talk, name) => (talk.body.find(([key]) => key === name) || [])[1];

function row(talk) {
  const item = at("row").content.firstElementChild.cloneNode(true);
  const [when, who, tag, open] = item.children;
  when.textContent = new Date(talk.at).toLocaleString(document.documentElement.lang, { weekday: "short", hour: "numeric", minute: "2-digit" });
  who.textContent = answered(talk, "consent") === "no" ? say.justtalk : answered(talk, "name") || say.nameless;
  tag.hidden = open.hidden = !talk.look;
  open.onclick = () => { current = talk; edit(talk); };
  return item;
}

async function paint() {
  const all = await everything();
  const mine = all.filter((talk) => talk.by === by);
  const lines = [say[state] || (navigator.onLine ? say.online : say.offline)];
  if (all.length) lines.push(say.unsent.replace("{n}", all.length).replace("{ago}", ago(all[0].at)));
  if (all.length > mine.length) lines.push(say.others.replace("{n}", all.length - mine.length));
  if (old) lines.push(say.old.replace("{n}", old));
  if (at("net").textContent !== lines.join(" ")) at("net").textContent = lines.join(" "); // it is read aloud
  at("unsent").replaceChildren(...mine.map(row));
  at("unsent").hidden = !mine.length;
  at("waiting").hidden = !all.length;
  phone.hidden = false;
}

function receipt(read) {
  current = null;
  at("says").textContent = read.says || "";
  at("code").hidden = !read.code;
  at("code").querySelector("strong").textContent = read.code || "";
}

// done stands before anything is sent; a receipt takes its place.
function done() {
  at("says").textContent = say.kept;
  at("code").hidden = true;
  form.reset();
  form.hidden = at("mend").hidden = true;
  at("kept").hidden = false;
  at("kept").firstElementChild.focus();
}

const controls = (name) => {
  const found = form.elements[name];
  if (!found) return [];
  return found instanceof RadioNodeList ? [...found] : [found];
};

// mend shows what is to be mended, at each field and above the form.
function mend(fields) {
  for (const said of form.querySelectorAll("p.fault")) said.remove();
  for (const part of form.querySelectorAll(".bad")) part.classList.remove("bad");
  at("mend").querySelector("ul").replaceChildren(...fields.map(({ name, says }) => {
    const line = document.createElement("li");
    const control = controls(name)[0];
    const field = control && control.closest(".field");
    if (!field) {
      line.textContent = says;
      return line;
    }
    const link = line.appendChild(document.createElement("a"));
    link.href = "#" + control.id;
    link.textContent = says;
    const said = document.createElement("p");
    said.className = "fault";
    said.id = control.id + "-fault";
    said.textContent = says;
    field.classList.add("bad");
    field.querySelector("legend, label").after(said);
    control.setAttribute("aria-describedby", said.id + " " + control.id + "-hint");
    return line;
  }));
  at("mend").hidden = !fields.length;
}

// edit puts a conversation back into the form, with what is to be mended.
function edit(talk) {
  form.reset();
  for (const name of ["person", "with"]) {
    for (const control of controls(name)) if (control.type === "hidden") control.value = answered(talk, name) || "";
  }
  for (const [name, value] of talk.body) {
    for (const control of controls(name)) {
      if (control.type !== "radio" && control.type !== "checkbox") control.value = value;
      else if (control.value === value) control.checked = true;
    }
  }
  for (const part of form.querySelectorAll("details")) part.open = true;
  at("kept").hidden = true;
  form.hidden = false;
  mend(talk.fields || []);
  at("mend").focus();
}

// What is written down.

let current = null; // the conversation in the form, once it is on the phone

// body is what the form says; after "No. Just talk", that there was a talk.
function body() {
  const all = [...new FormData(form)].filter(([name, value]) => value !== "" && name !== "once");
  const no = all.some(([name, value]) => name === "consent" && value === "no");
  return no ? all.filter(([name]) => ["by", "consent", "held_on", "channel"].includes(name)) : all;
}

// missing says what can't be mended once the door is closed.
function missing(values) {
  const has = (name, value) => values.some(([key, is]) => key === name && (!value || is === value));
  if (!has("consent")) return "consent";
  if (has("consent", "name") && !has("name") && !has("person")) return "name";
  if (has("age", "under18") && !has("parent") && !has("consent", "no")) return "parent";
  return "";
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const values = body();
  const name = missing(values);
  if (name) {
    mend([{ name, says: say[name] }]);
    controls(name)[0].focus();
    return;
  }
  const { id, at: when } = current || { id: newID(), at: Date.now() };
  current = { id, at: when, by, to: say.send, body: values };
  keep(current).then(() => {
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
    done();
    send();
  }, () => { // no store on this browser: an ordinary form
    form.elements.once.value = id;
    form.submit();
  });
});

// The form for where there is no signal, in each language, with all it needs.

async function prepare() {
  if (!navigator.serviceWorker || !window.caches) return;
  await navigator.serviceWorker.register(say.worker, { scope: say.scope });
  const files = [...document.querySelectorAll("link[href^='/assets/'], script[src^='/assets/']")].map((e) => e.href || e.src);
  const name = "doorstep " + files.join(" ");
  const cache = await caches.open(name);
  for (const lang of say.langs.split(" ")) {
    const path = say.form + "?in=" + lang;
    const answer = await fetch(path);
    if (!answer.ok || answer.redirected) return;
    if (lang === document.documentElement.lang) await cache.put(say.form, answer.clone());
    await cache.put(path, answer);
  }
  for (const { name: file } of performance.getEntriesByType("resource")) {
    if (file.startsWith(location.origin + "/assets/")) files.push(file);
  }
  for (const file of new Set(files)) {
    if (!(await cache.match(file))) await cache.add(file);
  }
  for (const other of await caches.keys()) {
    if (other !== name && other.startsWith("doorstep ")) await caches.delete(other);
  }
}

// A page kept for days: somebody known is known by the address alone, and the
// day is today.
const known = new URLSearchParams(location.search).get("person");
if (known && at("known") && form.elements.person.value === "") {
  form.elements.person.value = known;
  at("known").hidden = false;
}
const held = form.elements.held_on;
const today = new Intl.DateTimeFormat("sv", { timeZone: say.zone }).format(); // 2026-11-21, where the neighbours live
if (held.value === say.day && say.day < today) held.value = held.defaultValue = today;

at("again").onclick = () => send(true);
at("erase").onclick = () => store("readwrite", (all) => all.clear()).then(paint);
addEventListener("online", send);
addEventListener("offline", paint);
document.addEventListener("visibilitychange", () => document.hidden || send());
addEventListener("load", () => prepare().catch(() => {})); // there is signal another time
send();
