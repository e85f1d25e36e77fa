//! Carries out the steps of a case with the functions that the commands use, in memory.
//!
//! Owns: `price`, `settle`, `check` and how their results are written. Does not own: any amount.
//!
//! Beside what a case says, every settlement is held to three things: its entries sum to zero,
//! settling again gives nothing, and all that was settled is what the prices of today make.

use super::form::{Case, Part, table};
use super::grants::{self, Refused};
use app::ratebook::{read_folders, read_text};
use kernel::fact::{Decision, Fact};
use kernel::finding::{Code, Finding};
use kernel::grant::Settled;
use kernel::intake::{Fault, Header, Intake, Row};
use kernel::known::{InForce, Resolver, Span, count_faults, in_force};
use kernel::ledger::{Traced, entries};
use kernel::money::Money;
use kernel::price::{
    Amounts, Counts, Line, Linked, Periods, Pricer, Total, line_difference, unit_lines,
};
use kernel::register::{Register, View, check};
use kernel::settle::{
    Basis, Posted, SettleLine, Settlement, Step, Steps, payable_total, settle, summary,
};
use kernel::time::{Day, Month};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// What each step of the case gives, in order.
pub fn run(root: &Path, case: &Case) -> Vec<Vec<String>> {
    let mut world = World::new(root, case);
    let mut results = Vec::new();
    for part in &case.parts {
        match part {
            Part::Contacts { .. } => world.arrived += 1,
            Part::Step { words, .. } => results.push(world.step(words)),
            _ => {}
        }
    }
    results
}

struct World {
    /// Decisions in the order they were entered; what is settled rests on it.
    register: Register,
    /// Decisions by the day they became known; what is priced without a data folder rests on it.
    ratebooks: Register,
    decisions: Vec<Decision>,
    /// Faults of form of the decision files.
    findings: Vec<Finding>,
    intake: Intake,
    faults: Vec<(u32, Fault)>,
    arrived: u32,
    posted: Posted,
    settled: Vec<SettleLine>,
    /// Decisions that were not entered, for what they would do with a grant.
    refused: Vec<Refused>,
    /// What was settled by rates that something finances.
    financed: Vec<Settled>,
    previous: Option<Basis>,
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap_or_else(|| panic!("`{text}` is no day"))
}

impl World {
    fn new(root: &Path, case: &Case) -> Self {
        let mut stated: Vec<(Option<Day>, Decision)> = Vec::new();
        let mut findings = Vec::new();
        let (mut intake, mut faults, mut batch) = (Intake::default(), Vec::new(), 0);
        let mut persons = Vec::new();
        for part in &case.parts {
            match part {
                Part::Ratebook { names, .. } => {
                    let file = |name| root.join("ratebook").join(format!("{name}.toml"));
                    let files: Vec<_> = names.iter().map(file).collect();
                    let read = read_folders(&files).unwrap();
                    stated.extend(read.decisions.into_iter().map(|decision| (None, decision)));
                    findings.extend(read.findings);
                }
                Part::Decision { recorded_on, text, .. } => {
                    let (decision, found) = read_text("case", text);
                    let recorded_on = recorded_on.as_deref().map(day);
                    stated.extend(decision.map(|decision| (recorded_on, decision)));
                    findings.extend(found);
                }
                Part::Contacts { text, .. } => {
                    faults.extend(read_contacts(&mut intake, &mut persons, batch, text));
                    batch += 1;
                }
                Part::Text(_) | Part::Step { .. } => {}
            }
        }
        let decisions: Vec<Decision> =
            stated.iter().map(|(_, decision)| decision.clone()).collect();
        let (register, refused) = grants::enter(in_order(stated));
        Self {
            register,
            ratebooks: Register::from_ratebooks(decisions.clone()),
            decisions,
            findings,
            intake,
            faults,
            arrived: 0,
            posted: Posted::default(),
            settled: Vec::new(),
            refused,
            financed: Vec::new(),
            previous: None,
        }
    }

