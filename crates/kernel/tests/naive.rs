//! The reference evaluator: rows and decisions to amounts, one contact and one ruling at a time.
//!
//! Owns: its own reading of R1–R60 of `rules.md`, for per-contact, per-weight, uplift, fixed-monthly
//! and share. Shares nothing with the engine but the types of facts, days and money: it reads the
//! texts, rounds and divides by itself, so that a slip in one of the two shows as a difference.
//! Does not own: load errors; [`clash`] alone tells of one, from the contacts at hand.
//!
//! One delivery under a rate of 14 200 kr is one line of 1 420 000 öre.

use kernel::fact::{
    Agreement, Approval, Assignment, BASE, Capacity, CodePattern, Condition, ContactKind, Decision,
    Fact, Formula, Key, Pay, Payer, Rate, Region, Residence, Residences, ShareKey, Status, Unit,
    UpliftBy, Weight, WeightField,
};
use kernel::money::{Money, Ratio, Rounding};
use kernel::time::{Day, Month};
use std::collections::{BTreeMap, BTreeSet};

/// A row of a contact file as text.
#[derive(Clone, Debug)]
pub struct RawRow {
    /// File, from 0.
    pub file: usize,
    /// Line, from 1.
    pub line: usize,
    /// Column name to text; class columns as `class_x`.
    pub fields: BTreeMap<String, String>,
}

/// What is known on which day, and how far care counts.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Decisions known on this day.
    pub register_known_on: Day,
    /// Reports known on this day.
    pub contacts_known_on: Day,
    /// The last day of care (R18).
    pub through: Day,
}

/// Unit, month, element, payer, payable (R43).
pub type RowKey = (String, String, String, String, bool);

/// What `price` answers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Output {
    /// Count and öre.
    pub rows: BTreeMap<RowKey, (i64, i64)>,
    /// In the order of R43.
    pub lines: Vec<Line>,
    /// Contacts by reason.
    pub unpriced: BTreeMap<String, i64>,
    /// Rows by code.
    pub rejected: BTreeMap<String, i64>,
}

/// One priced line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub contact_id: Option<String>,
    pub unit: String,
    pub month: String,
    pub element: String,
    pub payer: String,
    pub payable: bool,
    pub rate: String,
    pub count: i64,
    pub amount: i64,
}

impl Line {
    fn row(&self) -> RowKey {
        let text = |text: &String| text.clone();
        let (unit, month) = (text(&self.unit), text(&self.month));
        (unit, month, text(&self.element), text(&self.payer), self.payable)
    }

    /// R43: contact_id (null last), unit, month, element, payer, payable; R52: then by rate.
    fn order(&self) -> (bool, Option<String>, RowKey, String) {
        (self.contact_id.is_none(), self.contact_id.clone(), self.row(), self.rate.clone())
    }
}

/// The amounts of all contacts and units, as known on the days of `options`.
pub fn price(decisions: &[Decision], rows: &[RawRow], options: &Options) -> Output {
    let known = Known::on(decisions, options.register_known_on);
    let mut output = Output::default();
    for contact in contacts_in_force(&known, rows, options, &mut output.rejected) {
        match price_contact(&known, &contact) {
            Ok(lines) => output.lines.extend(lines),
            Err(reason) => *output.unpriced.entry(reason.to_owned()).or_default() += 1,
        }
    }
    output.lines.extend(unit_lines(&known, options.through).into_iter().map(|(_, line)| line));
    output.lines.sort_by_key(Line::order);
    for line in &output.lines {
        let row = output.rows.entry(line.row()).or_default();
        *row = (row.0 + line.count, row.1 + line.amount);
    }
    output.rows.retain(|_, row| *row != (0, 0));
    output
}

/// R41: literally D2 minus D1, also for unpriced and rejected; what is 0 throughout is left out.
pub fn difference(d2: Output, d1: Output) -> Output {
    let mut rows = d2.rows;
    for (key, (count, amount)) in d1.rows {
        let row = rows.entry(key).or_default();
        *row = (row.0 - count, row.1 - amount);
    }
    rows.retain(|_, row| *row != (0, 0));
    let counts = |mut new: BTreeMap<String, i64>, old: BTreeMap<String, i64>| {
        old.into_iter().for_each(|(name, count)| *new.entry(name).or_default() -= count);
        new.retain(|_, count| *count != 0);
        new
    };
    Output {
        rows,
        lines: line_difference(d2.lines, d1.lines),
        unpriced: counts(d2.unpriced, d1.unpriced),
        rejected: counts(d2.rejected, d1.rejected),
    }
}

