//! Single changes of a receipt, each with what must be named.

use super::{checked, folder, is_deep, python, receipt, region, zipped};
use app::bundle::{Checked, Members, unpack};
use app::data::DataFolder;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;

const TRIALS: usize = 60;
const TRIALS_DEEP: usize = 1_000;

/// Numbers that look random, the same each time (SplitMix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(end).unwrap()).unwrap()
    }

    fn of<'t, T>(&mut self, all: &'t [T]) -> Option<&'t T> {
        if all.is_empty() { None } else { all.get(self.below(all.len())) }
    }
}

/// A CSV file in parts.
struct Table {
    heads: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    fn read(members: &Members, name: &str) -> Self {
        let mut file = csv::ReaderBuilder::new().has_headers(false).from_reader(&*members[name]);
        let mut rows = file.records().map(|row| row.unwrap().iter().map(str::to_owned).collect());
        Self { heads: rows.next().unwrap(), rows: rows.collect() }
    }

    fn at(&self, name: &str) -> usize {
        self.heads.iter().position(|head| head == name).unwrap()
    }

    fn get(&self, row: usize, name: &str) -> &str {
        &self.rows[row][self.at(name)]
    }

    fn set(&mut self, row: usize, name: &str, text: String) {
        let at = self.at(name);
        self.rows[row][at] = text;
    }

    fn write(&self, members: &mut Members, name: &str) {
        let mut out = csv::Writer::from_writer(Vec::new());
        out.write_record(&self.heads).unwrap();
        self.rows.iter().for_each(|row| out.write_record(row).unwrap());
        members.insert(name.to_owned(), out.into_inner().unwrap());
    }
}

/// What must be named: the file, or a line of the contact.
struct Expect {
    file: String,
    contact: Option<String>,
}

impl Expect {
    fn is_met(&self, found: &Checked) -> bool {
        let of_contact = |contact: &String| {
            let differs = found.differences.keys().any(|key| key.contact_id == *contact);
            differs || found.faults.iter().any(|fault| fault.en.contains(contact.as_str()))
        };
        // Where it was a decision or the manifest that was changed, every line that rests on it is named.
        let everywhere = self.contact.is_none() && !found.differences.is_empty();
        everywhere
            || found.faults.iter().any(|fault| fault.file == self.file)
            || self.contact.as_ref().is_some_and(of_contact)
    }
}

fn manifest(members: &Members) -> Value {
    serde_json::from_slice(&members["manifest.json"]).unwrap()
}

/// Writes the hashes anew, as somebody would who wants the change to hold.
fn reseal(members: &mut Members, mut manifest: Value) {
    for member in manifest["members"].as_array_mut().unwrap() {
        let file = member["file"].as_str().unwrap().to_owned();
        member["sha256"] = store::files::sha256(&members[&file]).into();
    }
    let text = serde_json::to_vec_pretty(&manifest).unwrap();
    let seal = format!("{}  manifest.json\n", store::files::sha256(&text));
    members.insert("manifest.sha256".to_owned(), seal.into_bytes());
    members.insert("manifest.json".to_owned(), text);
}

/// The first line with an amount, one krona more, hashes and sums and all.
pub fn first_amount(bytes: &[u8]) -> Members {
    let (mut members, ..) = unpack(bytes).unwrap();
    let mut lines = Table::read(&members, "lines.csv");
    let amount: i64 = lines.get(0, "amount_ore").parse().unwrap();
    lines.set(0, "amount_ore", (amount + 100).to_string());
    lines.write(&mut members, "lines.csv");
    let mut manifest = manifest(&members);
    let side = if lines.get(0, "payable") == "true" { "total_ore" } else { "shadow_ore" };
    let total = manifest["settlements"][0][side].as_i64().unwrap();
    manifest["settlements"][0][side] = (total + 100).into();
    reseal(&mut members, manifest);
    members
}

