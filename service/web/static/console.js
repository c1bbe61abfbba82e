// Tries the API from the portal page: every operation of the OpenAPI document that can be sent as it
// stands, with its example. One that needs an id which only an answer gives is listed once there is
// such an answer.
const root = document.getElementById("console");
const [pick, says, path, body, got, told] = ["op", "op-says", "path", "body", "got", "told"].map(
  (id) => document.getElementById(id),
);
const chinese = root.dataset.lang === "zh";
const known = JSON.parse(root.dataset.parts);
const LONGEST = 1000000;
let all = [];
let operations = [];

const words = (operation) => (chinese && operation["x-zh"]) || operation;

function show() {
  const { method, address, operation } = operations[pick.value];
  const content = operation.requestBody?.content?.["application/json"];
  // The document marks names by backticks; here they would be read as they stand.
  says.textContent = (words(operation).description ?? "").replaceAll("`", "");
  path.value = filled(address);
  document.getElementById("body-row").hidden = !content;
  body.value = content ? JSON.stringify(content.example ?? {}, null, 2) : "";
  document.getElementById("send").dataset.method = method;
}

async function send() {
  const { method } = operations[pick.value];
  if (!path.value.startsWith("/")) path.value = "/" + path.value;
  const began = performance.now();
  told.textContent = "…";
  try {
    const options = { method, headers: { "Accept-Language": root.dataset.lang } };
    const key = document.getElementById("key").value.trim();
    if (key) options.headers.Authorization = `Bearer ${key}`;
    if (!document.getElementById("body-row").hidden) {
      options.headers["Content-Type"] = "application/json";
      options.body = body.value;
    }
    const answer = await fetch(new URL(path.value, location.origin), options);
    const kind = answer.headers.get("Content-Type") ?? "";
    const text = /json|text/.test(kind) ? await answer.text() : kind;
    learn(text);
    told.textContent = `${answer.status} · ${Math.round(performance.now() - began)} ms`;
    got.textContent = pretty(text).slice(0, LONGEST);
  } catch {
    told.textContent = root.dataset.failed;
  }
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

// A receipt that an answer names can be asked for from now on.
function learn(text) {
  const id = /"receipt_id":\s*"([^"]+)"/.exec(text)?.[1];
  if (!id || known.receipt_id) return;
  known.receipt_id = id;
  list();
}

const filled = (address) => address.replace(/{(\w+)}/g, (whole, name) => known[name] ?? whole);

function sendable({ address, operation }) {
  const body = operation.requestBody?.content;
  return !filled(address).includes("{") && (!body || body["application/json"]?.example);
}

// A key is needed where none of the ways in goes without.
const needsKey = ({ security = [] }) => security.length > 0 && security.every((way) => Object.keys(way).length);

// The operations that can be sent, the chosen one kept.
function list() {
  const chosen = operations[pick.value];
  operations = all.filter(sendable);
  pick.replaceChildren();
  operations.forEach(({ method, address, operation }, i) => {
    const keyed = needsKey(operation) ? ` · ${root.dataset.keyed}` : "";
    pick.add(new Option(`${method} ${address} · ${words(operation).summary ?? ""}${keyed}`, i));
  });
  if (chosen) pick.value = operations.indexOf(chosen);
}

async function begin() {
  const document_ = await (await fetch(root.dataset.openapi)).json();
  all = Object.entries(document_.paths).flatMap(([address, item]) =>
    ["post", "get"]
      .filter((method) => item[method])
      .map((method) => ({ method: method.toUpperCase(), address, operation: item[method] })),
  );
  const rank = ({ method, operation }) => 2 * needsKey(operation) + (method !== "POST");
  all.sort((a, b) => rank(a) - rank(b));
  list();
  pick.addEventListener("change", show);
  document.getElementById("send").addEventListener("click", send);
  root.hidden = false;
  show();
}

begin();