/// R42: by (contact_id, unit, month, element, payer, payable), with the rate of D2, else of D1.
/// R52: where one side has two unit lines of a key, that key's lines stand apart by rate.
fn line_difference(d2: Vec<Line>, d1: Vec<Line>) -> Vec<Line> {
    let key = |line: &Line| (line.contact_id.clone(), line.row());
    let crowded = |of: &Line, side: &[Line]| side.iter().filter(|l| key(l) == key(of)).count() > 1;
    let mut differences: Vec<Line> = Vec::new();
    let negated =
        d1.iter().map(|line| Line { count: -line.count, amount: -line.amount, ..line.clone() });
    for line in d2.iter().cloned().chain(negated) {
        let apart = crowded(&line, &d2) || crowded(&line, &d1);
        let same =
            |other: &&mut Line| key(other) == key(&line) && (!apart || other.rate == line.rate);
        match differences.iter_mut().find(same) {
            Some(other) => {
                other.count += line.count;
                other.amount += line.amount;
            }
            None => differences.push(line),
        }
    }
    differences.retain(|line| (line.count, line.amount) != (0, 0));
    differences.sort_by_key(Line::order);
    differences
}

/// Two rates of one element that both apply (R3): to a contact in force whose unit is under agreement,
/// or both giving one unit a line of the same date (R54). Names the first that is found.
pub fn clash(decisions: &[Decision], rows: &[RawRow], options: &Options) -> Option<String> {
    let known = Known::on(decisions, options.register_known_on);
    for reported in contacts_in_force(&known, rows, options, &mut BTreeMap::new()) {
        let contact = &reported.contact;
        let unit = known.unit_of_code(&contact.unit_code, contact.care_date)?;
        if known.agreement(&unit, contact.care_date).is_none() {
            continue;
        }
        let mut seen: BTreeMap<&str, &Rate> = BTreeMap::new();
        for rate in known.applicable(contact, &unit) {
            if let Some(other) = seen.insert(rate.element.as_str(), rate) {
                return Some(format!("contact {}: {} and {}", contact.id, other.id, rate.id));
            }
        }
    }
    let mut seen = BTreeMap::new();
    for (date, line) in unit_lines(&known, options.through) {
        let place = (line.unit.clone(), line.element.clone(), date);
        if let Some(other) = seen.insert(place, line.rate.clone()) {
            return Some(format!("unit {} on {date}: {other} and {}", line.unit, line.rate));
        }
    }
    None
}

/// How many pairs of a contact and a rate there are where the rate would apply but is replaced.
pub fn replaced_pairs(decisions: &[Decision], rows: &[RawRow], options: &Options) -> usize {
    let known = Known::on(decisions, options.register_known_on);
    let contacts = contacts_in_force(&known, rows, options, &mut BTreeMap::new());
    let replaced = |reported: &InForce| {
        let contact = &reported.contact;
        let unit = known.unit_of_code(&contact.unit_code, contact.care_date).unwrap_or_default();
        let in_time = known.rates.iter().filter(|rate| rate.valid.contains(contact.care_date));
        let held = in_time.filter(|rate| {
            rate.formula.is_of_contacts() && known.holds(&rate.when, contact, &unit)
        });
        held.count() - known.applicable(contact, &unit).len()
    };
    contacts.iter().map(replaced).sum()
}

// ---------------------------------------------------------------- the register as known on a day

/// The facts known on a day: for each identity the latest statement (R7), and the rates in force.
struct Known<'a> {
    region: Option<&'a Region>,
    units: Vec<&'a Unit>,
    agreements: Vec<&'a Agreement>,
    assignments: Vec<&'a Assignment>,
    capacities: Vec<&'a Capacity>,
    weights: Vec<&'a Weight>,
    keys: Vec<&'a Key>,
    payers: Vec<&'a Payer>,
    rates: Vec<&'a Rate>,
}

macro_rules! pick {
    ($decisions:expr, $variant:ident, $fact:ident => $identity:expr) => {
        latest(
            $decisions,
            |fact| if let Fact::$variant(x) = fact { Some(x) } else { None },
            |$fact| $identity,
        )
    };
}

impl<'a> Known<'a> {
    fn on(decisions: &'a [Decision], day: Day) -> Self {
        // R4: known from known_from; proposed is never priced; the status covers the whole file.
        let known = |d: &&Decision| d.known_from <= day && d.status == Status::Decided;
        let decisions: Vec<&Decision> = decisions.iter().filter(known).collect();
        // R4, R45: in force only where every required decision is known.
        let is_known = |id| decisions.iter().any(|decision| decision.id == id);
        let rates = decisions.iter().flat_map(|decision| &decision.facts).filter_map(|stated| {
            let Fact::Rate(rate) = &stated.fact else { return None };
            rate.requires.iter().all(|id| is_known(id.clone())).then_some(&**rate)
        });
        let rates = rates.collect();
        let of = &decisions;
        // R7, R47: what each kind of fact is identified by.
        Self {
            region: pick!(of, Region, region => region.id.clone()).last().copied(),
            units: pick!(of, Unit, unit => (unit.id.clone(), unit.valid.from)),
            agreements: pick!(of, Agreement, agreement => (agreement.id.clone(), agreement.valid.from)),
            assignments: pick!(of, Assignment, a => {
                (a.unit.clone(), a.agreement.clone(), a.name.clone(), a.status, a.valid.from)
            }),
            capacities: pick!(of, Capacity, capacity => (capacity.unit.clone(), capacity.year)),
            weights: pick!(of, Weight, w => (w.table.clone(), w.code.clone(), w.valid_from)),
            keys: pick!(of, Key, key => (key.name.clone(), key.recipient.clone(), key.year)),
            payers: pick!(of, Payer, payer => (payer.id.clone(), payer.valid.from)),
            rates,
        }
    }

