// Every page that a link leads to: it answers, breaks no rule of axe-core in either language and theme, fits 320 px, asks nobody else
// for anything, and is small.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { links, open, person, shape } from "../lib/site.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** Pages of one kind that are looked at. */
const OF_A_KIND = Number(process.env.OF_A_KIND ?? 2);

let site;
before(async () => { site = await open(); });
after(async () => { await site?.close(); });

/** Walks every link, some pages of each kind. */
async function walk(page, visit) {
  const seen = new Set();
  const kinds = new Map();
  const queue = [`${site.address}/`];
  while (queue.length > 0) {
    const link = queue.shift();
    const url = new URL(link);
    const isTable = [...url.searchParams.keys()].some((key) => key.includes("."));
    const isChoice = url.pathname === "/val" || url.pathname.startsWith("/static/") || isTable;
    if (seen.has(link) || isChoice) continue;
    seen.add(link);
    const kind = shape(link);
    const count = kinds.get(kind) ?? 0;
    if (count >= OF_A_KIND) continue;
    kinds.set(kind, count + 1);
    const response = await page.goto(link).catch((error) => {
      if (/Download is starting|ERR_ABORTED/.test(String(error))) return null;
      throw error;
    });
    if (response === null) continue;
    await visit(link, response, kind);
    queue.push(...(await links(page, site.address)));
  }
  return kinds;
}

for (const role of ["controller", "agreement-manager", "medical-adviser", "auditor", "administrator"]) {
  test(`every link that a ${role} sees leads somewhere`, async () => {
    const { page, context, faults } = await person(site, role, "anna");
    const bad = [];
    const kinds = await walk(page, async (link, response) => {
      if (response.status() !== 200) bad.push(`${response.status()} ${link}`);
      if ((await page.locator("h1").count()) !== 1) bad.push(`no single h1: ${link}`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth + 1);
      if (wide) bad.push(`wider than the window: ${link}`);
    });
    await context.close();
    assert.deepEqual(bad, []);
    assert.deepEqual(faults, []);
    assert.ok(kinds.size >= 5, `${[...kinds.keys()].join(" ")}`);
  });
}

for (const [lang, theme] of [["sv", "light"], ["en", "dark"], ["sv", "dark"], ["en", "light"]]) {
  test(`axe-core finds nothing on any page (${lang}, ${theme})`, async () => {
    const { page, context, faults } = await person(site, "controller", "anna", { bypassCSP: true });
    await context.addCookies([
      { name: "lang", value: lang, url: site.address },
      { name: "tema", value: theme, url: site.address },
    ]);
    const bad = [];
    await walk(page, async (link) => {
      await page.evaluate(axe);
      const found = await page.evaluate(() => window.axe.run(document, {
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
      }));
      for (const rule of found.violations) {
        bad.push(`${link}: ${rule.id}: ${rule.nodes.slice(0, 2).map((node) => `${node.html.slice(0, 160)} ${node.failureSummary?.split("\n")[1] ?? ""}`).join(" | ")}`);
      }
    });
    await context.close();
    assert.deepEqual(bad, []);
    assert.deepEqual(faults, []);
  });
}

for (const width of [320, 640]) {
  test(`every page can be read ${width} px wide`, async () => {
    const { page, context } = await person(site, "controller", "anna", { viewport: { width, height: 700 } });
    const bad = [];
    await walk(page, async (link) => {
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      if (wide > width) bad.push(`${wide} px: ${link}`);
    });
    await context.close();
    assert.deepEqual(bad, []);
  });
}

test("the first page weighs less than 300 kB, later ones less than 50 kB", async () => {
  const context = await site.browser.newContext();
  const page = await context.newPage();
  let bytes = 0;
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  session.on("Network.loadingFinished", (event) => { bytes += event.encodedDataLength; });
  await page.goto(`${site.address}/logga-in`);
  await page.locator("select[name=roll]").selectOption("controller");
  await page.locator("form[action='/logga-in/roll'] button").click();
  await page.waitForLoadState("networkidle");
  assert.ok(bytes < 300_000, `first: ${bytes}`);
  const heavy = [];
  await walk(page, async (link) => {
    await page.waitForLoadState("networkidle");
    const before = bytes;
    await page.reload({ waitUntil: "networkidle" });
    if (bytes - before > 50_000) heavy.push(`${bytes - before} ${link}`);
  });
  await context.close();
  assert.deepEqual(heavy, []);
});
