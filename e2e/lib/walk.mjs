// Walking the pages of the workplace, and what can be said of each.
//
// `walk` follows every link, some pages of each kind; the others give what is wrong with the page that is open, as a list of sentences.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { links, shape } from "./site.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/** Pages of one kind that are looked at. */
const OF_A_KIND = Number(process.env.OF_A_KIND ?? 1);
/** A window as on a desk. */
export const SIZE = { width: 1280, height: 800 };

/** Walks every link, some pages of each kind. */
export async function walk(site, page, visit, starts = ["/"]) {
  const seen = new Set();
  const kinds = new Map();
  const queue = starts.map((path) => site.address + path);
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

/** What a page lacks that every page has. */
export async function lacks(page, link, response) {
  const bad = [];
  if (response && response.status() !== 200) bad.push(`${response.status()} ${link}`);
  if ((await page.locator("h1").count()) !== 1) bad.push(`no single h1: ${link}`);
  return bad;
}

export async function wider(page, link, width) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  return wide > width ? [`${wide} px wide in ${width} px: ${link}`] : [];
}

export async function broken(page, link) {
  await page.evaluate(axe);
  const found = await page.evaluate((runOnly) => window.axe.run(document, { runOnly }), RULES);
  const node = (one) => `${one.html.slice(0, 160)} ${one.failureSummary?.split("\n")[1] ?? ""}`;
  return found.violations.map((rule) => `${link}: ${rule.id}: ${rule.nodes.slice(0, 2).map(node).join(" | ")}`);
}