    /// R21: id, then HSA-id, then kombika, of the units open that day; R52: else of any known unit.
    fn unit_of_code(&self, code: &str, day: Day) -> Option<String> {
        let same = |text: &Option<String>| text.as_deref() == Some(code);
        for open_only in [true, false] {
            let units: Vec<&&Unit> =
                self.units.iter().filter(|unit| !open_only || unit.valid.contains(day)).collect();
            let by_id = units.iter().find(|unit| unit.id.as_str() == code);
            let by_hsa = || units.iter().find(|unit| same(&unit.hsa_id));
            let by_kombika = || units.iter().find(|unit| same(&unit.kombika));
            if let Some(unit) = by_id.or_else(by_hsa).or_else(by_kombika) {
                return Some(unit.id.to_string());
            }
        }
        None
    }

    fn unit(&self, id: &str, day: Day) -> Option<&'a Unit> {
        self.units.iter().find(|unit| unit.id.as_str() == id && unit.valid.contains(day)).copied()
    }

    /// Whether an approved assignment covers the day (R9, R57: what was applied for or refused does not matter).
    fn approved(&self, unit: &str, agreement: &Agreement, name: &str, day: Day) -> bool {
        self.assignments.iter().any(|assignment| {
            assignment.status == Approval::Approved
                && assignment.unit.as_str() == unit
                && assignment.agreement == agreement.id
                && assignment.name.as_str() == name
                && assignment.valid.contains(day)
        })
    }

    /// R8: the agreement for which unit, approved base assignment and agreement all cover the day.
    fn agreement(&self, unit: &str, day: Day) -> Option<&'a Agreement> {
        self.unit(unit, day)?;
        let covers = |agreement: &&&Agreement| {
            agreement.valid.contains(day) && self.approved(unit, agreement, BASE, day)
        };
        self.agreements.iter().find(covers).copied()
    }

    /// R11: the payer whose match is the most specific; R24: `!` entries shut out.
    fn payer(&self, residence: &str, day: Day) -> Option<&'a Payer> {
        let rank = |payer: &Payer| match &payer.residence {
            None => Some(0),
            Some(_) if residence.is_empty() => None,
            Some(listed) if listed.not.iter().any(|entry| self.lives(residence, entry)) => None,
            Some(listed) if listed.plain.is_empty() => Some(1),
            Some(listed) => {
                let matching = listed.plain.iter().filter(|entry| self.lives(residence, entry));
                matching
                    .map(|entry| match entry {
                        Residence::OutOfCounty => 2,
                        Residence::County(_) => 3,
                        Residence::Exact(_) => 4,
                    })
                    .max()
            }
        };
        let valid = self.payers.iter().filter(|payer| payer.valid.contains(day));
        let ranked = valid.filter_map(|payer| Some((rank(payer)?, *payer)));
        ranked.max_by_key(|(rank, _)| *rank).map(|(_, payer)| payer)
    }

    /// R11: a unit formula's payer is the default payer.
    fn default_payer(&self, day: Day) -> Option<&'a Payer> {
        self.payer("", day)
    }

    /// Whether a residence is what the entry says; R12, R53: out of county is four digits of another
    /// county, and every four digits where no region is known.
    fn lives(&self, residence: &str, entry: &Residence) -> bool {
        let four_digits = residence.len() == 4 && residence.bytes().all(|b| b.is_ascii_digit());
        match entry {
            Residence::Exact(exact) => residence == exact,
            Residence::County(county) => four_digits && residence.starts_with(county.as_str()),
            Residence::OutOfCounty => {
                four_digits && self.region.is_none_or(|r| !residence.starts_with(r.county.as_str()))
            }
        }
    }

    /// The known rates that name `rate` and whose own validity has the day (R1); that they may be
    /// replaced themselves makes no difference (R2).
    fn replacing(&self, rate: &Rate, day: Day) -> Vec<&'a Rate> {
        let names = |other: &&&Rate| other.replaces.contains(&rate.id) && other.valid.contains(day);
        self.rates.iter().filter(names).copied().collect()
    }

    /// The contact formulas that apply to a contact: by care date (R5), by `when`, and not replaced by a
    /// rate, of whatever formula, whose own `when` takes this contact (R1, R46, R55).
    fn applicable(&self, contact: &Contact, unit: &str) -> Vec<&'a Rate> {
        let day = contact.care_date;
        let takes = |rate: &Rate| self.holds(&rate.when, contact, unit);
        let applies = |rate: &&&Rate| {
            rate.formula.is_of_contacts()
                && rate.valid.contains(day)
                && takes(rate)
                && !self.replacing(rate, day).into_iter().any(takes)
        };
        self.rates.iter().filter(applies).copied().collect()
    }

    /// R24, R26: the unit's keys on a day.
    fn unit_holds(&self, when: &Condition, unit: &str, day: Day) -> bool {
        let agreement = self.agreement(unit, day);
        let class = self.unit(unit, day).and_then(|unit| unit.area_class.as_deref()).unwrap_or("");
        let when = &when.unit;
        any(&when.unit, |id| id.as_str() == unit)
            && any(&when.holds, |name| {
                agreement
                    .is_some_and(|agreement| self.approved(unit, agreement, name.as_str(), day))
            })
            && any(&when.area, |area| agreement.is_some_and(|agreement| agreement.area == *area))
            && any(&when.area_class, |wanted| !class.is_empty() && wanted == class)
    }

    /// R24, R25: every key that is given, any of its values; a blank field satisfies none.
    fn holds(&self, when: &Condition, contact: &Contact, unit: &str) -> bool {
        let keys = &when.contact;
        let code = |pattern: &CodePattern, code: &String| match pattern {
            _ if code.is_empty() => false,
            CodePattern::Exact(exact) => exact == code,
            CodePattern::Prefix(prefix) => code.starts_with(prefix.as_str()),
        };
        let within = |range: &Option<(i32, i32)>, value: Option<i64>| match range {
            None => true,
            Some((from, to)) => value.is_some_and(|v| i64::from(*from) <= v && v <= i64::from(*to)),
        };
        let text = |wanted: &String, field: &str| !field.is_empty() && wanted == field;
        let class = |name: &str| contact.classes.get(name).map_or("", String::as_str);
        self.unit_holds(when, unit, contact.care_date)
            && any(&keys.kind, |kind| *kind == contact.kind)
            && any(&keys.drg, |pattern| code(pattern, &contact.drg))
            && any(&keys.diagnosis, |pattern| contact.diagnoses.iter().any(|c| code(pattern, c)))
            && any(&keys.procedure, |pattern| contact.procedures.iter().any(|c| code(pattern, c)))
            && any(&keys.place, |place| text(place, &contact.place))
            && any(&keys.profession, |profession| text(profession, &contact.profession))
            && keys.residence.as_ref().is_none_or(|listed| self.residence_holds(listed, contact))
            && any(&keys.by_team, |value| contact.by_team == Some(*value))
            && any(&keys.enrolled, |value| contact.enrolled == Some(*value))
            && any(&keys.individual, |value| contact.individual == Some(*value))
            && within(&keys.parity, contact.parity)
            && within(&keys.gestational_days, contact.gestational_days)
            && any(&keys.class, |m| m.values.iter().any(|value| text(value, class(&m.name))))
    }

    fn residence_holds(&self, listed: &Residences, contact: &Contact) -> bool {
        let lives = |entry: &Residence| self.lives(&contact.residence, entry);
        !contact.residence.is_empty()
            && !listed.not.iter().any(lives)
            && (listed.plain.is_empty() || listed.plain.iter().any(lives))
    }
}

