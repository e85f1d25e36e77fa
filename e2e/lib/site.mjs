// The workplace as its users have it: the real program on made-up data, and a real browser.
//
// `open()` makes a small demo and serves it; `VARDKEDJA` names the program, `DATABASE` a PostgreSQL database to keep the rows in.
import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
export const program = process.env.VARDKEDJA ?? join(root, "target/debug/vardkedja");
const ARGUMENTS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

/** Runs a command on a data folder; throws with what it said where it did not end well. */
export function command(data, words, ends = [0, 1]) {
  const database = process.env.DATABASE && data !== made ? ["--database", current] : [];
  const run = spawnSync(program, [...words, "--data", data, ...database], { encoding: "utf8", cwd: root, maxBuffer: 1 << 28 });
  if (!ends.includes(run.status)) throw new Error(`${words.join(" ")}: ${run.status}\n${run.stderr}${run.stdout}`);
  return run.stdout;
}

let made;

/** A data folder of its own with three years of a small made-up region. */
export function demo() {
  made ??= (() => {
    const folder = process.env.DEMO ?? join(mkdtempSync(join(tmpdir(), "vardkedja-e2e-")), "demo");
    if (!existsSync(folder)) {
      const run = spawnSync(program, ["demo", "--folder", folder, "--scale", "60", "--to", "2023-03", "--no-serve"], { encoding: "utf8", cwd: root });
      if (run.status !== 0) throw new Error(`demo: ${run.status}\n${run.stderr}`);
    }
    return folder;
  })();
  const folder = mkdtempSync(join(tmpdir(), "vardkedja-e2e-"));
  const data = join(folder, "SYNTETISK-demo");
  if (process.env.DATABASE) {
    // A copy with the same rows, in the server.
    const backup = join(folder, "backup");
    command(made, ["backup", "--out", backup]);
    const run = spawnSync(program, ["restore", "--from", backup, "--data", data, "--database", freshDatabase()], { encoding: "utf8", cwd: root });
    if (run.status !== 0) throw new Error(`restore: ${run.status}\n${run.stderr}`);
    for (const name of ["persons.key", "persons.sqlite"]) {
      if (existsSync(join(made, name)) && !existsSync(join(data, name))) cpSync(join(made, name), join(data, name));
    }
  } else {
    cpSync(made, data, { recursive: true });
  }
  return { data, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

let databases = 0;
let current;

function freshDatabase() {
  const url = new URL(process.env.DATABASE);
  const name = `e2e_${process.pid}_${databases++}`;
  const made = spawnSync(process.env.PSQL ?? "psql", [process.env.DATABASE, "-c", `CREATE DATABASE ${name}`], { encoding: "utf8" });
  if (made.status !== 0) throw new Error(made.stderr);
  url.pathname = `/${name}`;
  current = url.toString();
  return current;
}

/** Serves a data folder until `stop` is called. */
export async function serve(data, more = []) {
  const words = ["serve", "--data", data, "--listen", "127.0.0.1:0", "--roles", "--lang", "en", ...more];
  if (process.env.DATABASE) words.push("--database", current);
  const child = spawn(program, words, { cwd: root, stdio: ["ignore", "ignore", "pipe"] });
  let told = "";
  const address = await new Promise((resolve, reject) => {
    child.stderr.on("data", (bytes) => {
      told += bytes;
      const found = told.match(/http:\/\/[0-9.:]+/);
      if (found) resolve(found[0]);
    });
    child.on("exit", (code) => reject(new Error(`serve ended with ${code}: ${told}`)));
  });
  const stop = () => new Promise((resolve) => {
    child.removeAllListeners("exit");
    child.on("exit", resolve);
    child.kill("SIGTERM");
    setTimeout(() => child.kill("SIGKILL"), 5000).unref();
  });
  return { address, stop, told: () => told };
}

/** The clinic that has a compartment of the continuity chain, whose key the server is given. */
export const CARE = "danderyd";

/** A demo, served, with a browser. */
export async function open(more = []) {
  const folder = demo();
  const keys = join(folder.data, "..", "keys");
  mkdirSync(keys);
  command(folder.data, ["chain", "begin", "--clinic", CARE, "--key", join(keys, `${CARE}.key`), "--as", "anna"]);
  const server = await serve(folder.data, ["--clinic-care-keys", keys, ...more]);
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ARGUMENTS });
  const close = async () => {
    await browser.close();
    await server.stop();
    folder.remove();
  };
  return { ...folder, ...server, browser, close };
}

/** Somebody at a browser of their own, logged in as a role; what goes wrong in their pages is gathered in `faults`. */
export async function person(site, role, name, options = {}) {
  const context = await site.browser.newContext({ locale: "sv-SE", ...options });
  const faults = [];
  const page = await context.newPage();
  page.on("console", (message) => {
    if (message.type() === "error" && !/status of 4\d\d/.test(message.text())) faults.push(`${page.url()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => faults.push(`${page.url()}: ${error}`));
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol !== "data:" && url.origin !== site.address) faults.push(`${page.url()} asks ${request.url()}`);
  });
  await page.goto(`${site.address}/logga-in`);
  await page.locator("select[name=roll]").selectOption(role);
  await page.locator("form[action='/logga-in/roll'] input[name=name]").fill(name);
  await page.locator("form[action='/logga-in/roll'] button").click();
  await page.waitForURL((url) => url.pathname !== "/logga-in" && url.pathname !== "/logga-in/roll");
  return { page, context, faults };
}

/** Every link of a page to this site, without what is behind the `#`. */
export async function links(page, address) {
  const all = await page.$$eval("a[href]", (anchors) => anchors.map((anchor) => new URL(anchor.getAttribute("href"), location.href).href));
  const own = all.filter((link) => link.startsWith(`${address}/`)).map((link) => link.split("#")[0]);
  return [...new Set(own)];
}

/** The pages that links lead to, at most so many, as they were sent: addresses and HTML. What is rare comes first. */
export async function reached(page, site, limit, start = "/") {
  const seen = new Map();
  const kinds = new Map();
  const queue = [site.address + start];
  while (queue.length > 0 && seen.size < limit) {
    // Of the kinds of pages that wait, the one that was met least.
    let at = 0;
    for (let other = 1; other < queue.length; other += 1) {
      if ((kinds.get(shape(queue[other])) ?? 0) < (kinds.get(shape(queue[at])) ?? 0)) at = other;
    }
    const [link] = queue.splice(at, 1);
    if (seen.has(link)) continue;
    const kind = shape(link);
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    const response = await page.context().request.get(link);
    const is_page = (response.headers()["content-type"] ?? "").startsWith("text/html");
    const html = is_page ? await response.text() : "";
    seen.set(link, { link, status: response.status(), html });
    const found = [...html.matchAll(/href="([^"#]+)/g)].map(([, href]) => href.replaceAll("&amp;", "&").replaceAll("&#38;", "&"));
    const own = found.filter((href) => href.startsWith("/") && !/^\/(val|static|logga-)/.test(href) && !/\.(sort|page|as)=/.test(href));
    queue.push(...new Set(own.map((href) => site.address + href).filter((href) => !seen.has(href))));
  }
  return [...seen.values()];
}

/** The form of an address: its numbers, names and fields left out, so that pages of one kind have one form. */
export function shape(link) {
  const url = new URL(link);
  const parts = url.pathname.split("/").map((part, at) => (at > 1 && !FIXED.has(part) ? "*" : part));
  return parts.join("/");
}
const FIXED = new Set(["enhet", "nytt", "text", "avvikelser", "forhandsvisning", "konton", "bro", "kvitto", "v1"]);
