// A region in the middle of its work, and the pages of it that are worth a picture: a proposal that waits, a draft to attest, a dispute,
// a payment run, a file with faults.
//
// `prepare` gives, for each role, its pictures: name, route as docs/rights.md has it, address, and what is done first.
import { CARE, command, person, reached } from "./site.mjs";

const CLINIC = "danderyds-sjukhus-ab";
const UNIT = "danderyd";
const HEAD = "contact_id;unit;person;care_date;kind;drg;residence;report;reported_on";
const FAULTY = [
  HEAD,
  `SYN-2023-9000001;${UNIT};191212121212;2023-03-15;midwife-visit;;0180;new;2023-03-16`,
  `SYN-2023-9000002;${UNIT};191212121212;2023-13-15;midwife-visit;;0180;new;2023-03-16`,
  `SYN-2023-9000003;${UNIT};191212121212;2023-03-15;okänt;;0180;new;2023-03-16`,
].join("\n");
const DECISION = `Hälso- och sjukvårdsnämnden fördelar statsbidraget 2023.

Bidraget uppgår till 70 miljoner kronor och fördelas enligt följande:
- Vårdkedja för gravida och nyförlösta: 42 000 000 kr
- Kompetensutveckling för barnmorskor: 11 500 000 kr
- Amningsmottagningar: 3 500 000 kr

Ersättningen för kontinuitet höjs från 7 400 kr till 14 200 kr, det vill säga med 6 900 kr, från och med den 1 januari 2023.
Administration får kosta högst 5 procent av bidraget, det vill säga 3 400 000 kr.
`;

const MONTHS = ["2023-04-12", "2023-05-03", "2023-05-21", "2023-06-08", "2023-06-19"];
const REFERRALS = [
  "remiss_id;person;mottagen;beräknad_förlossning;vas_1;vas_2;önskar_vaginal;född_utomlands;arbetslös;folkbokföring;från_enhet;anteckning",
  ...Array.from({ length: 14 }, (_, at) => {
    const scales = at % 3 === 0 ? "55;60;ja" : at % 3 === 1 ? "85;90;ja" : ";;";
    return `R-${at + 1};p-${at + 1};2022-12-${String(at + 10)};${MONTHS[at % MONTHS.length]};${scales};${at % 3 === 2 ? "ja;ja" : "nej;nej"};0180;bmm-ekorren;`;
  }),
].join("\n");
const PLACES = "team;månad;barnmorskor;platser\nTeam Nord;2023-04;4;6\nTeam Nord;2023-05;4;6\nTeam Nord;2023-06;3;4\n";