/// The contact file and row of a contact that has one report, if it has one of the wanted lines that are current.
fn only_report(
    members: &Members,
    wanted: &str,
    chance: &mut Chance,
) -> Option<(String, usize, String)> {
    let mut reports: BTreeMap<String, Vec<(String, usize)>> = BTreeMap::new();
    for name in members.keys().filter(|name| name.contains("contacts-")) {
        let table = Table::read(members, name);
        for row in 0..table.rows.len() {
            let id = table.get(row, "contact_id").to_owned();
            reports.entry(id).or_default().push((name.clone(), row));
        }
    }
    let lines = Table::read(members, "lines.csv");
    let rows = 0..lines.rows.len();
    let fits = |row: &usize| {
        let id = lines.get(*row, "contact_id");
        lines.get(*row, "element").starts_with(wanted)
            && lines.get(*row, "cause") == "current"
            && reports.get(id).is_some_and(|reports| reports.len() == 1)
    };
    let rows: Vec<usize> = rows.filter(fits).collect();
    let id = lines.get(*chance.of(&rows)?, "contact_id").to_owned();
    let (file, row) = reports[&id][0].clone();
    Some((file, row, id))
}

/// One change, or `None` where the receipt has nothing of the kind. `kind` picks it; those from 20 on are sealed anew.
fn tamper(members: &mut Members, kind: usize, chance: &mut Chance) -> Option<Expect> {
    let names: Vec<String> = members.keys().cloned().collect();
    let sealed = manifest(members);
    let mut changed = sealed.clone();
    let expect = match kind {
        // A byte of a file.
        0..=3 => {
            let name = chance.of(&names)?.clone();
            let bytes = members.get_mut(&name)?;
            let at = chance.below(bytes.len());
            bytes[at] ^= 1 << chance.below(7);
            let file = if name == "manifest.sha256" { "manifest.json".to_owned() } else { name };
            return Some(Expect { file, contact: None });
        }
        // A file that is missing, or one too many.
        4 => {
            let own = ["manifest.json", "manifest.sha256"];
            let names: Vec<&String> = names.iter().filter(|n| !own.contains(&n.as_str())).collect();
            let name = (*chance.of(&names)?).clone();
            members.remove(&name);
            return Some(Expect { file: name, contact: None });
        }
        5 => {
            members.insert("decisions/9999-more.toml".to_owned(), b"[decision]\n".to_vec());
            return Some(Expect { file: "decisions/9999-more.toml".to_owned(), contact: None });
        }
        // The day a decision was recorded.
        6 => {
            let decisions = changed["decisions"].as_array_mut()?;
            let at = chance.below(decisions.len());
            decisions[at]["recorded_on"] = "2021-02-03".into();
            members.insert("manifest.json".to_owned(), serde_json::to_vec(&changed).ok()?);
            return Some(Expect { file: "manifest.json".to_owned(), contact: None });
        }
        // A row of the lines or of what was posted.
        20..=28 => {
            let name = if kind.is_multiple_of(2) { "lines.csv" } else { "posted.csv" };
            let mut table = Table::read(members, name);
            if table.rows.len() < 2 {
                return None;
            }
            let row = chance.below(table.rows.len() - 1);
            let number = |text: &str| text.parse::<i64>().unwrap();
            let contact = Some(table.get(row, "contact_id").to_owned());
            match kind {
                20 | 21 => {
                    let amount = number(table.get(row, "amount_ore"));
                    let more = i64::try_from(1 + chance.below(100_000)).unwrap();
                    table.set(row, "amount_ore", (amount + more).to_string());
                }
                22 | 23 => {
                    let count = number(table.get(row, "count"));
                    table.set(row, "count", (count + 1).to_string());
                }
                24 | 25 => {
                    table.rows.remove(row);
                }
                26 | 27 => {
                    let again = table.rows[row].clone();
                    table.rows.insert(row, again);
                }
                _ => table.rows.swap(row, row + 1),
            }
            table.write(members, name);
            // The sums of the lines are made to fit.
            if name == "lines.csv" {
                for settled in changed["settlements"].as_array_mut()? {
                    let of = settled["id"].as_str()?.to_owned();
                    let own =
                        || (0..table.rows.len()).filter(|row| table.get(*row, "settlement") == of);
                    let sum = |flag: &str| -> i64 {
                        let those = own().filter(|row| table.get(*row, "payable") == flag);
                        those.map(|row| number(table.get(row, "amount_ore"))).sum()
                    };
                    settled["lines"] = own().count().into();
                    settled["total_ore"] = sum("true").into();
                    settled["shadow_ore"] = sum("false").into();
                }
            }
            Expect { file: name.to_owned(), contact }
        }
        // A report: the day, the DRG, whether she is enrolled, the days of pregnancy, when it was reported, whether it is there.
        30..=36 => {
            let wanted = ["", "delivery-base", "continuity", "period-pay", "", "", ""][kind - 30];
            let (name, row, id) = only_report(members, wanted, chance)?;
            let mut table = Table::read(members, &name);
            match kind {
                30 => {
                    let day = kernel::time::Day::parse(table.get(row, "care_date"))?;
                    table.set(row, "care_date", day.plus(-40).to_string());
                }
                31 => table.set(row, "drg", "ZZZ".to_owned()),
                32 => table.set(row, "enrolled", "0".to_owned()),
                33 => table.set(row, "gestational_days", String::new()),
                34 => table.set(row, "reported_on", "2029-01-31".to_owned()),
                35 => {
                    table.rows.remove(row);
                }
                _ => {
                    let again = table.rows[row].clone();
                    table.rows.insert(row, again);
                }
            }
            table.write(members, &name);
            Expect { file: name, contact: Some(id) }
        }
        // The amount of a decision that a current line rests on.
        37..=39 => {
            let lines = Table::read(members, "lines.csv");
            let rows = 0..lines.rows.len();
            let rows: Vec<usize> =
                rows.filter(|row| lines.get(*row, "cause") == "current").collect();
            let rate = lines.get(*chance.of(&rows)?, "rate").to_owned();
            let head = format!("id = \"{rate}\"");
            let file = names.iter().find(|name| {
                name.ends_with(".toml") && String::from_utf8_lossy(&members[*name]).contains(&head)
            })?;
            let text = String::from_utf8(members[file].clone()).ok()?;
            let from = text.find(&head)?;
            let end = text[from..].find("[[").map_or(text.len(), |end| from + end);
            let key = ["\namount = \"", "\nper_year = \"", "\npercent = \""];
            let at =
                key.iter().find_map(|key| Some(from + text[from..end].find(key)? + key.len()))?;
            let more = format!("{}1{}", &text[..at], &text[at..]);
            members.insert(file.clone(), more.into_bytes());
            Expect { file: file.clone(), contact: None }
        }
        // What the manifest says.
        40 => {
            let decisions = changed["decisions"].as_array_mut()?;
            let at = chance.below(decisions.len());
            decisions[at]["recorded_on"] = "2029-01-31".into();
            Expect { file: "manifest.json".to_owned(), contact: None }
        }
        41 => {
            let facts = changed["given"].as_array_mut()?;
            let now = facts.iter().position(|fact| fact["under"] == "now")?;
            let id = facts.remove(now)["contact_id"].as_str()?.to_owned();
            Expect { file: "manifest.json".to_owned(), contact: Some(id) }
        }
        42 => {
            let total = changed["settlements"][0]["total_ore"].as_i64()?;
            changed["settlements"][0]["total_ore"] = (total + 1).into();
            Expect { file: "manifest.json".to_owned(), contact: None }
        }
        // The mark is taken off: in the manifest alone, or with the names of the files.
        44 | 45 => {
            changed["mark"] = Value::Null;
            changed["origin"] = "reported".into();
            if kind == 45 {
                let plain = |name: &str| name.replace("SYNTETISKA-DATA-", "");
                let marked = names.iter().filter(|name| name.contains("SYNTETISK"));
                for name in marked {
                    let bytes = members.remove(name)?;
                    members.insert(plain(name), bytes);
                }
                for file in changed["contacts"].as_array_mut()? {
                    *file = plain(file.as_str()?).into();
                }
                for member in changed["members"].as_array_mut()? {
                    member["file"] = plain(member["file"].as_str()?).into();
                }
            }
            Expect { file: "manifest.json".to_owned(), contact: None }
        }
        43 => {
            let mut table = Table::read(members, "unpriced.csv");
            let row = chance.below(table.rows.len().max(1));
            let id = table.rows.get(row)?[0].clone();
            table.rows.remove(row);
            table.write(members, "unpriced.csv");
            Expect { file: "unpriced.csv".to_owned(), contact: Some(id) }
        }
        _ => return None,
    };
    reseal(members, changed);
    Some(expect)
}

