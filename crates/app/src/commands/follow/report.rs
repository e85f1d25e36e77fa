//! `follow report`: a year's indicators of a clinic (or the region) as a PDF, as FHIR MeasureReports, or as CSV.
//!
//! Owns: what stands in these files. Does not own: what may be told (`followed`).

use crate::data::{DataFolder, Followed, Labels};
use crate::engine;
use crate::failure::{Failure, Outcome};
use crate::followed::{By, Query, Row, rows, words};
use crate::output::{Lang, Out};
use crate::paper::{self, Column};
use crate::workbook;
use documents::pdf::{Block, Figure, Level, Point, Shape, Value as Drawn};
use follow::outcome::{Value, target_level};
use kernel::fact::{Gives, Theme};
use kernel::time::Day;
use std::path::Path;

/// What is asked for.
pub struct Ask<'a> {
    /// Year of birth; the year before the known-on day where none is said.
    pub year: Option<i32>,
    /// Births at one clinic.
    pub unit: Option<&'a str>,
    /// As known on this day; today where none is said.
    pub known_on: Option<Day>,
    /// The file: `.pdf` or `.json` (a FHIR Bundle of MeasureReports).
    pub file: &'a Path,
}

/// Runs `follow report`.
pub fn run(out: Out, folder: &Path, ask: &Ask<'_>) -> Result<Outcome, Failure> {
    let mut data = DataFolder::open(folder)?;
    let known_on = ask.known_on.unwrap_or_else(engine::today);
    let year = ask.year.unwrap_or_else(|| super::indicators::default_year(known_on));
    let origin = data.follow_origin();
    let name = workbook::marked_name("out", ask.file, origin.name())?;
    let followed = data.followed(known_on)?;
    super::indicators::check_unit(&followed.view(), ask.unit)?;
    let told = Report {
        lang: out.lang,
        followed: &followed,
        labels: data.labels(),
        year,
        unit: ask.unit,
        is_synthetic: origin == store::Origin::Synthetic,
    };
    let lower = name.to_lowercase();
    let bytes = if lower.ends_with(".pdf") {
        told.pdf()?
    } else if lower.ends_with(".json") {
        super::measure_report::bundle(
            &told.rows(year),
            &told.whose(),
            (year, known_on),
            told.is_synthetic,
        )?
    } else {
        return Err(Failure::usage(
            format!("`--out {name}`: filnamnet ska sluta på .pdf eller .json (FHIR MeasureReport)"),
            format!("`--out {name}`: the name must end in .pdf or .json (FHIR MeasureReport)"),
        ));
    };
    workbook::write_whole(ask.file, &bytes)?;
    out.say(&format!("Skrev {name}"), &format!("Wrote {name}"));
    Ok(Outcome::Done)
}

/// A report of a year.
struct Report<'a> {
    lang: Lang,
    followed: &'a Followed,
    labels: Labels,
    year: i32,
    unit: Option<&'a str>,
    is_synthetic: bool,
}

const COLUMNS: [Column; 6] = [
    ("Indikator", "Indicator", false),
    ("Värde", "Value", true),
    ("95 % intervall", "95 % interval", true),
    ("Antal", "Counts", true),
    ("Målnivå", "Target", false),
    ("Rapporterat", "Reported", true),
];