/// R7: of each identity the statement of the latest known decision.
fn latest<'a, T, K: Ord>(
    decisions: &[&'a Decision],
    pick: impl Fn(&'a Fact) -> Option<&'a T>,
    identity: impl Fn(&T) -> K,
) -> Vec<&'a T> {
    let mut found: BTreeMap<K, (Day, &'a T)> = BTreeMap::new();
    for decision in decisions {
        for fact in decision.facts.iter().filter_map(|stated| pick(&stated.fact)) {
            let of_now = (decision.known_from, fact);
            let kept = found.entry(identity(fact)).or_insert(of_now);
            if kept.0 <= of_now.0 {
                *kept = of_now;
            }
        }
    }
    found.into_values().map(|(_, fact)| fact).collect()
}

/// A key that is not given holds; one that is given needs one of its values.
fn any<T>(key: &Option<Vec<T>>, matches: impl Fn(&T) -> bool) -> bool {
    key.as_ref().is_none_or(|values| values.iter().any(matches))
}

// ------------------------------------------------------------------------- contacts as known on a day

/// What a report says of a contact, normalised; a blank field is empty.
#[derive(Clone, Debug, PartialEq)]
struct Contact {
    id: String,
    unit_code: String,
    person: String,
    kind: ContactKind,
    care_date: Day,
    profession: String,
    drg: String,
    main_diagnosis: String,
    diagnoses: BTreeSet<String>,
    procedures: BTreeSet<String>,
    residence: String,
    place: String,
    individual: Option<bool>,
    enrolled: Option<bool>,
    by_team: Option<bool>,
    gestational_days: Option<i64>,
    parity: Option<i64>,
    classes: BTreeMap<String, String>,
    others: Vec<String>,
}

/// A contact in force and when it was first reported.
struct InForce {
    contact: Contact,
    first_reported_on: Option<Day>,
}

const NEW: u8 = 0;
const CORRECTION: u8 = 1;
const CANCELLATION: u8 = 2;

/// The contacts in force with care through the last day; counts the rejected rows.
fn contacts_in_force(
    known: &Known,
    rows: &[RawRow],
    options: &Options,
    rejected: &mut BTreeMap<String, i64>,
) -> Vec<InForce> {
    let mut reject = |code: &str| *rejected.entry(code.to_owned()).or_default() += 1;
    // By id, day (blank: None, before every day, R17) and kind of report: the different contents (R15).
    let mut reports: BTreeMap<(String, Option<Day>, u8), Vec<Option<Contact>>> = BTreeMap::new();
    for row in rows {
        // R18, R48: reported after the known-on day: not seen at all.
        let reported_on = Day::parse(field(row, "reported_on"));
        if reported_on.is_some_and(|day| day > options.contacts_known_on) {
            continue;
        }
        // R18, R58: a faulty row with care after the span is not counted; a valid one takes part below.
        let care_date = Day::parse(field(row, "care_date"));
        match read(known, row) {
            Ok((id, kind, contact)) => {
                let contents = reports.entry((id, reported_on, kind)).or_default();
                if !contents.contains(&contact) {
                    contents.push(contact);
                }
            }
            Err(_) if care_date.is_some_and(|day| day > options.through) => {}
            Err(code) => reject(code),
        }
    }
    let in_span = |contact: &Contact| contact.care_date <= options.through;
    let mut by_contact: BTreeMap<String, Vec<(Option<Day>, Option<Contact>)>> = BTreeMap::new();
    for ((id, reported_on, _), contents) in reports {
        if contents.len() > 1 {
            // R15: different content on one day rejects all of them; identical rows count once.
            contents
                .iter()
                .flatten()
                .filter(|c| in_span(c))
                .for_each(|_| reject("conflicting-reports"));
        } else {
            // R14: in the order of (reported_on, new < correction < cancellation).
            let contents = contents.into_iter().map(|contact| (reported_on, contact));
            by_contact.entry(id).or_default().extend(contents);
        }
    }
    let in_force = |reports: Vec<(Option<Day>, Option<Contact>)>| {
        // R13, R49: the first report is a new or a correction.
        let first_reported_on = reports.iter().find(|(_, contact)| contact.is_some())?.0;
        // R14: the last report is in force; where it cancels there is no contact.
        let contact = reports.into_iter().last()?.1?;
        Some(InForce { contact, first_reported_on })
    };
    // R18: care after the span is left out.
    by_contact.into_values().filter_map(in_force).filter(|c| in_span(&c.contact)).collect()
}

fn field<'r>(row: &'r RawRow, name: &str) -> &'r str {
    row.fields.get(name).map_or("", |text| text.trim())
}

