// Every link that somebody sees leads somewhere, no page asks another host for anything, and pages are small.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { open, person } from "../lib/site.mjs";
import { SIZE, lacks, walk, wider } from "../lib/walk.mjs";

let site;
before(async () => { site = await open(); });
after(async () => { await site?.close(); });

for (const role of ["agreement-manager", "medical-adviser", "auditor", "administrator", "provider:danderyds-sjukhus-ab"]) {
  test(`every link that a ${role} sees leads somewhere`, async () => {
    const { page, context, faults } = await person(site, role, "anna", { viewport: SIZE });
    const bad = [];
    const kinds = await walk(site, page, async (link, response) => {
      bad.push(...(await lacks(page, link, response)), ...(await wider(page, link, SIZE.width)));
    });
    await context.close();
    assert.deepEqual(bad, []);
    assert.deepEqual(faults, []);
    assert.ok(kinds.size >= 5, `${[...kinds.keys()].join(" ")}`);
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
  await walk(site, page, async (link) => {
    await page.waitForTimeout(50);
    const before = bytes;
    await page.reload({ waitUntil: "load" });
    await page.waitForTimeout(50);
    if (bytes - before > 50_000) heavy.push(`${bytes - before} ${link}`);
  });
  await context.close();
  assert.deepEqual(heavy, []);
});
