//! What a controller would like to read after five years.

use crate::data::{DataFolder, Imported, Preview};
use crate::failure::Failure;
use crate::output::{Cell, Format, Head, Out, number, text};
use crate::words;
use kernel::fact::{ContactKind, Formula, UnitKind};
use kernel::finding::{Code, Finding, Severity};
use kernel::grant::{account, decided_trees};
use kernel::known::Span;
use kernel::money::Money;
use kernel::price::{Reason, Total};
use kernel::register::View;
use kernel::settle::{Cause, SettleLine};
use kernel::time::{Day, Month};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

/// Gathered month by month.
#[derive(Default)]
pub struct Summary {
    rows: i64,
    rejected: BTreeMap<Code, i64>,
    paid: BTreeMap<i32, BTreeMap<Cause, Total>>,
    shadow: Money,
    first_decision: Option<FirstDecision>,
    /// What was paid by period of pregnancy, by element.
    periods: BTreeMap<String, Total>,
    /// Contacts that a period was paid for and then taken back from.
    periods_moved: usize,
    unpriced: BTreeMap<Reason, i64>,
    contacts: usize,
}

/// The first settlement in which a decision reached months that were paid.
struct FirstDecision {
    month: Month,
    on: Day,
    lines: i64,
    amount: Money,
    months: Vec<(Month, Total)>,
}

#[derive(Serialize)]
struct SummaryJson {
    origin: &'static str,
    rows: i64,
    rejected: BTreeMap<&'static str, i64>,
    contacts: usize,
    unpriced: BTreeMap<&'static str, i64>,
    years: Vec<YearJson>,
    first_retroactive: Option<FirstJson>,
    periods: Vec<PeriodJson>,
    periods_moved: usize,
    settling_again_lines: usize,
    settlements: usize,
    grants: Vec<GrantJson>,
}

/// What the settlement paid out of a heading of a grant.
#[derive(Serialize)]
struct GrantJson {
    grant: String,
    post: String,
    settled_ore: i64,
    settled: String,
}

#[derive(Serialize)]
struct YearJson {
    year: i32,
    cause: &'static str,
    count: i64,
    amount_ore: i64,
    amount: String,
}

#[derive(Serialize)]
struct PeriodJson {
    element: String,
    count: i64,
    amount_ore: i64,
    amount: String,
}

#[derive(Serialize)]
struct FirstJson {
    month: String,
    on: String,
    lines: i64,
    amount_ore: i64,
    care_months: Vec<CareMonthJson>,
}

#[derive(Serialize)]
struct CareMonthJson {
    care_month: String,
    lines: i64,
    amount_ore: i64,
    amount: String,
}

impl Summary {
    /// Counts an import.
    pub fn import(&mut self, imported: &Imported) {
        self.rows += imported.batch.rows;
        let rejected = |finding: &&Finding| finding.severity == Severity::Error;
        for finding in imported.findings.iter().filter(rejected) {
            *self.rejected.entry(finding.code).or_default() += 1;
        }
    }

    /// Counts a settlement before it is booked.
    pub fn settlement(&mut self, data: &DataFolder, preview: &Preview) {
        self.contacts = preview.contacts;
        self.unpriced.clone_from(&preview.unpriced);
        let by_period = period_elements(data);
        self.periods_moved += moved_periods(data, &preview.lines, &by_period);
        let mut months: BTreeMap<Month, Total> = BTreeMap::new();
        for (key, of_key) in data.summary(&preview.lines) {
            let total = of_key.total;
            if !key.payable {
                self.shadow += total.amount;
                continue;
            }
            let year = self.paid.entry(preview.basis.month.year()).or_default();
            let sum = year.entry(key.cause).or_default();
            sum.count += total.count;
            sum.amount += total.amount;
            if by_period.contains_key(key.element) {
                let sum = self.periods.entry(key.element.to_owned()).or_default();
                sum.count += total.count;
                sum.amount += total.amount;
            }
            if key.cause == Cause::Decision {
                let month = months.entry(key.care_month).or_default();
                month.count += of_key.lines;
                month.amount += total.amount;
            }
        }
        if self.first_decision.is_none() && !months.is_empty() {
            self.first_decision = Some(FirstDecision {
                month: preview.basis.month,
                on: preview.basis.on,
                lines: months.values().map(|total| total.count).sum(),
                amount: months.values().map(|total| total.amount).sum(),
                months: months.into_iter().collect(),
            });
        }
    }