/// A row as id, kind of report and content (none for a cancellation), or the first fault of R19.
fn read(known: &Known, row: &RawRow) -> Result<(String, u8, Option<Contact>), &'static str> {
    let kind = match field(row, "report") {
        "" | "new" => Some(NEW),
        "correction" => Some(CORRECTION),
        "cancellation" => Some(CANCELLATION),
        _ => None,
    };
    let text = |name| field(row, name).to_owned();
    // R16: a cancellation is checked on contact_id and reported_on only.
    let cancels = kind == Some(CANCELLATION);
    let compulsory: &[&str] = if cancels {
        &["contact_id"]
    } else {
        &["contact_id", "unit", "person", "kind", "care_date"]
    };
    if compulsory.iter().any(|name| field(row, name).is_empty()) {
        return Err("missing-field");
    }
    let reported_on = date(row, "reported_on")?;
    if cancels {
        return Ok((text("contact_id"), CANCELLATION, None));
    }
    let report_kind = kind.ok_or("bad-value")?;
    let care_date = date(row, "care_date")?.ok_or("bad-value")?;
    let contact = Contact {
        id: text("contact_id"),
        unit_code: text("unit"),
        kind: ContactKind::parse(field(row, "kind")).ok_or("bad-value")?,
        care_date,
        profession: text("profession"),
        drg: normal_code(field(row, "drg")),
        // R50: the first diagnosis is the main one; otherwise order is no content.
        main_diagnosis: codes(row, "diagnoses").into_iter().next().unwrap_or_default(),
        diagnoses: codes(row, "diagnoses").into_iter().collect(),
        procedures: codes(row, "procedures").into_iter().collect(),
        residence: text("residence"),
        place: text("place"),
        individual: boolean(row, "individual")?,
        enrolled: boolean(row, "enrolled")?,
        by_team: boolean(row, "by_team")?,
        gestational_days: integer(row, "gestational_days", 320)?,
        parity: integer(row, "parity", i64::MAX)?,
        classes: classes(row),
        others: ["team", "planned_unit", "carer", "born_at"].map(text).into(),
        person: person(field(row, "person"), care_date).ok_or("bad-person")?,
    };
    known.unit_of_code(&contact.unit_code, care_date).ok_or("unknown-unit")?;
    if reported_on.is_some_and(|reported_on| care_date > reported_on) {
        return Err("care-date-after-report");
    }
    Ok((contact.id.clone(), report_kind, Some(contact)))
}

fn date(row: &RawRow, name: &str) -> Result<Option<Day>, &'static str> {
    match field(row, name) {
        "" => Ok(None),
        text => Day::parse(text).map(Some).ok_or("bad-value"),
    }
}

/// R53: in any case.
fn boolean(row: &RawRow, name: &str) -> Result<Option<bool>, &'static str> {
    match field(row, name).to_lowercase().as_str() {
        "" => Ok(None),
        "1" | "ja" | "true" => Ok(Some(true)),
        "0" | "nej" | "false" => Ok(Some(false)),
        _ => Err("bad-value"),
    }
}

