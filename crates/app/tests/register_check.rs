//! Faults planted in copies of the ratebooks: each is found with its code, its file and a witness that is true,
//! and brings nothing else with it; and the ratebooks themselves have exactly what docs/known-gaps.md explains.
//!
//! Owns: the faults, and a plain look at the facts that tells whether a witness is true (no code of the check is
//! used for that). Does not own: which rates apply, in prices (`kernel/tests`).
//!
//! A fault is drawn by seed: the kinds in turn, the file and the place by lot. `VARDKEDJA_DEEP` draws 1000.

use app::commands::register::all_findings;
use app::ratebook::read_folders;
use kernel::fact::{
    Agreement, Approval, Assignment, CodePattern, Condition, ContactCondition, Decision, Fact,
    Formula, Payer, Rate, Status, Unit,
};
use kernel::finding::Finding;
use kernel::time::{Day, Period};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const KNOWN_ON: &str = "2026-11-21";
const PLANTS: usize = 360;
const PLANTS_DEEP: usize = 1000;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

// Books: the ratebooks as text, table by table.

/// The texts of the ratebook files by name, such as `stockholm/kson-2016.toml`.
type Books = BTreeMap<String, String>;

fn originals() -> Books {
    let mut books = Books::new();
    for folder in ["stockholm", "demo"] {
        for entry in fs::read_dir(root().join("ratebook").join(folder)).unwrap().flatten() {
            let name = format!("{folder}/{}", entry.file_name().to_string_lossy());
            books.insert(name, fs::read_to_string(entry.path()).unwrap());
        }
    }
    books
}

/// One table of a file, by the lines it stands on.
#[derive(Clone, Debug)]
struct Table {
    file: String,
    name: String,
    from: usize,
    to: usize,
    keys: Vec<(String, String)>,
}

impl Table {
    fn raw(&self, key: &str) -> Option<&str> {
        self.keys.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// The value of a key as text, without quotation marks.
    fn get(&self, key: &str) -> &str {
        self.raw(key).unwrap_or("").trim_matches('"')
    }

    fn has(&self, key: &str) -> bool {
        self.raw(key).is_some()
    }
}

fn tables(books: &Books) -> Vec<Table> {
    let mut all = Vec::new();
    for (file, text) in books {
        let mut open: Option<Table> = None;
        for (number, line) in text.lines().enumerate() {
            if let Some(rest) = line.strip_prefix('[') {
                all.extend(open.take());
                let name = rest.trim_matches(['[', ']']).to_owned();
                let (file, keys) = (file.clone(), Vec::new());
                open = Some(Table { file, name, from: number, to: number + 1, keys });
            } else if let (Some(table), Some((key, value))) = (&mut open, line.split_once(" = "))
                && !line.starts_with('#')
            {
                table.keys.push((key.trim().to_owned(), value.trim().to_owned()));
                table.to = number + 1;
            }
        }
        all.extend(open);
    }
    all
}

/// Writes, replaces or (with `None`) removes a key of a table.
fn set(books: &mut Books, table: &Table, key: &str, value: Option<&str>) {
    let text = books.get_mut(&table.file).unwrap();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let begins = format!("{key} = ");
    let mut inside = table.from..table.to;
    let at = inside.find(|number| lines[*number].starts_with(&begins));
    match (at, value) {
        (Some(at), Some(value)) => lines[at] = format!("{key} = {value}"),
        (Some(at), None) => drop(lines.remove(at)),
        (None, Some(value)) => lines.insert(table.from + 1, format!("{key} = {value}")),
        (None, None) => {}
    }
    *text = lines.join("\n") + "\n";
}

fn append(books: &mut Books, file: &str, name: &str, keys: &[(&str, String)]) {
    let text = books.get_mut(file).unwrap();
    *text += &format!("\n[[{name}]]\n");
    for (key, value) in keys {
        *text += &format!("{key} = {value}\n");
    }
}

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

// The check, on a copy.

struct Copy {
    folder: PathBuf,
    written: Books,
}

impl Copy {
    fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("sources")).unwrap();
        Self { folder, written: Books::new() }
    }

    /// Sources of our own making: for each that a decision names, a text with all its anchors, folded
    /// anywhere. The books are given the hashes of these.
    fn with_sources(&self, books: &Books) -> Books {
        let (mut texts, mut books) = (BTreeMap::<String, String>::new(), books.clone());
        let all = tables(&books);
        let source_of = |file: &str| source_file(&all, file);
        for table in all.iter().filter(|table| table.has("anchor")) {
            if let Some(source) = source_of(&table.file) {
                let folded = table.get("anchor").replacen(' ', "\n   ", 2);
                *texts.entry(source).or_default() += &format!("Ur beslutet: {folded}, med mera.\n");
            }
        }
        for (source, text) in texts {
            let sha256 = store::files::sha256(text.as_bytes());
            fs::write(self.folder.join("sources").join(&source), text).unwrap();
            for book in books.values_mut().filter(|book| book.contains(&source)) {
                let at = book.find("sha256 = \"").unwrap() + "sha256 = \"".len();
                book.replace_range(at..at + 64, &sha256);
            }
        }
        books
    }

    fn write(&mut self, books: &Books) {
        for (file, text) in books {
            if self.written.get(file) != Some(text) {
                let path = self.folder.join(file);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, text).unwrap();
            }
        }
        self.written = books.clone();
    }

    /// Everything found, with file names as in [`Books`].
    fn check(&mut self, books: &Books) -> Vec<Finding> {
        self.write(books);
        let read =
            read_folders(&[self.folder.join("stockholm"), self.folder.join("demo")]).unwrap();
        let sources = self.folder.join("sources");
        let mut findings = all_findings(read, Some(&sources), day(KNOWN_ON));
        for finding in &mut findings {
            let path = Path::new(&finding.file);
            let path = path.strip_prefix(&self.folder).unwrap();
            finding.file = path.to_string_lossy().into_owned();
        }
        findings
    }

    fn facts(&self) -> Facts {
        let folders = [self.folder.join("stockholm"), self.folder.join("demo")];
        Facts(read_folders(&folders).unwrap().decisions)
    }
}

fn source_file(all: &[Table], file: &str) -> Option<String> {
    let mut decisions = all.iter().filter(|table| table.name == "decision" && table.file == file);
    let source = decisions.next()?.raw("source")?.to_owned();
    let (_, rest) = source.split_once("file = \"")?;
    rest.split('"').next().map(str::to_owned)
}

/// What makes two findings the same wherever their lines are.
fn shown(finding: &Finding) -> String {
    let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "–".to_owned());
    let date = finding.witness.date.map_or_else(|| "–".to_owned(), |day| day.to_string());
    let (unit, element) = (text(&finding.witness.unit), text(&finding.witness.element));
    format!("{} | {} | {unit} | {element} | {date}", finding.code, finding.file)
}

fn listed(findings: &[Finding]) -> Vec<String> {
    let mut lines: Vec<String> = findings.iter().map(shown).collect();
    lines.sort();
    lines
}

// A plain look at the facts, to tell whether a witness is true.

struct Facts(Vec<Decision>);

impl Facts {
    fn all(&self) -> impl Iterator<Item = &Fact> {
        let known = |d: &&Decision| d.status == Status::Decided && d.known_from <= day(KNOWN_ON);
        self.0.iter().filter(known).flat_map(|d| &d.facts).map(|stated| &stated.fact)
    }

    fn rates(&self) -> impl Iterator<Item = &Rate> {
        self.all().filter_map(|fact| if let Fact::Rate(rate) = fact { Some(&**rate) } else { None })
    }

    fn rate(&self, id: &str) -> Option<&Rate> {
        self.rates().find(|rate| rate.id.as_str() == id)
    }

