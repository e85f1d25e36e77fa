//! A statement as a file for the clinic: summary, then element, then contact; corrections apart, with what caused them.
//!
//! In a workbook every sum is a formula over the rows that it is made of, down to the contacts. What a clinic wrote itself
//! (contact ids) is never read as a formula.

mod csv;

use super::Told;
use crate::data::{StatedKey, StatedLine, Whose};
use crate::failure::Failure;
use crate::output::Out;
use crate::{words, workbook};
use documents::sheet::{Cell, Sheet, column_name};
use kernel::money::Money;
use kernel::settle::Cause;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use std::path::Path;

/// The form of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Workbook,
    Csv,
    Pdf,
}

/// The form that the name of a file asks for; what rests on synthetic data says so in it.
pub(super) fn form(path: &Path, origin: &str) -> Result<Form, Failure> {
    let name = workbook::marked_name("out", path, origin)?;
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    match ending.as_deref() {
        Some("xlsx") => Ok(Form::Workbook),
        Some("csv") => Ok(Form::Csv),
        Some("pdf") => Ok(Form::Pdf),
        _ => Err(Failure::usage(
            format!("`--out {name}`: filnamnet ska sluta med .xlsx, .csv eller .pdf"),
            format!("`--out {name}`: the name must end in .xlsx, .csv or .pdf"),
        )),
    }
}

/// The rows of a sheet that a sum is made of, as Excel numbers them.
type Rows = RangeInclusive<u32>;

/// Rows of some sheet by what they are rows of.
type Places<K> = BTreeMap<K, Rows>;

/// Rows by unit, element, and whether they are shadows.
type Parts<'s> = Places<(&'s str, &'s str, bool)>;

/// Adds a row to the rows of a key; rows of a key follow one another.
fn extend<K: Ord>(places: &mut Places<K>, key: K, row: u32) {
    places.entry(key).and_modify(|rows| *rows = *rows.start()..=row).or_insert(row..=row);
}

