//! A statement as tables: running pay, corrections apart with what caused them, sums, and what was not paid.

use super::{Told, Totals};
use crate::data::{Labels, StatedKey, StatedLine, StatedSum, Whose};
use crate::failure::Failure;
use crate::output::{Cell, Head, Out, number, text};
use crate::words;
use kernel::money::Money;
use kernel::settle::Cause;

impl Told<'_> {
    /// Rows or, where they are asked for, lines.
    pub(super) fn csv(&self, out: Out) -> Result<(), Failure> {
        let origin = self.data.origin().name();
        if self.ask.lines {
            return out.table_of(origin, &LINE_HEADS, &self.lines(out, &Labels::default()));
        }
        let rows = self.statement.rows.iter();
        let rows: Vec<_> =
            rows.map(|(key, sum)| self.cells(out, &Labels::default(), key, sum)).collect();
        out.table_of(origin, &HEADS, &rows)
    }

    pub(super) fn tell(&self, out: Out) -> Result<(), Failure> {
        let labels = self.data.labels();
        out.synthetic_band(self.data.is_synthetic());
        self.head(out, &labels);
        if self.statement.rows.is_empty() {
            out.say(
                "\nInget betalades eller rättades den här månaden.",
                "\nNothing was paid or corrected this month.",
            );
        } else {
            self.body(out, &labels)?;
        }
        self.unpaid(out);
        Ok(())
    }

    fn head(&self, out: Out, labels: &Labels) {
        let (id, name) = match self.ask.whose {
            Whose::Unit(unit) => (unit, labels.unit_name(unit)),
            Whose::Payee(payee) => (payee, labels.provider_name(payee)),
        };
        let whose = name.map_or_else(|| id.to_owned(), |name| format!("{name} ({id})"));
        out.say(&format!("Avräkningsbesked för {whose}"), &format!("Statement for {whose}"));
        let month = self.ask.month;
        for settlement in self.data.settlements_of(month) {
            let (id, on) = (&settlement.booked.id, settlement.booked.settled_on);
            out.say(
                &format!("Avräkning {month}, {id}, {on}"),
                &format!("Settlement {month}, {id}, {on}"),
            );
        }
    }

    fn body(&self, out: Out, labels: &Labels) -> Result<(), Failure> {
        let rows = |is_wanted: &dyn Fn(&StatedKey) -> bool| -> Vec<Vec<Cell>> {
            let rows = self.statement.rows.iter().filter(|(key, _)| is_wanted(key));
            rows.map(|(key, sum)| self.cells(out, labels, key, sum)).collect()
        };
        let parts = [
            (rows(&|key| key.cause == Cause::Current), "Löpande", "Current"),
            (rows(&|key| key.cause != Cause::Current), "Rättelser", "Corrections"),
        ];
        for (rows, sv, en) in parts.iter().filter(|(rows, ..)| !rows.is_empty()) {
            out.say(&format!("\n{sv}"), &format!("\n{en}"));
            out.table(&HEADS, rows)?;
        }
        if self.ask.lines {
            out.say("\nKontakt för kontakt", "\nContact by contact");
            out.table(&LINE_HEADS, &self.lines(out, labels))?;
        }
        self.sums(out, labels)
    }

    fn sums(&self, out: Out, labels: &Labels) -> Result<(), Failure> {
        out.say("\nSummor", "\nSums");
        let row = |what: Cell, of: Totals| vec![what, of.paid.into(), of.shadow.into()];
        let mut rows: Vec<Vec<Cell>> = Vec::new();
        let units = self.by_unit();
        if units.len() > 1 {
            rows.extend(units.into_iter().map(|(unit, of)| row(labels.unit(unit), of)));
        }
        let elements = self.by_element().into_iter();
        rows.extend(elements.map(|(element, of)| row(labels.element(element), of)));
        let causes = self.by_cause().into_iter();
        rows.extend(causes.map(|(cause, of)| row(words::cause(out.lang, cause), of)));
        rows.push(row(out.lang.pick("Summa", "Total").into(), self.total()));
        out.table(&SUM_HEADS, &rows)?;
        let Totals { paid, shadow } = self.total();
        out.say(&format!("\nSumma att betala {paid}"), &format!("\nTotal to pay {paid}"));
        if shadow != Money::ZERO {
            out.say(
                &format!("Skuggbelopp, betalas inte {shadow}"),
                &format!("Shadow, not paid {shadow}"),
            );
        }
        Ok(())
    }

    fn unpaid(&self, out: Out) {
        let month = self.ask.month;
        for (reason, count) in &self.statement.unpriced {
            let reason = words::reason(out.lang, *reason);
            out.say(
                &format!("Ej prissatta kontakter, vård {month}, {reason}: {count}"),
                &format!("Unpriced contacts, care of {month}, {reason}: {count}"),
            );
        }
        for (code, count) in &self.statement.rejected {
            let code = words::code(out.lang, *code);
            out.say(
                &format!("Avvisade rader, vård {month}, {code}: {count}"),
                &format!("Rejected rows, care of {month}, {code}: {count}"),
            );
        }
    }

    fn cells(&self, out: Out, labels: &Labels, key: &StatedKey, sum: &StatedSum) -> Vec<Cell> {
        vec![
            labels.element_of(&key.element, sum.rates.iter().map(String::as_str)),
            key.care_month.to_string().into(),
            words::cause(out.lang, key.cause),
            key.payer.as_str().into(),
            key.payee.as_str().into(),
            words::yes_no(out.lang, !key.shadow),
            sum.count.into(),
            sum.lines.into(),
            sum.amount.into(),
            words::marks(out.lang, self.marks(&key.element)),
            labels.unit(&key.unit),
            words::list(out.lang, &sum.rates),
            words::list(out.lang, &sum.decisions),
        ]
    }

    fn lines(&self, out: Out, labels: &Labels) -> Vec<Vec<Cell>> {
        let cells = |line: &StatedLine| {
            let key = &line.key;
            vec![
                line.contact.as_deref().unwrap_or("").into(),
                labels.unit(&key.unit),
                labels.element_of(&key.element, [line.rate.as_str()]),
                key.care_month.to_string().into(),
                words::cause(out.lang, key.cause),
                key.payer.as_str().into(),
                key.payee.as_str().into(),
                words::yes_no(out.lang, !key.shadow),
                line.rate.as_str().into(),
                line.count.into(),
                line.amount.into(),
                words::marks(out.lang, self.marks(&key.element)),
            ]
        };
        self.statement.lines.iter().map(cells).collect()
    }
}