    /// Writes the summary.
    pub fn write(&self, out: Out, data: &DataFolder, again: &Preview) -> Result<(), Failure> {
        let grants = traced(data)?;
        if out.format == Format::Json {
            return out.json(&self.json(data, again, grants));
        }
        out.synthetic_band(true);
        let (rows, contacts) = (spaced(self.rows), spaced_len(self.contacts));
        let months = again.basis.month.number() - 2021 * 12 + 1;
        out.say(
            &format!("En region under {months} månader: {rows} rapporterade rader, {contacts} gällande kontakter, {} bokförda avräkningar\n", data.settlements().len()),
            &format!("A region over {months} months: {rows} reported rows, {contacts} contacts in force, {} booked settlements\n", data.settlements().len()),
        );
        out.table_of(data.origin().name(), &YEAR_HEADS, &self.year_cells(out))?;
        let total: Money = self.paid.values().flatten().map(|(_, total)| total.amount).sum();
        out.say(&format!("\nBetalt i allt {total}"), &format!("\nPaid in all {total}"));
        let units = data.register().view(u32::MAX).histories.len();
        out.say(
            &format!("{units} enheter. Priser utan offentlig förlaga är illustrativa, kontakterna är syntetiska."),
            &format!("{units} units. Prices without a public source are illustrative, the contacts synthetic."),
        );
        self.say_first_decision(out);
        self.say_periods(out, data);
        for GrantJson { grant, post, settled, .. } in &grants {
            out.say(
                &format!("Ur {grant}, {post}: {settled} genom avräkning (grant show {grant})"),
                &format!("Out of {grant}, {post}: {settled} settled (grant show {grant})"),
            );
        }
        for (code, count) in &self.rejected {
            let (count, code) = (spaced(*count), words::code(out.lang, *code));
            out.say(
                &format!("Avvisade rader, {code}: {count}"),
                &format!("Rejected rows, {code}: {count}"),
            );
        }
        for (reason, count) in &self.unpriced {
            let (count, reason) = (spaced(*count), words::reason(out.lang, *reason));
            out.say(
                &format!("Ej prissatta kontakter, {reason}: {count}"),
                &format!("Unpriced contacts, {reason}: {count}"),
            );
        }
        let (month, lines) = (again.basis.month, again.lines.len());
        out.say(
            &format!("Samma månad avräknad en gång till ({month}): {lines} rader"),
            &format!("The same month settled once more ({month}): {lines} lines"),
        );
        Ok(())
    }

    fn say_first_decision(&self, out: Out) {
        let Some(first) = &self.first_decision else { return };
        let (month, on, amount, lines) = (first.month, first.on, first.amount, spaced(first.lines));
        out.say(
            &format!("\nFörsta retroaktiva beslutet nådde avräkningen {month} ({on}): {lines} rättelser, {amount}"),
            &format!("\nThe first retroactive decision reached the settlement of {month} ({on}): {lines} corrections, {amount}"),
        );
        for (care_month, total) in &first.months {
            let (count, amount) = (spaced(total.count), total.amount);
            out.say(
                &format!("  vård {care_month}: {count} förlossningar, {amount}"),
                &format!("  care {care_month}: {count} deliveries, {amount}"),
            );
        }
        out.say("", "");
    }

    fn say_periods(&self, out: Out, data: &DataFolder) {
        if self.periods.is_empty() {
            return;
        }
        out.say(
            "Graviditeten betalas per period, till mottagningen som hade periodens första individuella besök:",
            "Pregnancies are paid by period, to the clinic that had the first individual visit of the period:",
        );
        let labels = period_elements(data);
        for (element, total) in &self.periods {
            let label = labels.get(element).unwrap_or(element);
            let (count, amount) = (spaced(total.count), total.amount);
            out.say(
                &format!("  {label}: {count}, {amount}"),
                &format!("  {label}: {count}, {amount}"),
            );
        }
        let moved = spaced_len(self.periods_moved);
        out.say(
            &format!("  Perioder som togs tillbaka när en sen eller ändrad rapport visade att ett annat besök var det första: {moved}\n"),
            &format!("  Periods taken back when a late or changed report showed that another visit was the first: {moved}\n"),
        );
    }

