//! When what arrives and is settled, and the books that come of it, kept as the shell keeps them.

use super::shares::Shares;
use super::{overpaid, states_structure};
use crate::engine::World as Engine;
use crate::naive::{Line, RawRow, RowKey};
use crate::world::{Random, World};
use kernel::contact::{Contacts, ReportKind, Reports};
use kernel::fact::{Decision, Status};
use kernel::finding::Finding;
use kernel::known::{InForce, Resolver, in_force};
use kernel::price::Pricer;
use kernel::register::{Register, View, check};
use kernel::settle::{Basis, Names, NetKey, Posted, SettleLine, Step, Steps, settle};
use kernel::time::{Day, Month};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Contact, (unit, month, element, payer, payable), and of unit lines the rate (R42, R52).
pub type Key = (Option<String>, RowKey, String);
/// Count and öre that are not both 0.
pub type Net = BTreeMap<Key, (i64, i64)>;

const FIRST_MONTH: &str = "2022-12";
const LAST_MONTH: &str = "2024-12";

fn month(text: &str) -> Month {
    Month::parse(text).unwrap()
}

/// When reports and decisions arrive, and what is settled when.
pub struct Plan {
    batch_of_row: Vec<u32>,
    backwards: bool,
    /// For each batch, in order of its number.
    arrives: Vec<Day>,
    /// In order of recording.
    decisions: Vec<(Day, Decision)>,
    settlements: Vec<(Month, Day)>,
}

impl Plan {
    /// Decisions on the day they are known, rows in the batch of their day of report, months in turn; now and
    /// then a month again after some weeks.
    pub fn month_by_month(world: &World, random: &mut Random) -> Self {
        let days: Vec<Option<Day>> = world.rows.iter().map(reported_on).collect();
        let mut sorted: Vec<Day> = days.iter().flatten().copied().collect();
        sorted.sort_unstable();
        let count = 2 + random.below(3);
        let mut ends: Vec<Day> =
            (1..count).filter_map(|at| sorted.get(sorted.len() * at / count)).copied().collect();
        ends.push(Day::MAX);
        let batch = |day: &Option<Day>| {
            let batch = day.map_or(0, |day| ends.iter().take_while(|end| **end < day).count());
            u32::try_from(batch).unwrap()
        };
        let batch_of_row: Vec<u32> = days.iter().map(batch).collect();
        let last = sorted.last().copied().unwrap_or(Day::MIN);
        let mut arrives: Vec<Day> = ends
            .iter()
            .map(|end| (*end).min(last).plus(random.days(90)).min(end_of_all()))
            .collect();
        arrives.sort_unstable();
        let mut decisions: Vec<(Day, Decision)> =
            world.decisions.iter().map(|one| (one.known_from, one.clone())).collect();
        decisions.sort_by_key(|(day, decision)| (*day, decision.id.clone()));
        let mut settlements = Vec::new();
        let first = month(FIRST_MONTH).plus(random.days(12));
        for number in 0..5 + random.days(5) {
            let month = first.plus(number);
            settlements.push((month, month.settlement_day()));
            if random.chance(15) {
                settlements.push((month, month.settlement_day().plus(random.days(28))));
            }
        }
        settlements.push(end());
        Self { batch_of_row, backwards: false, arrives, decisions, settlements }
    }

    /// Rows in any batch, in reverse; decisions entered quarter by quarter, in reverse; months left out.
    pub fn out_of_order(world: &World, random: &mut Random) -> Self {
        let count = 2 + random.below(3);
        let number = |_| u32::try_from(random.below(count)).unwrap();
        let batch_of_row = world.rows.iter().map(number).collect();
        let start = month("2023-01").first_day();
        let mut arrives: Vec<Day> = (0..count).map(|_| start.plus(random.days(700))).collect();
        arrives.sort_unstable();
        let entered = |day: Day| {
            let month = day.month();
            month.plus(3 - (month.of_year() - 1) % 3).first_day()
        };
        let mut decisions: Vec<(Day, Decision)> =
            world.decisions.iter().map(|one| (entered(one.known_from), one.clone())).collect();
        decisions.sort_by_key(|(day, one)| (*day, std::cmp::Reverse(one.known_from)));
        let mut settlements = Vec::new();
        let mut at = month(FIRST_MONTH).plus(random.days(6));
        while at < end().0 {
            settlements.push((at, at.settlement_day()));
            at = at.plus(1 + random.days(7));
        }
        settlements.push(end());
        Self { batch_of_row, backwards: true, arrives, decisions, settlements }
    }

