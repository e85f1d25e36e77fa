// What somebody does who has a keyboard and no mouse: Tab, Enter, arrows and letters, and nothing else.
//
// Every step begins where the focus is and ends where it went, so a thing that Tab does not reach is not reached.
import assert from "node:assert/strict";

/** Presses of Tab before a page counts as one where the thing cannot be reached. */
const TABS = 700;

/** What has the focus: its name as a reader hears it, what it is, and what stands in it. */
function focused() {
  const at = document.activeElement;
  if (!at || at === document.body) return { name: "", tag: "" };
  const labelled = at.getAttribute("aria-label") ?? [...(at.labels ?? [])].map((label) => label.textContent).join(" ");
  const name = (labelled || at.textContent || "").replace(/\s+/g, " ").trim();
  const tag = at.tagName.toLowerCase();
  const chosen = tag === "select" ? at.selectedOptions[0]?.textContent ?? "" : "";
  return { name, tag, type: at.getAttribute("type") ?? "", href: at.getAttribute("href") ?? "", value: at.value ?? "", chosen, in_main: at.closest("main") !== null };
}

export class Hands {
  constructor(page) {
    this.page = page;
  }

  /** Goes on by Tab until something is in focus that is meant. */
  async to(what, is_meant) {
    const passed = [];
    for (let press = 0; press < TABS; press += 1) {
      await this.page.keyboard.press("Tab");
      const at = await this.page.evaluate(focused);
      if (is_meant(at)) return at;
      passed.push(at.name.slice(0, 30));
    }
    assert.fail(`Tab does not reach ${what} on ${this.page.url()}; passed ${[...new Set(passed)].slice(0, 60).join(" | ")}`);
  }

  /** Follows the link that Tab comes to and that is called so, or leads there. */
  async follow(name) {
    const is_meant = (at) => at.tag === "a" && (name instanceof RegExp ? name.test(at.name) || name.test(at.href) : at.name === name);
    const at = await this.to(`the link ${name}`, is_meant);
    await this.enter();
    return at;
  }

  /** Opens what is folded. */
  async unfold(name) {
    await this.to(`the fold ${name}`, (at) => at.tag === "summary" && at.name.startsWith(name));
    await this.page.keyboard.press("Enter");
  }

  /** Presses the button that Tab comes to; gives what it said. */
  async press(name) {
    const at = await this.to(`the button ${name}`, (one) => one.tag === "button" && one.in_main && one.name.startsWith(name));
    await this.enter();
    return at.name;
  }

  /** Enter, and what it leads to. */
  async enter() {
    const gone = this.page.waitForNavigation({ waitUntil: "load", timeout: 60_000 });
    await this.page.keyboard.press("Enter");
    await gone;
  }

  /** A file that a link in focus gives. */
  async download(name) {
    await this.to(`the file ${name}`, (at) => at.tag === "a" && at.name.startsWith(name));
    const coming = this.page.waitForEvent("download", { timeout: 60_000 });
    await this.page.keyboard.press("Enter");
    return coming;
  }

  /** Types into a field in place of what stands there. */
  async type(label, text) {
    const at = await this.to(`the field ${label}`, (one) => ["input", "textarea"].includes(one.tag) && one.name.startsWith(label));
    if (at.type === "date") return this.day(text);
    await this.page.keyboard.press("ControlOrMeta+a");
    await this.page.keyboard.type(text);
    const now = await this.page.evaluate(focused);
    assert.equal(now.value, text, label);
  }

  /** A day is typed part by part, in the order that the browser shows. */
  async day(text) {
    const [year, month, day] = text.split("-");
    for (const digits of [`${year}${month}${day}`, `${month}${day}${year}`, `${day}${month}${year}`]) {
      // A part that is full goes on to the next; a year may have six digits, so the arrow says that it is done.
      for (const part of digits === `${year}${month}${day}` ? [year, month, day] : [digits]) {
        await this.page.keyboard.type(part);
        if (part === year) await this.page.keyboard.press("ArrowRight");
      }
      const now = await this.page.evaluate(focused);
      if (now.value === text) return;
      for (let part = 0; part < 3; part += 1) await this.page.keyboard.press("ArrowLeft");
    }
    assert.fail(`the day ${text} cannot be typed`);
  }

  /** Chooses in a list by the arrows. */
  async choose(label, is_meant) {
    await this.to(`the list ${label}`, (at) => at.tag === "select" && at.name.startsWith(label));
    await this.page.keyboard.press("Home");
    for (let press = 0; press < TABS; press += 1) {
      const at = await this.page.evaluate(focused);
      if (is_meant(at)) return at;
      await this.page.keyboard.press("ArrowDown");
    }
    return assert.fail(`${label} has no such choice`);
  }

  /** Chooses files in the dialogue that the space bar opens. */
  async files(label, files) {
    await this.to(`the field ${label}`, (at) => at.tag === "input" && at.type === "file" && at.name.startsWith(label));
    // A key pressed while the page is still being laid out may open nothing; a person presses it again.
    for (let left = 3; left > 0; left -= 1) {
      const asked = this.page.waitForEvent("filechooser", { timeout: 10_000 }).catch(() => null);
      await this.page.keyboard.press("Space");
      const dialogue = await asked;
      if (dialogue) return dialogue.setFiles(files);
    }
    return assert.fail(`${label} opens no dialogue`);
  }

  /** The page by its heading, once it is there: long work is asked for again by the page itself. */
  async reads(text, seconds = 20) {
    const main = this.page.locator("main");
    await main.filter({ hasText: text }).first().waitFor({ timeout: seconds * 1000 }).catch(async () => {
      assert.fail(`${this.page.url()} does not read "${text}": ${(await main.innerText()).slice(0, 600)}`);
    });
  }
}

/** The rows of a table of the page, each as its cells. */
export async function table(page, id) {
  const rows = await page.locator(`#tbl-${id} tbody tr`).all();
  return Promise.all(rows.map((row) => row.locator("td").allInnerTexts()));
}

/** The sum under a column of a table, in öre. */
export async function sum(page, id) {
  return ore((await page.locator(`#tbl-${id} tr.sum td.number`).last().innerText()).trim());
}

/** An amount as people read it, in öre. */
export function ore(text) {
  const found = text.replaceAll("−", "-").replace(/[^0-9,-]/g, "").replace(",", ".");
  return Math.round(Number(found) * 100);
}
