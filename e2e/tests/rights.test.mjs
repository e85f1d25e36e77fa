// An auditor sees all and changes nothing: every form that anybody is given, and everything that the API does, is tried as an auditor.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { command, open, person, reached, root } from "../lib/site.mjs";

let site;
before(async () => { site = await open(); });
after(async () => { await site?.close(); });

/** What keeps nothing: what is sent is read, checked and shown. */
const ONLY_READ = new Set(["/beslut/text", "/api/v1/decision-texts/reading", "/api/v1/decision-texts/check"]);

/** Every act of the list that the program's rights are made from, with something in place of its named parts. */
const acts = () => [...readFileSync(join(root, "docs/rights.md"), "utf8").matchAll(/^\| `POST ([^`]+)`/gm)].map(([, path]) => path.replace(/\{[^}]+\}/g, "x"));

/** The addresses that the forms of pages are sent to, leaving out the way out. */
function forms(pages) {
  const all = new Set();
  for (const { html } of pages) {
    for (const [, action] of html.matchAll(/<form[^>]* method="post" action="([^"]+)"/g)) {
      if (action !== "/logga-ut") all.add(action);
    }
  }
  return all;
}

const kept = () => {
  const of = (...words) => command(site.data, [...words, "--format", "json"]);
  return [of("books", "log"), of("register", "show"), of("settlements"), of("findings")].join("\n");
};

test("an auditor is given no form that changes anything, and no form or call of others works", async () => {
  const actions = new Set();
  for (const role of ["controller", "agreement-manager", "medical-adviser", "administrator", "provider:danderyds-sjukhus-ab"]) {
    const { page, context } = await person(site, role, "anna");
    forms(await reached(page, site, 70)).forEach((action) => actions.add(action));
    await context.close();
  }
  assert.ok(actions.size > 8, [...actions].join(" "));
  const listed = acts();
  assert.ok(listed.length > 20, `${listed.length} acts`);
  listed.forEach((action) => actions.add(action));
  const { page, context } = await person(site, "auditor", "rut");
  const given = forms(await reached(page, site, 120));
  assert.deepEqual([...given].filter((action) => !ONLY_READ.has(action)), [], "an auditor has no such form");

  const before = kept();
  const request = context.request;
  const headers = { Origin: site.address };
  const bad = [];
  for (const action of actions) {
    if (ONLY_READ.has(action)) continue;
    const form = { id: "x", reason: "prov", note: "prov", period: "2022-01", attest: "required", total: "0", toml: "[decision]\nid = \"x\"\n" };
    const answer = await request.post(site.address + action, { headers, form });
    if (answer.status() !== 403) bad.push(`${answer.status()} ${action}`);
  }
  const api = await (await request.get(`${site.address}/openapi.json`)).json();
  let calls = 0;
  for (const [path, methods] of Object.entries(api.paths)) {
    for (const method of Object.keys(methods).filter((method) => method !== "get" && method !== "parameters")) {
      const answer = await request.fetch(site.address + path.replace(/\{[^}]+\}/g, "x"), { method: method.toUpperCase(), headers, data: "{}" });
      calls += 1;
      if (answer.status() !== 403 && !ONLY_READ.has(path)) bad.push(`${answer.status()} ${method} ${path}`);
    }
  }
  await context.close();
  assert.ok(calls > 0);
  assert.deepEqual(bad, []);
  assert.equal(kept(), before, "nothing was changed");
});