    /// Decisions entered on any day once they are known, so that most of them reach back; rows in any batch; months settled in steps of
    /// any length, now and then again.
    pub fn in_any_order(world: &World, random: &mut Random) -> Self {
        let plan = Self::out_of_order(world, random);
        let start = month("2023-01").first_day();
        let decisions = world.decisions.iter();
        let entered = decisions.map(|one| {
            (one.known_from.max(start.plus(random.days(720))), random.below(1_000), one.clone())
        });
        let mut entered: Vec<_> = entered.collect();
        entered.sort_by_key(|(day, chance, _)| (*day, *chance));
        let mut settlements = Vec::new();
        for (month, on) in plan.settlements {
            settlements.push((month, on));
            if random.chance(25) {
                settlements.push((month, on.plus(random.days(20))));
            }
        }
        settlements.sort_by_key(|(month, on)| (*on, *month));
        let decisions = entered.into_iter().map(|(day, _, one)| (day, one)).collect();
        Self { decisions, settlements, ..plan }
    }

    /// One batch, one settlement.
    pub fn all_at_once(world: &World) -> Self {
        Self {
            batch_of_row: vec![0; world.rows.len()],
            backwards: false,
            arrives: vec![end_of_all()],
            decisions: world.decisions.iter().map(|one| (end_of_all(), one.clone())).collect(),
            settlements: vec![end()],
        }
    }

    /// Decisions on the day they are known, all rows in one batch; nothing is settled.
    pub fn as_known(world: &World) -> Self {
        let mut decisions: Vec<(Day, Decision)> =
            world.decisions.iter().map(|one| (one.known_from, one.clone())).collect();
        decisions.sort_by_key(|(day, decision)| (*day, decision.id.clone()));
        let batch_of_row = vec![0; world.rows.len()];
        let (arrives, settlements) = (vec![end_of_all()], Vec::new());
        Self { batch_of_row, backwards: false, arrives, decisions, settlements }
    }

    /// Register and reports of a world as this plan brings them.
    pub fn engine(&self, world: &World) -> Engine {
        let mut register = Register::default();
        for (day, decision) in &self.decisions {
            register.record(*day, Arc::new(decision.clone()));
        }
        let mut rows: Vec<(&RawRow, u32)> =
            world.rows.iter().zip(self.batch_of_row.iter().copied()).collect();
        if self.backwards {
            rows.reverse();
        }
        rows.sort_by_key(|(_, batch)| *batch);
        Engine::in_batches(register, rows.into_iter())
    }

    /// What each settlement rests on, in order.
    pub fn bases(&self, register: &Register) -> Vec<Basis> {
        let basis = |(month, on): &(Month, Day)| Basis {
            month: *month,
            through: month.last_day(),
            on: *on,
            revision: register.as_of(*on),
            cutoff: month.reporting_deadline(),
            batches: u32::try_from(self.arrives.iter().filter(|day| *day <= on).count()).unwrap(),
        };
        self.settlements.iter().map(basis).collect()
    }

    pub fn decisions_known(&self, on: Day) -> Vec<Decision> {
        let known = self.decisions.iter().filter(|(day, _)| *day <= on);
        known.map(|(_, decision)| decision.clone()).collect()
    }

    pub fn rows_known(&self, world: &World, batches: u32) -> Vec<RawRow> {
        let rows = world.rows.iter().zip(&self.batch_of_row);
        rows.filter(|(_, batch)| **batch < batches).map(|(row, _)| row.clone()).collect()
    }

    /// Whether structure, and whether prices, were recorded after one day and up to another.
    pub fn news(&self, after: Option<Day>, on: Day) -> (bool, bool) {
        let new = self.decisions.iter().filter(|(day, decision)| {
            *day <= on
                && after.is_some_and(|after| *day > after)
                && decision.status == Status::Decided
        });
        let new: Vec<&Decision> = new.map(|(_, decision)| decision).collect();
        // A decision that a rate waits for is news about prices, whatever it states (R4).
        (new.iter().any(|decision| states_structure(decision)), !new.is_empty())
    }
}

fn end() -> (Month, Day) {
    let month = month(LAST_MONTH);
    (month, month.settlement_day())
}

fn end_of_all() -> Day {
    end().0.last_day()
}

fn reported_on(row: &RawRow) -> Option<Day> {
    row.fields.get("reported_on").and_then(|text| Day::parse(text.trim()))
}