    /// The last known statements of one kind, by identity.
    fn latest<'f, T, K: Ord>(
        &'f self,
        take: impl Fn(&'f Fact) -> Option<&'f T>,
        key: impl Fn(&'f T) -> K,
    ) -> Vec<&'f T> {
        let mut order: Vec<&Decision> = self.0.iter().collect();
        order.sort_by_key(|decision| (decision.known_from, decision.id.clone()));
        let mut latest = BTreeMap::new();
        for stated in order.into_iter().flat_map(|decision| &decision.facts) {
            if let Some(fact) = take(&stated.fact) {
                latest.insert(key(fact), fact);
            }
        }
        latest.into_values().collect()
    }

    fn units<'f>(&'f self) -> Vec<&'f Unit> {
        let take = |fact: &'f Fact| if let Fact::Unit(unit) = fact { Some(unit) } else { None };
        self.latest(take, |unit| (unit.id.to_string(), unit.valid.from))
    }

    fn agreements<'f>(&'f self) -> Vec<&'f Agreement> {
        let take = |fact: &'f Fact| if let Fact::Agreement(one) = fact { Some(one) } else { None };
        self.latest(take, |one| (one.id.to_string(), one.valid.from))
    }

    fn assignments<'f>(&'f self) -> Vec<&'f Assignment> {
        let take = |fact: &'f Fact| if let Fact::Assignment(one) = fact { Some(one) } else { None };
        let key = |one: &Assignment| {
            let names = [one.unit.as_str(), one.agreement.as_str(), one.name.as_str()];
            (names.map(str::to_owned), one.valid.from, one.status == Approval::Approved)
        };
        let mut all = self.latest(take, key);
        all.retain(|one| one.status == Approval::Approved);
        all
    }

    fn payers<'f>(&'f self) -> Vec<&'f Payer> {
        let take = |fact: &'f Fact| if let Fact::Payer(one) = fact { Some(one) } else { None };
        self.latest(take, |one| (one.id.to_string(), one.valid.from))
    }

    /// The agreements that the unit is under on a day.
    fn under(&self, unit: &str, day: Day) -> Vec<&Agreement> {
        let open = |one: &&Unit| one.id.as_str() == unit && one.valid.contains(day);
        let is_open = self.units().iter().any(open);
        let based = |agreement: &&Agreement| {
            self.assignments().iter().any(|one| {
                one.unit.as_str() == unit
                    && one.agreement == agreement.id
                    && one.name.as_str() == "base"
                    && one.valid.contains(day)
            })
        };
        let mut under = self.agreements();
        under.retain(|agreement| is_open && agreement.valid.contains(day) && based(agreement));
        under
    }

    fn unit_holds(&self, when: &Condition, unit: &str, day: Day) -> bool {
        let under = self.under(unit, day);
        let Some(agreement) = under.first() else { return false };
        let holds = |name: &str| {
            self.assignments().iter().any(|one| {
                one.unit.as_str() == unit
                    && one.agreement == agreement.id
                    && one.name.as_str() == name
                    && one.valid.contains(day)
            })
        };
        let units = self.units();
        let stated = units.iter().find(|one| one.id.as_str() == unit && one.valid.contains(day));
        let class = stated.and_then(|one| one.area_class.clone());
        let of_unit = &when.unit;
        of_unit.unit.as_ref().is_none_or(|ids| ids.iter().any(|id| id.as_str() == unit))
            && of_unit.holds.as_ref().is_none_or(|names| names.iter().any(|n| holds(n.as_str())))
            && of_unit.area.as_ref().is_none_or(|areas| areas.contains(&agreement.area))
            && of_unit.area_class.as_ref().is_none_or(|all| class.is_some_and(|c| all.contains(&c)))
    }

    /// Whether a rate could be paid for some contact of the unit on the day, others aside.
    fn in_force(&self, rate: &Rate, unit: &str, day: Day) -> bool {
        let Formula::Share { .. } = rate.formula else {
            return rate.valid.contains(day) && self.unit_holds(&rate.when, unit, day);
        };
        rate.valid.contains(day)
    }
}

fn share_one<T: PartialEq>(one: &Option<Vec<T>>, other: &Option<Vec<T>>) -> bool {
    let (Some(one), Some(other)) = (one, other) else { return true };
    one.iter().any(|value| other.contains(value))
}

fn codes_meet(one: &CodePattern, other: &CodePattern) -> bool {
    match (one, other) {
        (CodePattern::Exact(a), CodePattern::Exact(b)) => a == b,
        (CodePattern::Exact(a), CodePattern::Prefix(b)) => a.starts_with(b.as_str()),
        (CodePattern::Prefix(a), CodePattern::Exact(b)) => b.starts_with(a.as_str()),
        (CodePattern::Prefix(a), CodePattern::Prefix(b)) => {
            a.starts_with(b.as_str()) || b.starts_with(a.as_str())
        }
    }
}

/// Whether one contact can satisfy both, for the keys that are planted here.
fn can_meet(one: &ContactCondition, other: &ContactCondition) -> bool {
    let drg = match (&one.drg, &other.drg) {
        (Some(one), Some(other)) => one.iter().any(|a| other.iter().any(|b| codes_meet(a, b))),
        _ => true,
    };
    let meet = |a: Option<(i32, i32)>, b: Option<(i32, i32)>| match (a, b) {
        (Some((a, b)), Some((c, d))) => a.max(c) <= b.min(d),
        _ => true,
    };
    let class = match (&one.class, &other.class) {
        (Some(one), Some(other)) => one.iter().any(|a| {
            let meets = |values: &Vec<String>| values.iter().any(|v| a.values.contains(v));
            other.iter().any(|b| a.name != b.name || meets(&b.values))
        }),
        _ => true,
    };
    drg && class
        && share_one(&one.kind, &other.kind)
        && share_one(&one.place, &other.place)
        && share_one(&one.enrolled, &other.enrolled)
        && share_one(&one.individual, &other.individual)
        && meet(one.parity, other.parity)
        && meet(one.gestational_days, other.gestational_days)
}

