// Pictures of every page, light and dark, as somebody who works with it has it: docs/screens, made by `e2e/check screens`.
//
// Every page of docs/rights.md has one, or the run fails; what is only a file or goes on to another page has none.
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { open, person, root } from "./lib/site.mjs";
import { prepare } from "./lib/scene.mjs";

const folder = process.argv[2] ?? join(root, "docs/screens");
const only = process.argv[3];
/** A page is shown so far down, in pixels: more of a long table says nothing new. */
const TALL = 1500;
const WIDE = 1280;

/** Pages that are no page: files, and the addresses of forms, which show the page that the form stands on. */
const NONE = [
  /\/fil$/, /\/kvitto$/, /\/pain001$/, /\/betalningar\/(bok|fakturor)$/, /\/avrakning\/(stang|oppna|attestkrav)$/, /\/aterfor$/,
  /\/(attestera|bokfor|backa)$/, /\/(betald|atersand)$/,
];

const site = await open();
const scene = await prepare(site);
mkdirSync(folder, { recursive: true });
if (!only) readdirSync(folder).filter((name) => name.endsWith(".webp")).forEach((name) => rmSync(join(folder, name)));

const shown = new Set();
let bytes = 0;
for (const [role, shots] of Object.entries(scene)) {
  for (const theme of (process.env.THEMES ?? "light,dark").split(",")) {
    const who = role === "" ? null : await person(site, role, role.startsWith("provider") ? "klara" : "bo", { viewport: { width: WIDE, height: 800 } });
    const context = who?.context ?? (await site.browser.newContext({ viewport: { width: WIDE, height: 800 } }));
    const page = who?.page ?? (await context.newPage());
    await context.addCookies([{ name: "tema", value: theme, url: site.address }]);
    const session = await context.newCDPSession(page);
    for (const [name, route, path, before] of shots) {
      if (only && !only.split(",").some((part) => name.includes(part))) continue;
      const response = await page.goto(site.address + path);
      if (response.status() !== 200) throw new Error(`${response.status()} ${path}`);
      await before?.(page);
      // What is still computed is asked for again: the answer to a form does not come by itself.
      for (let again = 0; /Räknar|räknas\. Öppna/.test(await page.locator("body").textContent()); again += 1) {
        if (again === 60) throw new Error(`${path} is never done`);
        await page.waitForTimeout(1_000);
        await page.goto(site.address + path);
        await before?.(page);
      }
      const height = Math.min(TALL, await page.evaluate(() => document.documentElement.scrollHeight));
      const clip = { x: 0, y: 0, width: WIDE, height, scale: 1 };
      const { data } = await session.send("Page.captureScreenshot", { format: "webp", quality: 60, captureBeyondViewport: true, clip });
      const picture = Buffer.from(data, "base64");
      bytes += picture.length;
      shown.add(route);
      writeFileSync(join(folder, `${name}-${theme === "light" ? "ljus" : "mork"}.webp`), picture);
      if (process.env.PNG) await page.screenshot({ path: join(process.env.PNG, `${name}-${theme}.png`), clip, fullPage: true });
    }
    await context.close();
  }
}
await site.close();
const rights = readFileSync(join(root, "docs/rights.md"), "utf8");
const pages = [...rights.split("## Pages")[1].split("## Acts")[0].matchAll(/^\| `([^`]+)`/gm)].map(([, path]) => path);
const missing = pages.filter((path) => !shown.has(path) && !NONE.some((none) => none.test(path)));
console.log(`${shown.size} pages, ${(bytes / 1e6).toFixed(1)} MB`);
if (!only && missing.length > 0) {
  console.error(`screens: no picture of ${missing.join(", ")}; add them to e2e/lib/scene.mjs`);
  process.exit(1);
}
