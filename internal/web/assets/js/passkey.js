// Passkeys. A form with data-passkey asks the server for a question, puts it to
// the browser, and sends the answer as an ordinary form. Where the browser knows
// no passkeys, the part of the page around the form stays hidden.

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const withBytes = (keys) => (keys || []).map((key) => ({ ...key, id: bytes(key.id) }));

const browser = {
  get: (ask) => navigator.credentials.get({
    publicKey: { ...ask, challenge: bytes(ask.challenge), allowCredentials: withBytes(ask.allowCredentials) },
  }),
  create: (ask) => navigator.credentials.create({
    publicKey: {
      ...ask,
      challenge: bytes(ask.challenge),
      user: { ...ask.user, id: bytes(ask.user.id) },
      excludeCredentials: withBytes(ask.excludeCredentials),
    },
  }),
};

// written is what the browser answered, with its bytes as text.
function written(key) {
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (key.response[part]) response[part] = text(key.response[part]);
  }
  if (key.response.getTransports) response.transports = key.response.getTransports();
  return JSON.stringify({
    id: key.id, rawId: text(key.rawId), type: key.type, response, clientExtensionResults: key.getClientExtensionResults(),
  });
}

async function send(form) {
  const asked = await fetch(form.dataset.ask, { method: "POST" });
  if (asked.status === 401 || asked.status === 403) {
    location.reload(); // the page then says to sign in first
    return;
  }
  if (!asked.ok) throw new Error(String(asked.status));
  const { token, options } = await asked.json();
  const key = await browser[form.dataset.passkey](options.publicKey);
  form.elements.token.value = token;
  form.elements.answer.value = written(key);
  form.submit();
}

if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.closest("section").hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const stopped = form.querySelector("[role=status]");
      stopped.hidden = true;
      send(form).catch(() => { stopped.hidden = false; });
    });
  }
}