fn in_backticks(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// Whether the witness shows what the finding says; nothing to verify is true.
fn is_true(finding: &Finding, facts: &Facts) -> Result<(), String> {
    let unit = finding.witness.unit.as_deref().unwrap_or("");
    let element = finding.witness.element.as_deref().unwrap_or("");
    let date = finding.witness.date;
    let wrong = |why: &str| Err(format!("{why}: {}", shown(finding)));
    let names = in_backticks(&finding.message.en);
    match finding.code.name() {
        "conflicting-rates" => {
            let Some(day) = date else { return wrong("no day") };
            let rates: Option<Vec<&Rate>> = names[..2].iter().map(|id| facts.rate(id)).collect();
            let Some(rates) = rates else { return wrong("no such rates") };
            let (one, other) = (rates[0], rates[1]);
            if rates.iter().any(|rate| rate.element.as_str() != element) {
                return wrong("another element");
            }
            if rates.iter().any(|rate| !facts.in_force(rate, unit, day)) {
                return wrong("a rate is not in force there");
            }
            if one.replaces.contains(&other.id) || other.replaces.contains(&one.id) {
                return wrong("one replaces the other");
            }
            if !can_meet(&one.when.contact, &other.when.contact) {
                return wrong("no contact satisfies both");
            }
            Ok(())
        }
        "rate-gap" => {
            let Some(day) = date else { return wrong("no day") };
            if facts.under(unit, day).is_empty() {
                return wrong("no agreement");
            }
            let ended = facts.rate(names[0]).filter(|rate| rate.valid.until == day);
            let covers = facts.rates().any(|rate| {
                let follows = match ended {
                    Some(ended) => {
                        (rate.element == ended.element || rate.replaces.contains(&ended.id))
                            && can_meet(&ended.when.contact, &rate.when.contact)
                    }
                    None if element == "base" => {
                        !matches!(rate.formula, Formula::Uplift { .. } | Formula::Share { .. })
                            && rate.formula.is_of_contacts()
                            && rate.when.unit.holds.is_none()
                    }
                    None => rate.element.as_str() == element,
                };
                follows && facts.in_force(rate, unit, day)
            });
            if covers { wrong("a rate is in force") } else { Ok(()) }
        }
        "add-on-without-base" => {
            let Some(day) = date else { return wrong("no day") };
            let assignments = facts.assignments();
            let mut held = assignments.iter().filter(|one| {
                one.unit.as_str() == unit && one.name.as_str() == element && one.valid.contains(day)
            });
            let lone = held.any(|one| {
                facts.under(unit, day).iter().all(|agreement| agreement.id != one.agreement)
            });
            if lone { Ok(()) } else { wrong("the base is in force") }
        }
        "two-agreements" => match date {
            Some(day) if facts.under(unit, day).len() >= 2 => Ok(()),
            _ => wrong("not two agreements"),
        },
        "overlapping-periods" => {
            let Some(day) = date else { return wrong("no day") };
            let name = names.get(1).copied().unwrap_or("");
            let valid: Vec<(&str, Period, String)> = match names[0] {
                "unit" => {
                    let of = |u: &&Unit| (u.id.to_string(), u.valid);
                    facts.units().iter().map(of).map(|(id, p)| ("", p, id)).collect()
                }
                "agreement" => {
                    let of = |a: &&Agreement| ("", a.valid, a.id.to_string());
                    facts.agreements().iter().map(of).collect()
                }
                "payer" => facts.payers().iter().map(|p| ("", p.valid, p.id.to_string())).collect(),
                _ => {
                    let all = facts.assignments();
                    let of = |a: &&Assignment| ("", a.valid, a.unit.to_string());
                    all.iter().map(of).collect()
                }
            };
            let same = valid.iter().filter(|(_, period, id)| id == name && period.contains(day));
            if same.count() >= 2 { Ok(()) } else { wrong("no two statements that day") }
        }
        "payer-tie" => {
            let Some(day) = date else { return wrong("no day") };
            let payers = facts.payers();
            let both = names[..2].iter().all(|id| {
                payers.iter().any(|payer| payer.id.as_str() == *id && payer.valid.contains(day))
            });
            if both { Ok(()) } else { wrong("not two payers that day") }
        }
        "shared-code" => {
            let Some(day) = date else { return wrong("no day") };
            let units = facts.units();
            let have = units.iter().filter(|one| {
                let codes = [one.kombika.as_deref(), one.hsa_id.as_deref()];
                one.valid.contains(day) && codes.contains(&Some(names[0]))
            });
            if have.count() == 2 { Ok(()) } else { wrong("not two units with the code") }
        }
        "no-default-payer" => {
            let Some(day) = date else { return wrong("no day") };
            let mut payers = facts.payers().into_iter();
            if payers.any(|payer| payer.residence.is_none() && payer.valid.contains(day)) {
                return wrong("there is a default payer");
            }
            let mut rates = facts.rates().filter(|rate| rate.element.as_str() == element);
            if rates.any(|rate| rate.valid.contains(day)) { Ok(()) } else { wrong("no rate") }
        }
        "until-overdue" => {
            let mut rates = facts.rates().filter(|rate| rate.element.as_str() == element);
            let is_so = rates.any(|rate| {
                let due = rate.until.as_ref().and_then(|until| until.expected_by);
                due.is_some_and(|due| due < day(KNOWN_ON) && Some(due.plus(1)) == date)
                    && rate.valid.contains(day(KNOWN_ON))
            });
            if is_so { Ok(()) } else { wrong("nothing is overdue") }
        }
        "conflicting-statements" => {
            let mut decisions = facts.0.iter().filter(|d| d.place.file.ends_with(&finding.file));
            match decisions.next() {
                Some(decision) if Some(decision.known_from) == date => Ok(()),
                _ => wrong("another day of knowledge"),
            }
        }
        _ => Ok(()),
    }
}

// The faults.

/// A seeded generator (SplitMix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, count: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(count).unwrap()).unwrap()
    }

    fn one<'t, T>(&mut self, from: &'t [T]) -> &'t T {
        &from[self.below(from.len())]
    }

    /// A day from the first to the last.
    fn day(&mut self, first: &str, last: &str) -> Day {
        let (first, last) = (day(first), day(last));
        let days = usize::try_from(last.number() - first.number() + 1).unwrap();
        first.plus(i32::try_from(self.below(days)).unwrap())
    }
}

/// A fault, and what must be found of it.
struct Plant {
    what: String,
    books: Books,
    code: &'static str,
    /// Any of these is the right file.
    files: Vec<String>,
    /// Codes that it brings with it, beside its own.
    brings: &'static [&'static str],
    /// What the fault is about: an own finding has it as value, unit, element or in its message.
    names: Vec<String>,
}

impl Plant {
    fn new(what: impl Into<String>, books: Books, code: &'static str, file: &str) -> Self {
        let (what, files) = (what.into(), vec![file.to_owned()]);
        Self { what, books, code, files, brings: &[], names: Vec::new() }
    }

    fn or_in(mut self, file: &str) -> Self {
        self.files.push(file.to_owned());
        self
    }

    fn brings(mut self, codes: &'static [&'static str]) -> Self {
        self.brings = codes;
        self
    }

    fn about(mut self, name: &str) -> Self {
        self.names.push(name.to_owned());
        self
    }

    fn is_of(&self, finding: &Finding) -> bool {
        let texts = [&finding.value, &finding.witness.unit, &finding.witness.element];
        let has = |name: &String| {
            texts.iter().any(|text| text.as_ref() == Some(name))
                || finding.message.en.contains(&format!("`{name}`"))
        };
        finding.code.name() == self.code
            && self.files.contains(&finding.file)
            && self.names.iter().all(has)
    }
}

/// What follows from a fact that is left out or no longer what it was; see docs/known-gaps.md.
const LEFT_OUT: &[&str] =
    &["missing-key", "unknown-id", "bad-replaces", "bad-of", "was-not-equal", "source-not-at-hand"];

struct Field<'b> {
    books: &'b Books,
    tables: Vec<Table>,
}

impl Field<'_> {
    fn of(&self, name: &str) -> Vec<&Table> {
        self.tables.iter().filter(|table| table.name == name).collect()
    }

    fn with(&self, name: &str, key: &str) -> Vec<&Table> {
        self.of(name).into_iter().filter(|table| table.has(key)).collect()
    }

    fn find(&self, name: &str, key: &str, value: &str) -> &Table {
        let found = self.of(name).into_iter().find(|table| table.get(key) == value);
        found.unwrap_or_else(|| panic!("no {name} with {key} = {value}"))
    }

    fn changed(&self, table: &Table, key: &str, value: Option<&str>) -> Books {
        let mut books = self.books.clone();
        set(&mut books, table, key, value);
        books
    }

    fn any_file(&self, dice: &mut Dice) -> String {
        let files: Vec<&String> = self.books.keys().collect();
        (*dice.one(&files)).clone()
    }

    /// Rates of every formula but share, as tables.
    fn prices(&self) -> Vec<&Table> {
        self.of("rate").into_iter().filter(|rate| rate.get("formula") != "share").collect()
    }

    /// A unit for which the rate holds on a day of 2024 (or the one given), if any.
    fn unit_of(&self, facts: &Facts, rate: &Table, on: Day, dice: &mut Dice) -> Option<String> {
        let when = &facts.rate(rate.get("id"))?.when;
        let units = facts.units();
        let fitting: Vec<&&Unit> =
            units.iter().filter(|unit| facts.unit_holds(when, unit.id.as_str(), on)).collect();
        (!fitting.is_empty()).then(|| dice.one(&fitting).id.to_string())
    }
}

const DELIVERY: [(&str, &str); 7] = [
    ("danderyd", "danderyds-sjukhus-delivery"),
    ("bb-stockholm", "bb-stockholm-delivery"),
    ("karolinska-solna", "karolinska-delivery"),
    ("karolinska-huddinge", "karolinska-delivery"),
    ("sodersjukhuset", "sodersjukhuset-delivery"),
    ("sodertalje", "sodertalje-sjukhus-delivery"),
    ("sankt-goran", "st-goran-delivery"),
];

