// Tries the API from the portal page: every operation of the OpenAPI document, with its example.
const root = document.getElementById("console");
const [pick, says, path, body, got, told] = ["op", "op-says", "path", "body", "got", "told"].map(
  (id) => document.getElementById(id),
);
const chinese = root.dataset.lang === "zh";
let operations = [];

const words = (operation) => (chinese && operation["x-zh"]) || operation;

function show() {
  const { method, address, operation } = operations[pick.value];
  const content = operation.requestBody?.content?.["application/json"];
  says.textContent = words(operation).description ?? "";
  path.value = address;
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
    if (!document.getElementById("body-row").hidden) {
      options.headers["Content-Type"] = "application/json";
      options.body = body.value;
    }
    const answer = await fetch(new URL(path.value, location.origin), options);
    const text = await answer.text();
    told.textContent = `${answer.status} · ${Math.round(performance.now() - began)} ms`;
    got.textContent = pretty(text);
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

async function begin() {
  const document_ = await (await fetch(root.dataset.openapi)).json();
  operations = Object.entries(document_.paths).flatMap(([address, item]) =>
    ["post", "get"]
      .filter((method) => item[method])
      .map((method) => ({ method: method.toUpperCase(), address, operation: item[method] })),
  );
  operations.sort((a, b) => (b.method === "POST") - (a.method === "POST"));
  operations.forEach(({ method, address, operation }, i) => {
    pick.add(new Option(`${method} ${address} · ${words(operation).summary ?? ""}`, i));
  });
  pick.addEventListener("change", show);
  document.getElementById("send").addEventListener("click", send);
  root.hidden = false;
  show();
}

begin();