const KINDS: [usize; 32] = [
    0, 1, 2, 3, 4, 5, 6, 20, 21, 22, 23, 24, 25, 26, 27, 28, 30, 31, 32, 33, 34, 35, 36, 37, 38,
    39, 40, 41, 42, 43, 44, 45,
];

#[test]
fn whatever_is_changed_in_a_receipt_is_found_and_named() {
    let mut data = DataFolder::open(region()).unwrap();
    let units = [
        ("sodersjukhuset", "2023-02"),
        ("danderyd", "2021-06"),
        ("karolinska-huddinge", "2023-03"),
        ("bmm-narcissen", "2021-06"),
        ("bmm-nyponrosen", "2021-06"),
        ("ul-domherren", "2023-01"),
    ];
    let receipts = units.map(|(unit, month)| unpack(&receipt(&mut data, unit, month)).unwrap().0);
    let mut chance = Chance(7);
    let trials = if is_deep() { TRIALS_DEEP } else { TRIALS };
    let folder = folder("tampered");
    let (mut files, mut kinds) = (Vec::new(), BTreeMap::new());
    let mut at = 0;
    while files.len() < trials {
        let kind = KINDS[at % KINDS.len()];
        let turn = at / KINDS.len() + at;
        at += 1;
        assert!(at < trials * 10, "hardly any change fits");
        // The next receipt that has something of the kind.
        let tried = (0..receipts.len()).find_map(|more| {
            let number = (turn + more) % receipts.len();
            let mut members = receipts[number].clone();
            let expect = tamper(&mut members, kind, &mut chance)?;
            Some((number, members, expect))
        });
        let Some((number, members, expect)) = tried else { continue };
        let bytes = zipped(&members);
        let place = format!("change {at} of kind {kind} in {:?}", units[number]);
        // What is no receipt any more is refused as a whole.
        if let Some(found) = checked(&bytes) {
            assert!(!found.is_accepted(), "{place} is accepted");
            let (file, contact) = (&expect.file, &expect.contact);
            assert!(expect.is_met(&found), "{place}: {file} {contact:?} is not named: {found:?}");
        }
        *kinds.entry(kind).or_insert(0) += 1;
        let file = folder.join(format!("SYNTETISK-{at}-{kind}.zip"));
        fs::write(&file, bytes).unwrap();
        files.push(file);
    }
    assert_eq!(kinds.len(), KINDS.len(), "kinds that were never tried: {kinds:?}");
    if let Some(verdicts) = python(&files) {
        let accepted = files.iter().zip(verdicts).filter(|(_, is_accepted)| *is_accepted);
        let accepted: Vec<_> = accepted.map(|(file, _)| file.file_name()).collect();
        assert!(accepted.is_empty(), "the example accepts {accepted:?}");
    }
}