type Maker = fn(&Field<'_>, &Facts, &mut Dice) -> Plant;

/// Every kind of fault.
const KINDS: [(&str, Maker); 40] = [
    ("two rates of one element", second_rate),
    ("two rates at one unit", second_rate_of_unit),
    ("two rates that share codes, parity or class", second_rate_of_some),
    ("two shares of one element", second_share),
    ("overlapping periods", overlap),
    ("two statements of one day", two_statements),
    ("a rate that ended early", ended_early),
    ("an assignment before its rate", before_its_rate),
    ("an add-on without base", without_base),
    ("an add-on that outlives its base", outlives_base),
    ("an end that is overdue", overdue),
    ("a broken anchor", broken_anchor),
    ("an amount that is not in its anchor", another_amount),
    ("a wrong was", wrong_was),
    ("a was without replaces", was_of_nothing),
    ("an unknown provider, unit or agreement", unknown_id),
    ("an unknown unit in a condition", unknown_unit_in_when),
    ("an unknown table of weights", unknown_weights),
    ("an unknown key", unknown_key),
    ("replaces of nothing", replaces_nothing),
    ("of nothing", of_nothing),
    ("a rate that replaces itself", replaces_itself),
    ("two rates that replace each other", replace_each_other),
    ("a raise of itself", raises_itself),
    ("two agreements at once", two_agreements),
    ("two payers for one residence", payer_tie),
    ("one code for two units", shared_code),
    ("a payment to units with a condition on contacts", contact_condition),
    ("a share of two years or without end", share_days),
    ("a share with an unknown residue", share_residue),
    ("a pot that is not whole kronor", share_pot),
    ("no default payer", no_default_payer),
    ("a decision id twice", decision_twice),
    ("a rate id twice", rate_twice),
    ("a misspelt key", misspelt),
    ("a bad date", bad_date),
    ("a bad amount, weight or percent", bad_amount),
    ("a formula that is reserved or later", reserved),
    ("a changed source", wrong_hash),
    ("a contact rate that replaces one of units", replaces_unit_rate),
];

/// A rate once more under another id; what the original rests on is left out.
fn copy_of(rate: &Table, id: &str) -> Vec<(&'static str, String)> {
    let keep = [
        "element",
        "formula",
        "amount",
        "valid_from",
        "when",
        "weights",
        "weight_by",
        "percent",
        "of",
        "per_year",
        "pot",
        "key",
        "rounding",
        "pay",
        "valid_to",
    ];
    let mut keys = vec![("id", quoted(id))];
    keys.extend(keep.into_iter().filter_map(|key| Some((key, rate.raw(key)?.to_owned()))));
    keys
}

fn put(keys: &mut Vec<(&'static str, String)>, key: &'static str, value: String) {
    keys.retain(|(name, _)| *name != key);
    keys.push((key, value));
}

/// `when` with one condition more.
fn narrowed(rate: &Table, more: &str) -> String {
    match rate.raw("when") {
        None => format!("{{ {more} }}"),
        Some(when) => format!("{}, {more} }}", when.trim_end_matches('}').trim_end()),
    }
}

fn clash(
    field: &Field<'_>,
    what: &str,
    rate: &Table,
    keys: &[(&str, String)],
    file: &str,
) -> Plant {
    let mut books = field.books.clone();
    append(&mut books, file, "rate", keys);
    let what = format!("{what} {} in {file}", rate.get("id"));
    // A rate that was replaced clashes with what replaced it too.
    let mut plant = Plant::new(what, books, "conflicting-rates", file).about("planted");
    for other in field.prices() {
        if other.get("element") == rate.get("element") {
            plant = plant.or_in(&other.file);
        }
    }
    plant.or_in(&rate.file)
}

fn second_rate(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let rate = *dice.one(&field.prices());
    let mut keys = copy_of(rate, "planted");
    if dice.below(2) == 0 {
        let from = dice.day("2023-05-01", "2026-12-01");
        put(&mut keys, "valid_from", from.to_string());
    }
    let file = field.any_file(dice);
    clash(field, "a second", rate, &keys, &file)
}

fn second_rate_of_unit(field: &Field<'_>, facts: &Facts, dice: &mut Dice) -> Plant {
    loop {
        let rate = *dice.one(&field.prices());
        if rate.raw("when").is_some_and(|when| when.contains("unit =")) {
            continue;
        }
        let on = dice.day("2023-05-01", "2026-12-01");
        let Some(unit) = field.unit_of(facts, rate, on, dice) else { continue };
        let mut keys = copy_of(rate, "planted");
        put(&mut keys, "when", narrowed(rate, &format!("unit = [\"{unit}\"]")));
        put(&mut keys, "valid_from", on.month().first_day().to_string());
        put(&mut keys, "valid_to", on.plus(40).to_string());
        let file = field.any_file(dice);
        // It ends, but the rate that it stands beside goes on.
        return clash(field, &format!("for {unit} a second"), rate, &keys, &file).about(&unit);
    }
}

fn second_rate_of_some(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let mut rates = field.prices();
    rates.retain(|rate| rate.get("formula") != "fixed-monthly");
    let rate = *dice.one(&rates);
    let more = *dice.one(&[
        "drg = [\"P05*\"]",
        "drg = [\"P01A\", \"P06N\"]",
        "parity = [1, 3]",
        "parity = 0",
        "class = { name = \"burden\", in = [\"1\", \"2\"] }",
        "gestational_days = [140, 216]",
        "residence = [\"0188\"]",
        "diagnosis = [\"O80*\", \"Z37.0\"]",
        "procedure = \"MAA*\"",
        "profession = \"midwife\"",
        "individual = true",
        "by_team = false",
    ]);
    let mut keys = copy_of(rate, "planted");
    put(&mut keys, "when", narrowed(rate, more));
    let file = field.any_file(dice);
    clash(field, &format!("for {more} a second"), rate, &keys, &file)
}

fn second_share(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let share = field.find("rate", "formula", "share");
    let mut keys = copy_of(share, "planted");
    if dice.below(2) == 0 {
        put(&mut keys, "when", "{ unit = [\"sodertalje\", \"danderyd\"] }".to_owned());
    }
    let from = dice.day("2023-01-01", "2023-11-01");
    put(&mut keys, "valid_from", from.to_string());
    let file = field.any_file(dice);
    clash(field, "a second", share, &keys, &file)
}

fn overlap(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let name = *dice.one(&["unit", "agreement", "payer", "assignment"]);
    let mut all = field.of(name);
    // Those that are to end at once have nothing to overlap with.
    all.retain(|table| table.get("valid_from") < "2023-05-01");
    let table = *dice.one(&all);
    let from = dice.day("2023-05-01", "2026-12-01");
    let mut keys: Vec<(&str, String)> =
        table.keys.iter().map(|(key, value)| (key.as_str(), value.clone())).collect();
    keys.retain(|(key, _)| !["anchor", "valid_from", "valid_to"].contains(key));
    keys.push(("valid_from", from.to_string()));
    keys.push(("valid_to", day("2026-12-31").to_string()));
    let file = field.any_file(dice);
    let mut books = field.books.clone();
    append(&mut books, &file, name, &keys);
    let id = if name == "assignment" { table.get("unit") } else { table.get("id") };
    let what = format!("{name} {id} stated again from {from} in {file}");
    Plant::new(what, books, "overlapping-periods", &file).about(id)
}

fn two_statements(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let (name, key, value) = *dice.one(&[
        ("provider", "legal_form", "\"association\""),
        ("unit", "municipality", "\"0199\""),
        ("agreement", "backward_months", "7"),
        ("assignment", "valid_to", "2031-05-05"),
        ("capacity", "deliveries", "7"),
        ("weight", "value", "\"0.77\""),
        ("payer", "residence", "[\"0199\"]"),
        ("appropriation", "amount", "\"7 kr\""),
        ("commission", "what", "\"Något annat\""),
    ]);
    let table = *dice.one(&field.of(name));
    let mut keys: Vec<(&str, String)> =
        table.keys.iter().map(|(key, value)| (key.as_str(), value.clone())).collect();
    keys.retain(|(other, _)| *other != key && *other != "anchor");
    keys.push((key, value.to_owned()));
    let mut books = field.books.clone();
    append(&mut books, &table.file, name, &keys);
    let what = format!("{name} of {} line {} with another {key}", table.file, table.from);
    Plant::new(what, books, "conflicting-statements", &table.file)
}

fn ended_early(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let mut rates = field.prices();
    // Where one that replaced another ends, the other is in force again (R1), which is no gap.
    rates.retain(|rate| !rate.has("replaces"));
    let rate = *dice.one(&rates);
    let (first, last) = match rate.get("id") {
        "continuity-2022" => ("2022-01-10", "2022-12-30"),
        "home-birth-2020" => ("2020-08-10", "2022-12-30"),
        _ => ("2023-05-01", "2026-12-30"),
    };
    let to = dice.day(first, last);
    let books = field.changed(rate, "valid_to", Some(&to.to_string()));
    let what = format!("{} ends {to}", rate.get("id"));
    Plant::new(what, books, "rate-gap", &rate.file).about(rate.get("id"))
}

fn before_its_rate(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let (name, first, element) = *dice.one(&[
        ("home-birth", "2020-07-31", "home-birth-add-on"),
        ("continuity", "2021-12-31", "continuity-add-on"),
    ]);
    let clinics =
        DELIVERY.iter().filter(|(unit, _)| !["karolinska-huddinge", "sankt-goran"].contains(unit));
    let (unit, agreement) = **dice.one(&clinics.collect::<Vec<_>>());
    let from = dice.day("2010-01-01", first);
    let file = field.any_file(dice);
    let mut books = field.books.clone();
    let keys = [
        ("unit", quoted(unit)),
        ("agreement", quoted(agreement)),
        ("name", quoted(name)),
        ("valid_from", from.to_string()),
        ("valid_to", "2026-12-31".to_owned()),
    ];
    append(&mut books, &file, "assignment", &keys);
    let what = format!("{unit} holds {name} from {from}");
    Plant::new(what, books, "rate-gap", &file).about(unit).about(element)
}

fn without_base(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let (unit, own) = *dice.one(&DELIVERY);
    let others: Vec<_> = DELIVERY.iter().filter(|(_, agreement)| *agreement != own).collect();
    let (_, agreement) = **dice.one(&others);
    let name = *dice.one(&["continuity", "home-birth", "something-else"]);
    let from = dice.day("2023-05-01", "2026-10-31");
    let file = field.any_file(dice);
    let mut books = field.books.clone();
    let keys = [
        ("unit", quoted(unit)),
        ("agreement", quoted(agreement)),
        ("name", quoted(name)),
        ("valid_from", from.to_string()),
    ];
    append(&mut books, &file, "assignment", &keys);
    let what = format!("{unit} holds {name} under {agreement}");
    Plant::new(what, books, "add-on-without-base", &file).about(unit).about(name)
}

fn outlives_base(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let (unit, agreement) = *dice.one(&[
        ("danderyd", "danderyds-sjukhus-delivery"),
        ("sodersjukhuset", "sodersjukhuset-delivery"),
        ("sankt-goran", "st-goran-delivery"),
    ]);
    // S:t Göran opens in April 2023; the two others change agreement at the end of 2026.
    let (from, to) = match unit {
        "sankt-goran" => (dice.day("2023-01-01", "2023-03-31"), "2025-12-31"),
        _ => (dice.day("2023-05-01", "2026-10-31"), "2027-06-30"),
    };
    let file = field.any_file(dice);
    let mut books = field.books.clone();
    let keys = [
        ("unit", quoted(unit)),
        ("agreement", quoted(agreement)),
        ("name", quoted("continuity")),
        ("valid_from", from.to_string()),
        ("valid_to", to.to_owned()),
    ];
    append(&mut books, &file, "assignment", &keys);
    let what = format!("{unit} holds continuity {from}–{to}");
    Plant::new(what, books, "add-on-without-base", &file).about(unit)
}

fn overdue(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let mut rates = field.prices();
    let replaced = ["continuity-2022", "home-birth-2020", "eight-point-add-on-2022"];
    rates.retain(|rate| !replaced.contains(&rate.get("id")));
    let rate = *dice.one(&rates);
    let by = dice.day("2022-01-01", "2026-11-20");
    let until = format!("{{ decision = \"awaited\", expected_by = {by} }}");
    let books = field.changed(rate, "until", Some(&until));
    let what = format!("{} awaits something by {by}", rate.get("id"));
    Plant::new(what, books, "until-overdue", &rate.file).about(rate.get("element"))
}

/// Tables with an anchor whose source is at hand.
fn anchored<'f>(field: &'f Field<'_>) -> Vec<&'f Table> {
    let has =
        |table: &&Table| table.has("anchor") && source_file(&field.tables, &table.file).is_some();
    field.tables.iter().filter(has).collect()
}

fn broken_anchor(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let table = *dice.one(&anchored(field));
    let anchor = table.get("anchor");
    let broken = match dice.below(3) {
        0 => format!("{anchor} eller ej"),
        1 => format!("dock {anchor}"),
        _ => anchor.replacen(' ', " x ", 1),
    };
    let books = field.changed(table, "anchor", Some(&quoted(&broken)));
    let what = format!("anchor of {}{} in {}", table.get("id"), table.get("unit"), table.file);
    // A word between the figure and its unit parts them too.
    let plant = Plant::new(what, books, "anchor-not-found", &table.file).about(&broken);
    plant.brings(&["amount-not-in-anchor"])
}

fn another_amount(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let keys = ["amount", "percent", "pot", "deliveries"];
    let mut all: Vec<(&Table, &str)> = Vec::new();
    for table in field.tables.iter().filter(|table| table.has("anchor")) {
        all.extend(keys.into_iter().find(|key| table.has(key)).map(|key| (table, key)));
    }
    let (table, key) = *dice.one(&all);
    let value = match key {
        "amount" => format!("\"{} kr\"", 300_001 + dice.below(90_000)),
        "percent" => format!("\"5.{}\"", 1 + dice.below(9)),
        "pot" => format!("\"60 000 {:03} kr\"", 1 + dice.below(999)),
        _ => format!("{}", 8_001 + dice.below(900)),
    };
    let books = field.changed(table, key, Some(&value));
    let what = format!("{key} = {value} in {} line {}", table.file, table.from);
    let plant = Plant::new(what, books, "amount-not-in-anchor", &table.file);
    plant.brings(&["was-not-equal"])
}

fn wrong_was(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let rate = *dice.one(&field.with("rate", "was"));
    let value = format!("\"{} kr\"", 30_000 + dice.below(9_000));
    let books = field.changed(rate, "was", Some(&value));
    let what = format!("{} was {value}", rate.get("id"));
    Plant::new(what, books, "was-not-equal", &rate.file).about(rate.get("element"))
}

fn was_of_nothing(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let mut rates = field.of("rate");
    rates.retain(|rate| !rate.has("replaces"));
    let rate = *dice.one(&rates);
    let books = field.changed(rate, "was", Some("\"7 400 kr\""));
    let what = format!("{} was 7 400 kr", rate.get("id"));
    Plant::new(what, books, "was-not-equal", &rate.file).about(rate.get("element"))
}

fn unknown_id(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let (name, key) = *dice.one(&[
        ("unit", "provider"),
        ("agreement", "provider"),
        ("assignment", "unit"),
        ("assignment", "agreement"),
        ("capacity", "unit"),
    ]);
    let table = *dice.one(&field.of(name));
    let value = format!("{}-x", table.get(key));
    let books = field.changed(table, key, Some(&quoted(&value)));
    let what = format!("{name}.{key} = {value} in {} line {}", table.file, table.from);
    let plant = Plant::new(what, books, "unknown-id", &table.file).about(&value);
    // An add-on without the base that went astray; two of one agreement where its end did.
    plant.brings(&["add-on-without-base", "rate-gap"])
}

fn unknown_unit_in_when(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let rate = *dice.one(&field.of("rate"));
    let when = narrowed(rate, "unit = [\"danderyd\", \"danderyx\"]");
    let books = field.changed(rate, "when", Some(&when));
    let what = format!("{} when unit danderyx", rate.get("id"));
    // An add-on of Huddinge is no longer paid there.
    Plant::new(what, books, "unknown-id", &rate.file).about("danderyx").brings(&["rate-gap"])
}

fn unknown_weights(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let rate = *dice.one(&field.with("rate", "weights"));
    let value = format!("drg-{}", dice.below(3000));
    let books = field.changed(rate, "weights", Some(&quoted(&value)));
    Plant::new(format!("weights {value}"), books, "unknown-id", &rate.file).about(&value)
}

fn unknown_key(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let rate = field.find("rate", "formula", "share");
    let value = format!("residents-{}", dice.below(3000));
    let books = field.changed(rate, "key", Some(&quoted(&value)));
    let plant = Plant::new(format!("key {value}"), books, "unknown-id", &rate.file).about(&value);
    plant.brings(&["empty-key"])
}

fn replaces_nothing(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let rate = *dice.one(&field.of("rate"));
    let books = field.changed(rate, "replaces", Some("[\"no-such-rate\"]"));
    let what = format!("{} replaces no-such-rate", rate.get("id"));
    let plant = Plant::new(what, books, "bad-replaces", &rate.file).about("no-such-rate");
    plant.brings(&["was-not-equal"])
}

fn of_nothing(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let rate = *dice.one(&field.with("rate", "of"));
    // Nothing, or something that goes to units.
    let element = *dice.one(&["no-such-element", "standby", "transition-support"]);
    let of = format!("[\"delivery-base\", \"{element}\"]");
    let books = field.changed(rate, "of", Some(&of));
    Plant::new(format!("{} of {element}", rate.get("id")), books, "bad-of", &rate.file)
        .about(element)
}

fn replaces_itself(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let rate = *dice.one(&field.of("rate"));
    let books = field.changed(rate, "replaces", Some(&format!("[\"{}\"]", rate.get("id"))));
    let what = format!("{} replaces itself", rate.get("id"));
    let plant = Plant::new(what, books, "cycle", &rate.file).about(rate.get("id"));
    plant.brings(&["was-not-equal"])
}

fn replace_each_other(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let mut rates = field.prices();
    rates.retain(|rate| !rate.has("replaces") && rate.get("formula") != "fixed-monthly");
    let (mut one, mut other) = (*dice.one(&rates), *dice.one(&rates));
    while one.get("id") == other.get("id") {
        other = *dice.one(&rates);
    }
    if (&other.file, other.from) < (&one.file, one.from) {
        (one, other) = (other, one);
    }
    // The later one first, so that the lines of the earlier still hold.
    let mut books = field.changed(other, "replaces", Some(&format!("[\"{}\"]", one.get("id"))));
    set(&mut books, one, "replaces", Some(&format!("[\"{}\"]", other.get("id"))));
    let what = format!("{} and {} replace each other", one.get("id"), other.get("id"));
    Plant::new(what, books, "cycle", &one.file).or_in(&other.file)
}

fn raises_itself(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let rate = *dice.one(&field.with("rate", "of"));
    let of = *dice.one(&["[\"raise-2017\", \"raise-2018\"]", "[\"raise-2018\", \"raise-2017\"]"]);
    let books = field.changed(rate, "of", Some(of));
    let plant = Plant::new(format!("{} of {of}", rate.get("id")), books, "cycle", &rate.file);
    plant
        .or_in("stockholm/landstinget-2017-10-raise.toml")
        .or_in("stockholm/landstinget-2018-05-raise.toml")
}

fn two_agreements(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let (unit, own) = *dice.one(&DELIVERY);
    let others: Vec<_> = DELIVERY.iter().filter(|(_, agreement)| *agreement != own).collect();
    let (_, agreement) = **dice.one(&others);
    let from = dice.day("2023-05-01", "2026-06-01");
    let file = field.any_file(dice);
    let mut books = field.books.clone();
    let keys = [
        ("unit", quoted(unit)),
        ("agreement", quoted(agreement)),
        ("name", quoted("base")),
        ("valid_from", from.to_string()),
        ("valid_to", from.plus(1 + i32::try_from(dice.below(200)).unwrap()).to_string()),
    ];
    append(&mut books, &file, "assignment", &keys);
    // Told of the base that begins later.
    let what = format!("{unit} under {agreement} too from {from}");
    Plant::new(what, books, "two-agreements", &file).about(unit)
}

fn payer_tie(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let (rival, residence) = *dice.one(&[
        ("kson", Some("[\"0188\"]")),
        ("kson", Some("[\"0114\", \"0188\"]")),
        ("other-region", Some("[\"out-of-county\"]")),
        ("hsn", None),
    ]);
    let rival = field.find("payer", "id", rival);
    let from = dice.day("2016-01-01", "2030-01-01");
    let id = *dice.one(&["aa-payer", "zz-payer"]);
    let mut keys = vec![("id", quoted(id)), ("valid_from", from.to_string())];
    keys.extend(residence.map(|residence| ("residence", residence.to_owned())));
    let file = field.any_file(dice);
    let mut books = field.books.clone();
    append(&mut books, &file, "payer", &keys);
    let what = format!("{id} like {} from {from}", rival.get("id"));
    let plant = Plant::new(what, books, "payer-tie", &file).or_in(&rival.file);
    plant.about(id).about(rival.get("id"))
}

fn shared_code(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let units = field.of("unit");
    let (mut one, mut other) = (*dice.one(&units), *dice.one(&units));
    while one.get("id") == other.get("id") {
        other = *dice.one(&units);
    }
    if (&other.file, other.from) < (&one.file, one.from) {
        (one, other) = (other, one);
    }
    let key = *dice.one(&["kombika", "hsa_id"]);
    let mut books = field.changed(other, key, Some("\"11002-X\""));
    set(&mut books, one, key, Some("\"11002-X\""));
    let what = format!("{} and {} have one {key}", one.get("id"), other.get("id"));
    let plant = Plant::new(what, books, "shared-code", &one.file).or_in(&other.file);
    plant.about("11002-X").about(one.get("id")).about(other.get("id"))
}

fn contact_condition(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let (formula, more) = *dice.one(&[
        ("fixed-monthly", "kind = [\"delivery\"]"),
        ("fixed-monthly", "parity = 0"),
        ("fixed-monthly", "area_class = \"2\""),
        ("share", "enrolled = true"),
        ("share", "holds = [\"base\"]"),
        ("share", "area = [\"delivery\"]"),
    ]);
    let rate = field.find("rate", "formula", formula);
    let books = field.changed(rate, "when", Some(&narrowed(rate, more)));
    let key = format!("when.{}", more.split(' ').next().unwrap());
    Plant::new(format!("{formula} when {more}"), books, "bad-condition", &rate.file).about(&key)
}

fn share_days(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let share = field.find("rate", "formula", "share");
    let (what, books) = match dice.below(3) {
        0 => ("without valid_to", field.changed(share, "valid_to", None)),
        1 => {
            let to = dice.day("2024-01-01", "2026-01-01").to_string();
            ("two years", field.changed(share, "valid_to", Some(&to)))
        }
        _ => {
            let mut books = field.changed(share, "valid_to", Some("2023-06-29"));
            set(&mut books, share, "valid_from", Some("2023-06-02"));
            ("no first day of a month", books)
        }
    };
    Plant::new(what, books, "bad-share", &share.file)
}

fn share_residue(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let share = field.find("rate", "formula", "share");
    let residue = *dice.one(&["sankt-gran", "bmm-blaklockan", "nobody"]);
    let rounding = *dice.one(&["\"half-up-krona\"", "\"half-up-ore\""]);
    let mut books = field.changed(share, "rounding", Some(rounding));
    set(&mut books, share, "residue", Some(&quoted(residue)));
    let plant = Plant::new(format!("residue {residue}"), books, "bad-share", &share.file);
    plant.about(residue)
}

fn share_pot(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let share = field.find("rate", "formula", "share");
    let pot = format!("\"60 000 000,{:02} kr\"", 1 + dice.below(99));
    let mut books = field.changed(share, "pot", Some(&pot));
    let roundings = ["\"largest-remainder\"", "\"half-up-krona\"", "\"half-up-residue-largest\""];
    set(&mut books, share, "rounding", Some(*dice.one(&roundings)));
    Plant::new(format!("pot {pot}"), books, "bad-share", &share.file)
}

fn no_default_payer(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let hsn = field.find("payer", "id", "hsn");
    let (key, on) = match dice.below(2) {
        0 => ("valid_from", dice.day("2021-01-02", "2026-10-31")),
        _ => ("valid_to", dice.day("2020-12-31", "2026-10-30")),
    };
    let books = field.changed(hsn, key, Some(&on.to_string()));
    // Told of the rate whose line has nobody to pay it.
    let fixed = field.find("rate", "formula", "fixed-monthly");
    let share = field.find("rate", "formula", "share");
    let what = format!("the default payer has {key} {on}");
    Plant::new(what, books, "no-default-payer", &fixed.file).or_in(&share.file)
}

fn decision_twice(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let decisions = field.of("decision");
    let (one, mut other) = (*dice.one(&decisions), *dice.one(&decisions));
    while one.file == other.file {
        other = *dice.one(&decisions);
    }
    let books = field.changed(other, "id", Some(&quoted(one.get("id"))));
    let what = format!("{} has the id of {}", other.file, one.file);
    let plant = Plant::new(what, books, "duplicate-id", &one.file).or_in(&other.file);
    plant.about(one.get("id"))
}

fn rate_twice(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let rate = *dice.one(&field.of("rate"));
    let file = field.any_file(dice);
    let mut books = field.books.clone();
    append(&mut books, &file, "rate", &copy_of(rate, rate.get("id")));
    let plant =
        Plant::new(format!("{} in {file} too", rate.get("id")), books, "duplicate-id", &file);
    plant.or_in(&rate.file).about(rate.get("id"))
}

fn misspelt(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let table = dice.one(&field.tables);
    let long: Vec<&str> =
        table.keys.iter().map(|(key, _)| key.as_str()).filter(|key| key.len() > 4).collect();
    if long.is_empty() {
        return misspelt(field, &Facts(Vec::new()), dice);
    }
    let key = (*dice.one(&long)).to_owned();
    let at = 1 + dice.below(key.len() - 2);
    let mut typo = key.clone();
    match dice.below(3) {
        0 => drop(typo.remove(at)),
        1 => typo.insert(at, 'x'),
        _ => typo.replace_range(at..=at, "x"),
    }
    let value = table.raw(&key).unwrap().to_owned();
    let mut books = field.changed(table, &key, None);
    set(&mut books, &Table { to: table.from + 1, ..table.clone() }, &typo, Some(&value));
    let what = format!("{typo} for {key} in {} line {}", table.file, table.from);
    Plant::new(what, books, "unknown-key", &table.file).about(&key).about(&typo).brings(LEFT_OUT)
}

fn bad_date(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let key = *dice.one(&["valid_from", "known_from", "valid_to", "due"]);
    let having: Vec<&Table> = field.tables.iter().filter(|table| table.has(key)).collect();
    let table = *dice.one(&having);
    let value = *dice.one(&["\"31 januari 2023\"", "\"2023-02-29\"", "2023", "2023-13-01"]);
    let books = field.changed(table, key, Some(value));
    let code = if value == "2023-13-01" { "unreadable" } else { "bad-value" };
    let what = format!("{key} = {value} in {} line {}", table.file, table.from);
    Plant::new(what, books, code, &table.file).brings(LEFT_OUT)
}

fn bad_amount(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let (key, values) = *dice.one(&[
        ("amount", ["\"14200\"", "\"14 20 kr\"", "\"1,234 kr\"", "14200", "\"kr\""]),
        ("per_year", ["\"7 300 000\"", "\"7,3\"", "\"7.3 mkr\"", "7300000", "\"sju mkr\""]),
        ("pot", ["\"60 mkrs\"", "\"60\"", "\"60,123456789 mkr\"", "60", "\"\""]),
        ("value", ["\"1,2\"", "1.2", "\"ett\"", "\"1.2.3\"", "\"\""]),
        ("percent", ["\"5 %\"", "5", "\"5,0\"", "\"fem\"", "\"\""]),
        ("deliveries", ["\"4000\"", "-1", "4.5", "true", "[]"]),
        ("year", ["\"2023\"", "0", "20231", "2023.0", "-3"]),
    ]);
    let having: Vec<&Table> = field.tables.iter().filter(|table| table.has(key)).collect();
    let (table, value) = (*dice.one(&having), *dice.one(&values));
    let books = field.changed(table, key, Some(value));
    let what = format!("{key} = {value} in {} line {}", table.file, table.from);
    Plant::new(what, books, "bad-value", &table.file).brings(LEFT_OUT)
}

fn reserved(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let rate = *dice.one(&field.of("rate"));
    let (code, formula) = *dice.one(&[
        ("reserved-formula", "quality"),
        ("reserved-formula", "deduction"),
        ("not-yet-supported", "per-period"),
        ("not-yet-supported", "ceiling"),
    ]);
    let books = field.changed(rate, "formula", Some(&quoted(formula)));
    let what = format!("{} is {formula}", rate.get("id"));
    Plant::new(what, books, code, &rate.file).about(&quoted(formula)).brings(LEFT_OUT)
}

fn wrong_hash(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let mut all = field.of("decision");
    all.retain(|table| source_file(&field.tables, &table.file).is_some());
    let table = *dice.one(&all);
    let source = table.raw("source").unwrap();
    let at = source.find("sha256 = \"").unwrap() + "sha256 = \"".len() + dice.below(64);
    let other = if &source[at..=at] == "0" { "1" } else { "0" };
    let mut changed = source.to_owned();
    changed.replace_range(at..=at, other);
    let books = field.changed(table, "source", Some(&changed));
    let source = source_file(&field.tables, &table.file).unwrap();
    let plant = Plant::new(format!("hash of {source}"), books, "source-changed", &table.file);
    plant.about(&source)
}

fn replaces_unit_rate(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let mut rates = field.prices();
    rates.retain(|rate| rate.get("formula") != "fixed-monthly" && !rate.has("was"));
    let rate = *dice.one(&rates);
    let unit_rate = *dice.one(&["demo-standby", "transition-support-2023"]);
    let books = field.changed(rate, "replaces", Some(&format!("[\"{unit_rate}\"]")));
    let what = format!("{} replaces {unit_rate}", rate.get("id"));
    Plant::new(what, books, "bad-replaces", &rate.file).about(unit_rate)
}

/// What is wrong with what the check found of a fault.
fn judge(
    plant: &Plant,
    before: &[Finding],
    after: &[Finding],
    facts: &Facts,
) -> Result<(), String> {
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    for finding in before {
        *known.entry(shown(finding)).or_default() += 1;
    }
    let mut new: Vec<&Finding> = Vec::new();
    for finding in after {
        match known.get_mut(&shown(finding)) {
            Some(count) if *count > 0 => *count -= 1,
            _ => new.push(finding),
        }
    }
    let told = || new.iter().map(|f| format!("  {}", shown(f))).collect::<Vec<_>>().join("\n");
    if !new.iter().any(|finding| plant.is_of(finding)) {
        return Err(format!("not found as {} in {:?}; found\n{}", plant.code, plant.files, told()));
    }
    for finding in &new {
        let code = finding.code.name();
        // An own finding may be told at each of the files concerned.
        let own = code == plant.code && plant.files.contains(&finding.file);
        if !own && !plant.brings.contains(&code) {
            return Err(format!("and something else is found\n{}", told()));
        }
        is_true(finding, facts)?;
        let message = &finding.message;
        if message.sv.is_empty() || message.en.is_empty() || message.sv == message.en {
            return Err(format!("no words in both languages: {}", shown(finding)));
        }
        if finding.line == 0 {
            return Err(format!("no line: {}", shown(finding)));
        }
    }
    // What was found before is found still, unless the register as a whole was not looked at.
    let refused = after.iter().any(|finding| finding.refuses);
    let gone = known.iter().filter(|(_, count)| **count > 0).map(|(shown, _)| shown.clone());
    let gone: Vec<String> = gone.filter(|_| !refused).collect();
    let meant = |line: &String| {
        let about = |name: &str| plant.what.contains(name);
        line.starts_with("until-overdue") && about("eight-point-add-on-2022")
            || line.starts_with("rate-gap") && plant.code == "unknown-id"
            || line.starts_with("source-not-at-hand") && plant.code == "unknown-id"
    };
    match gone.iter().find(|line| !meant(line)) {
        Some(line) => Err(format!("no longer found: {line}")),
        None => Ok(()),
    }
}

#[test]
fn planted_faults_are_found_with_true_witnesses() {
    let deep = std::env::var_os("VARDKEDJA_DEEP").is_some();
    let mut copy = Copy::new("planted");
    let books = copy.with_sources(&originals());
    let before = copy.check(&books);
    assert!(before.iter().all(|finding| finding.severity.name() != "error"), "{before:#?}");
    let original_facts = copy.facts();
    let field = Field { books: &books, tables: tables(&books) };
    let mut faults = Vec::new();
    for seed in 0..if deep { PLANTS_DEEP } else { PLANTS } {
        let mut dice = Dice(u64::try_from(seed).unwrap());
        let (kind, make) = KINDS[seed % KINDS.len()];
        let plant = make(&field, &original_facts, &mut dice);
        let after = copy.check(&plant.books);
        if let Err(why) = judge(&plant, &before, &after, &copy.facts()) {
            faults.push(format!("seed {seed}, {kind}: {}\n {why}", plant.what));
        }
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n\n"));
}

/// What looks like a fault and is none.
#[test]
fn what_is_no_fault_is_not_found() {
    let mut copy = Copy::new("no-fault");
    let books = copy.with_sources(&originals());
    let before = listed(&copy.check(&books));
    let field = Field { books: &books, tables: tables(&books) };
    let split = |id: &str, one: &str, other: &str| {
        let rate = field.find("rate", "id", id);
        let mut keys = copy_of(rate, "planted");
        put(&mut keys, "when", narrowed(rate, other));
        let mut books = field.changed(rate, "when", Some(&narrowed(rate, one)));
        append(&mut books, "stockholm/kson-2016.toml", "rate", &keys);
        books
    };
    let parts = [
        ("parity = 0", "parity = [1, 20]"),
        ("drg = [\"P01*\"]", "drg = [\"P05*\", \"P06N\"]"),
        ("class = { name = \"a\", in = [\"1\"] }", "class = { name = \"a\", in = [\"2\"] }"),
        ("enrolled = true", "enrolled = false"),
        ("residence = [\"0188\"]", "residence = [\"!0188\"]"),
        ("unit = [\"danderyd\"]", "unit = [\"sodertalje\"]"),
        ("gestational_days = [0, 139]", "gestational_days = [140, 320]"),
    ];
    for (one, other) in parts {
        let found = listed(&copy.check(&split("eight-point-add-on-2022", one, other)));
        assert_eq!(found, before, "{one} beside {other}");
    }
    // Followed by another of its element, or by one of another element that replaces it.
    let visit = field.find("rate", "id", "demo-midwife-visit");
    for (element, replaces) in [("midwife-visit", "[]"), ("new-visit", "[\"demo-midwife-visit\"]")]
    {
        let mut followed = field.changed(visit, "valid_to", Some("2024-02-29"));
        let mut keys = copy_of(visit, "planted");
        put(&mut keys, "element", quoted(element));
        put(&mut keys, "replaces", replaces.to_owned());
        put(&mut keys, "valid_from", "2024-03-01".to_owned());
        append(&mut followed, &visit.file, "rate", &keys);
        assert_eq!(listed(&copy.check(&followed)), before, "followed by {element}");
        // And with two days between them it is a gap.
        put(&mut keys, "valid_from", "2024-03-03".to_owned());
        let mut apart = field.changed(visit, "valid_to", Some("2024-02-29"));
        append(&mut apart, &visit.file, "rate", &keys);
        let found = listed(&copy.check(&apart));
        let gaps = found.iter().filter(|line| line.ends_with("| midwife-visit | 2024-03-01"));
        assert_eq!((gaps.count(), found.len()), (1, before.len() + 1), "{found:#?}");
    }
    // Where a rate that replaced another ends, the other is in force again.
    let raise = field.find("rate", "id", "continuity-2023");
    let ended = field.changed(raise, "valid_to", Some("2025-12-31"));
    assert_eq!(listed(&copy.check(&ended)), before);
    // An end that is not yet overdue; a narrower payer; the same statement twice; a proposal.
    let until = "{ decision = \"awaited\", expected_by = 2026-11-21 }";
    let later = field.changed(visit, "until", Some(until));
    assert_eq!(listed(&copy.check(&later)), before);
    let mut narrower = books.clone();
    let keys =
        [("id", quoted("stockholm-city")), ("residence", "[\"0180\", \"asylum\"]".to_owned())];
    append(&mut narrower, "stockholm/kson-2016.toml", "payer", &keys);
    assert_eq!(listed(&copy.check(&narrower)), before);
    let mut twice = books.clone();
    let keys =
        [("unit", quoted("danderyd")), ("year", "2022".into()), ("deliveries", "6300".into())];
    append(&mut twice, "stockholm/hsn-2021-12-capacity.toml", "capacity", &keys);
    assert_eq!(listed(&copy.check(&twice)), before);
    let proposal =
        "[decision]\nid = \"proposal\"\nknown_from = 2024-01-01\nstatus = \"proposed\"\n";
    let mut proposed = books.clone();
    proposed.insert("demo/proposal.toml".into(), proposal.into());
    append(&mut proposed, "demo/proposal.toml", "rate", &copy_of(visit, "planted"));
    assert_eq!(listed(&copy.check(&proposed)), before);
}

// The ratebooks themselves.

/// The lines of the fenced list under a heading.
fn documented(heading: &str) -> Vec<String> {
    let text = fs::read_to_string(root().join("docs/known-gaps.md")).unwrap();
    let (_, rest) = text.split_once(heading).unwrap_or_else(|| panic!("no heading {heading}"));
    let (_, rest) = rest.split_once("```text\n").unwrap();
    rest.split("```").next().unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn the_ratebooks_have_exactly_the_known_gaps() {
    let folders = ["stockholm", "demo"].map(|name| root().join("ratebook").join(name));
    let found = |sources: Option<&Path>| {
        let mut findings = all_findings(read_folders(&folders).unwrap(), sources, day(KNOWN_ON));
        for finding in &mut findings {
            let path = Path::new(&finding.file).strip_prefix(root().join("ratebook")).unwrap();
            finding.file = path.to_string_lossy().into_owned();
        }
        let facts = Facts(read_folders(&folders).unwrap().decisions);
        for finding in &findings {
            is_true(finding, &facts).unwrap();
        }
        listed(&findings)
    };
    let with_sources = documented("### With the sources at hand");
    let mut without = [with_sources.clone(), documented("### In addition, without")].concat();
    without.sort();
    assert_eq!(found(None), without);
    let sources = root().join("../shared/sources");
    if sources.is_dir() {
        assert_eq!(found(Some(&sources)), with_sources);
    }
}