const HEADS: [Head; 13] = [
    text("element", "Ersättningsslag", "Element"),
    text("care_month", "Vårdmånad", "Care month"),
    text("cause", "Orsak", "Cause"),
    text("payer", "Betalare", "Payer"),
    text("payee", "Betalningsmottagare", "Payee"),
    text("payable", "Betalas", "Payable"),
    number("count", "Antal", "Count"),
    number("lines", "Rader", "Lines"),
    number("amount_ore", "Belopp", "Amount"),
    text("mark", "Märke", "Mark"),
    text("unit", "Enhet", "Unit"),
    text("rates", "Nivåer", "Rates"),
    text("decisions", "Beslut", "Decisions"),
];

const LINE_HEADS: [Head; 12] = [
    text("contact_id", "Kontakt", "Contact"),
    text("unit", "Enhet", "Unit"),
    text("element", "Ersättningsslag", "Element"),
    text("care_month", "Vårdmånad", "Care month"),
    text("cause", "Orsak", "Cause"),
    text("payer", "Betalare", "Payer"),
    text("payee", "Betalningsmottagare", "Payee"),
    text("payable", "Betalas", "Payable"),
    text("rate", "Nivå", "Rate"),
    number("count", "Antal", "Count"),
    number("amount_ore", "Belopp", "Amount"),
    text("mark", "Märke", "Mark"),
];

const SUM_HEADS: [Head; 3] = [
    text("of", "Del", "Part"),
    number("total_ore", "Att betala", "To pay"),
    number("shadow_ore", "Skuggbelopp", "Shadow"),
];
