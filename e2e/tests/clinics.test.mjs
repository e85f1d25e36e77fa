// A clinic sees no row of another by any address: every page that the region's people reach, and every call of the API with the names
// of others, is tried as a clinic.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { open, person, reached } from "../lib/site.mjs";

const OWN = { provider: "sodersjukhuset-ab", unit: "sodersjukhuset" };
/** Pages tried of all that the region's people reach; every kind of page is among them. */
const PAGES = Number(process.env.PAGES ?? 250);

let site;
let controller;
let clinic;
let others;
before(async () => {
  site = await open();
  controller = await person(site, "controller", "anna");
  clinic = await person(site, `provider:${OWN.provider}`, "klara");
  others = await contactsOfOthers();
});
after(async () => { await site?.close(); });

const asked = async (who, path, headers = {}) => who.context.request.get(path.startsWith("http") ? path : site.address + path, { headers });
const json = async (who, path) => (await asked(who, path)).json();

/** Every contact that was ever paid for, with its unit, where that is another's: as the region's people see it. */
async function contactsOfOthers() {
  const { settlements } = await json(controller, "/api/v1/settlements");
  const found = new Map();
  for (const month of new Set(settlements.map((one) => one.month))) {
    const csv = await (await asked(controller, `/avrakning/${month}?enheter.as=csv`)).text();
    const units = csv.split("\n").slice(1).filter(Boolean).map((line) => line.split(",")[0]);
    for (const unit of units.filter((unit) => unit !== OWN.unit)) {
      const lines = await (await asked(controller, `/api/v1/statements/${month}/${unit}/lines`, { Accept: "application/x-ndjson" })).text();
      for (const [, id] of lines.matchAll(/"contact_id":"([^"]+)"/g)) found.set(id, unit);
    }
  }
  return found;
}

/** What a text shows of others. */
function shown(text) {
  const contacts = new Set(text.match(/[A-Z]+-\d{4}-\d{7}/g) ?? []);
  const names = text.match(/danderyd|karolinska|st-goran|sankt göran/gi) ?? [];
  return [...[...contacts].filter((id) => others.has(id)).map((id) => `${id} of ${others.get(id)}`), ...new Set(names)];
}

/** The register is public: its pages name every unit. Contacts and amounts are not. */
const PUBLIC = /^\/(beslut|ersattningar|vardgivare|sok|tangenter|tillganglighet|openapi.json|$)|^\/api\/v1\/register/;

test("no page that a controller reaches shows a clinic anything of others", async () => {
  assert.ok(others.size > 20, `${others.size} contacts of others`);
  const pages = await reached(controller.page, site, PAGES);
  assert.ok(pages.length > 100, `${pages.length}`);
  const withOthers = pages.filter(({ html }) => shown(html).length > 0).length;
  assert.ok(withOthers > 20, `${withOthers} pages show a controller rows of others`);
  const bad = [];
  let refused = 0;
  for (const { link } of pages) {
    const response = await asked(clinic, link);
    assert.ok(response.status() < 500, `${response.status()} ${link}`);
    const text = await response.text();
    if (response.status() !== 200) refused += 1;
    const path = new URL(link).pathname;
    // A refusal, and a form that is filled in by its address, may say again what was asked for, never more.
    const says_again = response.status() !== 200 || path === "/invandningar/nytt";
    const is_asked = (one) => says_again && decodeURIComponent(link).toLowerCase().includes(one.split(" ")[0].toLowerCase());
    const what = shown(text).filter((one) => !is_asked(one));
    const rows = PUBLIC.test(path) ? what.filter((one) => one.includes(" of ")) : what;
    if (rows.length > 0) bad.push(`${response.status()} ${link} shows ${rows.slice(0, 3).join(", ")}`);
  }
  assert.ok(refused > 20, `${refused} were refused`);
  assert.deepEqual(bad, []);
});