impl Told<'_> {
    pub(super) fn write_file(&self, out: Out, path: &Path, form: Form) -> Result<(), Failure> {
        let bytes = match form {
            Form::Workbook => workbook::bytes(&path.to_string_lossy(), &self.sheets(out))?,
            Form::Csv => self.file_csv(out)?,
            Form::Pdf => super::pdf(out.lang, self.data, self.ask, self.statement)?,
        };
        workbook::write_whole(path, &bytes)
    }

    /// Lines in the order of the rows that they add up to.
    pub(super) fn sorted_lines(&self) -> Vec<&StatedLine> {
        let mut lines: Vec<&StatedLine> = self.statement.lines.iter().collect();
        lines.sort_by(|a, b| (&a.key, &a.contact, &a.rate).cmp(&(&b.key, &b.contact, &b.rate)));
        lines
    }

    fn sheets(&self, out: Out) -> Vec<Sheet> {
        let (contacts, of_key) = self.contact_sheet(out);
        let (current, of_current) = self.element_sheet(out, &of_key, &contacts.name, true);
        let (corrected, of_corrected) = self.element_sheet(out, &of_key, &contacts.name, false);
        let parts = [(&current.name, &of_current), (&corrected.name, &of_corrected)];
        let summary = self.summary_sheet(out, parts);
        vec![summary, current, corrected, contacts, self.unpaid_sheet(out)]
    }

    /// What stands above every table: whose, which settlements, and what must be known of the amounts.
    fn notes(&self, out: Out) -> Vec<String> {
        let mut notes = Vec::new();
        if self.data.is_synthetic() {
            notes.push(
                out.lang
                    .pick(
                        "SYNTETISKA DATA: påhittade kontakter, inga verkliga personer",
                        "SYNTETISKA DATA (synthetic data): made-up contacts, no real persons",
                    )
                    .to_owned(),
            );
        }
        let labels = self.data.labels();
        let (id, name) = match self.ask.whose {
            Whose::Unit(unit) => (unit, labels.unit_name(unit)),
            Whose::Payee(payee) => (payee, labels.provider_name(payee)),
        };
        let whose = name.map_or_else(|| id.to_owned(), |name| format!("{name} ({id})"));
        let ids = self.data.settlements_of(self.ask.month).into_iter();
        let ids: Vec<String> =
            ids.map(|one| format!("{} ({})", one.booked.id, one.booked.settled_on)).collect();
        let (month, ids) = (self.ask.month, ids.join(", "));
        notes.push(match out.lang {
            crate::output::Lang::Sv => format!("Avräkningsbesked {month} för {whose}: {ids}"),
            crate::output::Lang::En => format!("Statement {month} for {whose}: {ids}"),
        });
        let marks = self.statement.rows.keys().map(|key| self.marks(&key.element));
        if marks.into_iter().any(|marks| marks.illustrative || marks.unverified) {
            notes.push(out.lang.pick(
                "Märke: illustrativ = inget offentligt belopp finns; ej verifierad = ingen källa bekräftar allt som beloppet vilar på",
                "Mark: illustrative = no public amount exists; unverified = no source confirms all that the amount rests on",
            ).to_owned());
        }
        notes
    }

    fn sheet(&self, out: Out, name: &str, heads: &[(&'static str, &'static str)]) -> Sheet {
        let heads = heads.iter().map(|(sv, en)| out.lang.pick(sv, en).to_owned()).collect();
        Sheet { name: name.to_owned(), notes: self.notes(out), heads, ..Sheet::default() }
    }

    /// Every line, and which rows are those of a key.
    fn contact_sheet(&self, out: Out) -> (Sheet, Places<&StatedKey>) {
        let heads = [
            ("Kontakt", "Contact"),
            ("Enhet", "Unit"),
            ("Ersättningsslag", "Element"),
            ("Vårdmånad", "Care month"),
            ("Orsak", "Cause"),
            ("Betalare", "Payer"),
            ("Betalningsmottagare", "Payee"),
            ("Betalas", "Payable"),
            ("Nivå", "Rate"),
            ("Antal", "Count"),
            ("Belopp", "Amount"),
            ("Märke", "Mark"),
        ];
        let mut sheet = self.sheet(out, out.lang.pick("Kontakter", "Contacts"), &heads);
        let mut places = Places::new();
        let labels = self.data.labels();
        for line in self.sorted_lines() {
            let key = &line.key;
            extend(&mut places, key, sheet.row_number(sheet.rows.len()));
            sheet.rows.push(vec![
                Cell::text(line.contact.as_deref().unwrap_or("")),
                Cell::text(labels.unit(&key.unit).shown()),
                Cell::text(labels.element_of(&key.element, [line.rate.as_str()]).shown()),
                Cell::text(key.care_month.to_string()),
                Cell::text(words::cause(out.lang, key.cause).shown()),
                Cell::text(&key.payer),
                Cell::text(&key.payee),
                Cell::text(words::yes_no(out.lang, !key.shadow).shown()),
                Cell::text(&line.rate),
                Cell::Number(line.count),
                Cell::Amount(line.amount),
                Cell::text(words::marks(out.lang, self.marks(&key.element)).shown()),
            ]);
        }
        (sheet, places)
    }

    /// Rows by element, month and cause; every amount is the sum of its contacts.
    fn element_sheet<'s>(
        &'s self,
        out: Out,
        of_key: &Places<&StatedKey>,
        contacts: &str,
        is_current: bool,
    ) -> (Sheet, Parts<'s>) {
        let heads = [
            ("Enhet", "Unit"),
            ("Ersättningsslag", "Element"),
            ("Vårdmånad", "Care month"),
            ("Orsak", "Cause"),
            ("Beslut", "Decisions"),
            ("Betalare", "Payer"),
            ("Betalningsmottagare", "Payee"),
            ("Betalas", "Payable"),
            ("Antal", "Count"),
            ("Belopp", "Amount"),
            ("Märke", "Mark"),
        ];
        let name = match is_current {
            true => out.lang.pick("Löpande", "Current"),
            false => out.lang.pick("Rättelser", "Corrections"),
        };
        let mut sheet = self.sheet(out, name, &heads);
        let mut places = Places::new();
        let labels = self.data.labels();
        let is_here = |key: &StatedKey| (key.cause == Cause::Current) == is_current;
        for (key, sum) in self.statement.rows.iter().filter(|(key, _)| is_here(key)) {
            let place = (key.unit.as_str(), key.element.as_str(), key.shadow);
            extend(&mut places, place, sheet.row_number(sheet.rows.len()));
            let rates = sum.rates.iter().map(String::as_str);
            let decisions: Vec<&str> = sum.decisions.iter().map(String::as_str).collect();
            sheet.rows.push(vec![
                Cell::text(labels.unit(&key.unit).shown()),
                Cell::text(labels.element_of(&key.element, rates).shown()),
                Cell::text(key.care_month.to_string()),
                Cell::text(words::cause(out.lang, key.cause).shown()),
                Cell::text(decisions.join(" ")),
                Cell::text(&key.payer),
                Cell::text(&key.payee),
                Cell::text(words::yes_no(out.lang, !key.shadow).shown()),
                Cell::Number(sum.count),
                sum_of(&[(contacts, of_key.get(key), 10)], sum.amount),
                Cell::text(words::marks(out.lang, self.marks(&key.element)).shown()),
            ]);
        }
        (sheet, places)
    }

    /// A row for each unit and element: running pay, corrections, both, and what is not paid.
    fn summary_sheet(&self, out: Out, [current, corrected]: [(&String, &Parts<'_>); 2]) -> Sheet {
        let heads = [
            ("Enhet", "Unit"),
            ("Ersättningsslag", "Element"),
            ("Löpande", "Current"),
            ("Rättelser", "Corrections"),
            ("Att betala", "To pay"),
            ("Skuggbelopp, betalas inte", "Shadow, not paid"),
            ("Märke", "Mark"),
        ];
        let mut sheet = self.sheet(out, out.lang.pick("Sammanfattning", "Summary"), &heads);
        let rows = &self.statement.rows;
        let parts: BTreeSet<(&str, &str)> =
            rows.keys().map(|key| (key.unit.as_str(), key.element.as_str())).collect();
        let amount = |is_wanted: &dyn Fn(&StatedKey) -> bool| -> Money {
            rows.iter().filter(|(key, _)| is_wanted(key)).map(|(_, sum)| sum.amount).sum()
        };
        let is_current = |key: &StatedKey| key.cause == Cause::Current;
        let labels = self.data.labels();
        for (unit, element) in parts {
            let of = |key: &StatedKey| key.unit == unit && key.element == element;
            let row = sheet.row_number(sheet.rows.len());
            let paid = [
                (current, amount(&|key| of(key) && !key.shadow && is_current(key))),
                (corrected, amount(&|key| of(key) && !key.shadow && !is_current(key))),
            ];
            let place = |shadow| (unit, element, shadow);
            let [running, corrections] = paid.map(|((name, places), amount)| {
                sum_of(&[(name.as_str(), places.get(&place(false)), 9)], amount)
            });
            let shadows = [current, corrected]
                .map(|(name, places)| (name.as_str(), places.get(&place(true)), 9));
            sheet.rows.push(vec![
                Cell::text(labels.unit(unit).shown()),
                Cell::text(labels.element(element).shown()),
                running,
                corrections,
                Cell::Formula {
                    text: format!("C{row}+D{row}"),
                    result: amount(&|key| of(key) && !key.shadow),
                },
                sum_of(&shadows, amount(&|key| of(key) && key.shadow)),
                Cell::text(words::marks(out.lang, self.marks(element)).shown()),
            ]);
        }
        let all = sheet.row_number(0)..=sheet.row_number(sheet.rows.len()).saturating_sub(1);
        let sums = [
            amount(&|key| !key.shadow && is_current(key)),
            amount(&|key| !key.shadow && !is_current(key)),
            amount(&|key| !key.shadow),
            amount(&|key| key.shadow),
        ];
        let mut row = vec![Cell::text(out.lang.pick("Summa", "Total")), Cell::Blank];
        row.extend((2..).zip(sums).map(|(column, sum)| Cell::sum(column, all.clone(), sum)));
        sheet.rows.push(row);
        sheet.sums = 1;
        sheet
    }

    /// What has no price, and what was rejected, among the care of the month.
    fn unpaid_sheet(&self, out: Out) -> Sheet {
        let heads = [("Vad", "What"), ("Varför", "Why"), ("Antal", "Count")];
        let mut sheet = self.sheet(out, out.lang.pick("Ej betalt", "Not paid"), &heads);
        let unpriced = out.lang.pick("Kontakter utan pris", "Contacts without a price");
        let rejected = out.lang.pick("Avvisade rader", "Rejected rows");
        let reasons = self.statement.unpriced.iter();
        let reasons = reasons.map(|(why, n)| (unpriced, words::reason(out.lang, *why), *n));
        let codes = self.statement.rejected.iter();
        let codes = codes.map(|(why, n)| (rejected, words::code(out.lang, *why), *n));
        let rows = reasons.chain(codes);
        let cells =
            rows.map(|(what, why, n)| vec![Cell::text(what), Cell::text(why), Cell::Number(n)]);
        sheet.rows = cells.collect();
        sheet
    }
}

/// The sum of rows of a column (from 0) in other sheets; 0 where there are none.
fn sum_of(parts: &[(&str, Option<&Rows>, u16)], result: Money) -> Cell {
    let sums = parts.iter().filter_map(|(sheet, rows, column)| {
        let (rows, column) = ((*rows)?, column_name(*column));
        Some(format!("SUM('{sheet}'!{column}{}:{column}{})", rows.start(), rows.end()))
    });
    let sums: Vec<String> = sums.collect();
    let text = if sums.is_empty() { "0".to_owned() } else { sums.join("+") };
    Cell::Formula { text, result }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_reaches_into_other_sheets() {
        let none = sum_of(&[("Löpande", None, 9)], Money::ZERO);
        assert_eq!(none, Cell::Formula { text: "0".into(), result: Money::ZERO });
        let both = sum_of(
            &[("Löpande", Some(&(5..=7)), 9), ("Rättelser", Some(&(5..=5)), 9)],
            Money::ZERO,
        );
        let text = "SUM('Löpande'!J5:J7)+SUM('Rättelser'!J5:J5)".to_owned();
        assert_eq!(both, Cell::Formula { text, result: Money::ZERO });
    }
}