/// R19: from 0 to `most`.
fn integer(row: &RawRow, name: &str, most: i64) -> Result<Option<i64>, &'static str> {
    let text = field(row, name);
    if text.is_empty() {
        return Ok(None);
    }
    let digits = text.strip_prefix('-').unwrap_or(text);
    let number = text.parse::<i64>().ok().filter(|_| digits.bytes().all(|b| b.is_ascii_digit()));
    number.filter(|number| (0..=most).contains(number)).map(Some).ok_or("bad-value")
}

/// R25: upper case without dots.
fn normal_code(text: &str) -> String {
    text.replace('.', "").to_uppercase()
}

fn codes(row: &RawRow, name: &str) -> Vec<String> {
    field(row, name).split_whitespace().map(normal_code).collect()
}

fn classes(row: &RawRow) -> BTreeMap<String, String> {
    let class = |(name, text): (&String, &String)| {
        let value = text.trim();
        let name = name.strip_prefix("class_")?;
        (!value.is_empty()).then(|| (name.to_owned(), value.to_owned()))
    };
    row.fields.iter().filter_map(class).collect()
}

/// R20, R50, R59: twelve digits or the pseudonym; none for what is no person.
fn person(text: &str, care_date: Day) -> Option<String> {
    if let Some(name) = text.strip_prefix("p-") {
        return (!name.is_empty()).then(|| text.to_owned());
    }
    let mut characters: Vec<char> = text.chars().collect();
    let before_last_four = characters.len().checked_sub(5)?;
    let separator = Some(characters[before_last_four]).filter(|c| ['-', '+'].contains(c));
    if separator.is_some() {
        characters.remove(before_last_four);
    }
    let digits: Vec<i32> = characters
        .iter()
        .map(|c| c.to_digit(10).and_then(|d| i32::try_from(d).ok()))
        .collect::<Option<_>>()?;
    let text: String = characters.into_iter().collect();
    if text.len() == 12 && text.starts_with("99") {
        // R59: a reserve number checks over positions 5–11 and has no separator.
        return (separator.is_none() && check_digit(&digits[4..11]) == digits[11]).then_some(text);
    }
    if ![10, 12].contains(&text.len()) {
        return None;
    }
    let ten = &digits[digits.len() - 10..];
    if check_digit(&ten[..9]) != ten[9] {
        return None;
    }
    let (of_century, month, day) =
        (ten[0] * 10 + ten[1], ten[2] * 10 + ten[3], ten[4] * 10 + ten[5]);
    let day = if day > 60 { day - 60 } else { day };
    let century = if text.len() == 12 {
        digits[0] * 10 + digits[1]
    } else {
        // R50: the latest century that does not put the birth after the care.
        let not_after =
            |century: &i32| (century * 100 + of_century, month, day) <= care_date.civil();
        (0..=99).rev().find(not_after)? - i32::from(separator == Some('+'))
    };
    Day::new(century * 100 + of_century, month, day)?;
    Some(format!("{century:02}{}", &text[text.len() - 10..]))
}

/// The Luhn digit: every other digit doubled from the first on, digit sums added, up to the next ten.
fn check_digit(digits: &[i32]) -> i32 {
    let mut sum = 0;
    for (place, digit) in digits.iter().enumerate() {
        let product = if place % 2 == 0 { digit * 2 } else { *digit };
        sum += product / 10 + product % 10;
    }
    (10 - sum % 10) % 10
}

// ------------------------------------------------------------------------------- contact formulas

/// The lines of a contact, or why it has none: the first reason of R22.
fn price_contact(known: &Known, reported: &InForce) -> Result<Vec<Line>, &'static str> {
    let contact = &reported.contact;
    let day = contact.care_date;
    let unit = known.unit_of_code(&contact.unit_code, day).ok_or("no-agreement")?;
    let agreement = known.agreement(&unit, day).ok_or("no-agreement")?;
    // R13: counted from month to month; a blank day is never late.
    if let (Some(months), Some(first)) = (agreement.backward_months, reported.first_reported_on)
        && first.month().number() - day.month().number() > months
    {
        return Err("too-late");
    }
    let payer = known.payer(&contact.residence, day).ok_or("no-payer")?;
    let applicable = known.applicable(contact, &unit);
    let mut amounts: Vec<(&Rate, i128)> = Vec::new();
    for rate in &applicable {
        match &rate.formula {
            Formula::PerContact { amount } => amounts.push((rate, ore(*amount))),
            // R23: one weight missing and the whole contact is unpriced.
            Formula::PerWeight { .. } => {
                amounts.push((rate, weighted(known, rate, contact, &unit).ok_or("no-weight")?));
            }
            _ => {}
        }
    }
    raise(&applicable, &mut amounts);
    if amounts.is_empty() {
        return Err("no-rate");
    }
    let line = |(rate, amount): (&Rate, i128)| Line {
        contact_id: Some(contact.id.clone()),
        unit: unit.clone(),
        month: day.month().to_string(), // R31
        element: rate.element.to_string(),
        payer: payer.id.to_string(),
        payable: rate.payable_under.contains(&agreement.form), // R10, R55
        rate: rate.id.to_string(),
        count: 1,
        amount: narrow(amount),
    };
    Ok(amounts.into_iter().map(line).collect())
}