    fn step(&mut self, words: &str) -> Vec<String> {
        let step = Words::new(words);
        let result = match step.verb {
            "price" => self.price(&step),
            "settle" if step.subject == Some("again") => self.settle_again(),
            "settle" => self.settle(&step),
            "grant" => {
                let (grant, on) = (step.subject.unwrap(), step.day("on").expect("grant ID on DAY"));
                let (register, refused) = (&self.register, &self.refused);
                Ok(grants::written(register, refused, grant, on, &self.financed))
            }
            "check" => self.check(step.day("known-on").expect("check known-on DAY")),
            other => panic!("no step is called `{other}`"),
        };
        result.unwrap_or_else(|refused| refused)
    }

    /// What refuses amounts as known on a day; a finding for each line.
    fn refusals(&self, view: &View<'_>) -> Vec<String> {
        let files: Vec<&Decision> = self.decisions.iter().collect();
        let mut findings = check::check_files(&files);
        findings.extend(check::refusals(view));
        findings.extend(self.findings.clone());
        findings.retain(|finding| finding.refuses);
        let rows: Vec<Vec<String>> = findings.iter().map(finding_row).collect();
        let mut rows: Vec<String> = table(&rows);
        rows.dedup();
        rows
    }

    fn refuse(&self, view: &View<'_>) -> Result<(), Vec<String>> {
        let refusals = self.refusals(view);
        if refusals.is_empty() { Ok(()) } else { Err(refusals) }
    }

    fn check(&self, known_on: Day) -> Result<Vec<String>, Vec<String>> {
        let view = self.ratebooks.view(self.ratebooks.as_of(known_on));
        let mut refusals = self.refusals(&view);
        if refusals.is_empty() {
            refusals.push("  nothing".to_owned());
        }
        Ok(refusals)
    }

    fn price(&self, step: &Words<'_>) -> Result<Vec<String>, Vec<String>> {
        let known_on = step.day("known-on").expect("price known-on DAY");
        let contacts_known_on = step.day("contacts-known-on");
        let through = step.day("through").or(contacts_known_on);
        let side = |known_on: Day| {
            let span = Span {
                known_on: contacts_known_on.unwrap_or(known_on),
                through: through.unwrap_or(known_on),
                batches: self.arrived,
            };
            self.priced(known_on, &span)
        };
        let (mut amounts, mut lines) = side(known_on)?;
        if let Some(against) = step.day("against") {
            let (other, other_lines) = side(against)?;
            amounts = other.minus(&amounts);
            lines = line_difference(&other_lines, &lines);
        }
        let wanted = |unit: &str| step.value("unit").is_none_or(|only| only == unit);
        let ids = &self.intake.reports.contact_ids;
        let mut written = Written::default();
        if step.has("lines") {
            let id = |line: &Line<'_>| line.contact.map_or("", |contact| ids.get(contact));
            lines.sort_by_key(|line| (line.contact.is_none(), id(line), line.key, line.rate));
            for line in lines.iter().filter(|line| wanted(line.key.unit)) {
                let key = &line.key;
                let month = key.month.to_string();
                let texts = [id(line), key.unit, &month, key.element, key.payer, line.rate];
                written.row(&texts, key.payable, line.total);
            }
        } else {
            for (key, total) in amounts.rows.iter().filter(|(key, _)| wanted(key.unit)) {
                let texts = [key.unit, &key.month.to_string(), key.element, key.payer];
                written.row(&texts, key.payable, *total);
            }
        }
        let named = |(reason, count): (&str, &i64)| format!("  {reason} {count}");
        let mut result = written.lines();
        let mut unpriced: Vec<_> = amounts.unpriced.iter().map(|(r, n)| (r.name(), n)).collect();
        unpriced.sort_unstable();
        result.extend(unpriced.into_iter().map(named).map(|text| format!("  unpriced{text}")));
        let mut rejected: Vec<_> = amounts.rejected.iter().map(|(c, n)| (c.name(), n)).collect();
        rejected.sort_unstable();
        result.extend(rejected.into_iter().map(named).map(|text| format!("  rejected{text}")));
        Ok(or_nothing(result))
    }

