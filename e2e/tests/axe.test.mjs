// No page breaks a rule of axe-core in either language and theme, and none is wider than a narrow window. Proposals, drafts, disputes,
// payments and checked texts are among them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { prepare } from "../lib/scene.mjs";
import { open, person } from "../lib/site.mjs";
import { SIZE, broken, lacks, walk, wider } from "../lib/walk.mjs";

/** Widths in CSS pixels at which nothing is wider than the window: a small telephone, and 1280 px at 200 %. */
const NARROW = [320, 640];

let site;
let scene;
before(async () => {
  site = await open();
  scene = await prepare(site);
});
after(async () => { await site?.close(); });

for (const [lang, theme] of [["sv", "light"], ["en", "dark"], ["sv", "dark"], ["en", "light"]]) {
  const isNarrow = theme === (lang === "sv" ? "light" : "dark");
  test(`axe-core finds nothing on any page (${lang}, ${theme})${isNarrow ? ", and none is wider than a narrow window" : ""}`, async () => {
    const { page, context, faults } = await person(site, "controller", "bo", { bypassCSP: true, viewport: SIZE });
    await context.addCookies([
      { name: "lang", value: lang, url: site.address },
      { name: "tema", value: theme, url: site.address },
    ]);
    const bad = [];
    const look = async (link, response) => {
      bad.push(...(await lacks(page, link, response)), ...(await broken(page, link)));
      for (const width of isNarrow ? NARROW : []) {
        await page.setViewportSize({ width, height: 700 });
        bad.push(...(await wider(page, link, width)));
      }
      await page.setViewportSize(SIZE);
    };
    // What nothing leads to in one step: pages of the scene, and what comes of forms.
    const shots = scene.controller;
    const kinds = await walk(site, page, look, ["/", ...shots.map(([, , path]) => path)]);
    for (const [name, , path, first] of shots.filter(([, , , first]) => first)) {
      await page.goto(site.address + path);
      await first(page);
      await look(`${path} (${name})`, null);
    }
    await context.close();
    assert.deepEqual(bad, []);
    assert.deepEqual(faults, []);
    assert.ok(kinds.size >= 35, `${kinds.size}: ${[...kinds.keys()].join(" ")}`);
  });
}

test("the pages of who is not logged in break no rule", async () => {
  const context = await site.browser.newContext({ bypassCSP: true, viewport: SIZE });
  const page = await context.newPage();
  const bad = [];
  for (const path of ["/logga-in", "/tillganglighet"]) {
    await page.goto(site.address + path);
    bad.push(...(await broken(page, path)));
    await page.setViewportSize({ width: NARROW[0], height: 700 });
    bad.push(...(await wider(page, path, NARROW[0])));
  }
  await context.close();
  assert.deepEqual(bad, []);
});
