// What people do in the workplace, from the first page to the last, with the keyboard alone. `SCRIPTS=off` is without JavaScript.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { readFileSync } from "node:fs";
import { CARE, command, open } from "../lib/site.mjs";
import { Hands, ore, sum, table } from "../lib/hands.mjs";

const CLINIC = "danderyds-sjukhus-ab";
const UNIT = "danderyd";
const javaScriptEnabled = process.env.SCRIPTS !== "off";

let site;
before(async () => { site = await open(); });
after(async () => { await site?.close(); });

/** Somebody with a keyboard, logged in with it. */
async function somebody(role, name) {
  const context = await site.browser.newContext({ locale: "sv-SE", javaScriptEnabled });
  const page = await context.newPage();
  const hands = new Hands(page);
  await page.goto(`${site.address}/logga-in`);
  await hands.choose("Roll", (at) => at.value === role);
  await hands.type("Namn", name);
  await hands.press("Prova");
  return { page, hands, leave: () => context.close() };
}

/** What the program says of the folder, as JSON. */
const said = (...words) => JSON.parse(command(site.data, [...words, "--format", "json"]));

const last = (list) => list[list.length - 1];

test("a raise is registered, approved by another, corrected in the next settlement, explained and exported", async () => {
  const anna = await somebody("agreement-manager", "anna");
  await anna.hands.follow("Beslut");
  await anna.hands.follow("Registrera ett beslut");
  await anna.hands.type("Beslutets id", "hsn-prov-hojning");
  await anna.hands.type("Instans", "HSN");
  await anna.hands.type("Känt fr.o.m.", "2023-03-31");
  const replaced = await anna.hands.choose("En nivå: ersätter", (at) => at.value === "demo-delivery-midwife-visit");
  const was = ore(replaced.chosen.match(/: ([^(]+) \(/)[1]);
  await anna.hands.type("Belopp", `${was / 100 + 100} kr`);
  await anna.hands.type("Var", `${was / 100} kr`);
  await anna.hands.type("Gäller fr.o.m.", "2023-01-01");
  await anna.hands.press("Granska");
  await anna.hands.reads("Inga fel och inget att titta på");
  await anna.hands.press("Spara som förslag");
  await anna.hands.reads("Någon annan ska godkänna det");
  // The blast radius is there before anybody binds anything.
  await anna.hands.reads("Rättelse per enhet i nästa avräkning");
  const radius = await sum(anna.page, "radius");
  assert.ok(radius > 0 && radius % 10_000 === 0, `${radius} is so many visits at 100 kr`);
  await anna.leave();

  const bo = await somebody("controller", "bo");
  await bo.hands.follow("Förslag till beslut att godkänna");
  await bo.hands.reads("Rättelse per enhet i nästa avräkning");
  assert.equal(await sum(bo.page, "radius"), radius, "he sees what she saw");
  const button = await bo.hands.press("Godkänn och registrera");
  assert.equal(ore(button.match(/: (.*?) kr/)[1]), radius, "the button says what it binds");
  await bo.hands.reads("hsn-prov-hojning");

  await bo.hands.follow("Avräkning");
  await bo.hands.follow("Se förhandsvisningen");
  await bo.hands.reads("Kontrollsumma");
  const month = bo.page.url().match(/\d{4}-\d{2}/)[0];
  // The month is settled late, on the day that the decision was registered.
  const today = said("register", "show", "hsn-prov-hojning").facts[0].recorded_on;
  await bo.hands.type("Avräkningsdag", today);
  await bo.hands.press("Visa som känt den dagen");
  await bo.hands.reads("Kontrollsumma");
  assert.ok((await table(bo.page, "rattelser")).some((row) => row[0] === "beslut"), "the preview has the corrections");
  await bo.hands.press("Bokför");
  await bo.hands.reads("Bokfört som");
  const settlement = last(said("settlements").settlements);
  assert.equal(settlement.month, month);
  const lines = said("statement", "--payee", CLINIC, "--month", month).rows;
  const mine = lines.filter((row) => row.cause === "decision" && row.element === "delivery-clinic-visit");
  assert.ok(mine.length > 0, "the corrections are in the statement");

  // Month, unit, element, contact, explanation.
  await bo.hands.follow(new RegExp(`/besked/${month}/${UNIT}$`));
  const rows = await table(bo.page, "rattelser");
  const shown = rows.filter((row) => row.includes("hsn-prov-hojning")).map((row) => ore(last(row)));
  const expected = mine.reduce((all, row) => all + row.amount_ore, 0);
  assert.equal(shown.reduce((all, amount) => all + amount, 0), expected, "the page says what the command says");
  await bo.hands.follow(new RegExp(`/besked/${month}/${UNIT}/delivery-clinic-visit$`));
  const corrected = (await table(bo.page, "kontakter")).find((row) => row.some((cell) => /demo-delivery-midwife-visit-2023/.test(cell)));
  assert.ok(corrected, "a contact rests on the new rate");
  assert.equal(ore(corrected[6]), 10_000, "100 kr more for it");
  await bo.hands.follow(corrected[0]);
  await bo.hands.reads("Detta betalas");
  assert.match(await bo.page.locator("main").innerText(), /hsn-prov-hojning/, "the decision is named");

  const file = await bo.hands.download("Ladda ned tabellen som CSV: Detta betalas");
  assert.match(file.suggestedFilename(), /^SYNTETISKA-DATA-.*\.csv$/);
  const csv = readFileSync(await file.path(), "utf8");
  assert.match(csv, new RegExp(`,${was + 10_000},synthetic`), csv);
  await bo.leave();
});

const HEAD = "contact_id;unit;person;care_date;kind;drg;residence;report;reported_on";
const contact = (id, day) => `${id};${UNIT};191212121212;${day};midwife-visit;;0180;new;2023-03-16`;
const file = (name, rows) => ({ name, mimeType: "text/csv", buffer: Buffer.from(`${HEAD}\n${rows.join("\n")}\n`) });

test("a faulty file says what to do, is mended and sent again", async () => {
  const klara = await somebody(`provider:${CLINIC}`, "klara");
  await klara.hands.follow("Inrapportering");
  await klara.hands.files("Kontaktfiler", file("SYNTETISKA-fel.csv", [contact("E2E-1", "2023-03-15"), contact("E2E-2", "2023-13-15")]));
  await klara.hands.press("Läs in filerna");
  await klara.hands.reads("1 avvisade");
  const [row] = await table(klara.page, "rejected");
  assert.equal(row[0], "3", "the line of the file");
  assert.ok(row.includes("E2E-2") && row.includes("2023-13-15"), row.join(" | "));
  assert.match(last(row), /Rätta det och skicka raden igen/, "what to do");
  await klara.hands.follow("Inrapportering");
  await klara.hands.files("Kontaktfiler", file("SYNTETISKA-rattad.csv", [contact("E2E-2", "2023-03-15")]));
  await klara.hands.press("Läs in filerna");
  await klara.hands.reads("1 godtagna, 0 avvisade");
  await klara.hands.follow("Inrapportering");
  await klara.hands.follow("SYNTETISKA-fel.csv");
  const standing = (await table(klara.page, "standing")).filter((row) => row.includes("E2E-2") && row.some((cell) => /2023-13-15/.test(cell)));
  assert.deepEqual(standing, [], "the mended row stands no more");
  await klara.leave();
});

test("a clinic contests a row and gets an answer", async () => {
  const klara = await somebody(`provider:${CLINIC}`, "klara");
  await klara.hands.follow("Avräkning");
  await klara.hands.follow("mars 2023");
  await klara.hands.follow(new RegExp(`^/besked/.*/${UNIT}$`));
  await klara.hands.follow(new RegExp(`^/besked/.*/${UNIT}/delivery-base$`));
  const [first] = await table(klara.page, "kontakter");
  await klara.hands.follow("Invänd");
  await klara.hands.type("Varför", "Besöket var individuellt.");
  await klara.hands.press("Invänd");
  await klara.hands.reads("Hålls inne");
  const id = decodeURIComponent(last(klara.page.url().split("/")));
  const made = said("dispute", "show").disputes.find((one) => one.id === id);
  assert.equal(made.contact, first[0], "it is the row she chose");
  assert.equal(made.state, "open");

  const mia = await somebody("medical-adviser", "mia");
  await mia.hands.follow("Svara på invändningar");
  await mia.hands.follow(id);
  await mia.hands.choose("Utgång", (at) => at.value === "dismiss");
  await mia.hands.type("Svar till kliniken", "Journalen visar ett gruppbesök.");
  await mia.hands.press("Skicka svaret");
  await mia.hands.reads("Journalen visar ett gruppbesök.");
  await mia.leave();

  await klara.hands.follow("Översikt");
  await klara.page.goto(`${site.address}/kliniken`);
  await klara.hands.follow("Invändningar");
  await klara.hands.follow(id);
  await klara.hands.reads("Journalen visar ett gruppbesök.");
  await klara.leave();
  assert.equal(said("dispute", "show").disputes.find((one) => one.id === id).state, "dismissed");
});

test("an indicator is followed up: a year is chosen, the indicator opened, its numbers read and downloaded", async () => {
  // One that can be told of the year and of its clinics, as the command has it.
  const year = "2022";
  const known = said("follow", "indicators", "--year", year).rows.filter((row) => row.value !== null && row.of > 100);
  const chosen = known.find((row) => row.indicator === "acute-caesarean") ?? known[0];
  const mia = await somebody("medical-adviser", "mia");
  await mia.hands.follow("Uppföljning");
  await mia.hands.choose("År", (at) => at.value === year);
  await mia.hands.press("Visa");
  await mia.hands.reads(`${year}`);
  assert.match(mia.page.url(), new RegExp(`ar=${year}`));
  await mia.hands.follow(new RegExp(`^/uppfoljning/${chosen.indicator}\\?ar=${year}$`));
  assert.equal(await mia.page.locator("h1").innerText(), chosen.label);
  // The numbers of a picture are folded under it.
  await mia.hands.unfold(await mia.page.locator("details:has(#tbl-ar) > summary").innerText());
  const rows = await table(mia.page, "ar");
  const row = rows.find((row) => row[0] === year);
  assert.ok(row, rows.map((one) => one.join(" | ")).join("\n"));
  const percent = Math.round(chosen.value * 1000) / 10;
  assert.ok(row[1].replace(",", ".").startsWith(String(Math.floor(percent))), `${row[1]} is ${percent} %`);
  assert.match(row[3].replace(/\s/g, ""), new RegExp(`${chosen.count}.*${chosen.of}`), "so many of so many");
  const file = await mia.hands.download("Ladda ned tabellen som CSV: År för år");
  assert.match(file.suggestedFilename(), /^SYNTETISKA-DATA-.*\.csv$/);
  const csv = readFileSync(await file.path(), "utf8");
  assert.match(csv, new RegExp(`^${year},`, "m"), csv);
  await mia.leave();
});

test("who works with a clinic's chain enters referrals and offers a place in the order of need", async () => {
  const lisa = await somebody(`clinic-care:${CARE}`, "lisa");
  await lisa.hands.follow("Vårdkedjan");
  const head = "remiss_id;person;mottagen;beräknad_förlossning;vas_1;vas_2;önskar_vaginal;född_utomlands;arbetslös;folkbokföring;från_enhet;anteckning";
  const rows = ["E-1;p-1;2023-01-02;2023-05-15;;;;ja;ja;0180;;", "E-2;p-2;2023-01-03;2023-05-16;85;90;ja;nej;nej;0180;;"];
  await lisa.hands.files("CSV-fil", { name: "remisser.csv", mimeType: "text/csv", buffer: Buffer.from(`${head}\n${rows.join("\n")}\n`) });
  await lisa.hands.press("För in remisser");
  await lisa.hands.reads("E-2");
  const queue = await table(lisa.page, "ko");
  assert.deepEqual(queue.map((row) => row[2]), ["E-2", "E-1"], "severe fear goes first");
  await lisa.hands.follow("E-2");
  await lisa.hands.reads("E-2");
  await lisa.leave();
});

test("one attests what another drafted, and a third books it", async () => {
  const anna = await somebody("controller", "anna");
  await anna.hands.follow("Avräkning");
  await anna.hands.unfold("Stänga, öppna, attestkrav");
  await anna.hands.press("Kräv attest");
  await anna.hands.reads("Attest krävs.");
  await anna.hands.follow("Se förhandsvisningen");
  await anna.hands.reads("Kontrollsumma");
  const month = anna.page.url().match(/\d{4}-\d{2}/)[0];
  assert.equal(await anna.page.locator("button", { hasText: /^Bokför/ }).count(), 0, "nothing is attested yet");
  await anna.hands.press("Lägg utkast:");
  await anna.hands.reads("En annan person attesterar det");
  assert.equal(await anna.page.locator("button", { hasText: /^Attestera/ }).count(), 0, "she may not attest her own");

  const bo = await somebody("controller", "bo");
  await bo.hands.follow(`Attestera utkastet för ${month}`);
  await bo.hands.press("Attestera");
  await bo.hands.reads("Attesterat av");
  await bo.leave();

  const cilla = await somebody("controller", "cilla");
  await cilla.hands.follow(`Bokför det attesterade utkastet för ${month}`);
  const before = said("settlements").settlements.length;
  const button = await cilla.hands.press("Bokför");
  await cilla.hands.reads("Bokfört som");
  await cilla.leave();
  const all = said("settlements").settlements;
  assert.equal(all.length, before + 1);
  assert.equal(ore(button.match(/, (.*) kr/)[1]), last(all).total_ore, "the button said what was booked");
  const draft = last(said("books", "show").drafts);
  assert.deepEqual([draft.by, draft.attested_by, draft.booked_as], ["anna", "bo", last(all).id]);
  await anna.leave();
});