/// R28: the amount times the weight of every field, exact, rounded once.
fn weighted(known: &Known, rate: &Rate, contact: &Contact, unit: &str) -> Option<i128> {
    let Formula::PerWeight { amount, weights, weight_by, rounding } = &rate.formula else {
        return None;
    };
    let (mut num, mut den) = (ore(*amount), 1);
    for by in weight_by {
        // R60: which field; the weight's code is the whole, exact value.
        let code = match by {
            WeightField::Drg => contact.drg.clone(),
            WeightField::Unit => unit.to_owned(),
            WeightField::Kind => contact.kind.name().to_owned(),
            WeightField::Profession => contact.profession.clone(),
            WeightField::Place => contact.place.clone(),
            WeightField::Residence => contact.residence.clone(),
            WeightField::AreaClass => known.unit(unit, contact.care_date)?.area_class.clone()?,
            WeightField::Class(name) => contact.classes.get(name)?.clone(),
        };
        let usable = |w: &&&Weight| {
            w.table == *weights
                && w.code == code
                && !code.is_empty()
                && w.valid_from <= contact.care_date
        };
        let weight = known.weights.iter().filter(usable).max_by_key(|weight| weight.valid_from)?;
        let (weight_num, weight_den) = fraction(weight.value);
        num *= weight_num;
        den *= weight_den;
    }
    Some(rounded(num, den, *rounding))
}

/// R32: each uplift after all lines of the elements it is of; 5 % on 5 % in that order.
fn raise<'a>(applicable: &[&'a Rate], amounts: &mut Vec<(&'a Rate, i128)>) {
    let of = |rate: &Rate| {
        if let Formula::Uplift { of, .. } = &rate.formula { of.clone() } else { vec![] }
    };
    let mut waiting: Vec<&Rate> =
        applicable.iter().filter(|rate| !of(rate).is_empty()).copied().collect();
    while let Some(at) = waiting
        .iter()
        .position(|rate| !waiting.iter().any(|other| of(rate).contains(&other.element)))
    {
        let rate = waiting.remove(at);
        let Formula::Uplift { by, of, rounding } = &rate.formula else { continue };
        let base: Vec<i128> = amounts
            .iter()
            .filter(|(rate, _)| of.contains(&rate.element))
            .map(|(_, amount)| *amount)
            .collect();
        if base.is_empty() {
            continue; // no such line, no uplift line
        }
        let amount = match by {
            UpliftBy::Amount(amount) => ore(*amount),
            UpliftBy::Percent(percent) => {
                let (num, den) = fraction(*percent);
                rounded(base.iter().sum::<i128>() * num, den * 100, *rounding)
            }
        };
        amounts.push((rate, amount));
    }
}

// ---------------------------------------------------------------------------------- unit formulas

/// The lines of fixed-monthly and share rates dated on or before `through` (R38), with their dates.
fn unit_lines(known: &Known, through: Day) -> Vec<(Day, Line)> {
    let mut lines = Vec::new();
    for rate in &known.rates {
        let dated = match &rate.formula {
            Formula::FixedMonthly { per_year } => {
                fixed_monthly(known, rate, ore(*per_year), through)
            }
            Formula::Share { .. } => share(known, rate),
            _ => Vec::new(),
        };
        for (date, unit, amount) in dated.into_iter().filter(|(date, ..)| *date <= through) {
            // R11: the default payer; a register without one is refused (R47).
            let Some(payer) = known.default_payer(date) else { continue };
            // R10: no agreement that day is payable, possible for share only.
            let form = known.agreement(&unit, date).map(|agreement| agreement.form);
            let line = Line {
                contact_id: None,
                unit,
                month: date.month().to_string(),
                element: rate.element.to_string(),
                payer: payer.id.to_string(),
                payable: form.is_none_or(|form| rate.payable_under.contains(&form)),
                rate: rate.id.to_string(),
                count: 1,
                amount: narrow(amount),
            };
            lines.push((date, line));
        }
    }
    lines
}

/// R33: to each unit under agreement that satisfies `when`, by the state on the first day of the month.
fn fixed_monthly(
    known: &Known,
    rate: &Rate,
    per_year: i128,
    through: Day,
) -> Vec<(Day, String, i128)> {
    let units: BTreeSet<&str> = known.units.iter().map(|unit| unit.id.as_str()).collect();
    let mut dated = Vec::new();
    for number in rate.valid.from.month().number()..=through.month().number() {
        let month = Month::from_number(number);
        let day = month.first_day();
        for unit in &units {
            let takes =
                |rate: &Rate| rate.valid.contains(day) && known.unit_holds(&rate.when, unit, day);
            let replaced = known.replacing(rate, day).into_iter().any(takes); // R1
            if known.agreement(unit, day).is_some() && takes(rate) && !replaced {
                let amount = instalment(per_year, i128::from(month.of_year() - 1), 12);
                dated.push((day, (*unit).to_owned(), amount));
            }
        }
    }
    dated
}