    fn priced(
        &self,
        known_on: Day,
        span: &Span,
    ) -> Result<(Amounts<'_>, Vec<Line<'_>>), Vec<String>> {
        let view = self.ratebooks.view(self.ratebooks.as_of(known_on));
        self.refuse(&view)?;
        Ok(self.amounts(view, span))
    }

    fn amounts<'w>(&'w self, view: View<'w>, span: &Span) -> (Amounts<'w>, Vec<Line<'w>>) {
        let in_force = self.in_force(&view, span);
        let mut pricer = Pricer::new(view);
        pricer.classify(&self.intake.reports);
        let contacts = &in_force.contacts;
        let periods = Periods::new(&pricer, contacts);
        let linked = Linked::new(&mut pricer, contacts, &periods, &self.intake.reports);
        let linked = linked.expect("amounts that fit");
        let counts = Counts::count(&pricer, contacts, &periods, &linked, 0..contacts.len());
        let unit_lines = unit_lines(pricer.view(), span.through).lines;
        let amounts =
            Amounts::new(&mut pricer, &counts, &periods, (contacts, &linked), &unit_lines);
        let mut amounts = amounts.expect("amounts that fit");
        let lines = pricer.lines(contacts, &linked, &unit_lines).expect("amounts that fit");
        let faults = self.faults.iter().filter(|(batch, _)| *batch < span.batches);
        let faults = count_faults(faults.map(|(_, fault)| fault), span);
        amounts.rejected = sum_of(in_force.rejected, faults);
        (amounts, lines)
    }

    fn in_force(&self, view: &View<'_>, span: &Span) -> InForce {
        let reports = &self.intake.reports;
        in_force(reports, &Resolver::new(reports, view), span, 0..reports.contacts())
    }

    fn settle(&mut self, step: &Words<'_>) -> Result<Vec<String>, Vec<String>> {
        let month = step.subject.and_then(Month::parse).expect("settle MONTH");
        let on = step.day("on").unwrap_or_else(|| month.settlement_day());
        let basis = Basis {
            month,
            through: month.last_day(),
            on,
            revision: self.register.as_of(on),
            cutoff: month.reporting_deadline(),
            batches: self.arrived,
        };
        let settlement = self.settlement(&basis)?;
        self.posted.post(&settlement.lines);
        self.settled.extend(settlement.lines.clone());
        self.trace(&settlement.lines, on);
        self.previous = Some(basis);
        let again = self.settlement(&basis)?;
        assert_eq!(again.lines, [], "settling {month} again gives something");
        self.hold_to_prices(&basis);
        let mut result = vec![format!("  reports to {}, decisions to {}", basis.cutoff, basis.on)];
        result.extend(self.written(&settlement, step.value("unit")));
        Ok(result)
    }

    /// Keeps what was settled by rates that something finances.
    fn trace(&mut self, lines: &[SettleLine], on: Day) {
        let names = self.posted.names();
        let facts = self.decisions.iter().flat_map(|decision| &decision.facts);
        let source = |rate: &str| {
            facts.clone().find_map(|stated| match &stated.fact {
                Fact::Rate(one) if one.id.as_str() == rate => one.financed_by.clone(),
                _ => None,
            })
        };
        for line in lines.iter().filter(|line| line.key.payable) {
            let rate = names.text(line.rate);
            let Some(financed_by) = source(rate) else { continue };
            self.financed.push(Settled {
                financed_by,
                care_month: line.key.month,
                rate: rate.to_owned(),
                unit: names.text(line.key.unit).to_owned(),
                on,
                illustrative: false,
                unverified: false,
                amount: line.total.amount,
            });
        }
    }

    fn settle_again(&mut self) -> Result<Vec<String>, Vec<String>> {
        let basis = self.previous.expect("a settlement before `settle again`");
        let settlement = self.settlement(&basis)?;
        Ok(self.written(&settlement, None))
    }

    fn settlement(&mut self, basis: &Basis) -> Result<Settlement, Vec<String>> {
        let now = self.register.view(basis.revision);
        self.refuse(&now)?;
        let span = basis.span();
        let previous = self.previous;
        let reports = &self.intake.reports;
        let earlier = previous.map(|previous| previous.revision);
        let earlier = earlier.filter(|revision| *revision != basis.revision);
        let views = earlier.map(|revision| {
            let structure = self.register.mixed_view(basis.revision, revision);
            (self.register.view(revision), structure)
        });
        let contacts = |view: &View<'_>| self.in_force(view, &span).contacts;
        let now_contacts = contacts(&now);
        let before = views.map(|(first, second)| {
            let (of_first, of_second) = (contacts(&first), contacts(&second));
            ((first, of_first), (second, of_second))
        });
        let pricer = |view| {
            let mut pricer = Pricer::new(view);
            pricer.classify(reports);
            pricer
        };
        let mut now = pricer(now);
        let mut before = before.map(|((a, a_contacts), (b, b_contacts))| {
            (pricer(a), a_contacts, pricer(b), b_contacts)
        });
        let step =
            |pricer, contacts| Step::new(pricer, contacts, reports).expect("amounts that fit");
        let steps = Steps {
            before: before
                .as_mut()
                .map(|(a, a_contacts, b, b_contacts)| (step(a, a_contacts), step(b, b_contacts))),
            now: step(&mut now, &now_contacts),
        };
        Ok(settle(&mut self.posted, reports, previous.as_ref(), basis, steps))
    }

    fn written(&self, settlement: &Settlement, only: Option<&str>) -> Vec<String> {
        let names = self.posted.names();
        let entries = entries(&settlement.lines, names, |_| Traced::default(), |_| None);
        assert!(entries.iter().all(|entry| entry.sum() == Money::ZERO), "an unbalanced entry");
        let mut written = Written::default();
        let mut sums: Vec<_> = summary(&settlement.lines, names).into_iter().collect();
        sums.sort_by_key(|(key, _)| (key.unit, key.care_month, key.element, key.cause, *key));
        for (key, sum) in sums {
            let total = sum.total;
            if only.is_none_or(|only| only == key.unit) {
                let month = key.care_month.to_string();
                let cause = key.cause.name();
                let texts = [key.unit, &month, key.element, cause, key.payer, key.payee];
                written.row(&texts, key.payable, total);
            }
        }
        if only.is_none() {
            assert_eq!(written.payable, payable_total(&settlement.lines));
        }
        let mut result = or_nothing(written.lines());
        let mut unpriced: Vec<_> =
            settlement.unpriced.iter().map(|(reason, count)| (reason.name(), count)).collect();
        unpriced.sort_unstable();
        let unpriced = unpriced.iter().map(|(reason, n)| format!("  unpriced  {reason} {n}"));
        result.extend(unpriced);
        let findings: Vec<Vec<String>> = settlement.findings.iter().map(finding_row).collect();
        result.extend(table(&findings));
        result
    }

    /// All that was settled for contacts is what they are priced at now.
    fn hold_to_prices(&self, basis: &Basis) {
        let names = self.posted.names();
        let view = self.register.view(basis.revision);
        let (_, lines) = self.amounts(view, &basis.span());
        let mut net: HashMap<_, Total> = HashMap::new();
        for line in self.settled.iter().filter(|line| line.contact.is_some()) {
            let text = |number| names.text(number).to_owned();
            let key = &line.key;
            let place = (line.contact, key.month, text(key.unit), text(key.element));
            let total = net.entry((place, text(key.payer), key.payable)).or_default();
            total.count += line.total.count;
            total.amount += line.total.amount;
        }
        for line in lines.iter().filter(|line| line.contact.is_some()) {
            let key = &line.key;
            let place = (line.contact, key.month, key.unit.to_owned(), key.element.to_owned());
            let total = net.entry((place, key.payer.to_owned(), key.payable)).or_default();
            total.count -= line.total.count;
            total.amount = total.amount - line.total.amount;
        }
        net.retain(|_, total| *total != Total::default());
        assert!(net.is_empty(), "settled {} is not what is priced: {net:?}", basis.month);
    }
}