/// Lines added up; those that come to nothing stay out.
pub fn net_of(lines: &[Line]) -> Net {
    let mut net = Net::new();
    for line in lines {
        let key = (line.unit.clone(), line.month.clone(), line.element.clone());
        let row = (key.0, key.1, key.2, line.payer.clone(), line.payable);
        let rate = if line.contact_id.is_none() { line.rate.clone() } else { String::new() };
        let total = net.entry((line.contact_id.clone(), row, rate)).or_default();
        *total = (total.0 + line.count, total.1 + line.amount);
    }
    net.retain(|_, total| *total != (0, 0));
    net
}

/// Contacts in force under a view, and the view compiled.
struct Under<'w> {
    pricer: Pricer<'w>,
    contacts: Contacts,
}

impl<'w> Under<'w> {
    fn new(view: View<'w>, reports: &Reports, contacts: Contacts) -> Self {
        let mut pricer = Pricer::new(view);
        pricer.classify(reports);
        Self { pricer, contacts }
    }

    fn step(&mut self, reports: &Reports) -> Step<'_, 'w> {
        Step::new(&mut self.pricer, &self.contacts, reports).unwrap()
    }
}

/// What has been booked.
pub struct Books<'w> {
    engine: &'w Engine,
    posted: Posted,
    pub previous: Option<Basis>,
    /// The sum of all booked lines, added up here.
    pub net: Net,
    /// Elements in which someone was paid more than its new part (R37).
    pub overpaid: BTreeSet<String>,
    pub shares: Shares,
}

impl<'w> Books<'w> {
    pub fn new(engine: &'w Engine) -> Self {
        Self {
            engine,
            posted: Posted::default(),
            previous: None,
            net: Net::new(),
            overpaid: BTreeSet::new(),
            shares: Shares::default(),
        }
    }

    /// Amounts as known on a day, of which nothing was paid.
    pub fn unpaid(engine: &'w Engine) -> Self {
        Self { posted: Posted::unpaid(), ..Self::new(engine) }
    }

    /// What a settlement would post, or nothing where the register is refused.
    pub fn preview(&mut self, basis: &Basis) -> Option<(Vec<SettleLine>, Vec<Finding>)> {
        let (register, reports) = (&self.engine.register, self.engine.reports());
        let view = register.view(basis.revision);
        if !check::refusals(&view).is_empty() {
            return None;
        }
        let contacts = contacts(reports, &view, basis);
        let mut before = match self.previous {
            Some(previous) if previous.revision != basis.revision => {
                let old = register.view(previous.revision);
                let in_old = self::contacts(reports, &old, basis);
                let mixed = register.mixed_view(basis.revision, previous.revision);
                let old = Under::new(old, reports, in_old);
                Some((old, Under::new(mixed, reports, contacts.clone())))
            }
            _ => None,
        };
        let mut now = Under::new(view, reports, contacts);
        let steps = Steps {
            before: before.as_mut().map(|(old, mixed)| (old.step(reports), mixed.step(reports))),
            now: now.step(reports),
        };
        let previous = self.previous.as_ref();
        let settlement = settle(&mut self.posted, reports, previous, basis, steps);
        Some((settlement.lines, settlement.findings))
    }

    /// Posts lines that were previewed.
    pub fn book(&mut self, basis: &Basis, lines: &[SettleLine], findings: &[Finding]) {
        let mut net = std::mem::take(&mut self.net);
        self.add_up(&mut net, lines);
        net.retain(|_, total| *total != (0, 0));
        self.net = net;
        self.posted.post(lines);
        self.previous = Some(*basis);
        self.overpaid.extend(findings.iter().filter_map(overpaid));
    }

    /// Leaves the settlements that stand: what is posted is read anew from them, as the shell does, and their lines get its numbers.
    pub fn take_back(&mut self, standing: &mut [(Basis, Vec<SettleLine>)]) {
        let (mut posted, mut net) = (Posted::default(), Net::new());
        for (_, lines) in standing.iter_mut() {
            self.add_up(&mut net, lines);
            let mut renumber = |number: &mut u32| *number = posted.name(self.names().text(*number));
            for line in lines.iter_mut() {
                let SettleLine { key, rate, .. } = line;
                let names = [rate, &mut key.unit, &mut key.payee, &mut key.element, &mut key.payer];
                names.into_iter().for_each(&mut renumber);
            }
            posted.post(lines);
        }
        net.retain(|_, total| *total != (0, 0));
        (self.posted, self.net) = (posted, net);
        self.previous = standing.last().map(|(basis, _)| *basis);
    }

