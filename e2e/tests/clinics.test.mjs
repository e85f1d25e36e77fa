// A clinic sees no row of another by any address: every address that the region's people reach is tried as a clinic.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { command, links, open, person } from "../lib/site.mjs";

let site;
before(async () => { site = await open(); });
after(async () => { await site?.close(); });

/** All addresses that a role can reach by links, a bounded walk that takes every address of every kind once in a while. */
async function addresses(page, limit) {
  const seen = new Set();
  const queue = [`${site.address}/`];
  while (queue.length > 0 && seen.size < limit) {
    const link = queue.shift();
    if (seen.has(link)) continue;
    seen.add(link);
    const response = await page.context().request.get(link);
    if (!(response.headers()["content-type"] ?? "").startsWith("text/html")) continue;
    const html = await response.text();
    const found = [...html.matchAll(/href="([^"#]+)/g)].map(([, href]) => href.replaceAll("&amp;", "&").replaceAll("&#38;", "&"));
    const own = found.filter((href) => href.startsWith("/") && !/^\/(val|static|logga-)/.test(href)).map((href) => site.address + href);
    // What is rare first, so that every kind of page is met within the bound.
    queue.push(...own.filter((link) => !/\.(sort|page|as)=/.test(link)));
  }
  return [...seen];
}

test("every address that a controller reaches shows a clinic nothing of others", async () => {
  const controller = await person(site, "controller", "anna");
  const all = await addresses(controller.page, 1500);
  assert.ok(all.length > 50, `${all.length}`);
  const units = JSON.parse(command(site.data, ["register", "show", "units", "--format", "json"]));
  const own = "sodersjukhuset-ab";
  const clinic = await person(site, `provider:${own}`, "klara");
  const bad = [];
  let refused = 0;
  for (const link of all) {
    const response = await clinic.page.context().request.get(link);
    const text = response.status() === 200 ? await response.text() : "";
    if (response.status() !== 200) refused += 1;
    assert.ok(response.status() < 500, `${response.status()} ${link}`);
    const path = new URL(link).pathname;
    // The register is public: its pages name every unit. Contacts and amounts are not.
    if (/^\/(beslut|ersattningar|vardgivare|sok|tangenter|$)/.test(path)) continue;
    const contacts = [...text.matchAll(/SYN-\d{4}-\d{7}/g)].map(([id]) => id);
    for (const id of new Set(contacts)) {
      const explained = JSON.parse(command(site.data, ["explain", "--contact", id, "--format", "json", "--as", "prov"], [0, 1, 3]) || "{}");
      if (explained.unit && explained.unit !== "sodersjukhuset") bad.push(`${link} shows ${id} of ${explained.unit}`);
    }
    if (/danderyd|karolinska|st-goran/i.test(text)) bad.push(`${link} names another clinic`);
  }
  await controller.context.close();
  await clinic.context.close();
  assert.ok(units !== null && refused > 0);
  assert.deepEqual(bad, []);
});