    fn year_cells(&self, out: Out) -> Vec<Vec<Cell>> {
        let mut rows = Vec::new();
        for (year, causes) in &self.paid {
            for (cause, total) in causes {
                rows.push(vec![
                    year.to_string().into(),
                    words::cause(out.lang, *cause),
                    total.count.into(),
                    total.amount.into(),
                ]);
            }
        }
        rows
    }

    fn json(&self, data: &DataFolder, again: &Preview, grants: Vec<GrantJson>) -> SummaryJson {
        let years = self.paid.iter().flat_map(|(year, causes)| {
            causes.iter().map(|(cause, total)| YearJson {
                year: *year,
                cause: cause.name(),
                count: total.count,
                amount_ore: total.amount.ore(),
                amount: total.amount.to_string(),
            })
        });
        let first = self.first_decision.as_ref().map(|first| FirstJson {
            month: first.month.to_string(),
            on: first.on.to_string(),
            lines: first.lines,
            amount_ore: first.amount.ore(),
            care_months: first
                .months
                .iter()
                .map(|(month, total)| CareMonthJson {
                    care_month: month.to_string(),
                    lines: total.count,
                    amount_ore: total.amount.ore(),
                    amount: total.amount.to_string(),
                })
                .collect(),
        });
        SummaryJson {
            origin: data.origin().name(),
            rows: self.rows,
            rejected: self.rejected.iter().map(|(code, n)| (code.name(), *n)).collect(),
            contacts: self.contacts,
            unpriced: self.unpriced.iter().map(|(reason, n)| (reason.name(), *n)).collect(),
            years: years.collect(),
            first_retroactive: first,
            periods: self
                .periods
                .iter()
                .map(|(element, total)| period_json(element, total))
                .collect(),
            periods_moved: self.periods_moved,
            settling_again_lines: again.lines.len(),
            settlements: data.settlements().len(),
            grants,
        }
    }
}

/// Posts of decided grants that the settlement paid out of.
fn traced(data: &DataFolder) -> Result<Vec<GrantJson>, Failure> {
    let settled = data.settled()?;
    let register = data.register();
    let mut all = Vec::new();
    for tree in decided_trees(register, u32::MAX) {
        let grant = tree.grant.id.clone();
        let Some(of_grant) = account(register, u32::MAX, &grant, Day::MAX, &settled) else {
            continue;
        };
        let posts = of_grant.posts.iter().filter(|post| post.sums.settled != Money::ZERO);
        all.extend(posts.map(|post| GrantJson {
            grant: grant.clone(),
            post: post.id.to_owned(),
            settled_ore: post.sums.settled.ore(),
            settled: post.sums.settled.to_string(),
        }));
    }
    Ok(all)
}

fn period_json(element: &str, total: &Total) -> PeriodJson {
    PeriodJson {
        element: element.to_owned(),
        count: total.count,
        amount_ore: total.amount.ore(),
        amount: total.amount.to_string(),
    }
}

/// The elements that are paid by period of pregnancy, with the labels of their rates.
fn period_elements(data: &DataFolder) -> BTreeMap<String, String> {
    let view = data.register().view(u32::MAX);
    let rates = view.rates_in_force().filter_map(|rate| {
        let is_by_period = matches!(rate.fact.formula, Formula::PerPeriod { .. });
        let element = rate.fact.element.to_string();
        let label = rate.stated.label.clone().unwrap_or_else(|| element.clone());
        is_by_period.then_some((element, label))
    });
    rates.collect()
}