impl<'a> Report<'a> {
    fn rows(&self, year: i32) -> Vec<Row<'a>> {
        let unit = self.unit.map(str::to_owned);
        let query = Query { year, by: By::Whole, unit, indicator: None, theme: None };
        rows(self.followed, &query)
    }

    fn whose(&self) -> String {
        match self.unit {
            Some(unit) => self.labels.unit_name(unit).unwrap_or(unit).to_owned(),
            None => self.lang.pick("Hela regionen", "The whole region").to_owned(),
        }
    }

    fn pdf(&self) -> Result<Vec<u8>, Failure> {
        let (rows, lang) = (self.rows(self.year), self.lang);
        let title = match lang {
            Lang::Sv => format!("Uppföljning {}: {}", self.year, self.whose()),
            Lang::En => format!("Follow-up {}: {}", self.year, self.whose()),
        };
        let mut facts = vec![("Födslar under", "Births of", self.year.to_string())];
        facts.push(match self.followed.publication(self.year) {
            Some(one) => (
                "Som publicerat, och som känt",
                "As published, and as known on",
                format!("{}, {}", one.on, one.extent.known_on),
            ),
            None => ("Som känt", "As known on", self.followed.extent.known_on.to_string()),
        });
        let mut blocks = vec![
            paper::facts(lang, facts),
            Block::Text(lang.pick(
                "Varje indikator räknas ur de kontakter som betalas och ur det kliniken rapporterar vid sidan av dem. Det som saknas räknas aldrig som uppfyllt. Värden som skulle kunna röja en person visas inte. Definitionerna är arbetsdefinitioner där inget annat sägs.",
                "Every indicator is counted from the contacts that are paid and from what the clinic reports beside them. What is missing never counts as met. Values that could give a person away are not shown. Definitions are working definitions where nothing else is said.",
            ).to_owned()),
        ];
        for theme in Theme::ALL {
            let own: Vec<&Row<'_>> =
                rows.iter().filter(|row| row.defined.indicator.fact.theme == *theme).collect();
            if own.is_empty() {
                continue;
            }
            let name = crate::words::theme(*theme);
            blocks.push(Block::Heading(2, crate::words::capital(lang.of(&name))));
            let cells = own.iter().map(|row| self.cells(row)).collect();
            blocks.push(paper::table(lang, &COLUMNS, cells, Vec::new()));
            let with_target = own.iter().filter(|row| row.defined.target.is_some());
            blocks.extend(with_target.map(|row| Block::Figure(self.figure(row))));
        }
        paper::bytes(lang, self.is_synthetic, title, blocks)
    }

    fn cells(&self, row: &Row<'_>) -> Vec<String> {
        let of = |text: kernel::finding::Text| self.lang.of(&text).to_owned();
        let target = match row.reached {
            Some(reached) => format!("{}: {}", of(words::target(row)), of(words::reached(reached))),
            None => of(words::target(row)),
        };
        vec![
            row.label().to_owned(),
            of(words::value(row)),
            of(words::interval(row)),
            of(words::counts(row)),
            target,
            format!("{} %", row.percent_reported),
        ]
    }

    /// The years of an indicator against its target.
    fn figure(&self, row: &Row<'_>) -> Figure {
        let lang = self.lang;
        let query = Query {
            year: self.year,
            by: By::Year,
            unit: self.unit.map(str::to_owned),
            indicator: Some(row.defined.indicator.fact.id.clone()),
            theme: None,
        };
        let gives = &row.defined.indicator.fact.gives;
        // One decimal of a percentage, or of the quantity.
        let scaled = |value: f64| match gives {
            Gives::Share | Gives::Answers(_) => (value * 1_000.0).round() as i64,
            _ => (value * 10.0).round() as i64,
        };
        let years = rows(self.followed, &query);
        let points = years.iter().map(|year| {
            let value = match (&year.value, year.value.number()) {
                (Value::Withheld(why), _) => Drawn::Missing(lang.of(&words::why(*why)).to_owned()),
                (told, Some(value)) => {
                    let ends = told.interval();
                    let ends = ends.map(|ends| (scaled(ends.low), scaled(ends.high)));
                    Drawn::Number(scaled(value), ends)
                }
                (_, None) => Drawn::Missing(String::new()),
            };
            Point { label: year.year.to_string(), value }
        });
        let level = row.defined.target.map(|target| Level {
            label: lang.of(&words::target(row)).to_owned(),
            value: scaled(target_level(target.fact, gives)),
        });
        let unit = if matches!(gives, Gives::Share | Gives::Answers(_)) { ", %" } else { "" };
        Figure {
            caption: row.label().to_owned(),
            alt: String::new(),
            shape: Shape::Bars,
            point_head: lang.pick("År", "Year").to_owned(),
            value_head: format!("{}{unit}", lang.pick("Värde", "Value")),
            interval_head: lang.pick("95 % intervall", "95 % interval").to_owned(),
            decimals: 1,
            axis: None,
            points: points.collect(),
            levels: level.into_iter().collect(),
        }
    }
}