/// By the day each decision was entered; without such a day, by the day it became known.
fn in_order(stated: Vec<(Option<Day>, Decision)>) -> Vec<(Day, Decision)> {
    let dated = stated.into_iter().map(|(entered, decision)| {
        let day = entered.unwrap_or(decision.known_from);
        (day, decision)
    });
    let mut dated: Vec<(Day, Decision)> = dated.collect();
    dated.sort_by_key(|(day, decision)| (*day, decision.id.clone()));
    dated
}

fn read_contacts(
    intake: &mut Intake,
    persons: &mut Vec<String>,
    batch: u32,
    text: &str,
) -> Vec<(u32, Fault)> {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let header = Header::read(lines.next().unwrap_or("").split(',')).unwrap();
    let mut faults = Vec::new();
    for line in lines {
        let mut pseudonym = |person: &str| {
            let known = persons.iter().position(|other| other == person);
            let number = known.unwrap_or_else(|| {
                persons.push(person.to_owned());
                persons.len() - 1
            });
            u32::try_from(number).unwrap()
        };
        let row = Row::new(&header, line.split(','));
        if let Err(fault) = intake.read(&row, batch, Day::MIN, &mut pseudonym) {
            faults.push((batch, fault));
        }
    }
    faults
}

fn sum_of(mut counts: BTreeMap<Code, i64>, more: BTreeMap<Code, i64>) -> BTreeMap<Code, i64> {
    for (code, count) in more {
        *counts.entry(code).or_default() += count;
    }
    counts
}