/// R35–R37: the parts of the recipients, once or in instalments.
fn share(known: &Known, rate: &Rate) -> Vec<(Day, String, i128)> {
    let Formula::Share { pot, key, rounding, residue, pay } = &rate.formula else {
        return Vec::new();
    };
    let year = rate.valid.from.year();
    let wanted = |id: &str| any(&rate.when.unit.unit, |unit| unit.as_str() == id);
    let mut values = key_values(known, key, year);
    values.retain(|recipient, value| *value > 0 && wanted(recipient));
    if values.is_empty() {
        return Vec::new(); // R47
    }
    let parts = divide(ore(*pot), &values, *rounding, residue.as_deref());
    let dates: Vec<Day> = match pay {
        Pay::Once => vec![rate.valid.from],
        Pay::Monthly => {
            let first_days = (1..=12).filter_map(|month| Day::new(year, month, 1));
            first_days.filter(|day| rate.valid.contains(*day)).collect()
        }
    };
    let mut dated = Vec::new();
    let instalments = i128::try_from(dates.len()).unwrap_or(0);
    for (index, date) in (0..).zip(dates) {
        // R35: replaced, it falls as a whole on the days the new one covers.
        if known.replacing(rate, date).is_empty() {
            let part = |(id, part): (&String, &i128)| {
                (date, id.clone(), instalment(*part, index, instalments))
            };
            dated.extend(parts.iter().map(part));
        }
    }
    dated
}

/// R35, R47: each recipient's value of the year, else the one without year.
fn key_values(known: &Known, key: &ShareKey, year: i32) -> BTreeMap<String, i128> {
    let ShareKey::Named(name) = key else {
        let of_year = known.capacities.iter().filter(|capacity| capacity.year == year);
        return of_year.map(|c| (c.unit.to_string(), i128::from(c.deliveries))).collect();
    };
    let mut values = BTreeMap::new();
    for wanted in [None, Some(year)] {
        for key in known.keys.iter().filter(|key| key.name == *name && key.year == wanted) {
            values.insert(key.recipient.clone(), i128::from(key.value));
        }
    }
    values
}

/// R36: the pot in whole kronor or öre, by the decision's rounding; ties go to the lower id.
fn divide(
    pot: i128,
    values: &BTreeMap<String, i128>,
    rounding: Rounding,
    residue: Option<&str>,
) -> BTreeMap<String, i128> {
    let size = match rounding {
        Rounding::HalfUpOre | Rounding::LargestRemainderOre => 1,
        Rounding::HalfUpKrona | Rounding::LargestRemainder | Rounding::HalfUpResidueLargest => 100,
    };
    let whole = pot / size;
    let sum: i128 = values.values().sum();
    let by_remainder =
        matches!(rounding, Rounding::LargestRemainder | Rounding::LargestRemainderOre);
    let part = |value: &i128| {
        if by_remainder { whole * value / sum } else { half_away(whole * value, sum) }
    };
    let mut parts: BTreeMap<String, i128> =
        values.iter().map(|(id, value)| (id.clone(), part(value))).collect();
    let left = whole - parts.values().sum::<i128>();
    if by_remainder {
        let mut order: Vec<&String> = values.keys().collect(); // in the order of ids; the sort is stable
        order.sort_by_key(|id| -(whole * values[*id] % sum));
        for (_, id) in (0..left).zip(order) {
            *parts.entry(id.clone()).or_default() += 1;
        }
    } else if rounding == Rounding::HalfUpResidueLargest {
        let largest = values.values().max();
        let taker =
            values.iter().find(|(_, value)| Some(*value) == largest).map(|(id, _)| id.clone());
        taker.into_iter().for_each(|id| *parts.entry(id).or_default() += left);
    } else if let Some(part) = residue.and_then(|id| parts.get_mut(id)) {
        *part += left;
    }
    parts.values_mut().for_each(|part| *part *= size);
    parts
}

// -------------------------------------------------------------------------------------- arithmetic

fn ore(amount: Money) -> i128 {
    i128::from(amount.ore())
}

fn narrow(amount: i128) -> i64 {
    i64::try_from(amount).expect("worlds have small amounts")
}

/// R33, R37: an equal part rounded down, the first (whole mod parts) one öre more.
fn instalment(whole: i128, index: i128, parts: i128) -> i128 {
    whole / parts + i128::from(index < whole % parts)
}

/// R27: to the nearest whole number, halves away from zero.
fn half_away(num: i128, den: i128) -> i128 {
    let magnitude = (2 * num.abs() + den) / (2 * den);
    if num < 0 { -magnitude } else { magnitude }
}

/// One rounding, to öre or to kronor.
fn rounded(num: i128, den: i128, rounding: Rounding) -> i128 {
    match rounding {
        Rounding::HalfUpKrona => half_away(num, den * 100) * 100,
        _ => half_away(num, den),
    }
}

/// A ratio as numerator and denominator, from how it is written: `0,8123` is 8123/10000.
fn fraction(ratio: Ratio) -> (i128, i128) {
    let text = ratio.to_string().replace('−', "-");
    let decimals = text.split_once(',').map_or("", |(_, decimals)| decimals);
    let den = decimals.bytes().fold(1, |den, _| den * 10);
    (text.replace(',', "").parse().expect("decimal"), den)
}
