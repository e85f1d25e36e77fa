//! Continuity within like numbers of contacts.

use super::one::{Shown, ends};
use super::{decimal, name};
use crate::followed::continuity::{BEGINS, Line, PHASES, Told};
use crate::followed::words;
use crate::web::chart::Figure;
use crate::web::chart::intervals::{self, intervals};
use crate::web::page::Page;
use crate::web::table::{Cell, Table, count, text};
use follow::chain::Phase;
use follow::outcome::{Value, Why};
use kernel::fact::{Gives, Indicator, Quantity, Test};

/// Whether an indicator is about meeting the same midwife.
pub(super) fn is_of_continuity(indicator: &Indicator) -> bool {
    let of_visits =
        |quantity: &Quantity| matches!(quantity, Quantity::Coc | Quantity::Upc | Quantity::Carers);
    match &indicator.gives {
        Gives::Mean(quantity) | Gives::Median(quantity) => of_visits(quantity),
        _ => indicator.counts.iter().any(|test| matches!(test, Test::KnownMidwife(_))),
    }
}

/// What each value of a line is written as.
const GIVES: [Gives; 4] = [
    Gives::Mean(Quantity::Coc),
    Gives::Mean(Quantity::Upc),
    Gives::Mean(Quantity::Carers),
    Gives::Share,
];

impl Shown<'_> {
    /// The bands of each phase, and the clinics with like held against like.
    pub(super) fn continuity(&self, page: Page) -> Page {
        let page = page.heading(self.ask.say(
            "Samma barnmorska, bland lika många kontakter",
            "The same midwife, among like numbers of contacts",
        ));
        let Some(of_year) = Told::new(self.followed, self.year) else {
            return page.text(self.ask.say(
                "Visas inte för det här året: någon klinik har så få kvinnor att de skulle kunna räknas ut.",
                "Not shown for this year: some clinic has so few women that they could be worked out.",
            ));
        };
        page.maybe(self.bands(&of_year)).maybe(self.clinics(&of_year))
    }

    fn phase(&self, phase: usize) -> &'static str {
        match PHASES.get(phase) {
            Some(Phase::Antenatal) => self.ask.say("före födseln", "before birth"),
            _ => self.ask.say("efter födseln", "after birth"),
        }
    }

    fn band(&self, band: Option<usize>) -> String {
        let Some(band) = band else {
            return self.ask.say("två eller fler", "two or more").to_owned();
        };
        match (BEGINS.get(band), BEGINS.get(band + 1)) {
            (Some(from), Some(next)) => format!("{from}–{}", next - 1),
            (Some(from), None) => {
                format!("{from} {}", self.ask.say("eller fler", "or more"))
            }
            _ => String::new(),
        }
    }

    fn told(&self, nth: usize, value: &Value) -> Cell {
        let gives = GIVES.get(nth).unwrap_or(&Gives::Share);
        match (value, value.number()) {
            (Value::Withheld(Why::Nobody), _) => Cell::from(""),
            (Value::Withheld(why), _) => Cell::of(&self.ask.of(&words::why(*why)), ""),
            (_, Some(number)) => {
                Cell::of(&self.ask.of(&words::number(gives, number)), &number.to_string())
            }
            (_, None) => Cell::from(""),
        }
    }

    fn bands(&self, of_year: &Told) -> Option<Figure> {
        let lines = of_year.lines(self.unit);
        let label = |line: &Line| format!("{}, {}", self.phase(line.phase), self.band(line.band));
        let bars: Vec<intervals::Row> = lines
            .iter()
            .map(|line| {
                let [coc, ..] = &line.values;
                let shown = self.told(0, coc).shown().to_owned();
                intervals::Row { label: label(line), value: ends(coc), shown, stands_out: false }
            })
            .collect();
        if bars.iter().all(|bar| bar.value.is_none()) {
            return None;
        }
        let rows = lines.iter().map(|line| {
            let of = match &line.values[0] {
                Value::Number { of, .. } => Cell::from(*of),
                _ => Cell::from(""),
            };
            let mut row =
                vec![Cell::from(self.phase(line.phase)), Cell::from(self.band(line.band)), of];
            row.extend(line.values.iter().enumerate().map(|(nth, value)| self.told(nth, value)));
            row
        });
        let columns = vec![
            text("phase", "Kontakter", "Contacts"),
            text("band", "Antal kontakter", "Number of contacts"),
            count("of", "Graviditeter", "Pregnancies"),
            count("coc", "COC", "COC"),
            count("upc", "UPC", "UPC"),
            count("carers", "Olika barnmorskor", "Different midwives"),
            count("known", "Känd barnmorska vid födseln", "Known midwife at birth"),
        ];
        let title =
            self.titled("Kontinuitet efter antal kontakter", "Continuity by number of contacts");
        let description = self.ask.say(
            "COC (Bice och Boxerman) i grupper med lika många kontakter, eftersom måttet sjunker när kontakterna blir fler. 1 är samma barnmorska varje gång. UPC är andelen hos den man träffat mest.",
            "COC (Bice and Boxerman) in groups of like numbers of contacts, since it falls as contacts grow more. 1 is the same midwife every time. UPC is the share with whom one met most.",
        );
        let numbers = self.numbers("kontinuitet", &title, columns, rows);
        Some(Figure {
            svg: intervals(&title, description, &bars, None),
            description: description.to_owned(),
            numbers: Some(numbers),
            title,
        })
    }

    fn clinics(&self, of_year: &Told) -> Option<Table> {
        let number = |value: f64| {
            let told = self.ask.of(&words::number(&GIVES[0], value));
            Cell::of(&told, &value.to_string())
        };
        let seen = of_year.compared().into_iter().filter(|(unit, _)| self.ask.sees_unit(unit));
        let rows: Vec<Vec<Cell>> = seen
            .filter_map(|(unit, compared)| {
                let compared = compared?;
                Some(vec![
                    Cell::of(name(self.ask, unit), unit),
                    number(compared.first),
                    number(compared.second),
                    Cell::of(
                        &decimal(self.ask, (compared.first - compared.second) / 1_000.0, 2),
                        &(compared.first - compared.second).to_string(),
                    ),
                    Cell::from(compared.compared),
                    Cell::from(compared.alone),
                ])
            })
            .collect();
        if rows.is_empty() {
            return None;
        }
        let columns = vec![
            text("unit", "Klinik", "Clinic"),
            count("own", "COC före födseln", "COC before birth"),
            count(
                "all",
                "Alla, med klinikens antal kontakter",
                "All, with the clinic's numbers of contacts",
            ),
            count("gap", "Skillnad", "Difference"),
            count("compared", "Jämförda graviditeter", "Pregnancies compared"),
            count("alone", "Utan jämförelse", "Without comparison"),
        ];
        let caption = self.titled("Lika hållna mot lika", "Like held against like");
        Some(self.numbers("lika", &caption, columns, rows))
    }
}