fn finding_row(finding: &Finding) -> Vec<String> {
    let witness = &finding.witness;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    vec![
        if finding.refuses { "refused" } else { "finding" }.to_owned(),
        finding.code.name().to_owned(),
        text(&witness.unit),
        text(&witness.element),
        witness.date.map(|date| date.to_string()).unwrap_or_default(),
        String::new(),
        String::new(),
    ]
}

fn or_nothing(lines: Vec<String>) -> Vec<String> {
    if lines.is_empty() { vec!["  nothing".to_owned()] } else { lines }
}

/// Rows with counts and amounts, and their sum.
#[derive(Default)]
struct Written {
    rows: Vec<Vec<String>>,
    payable: Money,
    shadow: Money,
    any_shadow: bool,
}

impl Written {
    fn row(&mut self, texts: &[&str], payable: bool, total: Total) {
        let mut row: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
        row.push(if payable { "" } else { "shadow" }.to_owned());
        row.push(total.count.to_string());
        row.push(amount(total.amount));
        self.rows.push(row);
        if payable {
            self.payable += total.amount;
        } else {
            self.shadow += total.amount;
            self.any_shadow = true;
        }
    }

    fn lines(mut self) -> Vec<String> {
        let Some(columns) = self.rows.first().map(Vec::len) else { return Vec::new() };
        let mut sum = |name: &str, total| {
            let mut row = vec![String::new(); columns];
            row[0] = name.to_owned();
            row[columns - 1] = amount(total);
            self.rows.push(row);
        };
        sum("sum", self.payable);
        if self.any_shadow {
            sum("shadow sum, not paid", self.shadow);
        }
        table(&self.rows)
    }
}

/// As a person writes it, with plain spaces.
fn amount(money: Money) -> String {
    money.to_string().replace('\u{a0}', " ")
}

/// A step as words: a verb, what it is about, and names with values.
struct Words<'a> {
    verb: &'a str,
    subject: Option<&'a str>,
    words: Vec<&'a str>,
}

impl<'a> Words<'a> {
    fn new(text: &'a str) -> Self {
        let words: Vec<&str> = text.split_whitespace().collect();
        Self { verb: words[0], subject: words.get(1).copied(), words }
    }

    fn value(&self, name: &str) -> Option<&'a str> {
        let at = self.words.iter().position(|word| *word == name)?;
        self.words.get(at + 1).copied()
    }

    fn has(&self, name: &str) -> bool {
        self.words.contains(&name)
    }

    fn day(&self, name: &str) -> Option<Day> {
        self.value(name).map(day)
    }
}