export async function prepare(site) {
  const headers = { Origin: site.address };
  const bo = await person(site, "controller", "bo");
  const anna = await person(site, "controller", "anna");
  const post = async (who, path, form) => {
    const answer = await who.context.request.post(site.address + path, { headers, form, maxRedirects: 0 });
    // A page is the answer where something is shown once, as a one-time password is; what is refused is 4xx.
    if (![200, 303].includes(answer.status())) throw new Error(`${answer.status()} ${path}: ${(await answer.text()).slice(-2000)}`);
    return answer.headers().location;
  };
  const html = async (who, path) => (await who.context.request.get(site.address + path)).text();
  const hidden = (page, action) => {
    const inside = page.split(`method="post" action="${action}">`)[1]?.split("</form>")[0];
    if (inside === undefined) throw new Error(`no form for ${action}`);
    return Object.fromEntries([...inside.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]));
  };

  // A raise that somebody else wrote, to be approved.
  const raise = { id: "hsn-2023-04-hojning", body: "HSN", known_from: "2023-03-31", replaces: "demo-delivery-midwife-visit", amount: "2 250 kr", was: "2 150 kr", valid_from: "2023-01-01" };
  const checked = await (await anna.context.request.post(`${site.address}/beslut/nytt`, { headers, form: raise })).text();
  const toml = checked.split('name="toml" value="')[1].split('"')[0].replaceAll("&quot;", '"').replaceAll("&#39;", "'").replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
  const proposal = await post(anna, "/beslut/forslag", { toml });

  // A file with faults, a contested row, a payment run, a draft.
  const sent = await anna.context.request.post(`${site.address}/inrapportering`, {
    headers, maxRedirects: 0, multipart: { files: { name: "SYNTETISKA-danderyd-2023-03.csv", mimeType: "text/csv", buffer: Buffer.from(FAULTY) } },
  });
  const batch = sent.headers().location;
  const settlements = JSON.parse(command(site.data, ["settlements", "--format", "json"])).settlements;
  const { month, id } = settlements[settlements.length - 1];
  const element = "delivery-base";
  const rows = (await html(bo, `/besked/${month}/${UNIT}/${element}?kontakter.as=csv`)).split("\n");
  const contact = rows[1].split(",")[0];
  const care_month = rows[1].split(",")[1];
  const klara = await person(site, `provider:${CLINIC}`, "klara");
  const dispute = await post(klara, "/invandningar/nytt", { settlement: id, unit: UNIT, element, contact, care_month, reason: "Förlossningen var ett kejsarsnitt; koden är rättad i journalen." });
  await post(bo, "/betalningar", hidden(await html(bo, "/betalningar"), "/betalningar"));
  await post(anna, "/avrakning/attestkrav", { attest: "required" });
  const next = (await html(anna, "/avrakning")).match(/\/avrakning\/(\d{4}-\d{2})\/forhandsvisning/)[1];
  const preview = `/avrakning/${next}/forhandsvisning`;
  let shown = "";
  for (let asked = 0; asked < 100 && !shown.includes("Kontrollsumma"); asked += 1) {
    shown = await html(anna, preview);
    if (!shown.includes("Kontrollsumma")) await new Promise((done) => setTimeout(done, 200));
  }
  await post(anna, preview, hidden(shown, preview));

  const all = (await reached(bo.page, site, 120)).map(({ link }) => new URL(link)).map((url) => url.pathname + url.search);
  const one = (pattern) => all.find((path) => pattern.test(path)) ?? (() => { throw new Error(`no page ${pattern}`); })();
  const corrected = (await html(bo, `/besked/${month}/${UNIT}`)).includes("rattelser") ? month : settlements[settlements.length - 2].month;
  const administrator = await person(site, "administrator", "ada");
  await post(administrator, "/konton", { name: "karin.controller", role: "controller" });
  // The chain of a clinic: referrals, places, one woman who kept it, and figures for the region.
  const care = await person(site, `clinic-care:${CARE}`, "lisa");
  for (const [path, name, text] of [["/vardkedjan/remisser", "remisser.csv", REFERRALS], ["/vardkedjan/platser", "platser.csv", PLACES]]) {
    const files = { name, mimeType: "text/csv", buffer: Buffer.from(text) };
    const answer = await care.context.request.post(site.address + path, { headers, maxRedirects: 0, multipart: { files } });
    if (answer.status() !== 303) throw new Error(`${answer.status()} ${path}: ${(await answer.text()).slice(-2000)}`);
  }
  const referral = "/vardkedjan/remiss/R-2";
  for (const step of [
    { step: "offer", on: "2023-01-10", team: "Team Nord", reason: "Går före: bor närmast." },
    { step: "accept", on: "2023-01-12" }, { step: "start", on: "2023-01-20" }, { step: "keep", on: "2023-03-20" },
  ]) await post(care, referral, step);
  await post(care, "/vardkedjan/lamna-ut", { year: "2023" });

  for (const who of [bo, anna, klara, administrator, care]) await who.context.close();

  const fill = (action) => async (page) => {
    await action(page);
    await Promise.all([page.waitForNavigation(), page.locator("main form.form button").last().click()]);
  };
  const typed = fill(async (page) => {
    for (const [name, value] of Object.entries(raise)) {
      const field = page.locator(`main [name=${name}]`);
      if (name === "replaces") await field.selectOption(value);
      else await field.fill(value);
    }
  });
  const pasted = fill(async (page) => page.locator("main [name=text]").fill(DECISION));
  return {
    "": [["logga-in", "/logga-in", "/logga-in"]],
    controller: [
      ["oversikt", "/", "/"],
      ["beslut", "/beslut", "/beslut"],
      ["beslut-nytt", "/beslut/nytt", "/beslut/nytt"],
      ["beslut-nytt-granskat", "/beslut/nytt", "/beslut/nytt", typed],
      ["beslut-forslag", "/beslut/forslag/{seq}", proposal],
      ["beslut-ett", "/beslut/{id}", "/beslut/hsn-2023-01-raise"],
      ["beslut-text", "/beslut/text", "/beslut/text"],
      ["beslut-text-last", "/beslut/text", "/beslut/text", pasted],
      ["ersattningar", "/ersattningar", "/ersattningar"],
      ["ersattning", "/ersattningar/{element}", "/ersattningar/continuity-add-on?on=2023-01-15&known_on=2023-03-01"],
      ["ersattning-flera", "/ersattningar/{element}", "/ersattningar/delivery-raise-2021?on=2021-03-01"],
      ["vardgivare", "/vardgivare", "/vardgivare"],
      ["vardgivare-en", "/vardgivare/{provider}", `/vardgivare/${CLINIC}`],
      ["enhet", "/vardgivare/enhet/{unit}", `/vardgivare/enhet/${UNIT}`],
      ["inrapportering", "/inrapportering", "/inrapportering"],
      ["leverans", "/inrapportering/leverans/{batch}", batch],
      ["avvikelser", "/inrapportering/avvikelser", "/inrapportering/avvikelser"],
      ["avrakning", "/avrakning", "/avrakning"],
      ["manad", "/avrakning/{month}", `/avrakning/${month}`],
      ["manad-utkast", "/avrakning/{month}", `/avrakning/${next}`],
      ["forhandsvisning", "/avrakning/{month}/forhandsvisning", preview],
      ["brygga", "/avrakning/bro", "/avrakning/bro?from=2022-12-31&to=2023-03-31"],
      ["bokforing", "/avrakning/konton", "/avrakning/konton"],
      ["upplupet", "/avrakning/upplupet", `/avrakning/upplupet?manad=${month}`],
      ["betalningar", "/betalningar", "/betalningar"],
      ["betalning", "/betalningar/{run}", "/betalningar/b-1"],
      ["besked", "/besked/{month}/{unit}", `/besked/${corrected}/${UNIT}`],
      ["besked-slag", "/besked/{month}/{unit}/{element}", `/besked/${month}/${UNIT}/${element}`],
      ["kontakt", "/kontakt/{contact}", `/kontakt/${contact}`],
      ["invandningar", "/invandningar", "/invandningar"],
      ["invandning", "/invandningar/{id}", dispute],
      ["invandning-ny", "/invandningar/nytt", `/invandningar/nytt?settlement=${id}&unit=${UNIT}&element=${element}`],
      ["statsbidrag", "/statsbidrag", "/statsbidrag"],
      ["statsbidrag-ett", "/statsbidrag/{grant}", one(/^\/statsbidrag\/(?!ram)[^/?]+$/)],
      ["statsbidrag-gor", "/statsbidrag/{grant}/gor", one(/^\/statsbidrag\/[^/]+\/gor\?/)],
      ["ram", "/statsbidrag/ram/{frame}", one(/^\/statsbidrag\/ram\//)],
      ["uppfoljning", "/uppfoljning", "/uppfoljning?ar=2022"],
      ["uppfoljning-indikator", "/uppfoljning/{indicator}", "/uppfoljning/one-to-one?ar=2022"],
      ["uppfoljning-publicera", "/uppfoljning/publicera", "/uppfoljning/publicera?ar=2022"],
      ["bemanning", "/bemanning", "/bemanning?ar=2022"],
      ["bemanning-klinik", "/bemanning", `/bemanning?ar=2022&enhet=${UNIT}`],
      ["vardkedjan", "/vardkedjan", "/vardkedjan"],
      ["enheterna", "/kliniken", "/kliniken"],
      ["logg", "/logg", "/logg"],
      ["atkomst", "/logg/atkomst", "/logg/atkomst"],
      ["stickprov", "/logg/stickprov", "/logg/stickprov"],
      ["kontroll", "/logg/kontroll", "/logg/kontroll"],
      ["sok", "/sok", "/sok?q=danderyd"],
      ["tangenter", "/tangenter", "/tangenter"],
      ["tillganglighet", "/tillganglighet", "/tillganglighet"],
    ],
    administrator: [
      ["konton", "/konton", "/konton"],
      ["konto", "/konton/{name}", "/konton/karin.controller"],
    ],
    [`provider:${CLINIC}`]: [
      ["kliniken-oversikt", "/", "/"],
      ["kliniken", "/kliniken", "/kliniken"],
      ["kliniken-inrapportering", "/inrapportering", "/inrapportering"],
      ["kliniken-besked", "/besked/{month}/{unit}", `/besked/${month}/${UNIT}`],
      ["kliniken-uppfoljning", "/uppfoljning", `/uppfoljning?ar=2022&enhet=${UNIT}`],
    ],
    [`clinic-care:${CARE}`]: [
      ["vardkedjan-kliniken", "/vardkedjan", "/vardkedjan"],
      ["vardkedjan-remiss", "/vardkedjan/remiss/{id}", referral],
      ["vardkedjan-stamma-av", "/vardkedjan/stamma-av", "/vardkedjan/stamma-av"],
    ],
  };
}
