//! A statement as PDF: summary, then element, then contact; corrections apart, with what caused them, and the decisions behind the amounts.
//!
//! Shadows are computed but not paid: they stand in the tables, said to be so, and never in a sum of what is paid.

use super::Told;
use crate::data::{StatedKey, StatedLine, StatedSum, Whose};
use crate::failure::Failure;
use crate::output::Lang;
use crate::paper::{self, Column};
use crate::words;
use documents::pdf::Block;
use kernel::money::Money;
use kernel::settle::Cause;
use std::collections::{BTreeMap, BTreeSet};

const SUMMARY: [Column; 7] = [
    ("Enhet", "Unit", false),
    ("Ersättningsslag", "Element", false),
    ("Löpande", "Current", true),
    ("Rättelser", "Corrections", true),
    ("Att betala", "To pay", true),
    ("Skuggbelopp, betalas inte", "Shadow, not paid", true),
    ("Märke", "Mark", false),
];

const ROWS: [Column; 10] = [
    ("Enhet", "Unit", false),
    ("Ersättningsslag", "Element", false),
    ("Vårdmånad", "Care month", false),
    ("Orsak", "Cause", false),
    ("Beslut", "Decisions", false),
    ("Betalare", "Payer", false),
    ("Betalas", "Paid", false),
    ("Märke", "Mark", false),
    ("Antal", "Count", true),
    ("Belopp", "Amount", true),
];

const LINES: [Column; 8] = [
    ("Kontakt", "Contact", false),
    ("Enhet", "Unit", false),
    ("Ersättningsslag", "Element", false),
    ("Vårdmånad", "Care month", false),
    ("Orsak", "Cause", false),
    ("Betalas", "Paid", false),
    ("Antal", "Count", true),
    ("Belopp", "Amount", true),
];