test("no call of the API gives a clinic anything of others", async () => {
  const api = await json(controller, "/openapi.json");
  const { settlements } = await json(controller, "/api/v1/settlements");
  const { month, id } = settlements[settlements.length - 1];
  const [contact, unit] = [...others].find(([, unit]) => unit === "danderyd");
  const values = { month, id, contact, unit, payee: "danderyds-sjukhus-ab", provider: "danderyds-sjukhus-ab", by: "unit" };
  const bad = [];
  let calls = 0;
  let given = 0;
  for (const [path, methods] of Object.entries(api.paths)) {
    if (!methods.get) continue;
    const filled = path.replace(/\{([^}]+)\}/g, (_, name) => encodeURIComponent(values[name] ?? "x"));
    const fields = (methods.get.parameters ?? []).filter((one) => one.in === "query");
    const value = (one) => values[one.name] ?? (one.schema.format === "date" ? "2023-01-31" : one.schema.type === "integer" ? "1" : one.required ? month : "");
    const required = fields.filter((one) => one.required).map((one) => [one.name, value(one)]);
    const queries = [required, ...fields.filter((one) => value(one) !== "").map((one) => [...required, [one.name, value(one)]])];
    for (const query of queries) {
      const address = `${filled}?${new URLSearchParams(Object.fromEntries(query))}`;
      const theirs = shown((await asked(controller, address)).ok() ? await (await asked(controller, address)).text() : "");
      given += theirs.length > 0 ? 1 : 0;
      for (const headers of [{}, { Accept: "application/x-ndjson" }]) {
        const response = await asked(clinic, address, headers);
        calls += 1;
        assert.ok(response.status() < 500, `${response.status()} ${address}`);
        if (!response.ok()) continue;
        const what = shown(await response.text());
        const rows = PUBLIC.test(filled) ? what.filter((one) => one.includes(" of ")) : what;
        if (rows.length > 0) bad.push(`${address} shows ${rows.slice(0, 3).join(", ")}`);
      }
    }
  }
  assert.ok(calls > 30, `${calls} calls`);
  assert.ok(given > 3, `${given} of them give a controller rows of others`);
  assert.deepEqual(bad, []);
});

test("a file or a call with another's row changes nothing", async () => {
  const headers = { Origin: site.address };
  const row = "OTHER-9;danderyd;191212121212;2023-03-01;midwife-visit;;0180;new;2023-03-02";
  const content = `contact_id;unit;person;care_date;kind;drg;residence;report;reported_on\n${row}\n`;
  const before = (await json(controller, "/api/v1/findings")).findings.length;
  const batches = await (await asked(controller, "/inrapportering?batches.as=csv")).text();
  const sent = await clinic.context.request.post(`${site.address}/inrapportering`, {
    headers, multipart: { files: { name: "SYNTETISKA-annan.csv", mimeType: "text/csv", buffer: Buffer.from(content) } },
  });
  assert.equal(sent.status(), 422);
  const called = await clinic.context.request.post(`${site.address}/api/v1/imports?name=SYNTETISKA-annan.csv`, {
    headers: { ...headers, "Content-Type": "application/octet-stream" }, data: Buffer.from(content),
  });
  assert.ok([400, 404, 409].includes(called.status()), `${called.status()}`);
  const [contact] = [...others].find(([, unit]) => unit === "danderyd");
  const { settlements } = await json(controller, "/api/v1/settlements");
  for (const unit of ["danderyd", OWN.unit]) {
    const form = { settlement: settlements[settlements.length - 1].id, unit, element: "delivery-base", contact, reason: "prov" };
    const contested = await clinic.context.request.post(`${site.address}/invandningar/nytt`, { headers, form });
    assert.equal(contested.status(), 422, `${unit}: ${contested.url()}`);
  }
  assert.deepEqual((await json(controller, "/api/v1/disputes")).disputes, []);
  assert.equal((await json(controller, "/api/v1/findings")).findings.length, before);
  assert.equal(await (await asked(controller, "/inrapportering?batches.as=csv")).text(), batches);
});