    fn add_up(&self, net: &mut Net, lines: &[SettleLine]) {
        for line in self.told(lines) {
            for (key, (count, amount)) in net_of(std::slice::from_ref(&line)) {
                let total = net.entry(key).or_default();
                *total = (total.0 + count, total.1 + amount);
            }
        }
    }

    /// What the engine itself has added up; each contact line stands there once, with one payee.
    pub fn posted_net(&self) -> Net {
        let mut net = Net::new();
        let mut add = |contact, key: &NetKey, rate, total: (i64, i64)| {
            assert!(net.insert((contact, self.row(key), rate), total).is_none(), "two payees");
        };
        for contact in 0..self.engine.reports().contacts() {
            for line in self.posted.lines_of(self.posted.of_contact(contact)) {
                let id = Some(self.id(contact).to_owned());
                add(id, &line.key, String::new(), (line.count, line.amount.ore()));
            }
        }
        for (key, total) in self.posted.unit_lines() {
            let rate = self.names().text(key.rate).to_owned();
            add(None, &key.net, rate, (total.count, total.amount.ore()));
        }
        net
    }

    fn row(&self, key: &NetKey) -> RowKey {
        let text = |number| self.names().text(number).to_owned();
        (text(key.unit), key.month.to_string(), text(key.element), text(key.payer), key.payable)
    }

    /// Lines as texts, as the reference has them.
    pub fn told(&self, lines: &[SettleLine]) -> Vec<Line> {
        let told = |line: &SettleLine| {
            let (unit, month, element, payer, payable) = self.row(&line.key);
            Line {
                contact_id: line.contact.map(|contact| self.id(contact).to_owned()),
                unit,
                month,
                element,
                payer,
                payable,
                rate: self.names().text(line.rate).to_owned(),
                count: line.total.count,
                amount: line.total.amount.ore(),
            }
        };
        lines.iter().map(told).collect()
    }

    pub fn names(&self) -> &Names {
        self.posted.names()
    }

    pub fn id(&self, contact: u32) -> &str {
        self.engine.reports().contact_ids.get(contact)
    }

    /// Whether a contact of the same person, or for lines by place in the year any contact, has a report that a
    /// settlement knows or care that it takes and the one before did not.
    pub fn linked_news(
        &self,
        previous: Option<&Basis>,
        basis: &Basis,
        contact: u32,
        by_year: bool,
    ) -> bool {
        let reports = self.engine.reports();
        let persons = |contact: u32| -> BTreeSet<u32> {
            let rows = reports.of_contact(contact);
            let stated = rows.filter(|row| row.kind != ReportKind::Cancellation);
            stated.map(|row| row.person).collect()
        };
        let own = persons(contact);
        let is_open = |day: Day| previous.is_none_or(|previous| day > previous.month.last_day());
        let linked =
            (0..reports.contacts()).filter(|other| by_year || !own.is_disjoint(&persons(*other)));
        linked.into_iter().any(|other| {
            !self.new_reports(previous, basis, other).is_empty()
                || reports.of_contact(other).any(|row| is_open(row.care_date))
        })
    }

    /// The reports of a contact that a settlement knows and the one before did not.
    pub fn new_reports(
        &self,
        previous: Option<&Basis>,
        basis: &Basis,
        contact: u32,
    ) -> Vec<ReportKind> {
        let rows = self.engine.reports().of_contact(contact);
        let knows = |basis: &Basis, batch, day| batch < basis.batches && day <= basis.cutoff;
        let new = rows.filter(|row| {
            let known_before = previous.is_some_and(|p| knows(p, row.batch, row.reported_on));
            knows(basis, row.batch, row.reported_on) && !known_before
        });
        new.map(|row| row.kind).collect()
    }
}

/// The contacts in force, found in three ranges, which must be what one range gives.
fn contacts(reports: &Reports, view: &View<'_>, basis: &Basis) -> Contacts {
    let resolver = Resolver::new(reports, view);
    let (span, end) = (basis.span(), reports.contacts());
    let whole: InForce = in_force(reports, &resolver, &span, 0..end);
    let (first, second) = (end / 3, end / 3 + end / 5);
    let mut parts = in_force(reports, &resolver, &span, 0..first);
    parts.append(in_force(reports, &resolver, &span, first..second));
    parts.append(in_force(reports, &resolver, &span, second..end));
    assert_eq!(parts, whole, "ranges give something else");
    whole.contacts
}