impl Told<'_> {
    /// The bytes of the statement as PDF; it must have been asked for with its lines.
    pub(super) fn pdf(&self, lang: Lang) -> Result<Vec<u8>, Failure> {
        let month = self.ask.month;
        let title = match lang {
            Lang::Sv => format!("Avräkningsbesked {month}, {}", self.whose()),
            Lang::En => format!("Statement {month}, {}", self.whose()),
        };
        let mut blocks = vec![self.lead(lang)];
        blocks.extend(self.marks_told(lang));
        if self.statement.rows.is_empty() {
            blocks.push(Block::Text(
                lang.pick(
                    "Inget betalades eller rättades den här månaden.",
                    "Nothing was paid or corrected this month.",
                )
                .to_owned(),
            ));
        } else {
            blocks.extend([paper::heading(lang, "Sammanfattning", "Summary"), self.summary(lang)]);
            let none = "Ingen vård under månaden har ersatts.";
            let parts = [
                (
                    true,
                    paper::heading(lang, "Löpande", "Current"),
                    lang.pick(none, "No care of the month was paid."),
                ),
                (
                    false,
                    paper::heading(lang, "Rättelser", "Corrections"),
                    lang.pick(
                        "Inga tidigare månader har rättats.",
                        "No earlier months were corrected.",
                    ),
                ),
            ];
            for (is_current, heading, none) in parts {
                let table = self.rows_of(lang, is_current);
                blocks.extend([heading, table.unwrap_or_else(|| Block::Text(none.to_owned()))]);
            }
        }
        blocks.extend([paper::heading(lang, "Ej betalt", "Not paid"), self.not_paid(lang)]);
        if !self.statement.rows.is_empty() {
            blocks.push(paper::heading(
                lang,
                "Beslut bakom beloppen",
                "Decisions behind the amounts",
            ));
            blocks.push(self.decisions(lang));
            blocks.extend([
                paper::heading(lang, "Kontakt för kontakt", "Contact by contact"),
                self.contacts(lang),
            ]);
        }
        paper::bytes(lang, self.data.is_synthetic(), title, blocks)
    }

    fn whose(&self) -> String {
        let labels = self.data.labels();
        let (id, name) = match self.ask.whose {
            Whose::Unit(unit) => (unit, labels.unit_name(unit)),
            Whose::Payee(payee) => (payee, labels.provider_name(payee)),
        };
        name.unwrap_or(id).to_owned()
    }

    fn lead(&self, lang: Lang) -> Block {
        let labels = self.data.labels();
        let payees: BTreeSet<&str> =
            self.statement.rows.keys().map(|key| key.payee.as_str()).collect();
        let payees: Vec<&str> =
            payees.into_iter().map(|id| labels.provider_name(id).unwrap_or(id)).collect();
        let units: BTreeSet<&str> =
            self.statement.rows.keys().map(|key| key.unit.as_str()).collect();
        let unit = match (self.ask.whose, units.first()) {
            (Whose::Unit(unit), _) => labels.unit(unit).shown().to_owned(),
            (Whose::Payee(_), Some(unit)) if units.len() == 1 => {
                labels.unit(unit).shown().to_owned()
            }
            (Whose::Payee(_), _) => String::new(),
        };
        let settled = self.data.settlements_of(self.ask.month).into_iter();
        let settled: Vec<String> =
            settled.map(|one| format!("{} ({})", one.booked.id, one.booked.settled_on)).collect();
        let total = self.total();
        let shadow =
            if total.shadow == Money::ZERO { String::new() } else { total.shadow.to_string() };
        paper::facts(
            lang,
            vec![
                ("Enhet", "Unit", unit),
                ("Betalningsmottagare", "Payee", payees.join(", ")),
                ("Månad", "Month", self.ask.month.to_string()),
                ("Avräkning", "Settlement", settled.join(", ")),
                ("Att betala", "To pay", total.paid.to_string()),
                ("Skuggbelopp, betalas inte", "Shadow, not paid", shadow),
            ],
        )
    }

    fn marks_told(&self, lang: Lang) -> Option<Block> {
        let marks = self.statement.rows.keys().map(|key| self.marks(&key.element));
        let is_marked = marks.into_iter().any(|marks| marks.illustrative || marks.unverified);
        is_marked.then(|| {
            Block::Text(lang.pick(
                "Märke: illustrativ = inget offentligt belopp finns; ej verifierad = ingen källa bekräftar allt som beloppet vilar på.",
                "Mark: illustrative = no public amount exists; unverified = no source confirms all that the amount rests on.",
            ).to_owned())
        })
    }

    fn has_units(&self) -> bool {
        let units: BTreeSet<&str> =
            self.statement.rows.keys().map(|key| key.unit.as_str()).collect();
        units.len() > 1
    }

    /// The name of a unit, where there are several.
    fn unit_among(&self, unit: &str) -> String {
        let shown = self.data.labels().unit(unit).shown().to_owned();
        if self.has_units() { shown } else { String::new() }
    }

    fn payable(lang: Lang, key: &StatedKey, any_shadow: bool) -> String {
        if any_shadow { words::yes_no(lang, !key.shadow).shown().to_owned() } else { String::new() }
    }

    fn has_shadow(&self) -> bool {
        self.statement.rows.keys().any(|key| key.shadow)
    }

    fn summary(&self, lang: Lang) -> Block {
        let labels = self.data.labels();
        let mut sums: BTreeMap<(&str, &str), [Money; 4]> = BTreeMap::new();
        let mut rates: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (key, sum) in &self.statement.rows {
            let of = sums.entry((key.unit.as_str(), key.element.as_str())).or_default();
            add(of, key, sum.amount);
            rates.entry(&key.element).or_default().extend(sum.rates.iter().map(String::as_str));
        }
        let any_shadow = self.has_shadow();
        let amounts = |of: &[Money; 4]| {
            let shadow = if any_shadow { of[3].to_string() } else { String::new() };
            [of[0].to_string(), of[1].to_string(), of[2].to_string(), shadow]
        };
        let mut total = [Money::ZERO; 4];
        let rows = sums.iter().map(|((unit, element), of)| {
            total.iter_mut().zip(of).for_each(|(sum, amount)| *sum += *amount);
            let label = labels.element_of(element, rates[element].iter().copied());
            let mut row = vec![self.unit_among(unit), label.shown().to_owned()];
            row.extend(amounts(of));
            row.push(words::marks(lang, self.marks(element)).shown().to_owned());
            row
        });
        let rows = rows.collect();
        let word = lang.pick("Summa", "Total").to_owned();
        let mut sum =
            if !self.has_units() { vec![String::new(), word] } else { vec![word, String::new()] };
        sum.extend(amounts(&total));
        sum.push(String::new());
        paper::table(lang, &SUMMARY, rows, vec![sum])
    }

    /// Rows by element, month and cause, and their sums; of corrections a sum for each cause too.
    fn rows_of(&self, lang: Lang, is_current: bool) -> Option<Block> {
        let is_here = |key: &StatedKey| (key.cause == Cause::Current) == is_current;
        let rows: Vec<(&StatedKey, &StatedSum)> =
            self.statement.rows.iter().filter(|(key, _)| is_here(key)).collect();
        let any_shadow = self.has_shadow();
        let labels = self.data.labels();
        let cells = |(key, sum): &(&StatedKey, &StatedSum)| {
            let decisions: Vec<&str> = sum.decisions.iter().map(String::as_str).collect();
            let cause = words::cause(lang, key.cause).shown().to_owned();
            let rates = sum.rates.iter().map(String::as_str);
            vec![
                self.unit_among(&key.unit),
                labels.element_of(&key.element, rates).shown().to_owned(),
                key.care_month.to_string(),
                if is_current { String::new() } else { cause },
                if is_current { String::new() } else { decisions.join(" ") },
                key.payer.clone(),
                Self::payable(lang, key, any_shadow),
                words::marks(lang, self.marks(&key.element)).shown().to_owned(),
                sum.count.to_string(),
                sum.amount.to_string(),
            ]
        };
        let mut by_cause: BTreeMap<Cause, Money> = BTreeMap::new();
        let (mut paid, mut shadow) = (Money::ZERO, Money::ZERO);
        for (key, sum) in &rows {
            if key.shadow {
                shadow += sum.amount;
            } else {
                paid += sum.amount;
                *by_cause.entry(key.cause).or_default() += sum.amount;
            }
        }
        let mut sums = Vec::new();
        if by_cause.len() > 1 {
            sums.extend(
                by_cause
                    .iter()
                    .map(|(cause, sum)| (words::cause(lang, *cause).shown().to_owned(), *sum)),
            );
        }
        sums.extend(total_rows(lang, paid, shadow));
        let at = usize::from(!self.has_units());
        let sums = sums.into_iter().map(|sum| sum_row(ROWS.len(), at, sum)).collect();
        (!rows.is_empty())
            .then(|| paper::table(lang, &ROWS, rows.iter().map(cells).collect(), sums))
    }

    fn not_paid(&self, lang: Lang) -> Block {
        let unpriced = lang.pick("Kontakter utan pris", "Contacts without a price");
        let rejected = lang.pick("Avvisade rader", "Rejected rows");
        let reasons = self.statement.unpriced.iter();
        let reasons = reasons.map(|(why, n)| (unpriced, words::reason(lang, *why), *n));
        let codes = self.statement.rejected.iter();
        let codes = codes.map(|(why, n)| (rejected, words::code(lang, *why), *n));
        let rows: Vec<Vec<String>> = reasons
            .chain(codes)
            .map(|(what, why, n)| vec![what.to_owned(), why, n.to_string()])
            .collect();
        if rows.is_empty() {
            let none = lang.pick(
                "All vård under månaden har ett pris, och ingen rad är avvisad.",
                "All care of the month has a price, and no row is rejected.",
            );
            return Block::Text(none.to_owned());
        }
        let columns = [("Vad", "What", false), ("Varför", "Why", false), ("Antal", "Count", true)];
        paper::table(lang, &columns, rows, Vec::new())
    }

    /// The decisions of the rates, and those that caused a correction.
    fn decisions(&self, lang: Lang) -> Block {
        let register = self.data.register();
        let log = register.log().iter().map(|recorded| recorded.decision.as_ref());
        let decisions: BTreeMap<&str, _> =
            log.map(|decision| (decision.id.as_str(), decision)).collect();
        let view = register.view(u32::MAX);
        let rates =
            view.rates.iter().map(|rate| (rate.fact.id.as_str(), rate.decision.id.as_str()));
        let of_rate: BTreeMap<&str, &str> = rates.collect();
        let sums = || self.statement.rows.values();
        let of_rates =
            sums().flat_map(|sum| &sum.rates).filter_map(|id| of_rate.get(id.as_str()).copied());
        let causes = sums().flat_map(|sum| &sum.decisions).map(String::as_str);
        let ids: BTreeSet<&str> = of_rates.chain(causes).collect();
        let rows = ids.into_iter().map(|id| {
            let Some(decision) = decisions.get(id) else { return vec![id.to_owned()] };
            let case = decision.case_number.clone().unwrap_or_default();
            let source = decision.source.as_ref().map_or(String::new(), |one| one.title.clone());
            vec![
                id.to_owned(),
                decision.body.clone(),
                case,
                decision.known_from.to_string(),
                source,
            ]
        });
        let columns = [
            ("Beslut", "Decision", false),
            ("Av", "By", false),
            ("Diarienummer", "Case number", false),
            ("Känt senast", "Known by", false),
            ("Källa", "Source", false),
        ];
        paper::table(lang, &columns, rows.collect(), Vec::new())
    }

    fn contacts(&self, lang: Lang) -> Block {
        let (labels, any_shadow) = (self.data.labels(), self.has_shadow());
        let none = lang.pick("till enheten", "to the unit");
        let cells = |line: &&StatedLine| {
            let key = &line.key;
            vec![
                line.contact.as_deref().unwrap_or(none).to_owned(),
                self.unit_among(&key.unit),
                labels.element_of(&key.element, [line.rate.as_str()]).shown().to_owned(),
                key.care_month.to_string(),
                words::cause(lang, key.cause).shown().to_owned(),
                Self::payable(lang, key, any_shadow),
                line.count.to_string(),
                line.amount.to_string(),
            ]
        };
        let mut lines = self.sorted_lines();
        lines.sort_by_key(|line| (line.contact.is_none(), &line.contact));
        let of = |shadow: bool| -> Money {
            lines.iter().filter(|line| line.key.shadow == shadow).map(|line| line.amount).sum()
        };
        let sums = total_rows(lang, of(false), of(true));
        let sums = sums.into_iter().map(|sum| sum_row(LINES.len(), 0, sum)).collect();
        paper::table(lang, &LINES, lines.iter().map(cells).collect(), sums)
    }
}

/// Adds to running pay, corrections, both, and what is not paid.
fn add(of: &mut [Money; 4], key: &StatedKey, amount: Money) {
    match (key.shadow, key.cause) {
        (true, _) => of[3] += amount,
        (false, cause) => {
            of[usize::from(cause != Cause::Current)] += amount;
            of[2] += amount;
        }
    }
}

fn total_rows(lang: Lang, paid: Money, shadow: Money) -> Vec<(String, Money)> {
    let mut rows = vec![(lang.pick("Summa att betala", "Total to pay").to_owned(), paid)];
    if shadow != Money::ZERO {
        rows.push((lang.pick("Skuggbelopp, betalas inte", "Shadow, not paid").to_owned(), shadow));
    }
    rows
}

/// A row of a sum: its word in a column, its amount in the last.
fn sum_row(columns: usize, at: usize, (word, amount): (String, Money)) -> Vec<String> {
    let mut row = vec![String::new(); columns];
    row[at] = word;
    row[columns - 1] = amount.to_string();
    row
}