/// Contacts that lose the pay of a period because of another report: their own or another visit's.
fn moved_periods(
    data: &DataFolder,
    lines: &[SettleLine],
    elements: &BTreeMap<String, String>,
) -> usize {
    let Some(names) = data.names() else { return 0 };
    let is_moved = |line: &&SettleLine| {
        line.total.count < 0
            && line.cause == Cause::ChangedReport
            && elements.contains_key(names.text(line.key.element))
    };
    let contacts: BTreeSet<_> = lines.iter().filter(is_moved).map(|line| line.contact).collect();
    contacts.len()
}

const YEAR_HEADS: [Head; 4] = [
    text("year", "Avräkningsår", "Settlement year"),
    text("cause", "Orsak", "Cause"),
    number("count", "Antal", "Count"),
    number("amount_ore", "Belopp", "Amount"),
];

fn spaced(number: i64) -> String {
    kernel::money::grouped(number.unsigned_abs())
}

fn spaced_len(number: usize) -> String {
    kernel::money::grouped(number as u64)
}

/// Contacts that show most: an enrolled delivery of 2023, a home birth, a delivery in January 2021, and a visit at a
/// midwife clinic in the second period of a pregnancy.
pub fn worth_explaining(data: &mut DataFolder) -> Result<Vec<String>, Failure> {
    data.reports()?;
    let Some(reports) = data.loaded_reports() else { return Ok(Vec::new()) };
    let view = data.register().view(u32::MAX);
    let span = Span { known_on: Day::MAX, through: Day::MAX, batches: u32::MAX };
    let known = crate::engine::in_force(reports, &view, &span);
    let huddinge = view.unit_number("karolinska-huddinge");
    let mut found: [Option<u32>; 4] = [None; 4];
    for row in known.contacts.rows() {
        let Some(profile) = reports.profile(row.profile) else { continue };
        let is_delivery = profile.kind == ContactKind::Delivery;
        let is_visit = profile.kind == ContactKind::MidwifeVisit
            && profile.individual == Some(true)
            && profile.gestational_days.is_some_and(|days| (140..=160).contains(&days));
        if !is_delivery && !is_visit {
            continue;
        }
        let year = row.care_date.year();
        let at_home = profile.place.as_deref() == Some("home");
        let wanted = [
            is_delivery
                && year == 2023
                && profile.enrolled == Some(true)
                && Some(row.unit) == huddinge,
            is_delivery && year >= 2023 && at_home,
            is_delivery && year == 2021 && row.care_date.month().of_year() == 1 && !at_home,
            is_visit && year >= 2022 && is_midwife_clinic(&view, row.unit),
        ];
        for (slot, wanted) in found.iter_mut().zip(wanted) {
            if wanted && slot.is_none() {
                *slot = Some(row.contact);
            }
        }
    }
    // One contact may be the first of two kinds.
    let found: BTreeSet<u32> = found.into_iter().flatten().collect();
    let ids = found.into_iter().map(|contact| reports.contact_ids.get(contact));
    Ok(ids.map(str::to_owned).collect())
}

fn is_midwife_clinic(view: &View<'_>, unit: u16) -> bool {
    let history = view.histories.get(usize::from(unit));
    let last = history.and_then(|history| history.statements.last());
    last.is_some_and(|unit| unit.fact.kind == UnitKind::MidwifeClinic)
}

/// Where to go on from here.
pub fn last_words(out: Out, folder: &Path, to: Month, elapsed: Duration) {
    let (shown, seconds, next) = (folder.display(), elapsed.as_secs(), to.plus(1));
    out.say(
        &format!("\nKlart på {seconds} s. Allt ligger i {shown}; fortsätt till exempel med\n  vardkedja --data {shown} statement --unit sodersjukhuset --month 2021-06\n  vardkedja --data {shown} settle --month {next} --preview\nArbetsplatsen i webbläsaren:\n  vardkedja --data {shown} serve --roles"),
        &format!("\nDone in {seconds} s. Everything is in {shown}; go on for instance with\n  vardkedja --data {shown} statement --unit sodersjukhuset --month 2021-06\n  vardkedja --data {shown} settle --month {next} --preview\nThe workplace in a browser:\n  vardkedja --data {shown} serve --roles"),
    );
}
