//! The options of `follow`.
//!
//! Owns: options and help. Does not own: what is done (`commands::follow`).

use super::{day, origin_parser, year};
use crate::commands::follow;
use crate::engine;
use crate::failure::{Failure, Outcome};
use crate::followed::{By, Query};
use crate::output::Out;
use ::follow::intake::Kind;
use clap::Subcommand;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use kernel::fact::Theme;
use kernel::time::Day;
use std::path::{Path, PathBuf};
use store::Origin;

#[derive(Subcommand, Debug)]
pub(super) enum FollowCommand {
    /// Import labour, staffing, measures or surveys; all of each file or nothing.
    #[command(
        after_help = "Example:\n  vardkedja follow import forlopp.csv bemanning.xlsx\n  vardkedja follow import --kind measure ./inkorg/matt --on 2023-02-10"
    )]
    Import {
        /// Files (CSV, Excel, also .gz), folders of them, or `-` for standard input.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Which kind of rows they have. Default what the columns tell.
        #[arg(long, value_parser = kind_parser())]
        kind: Option<Kind>,
        /// Where the rows come from: clinics, or made up; everything that rests on made-up ones is marked.
        #[arg(long, value_parser = origin_parser(), default_value = "reported")]
        origin: Origin,
        /// Day of import; stands in for a blank `reported_on`. Default today.
        #[arg(long, value_parser = day)]
        on: Option<Day>,
    },
    /// What the decided indicators come to in a year: by clinic, month, year or group of women.
    #[command(
        after_help = "Example:\n  vardkedja follow indicators --year 2023\n  vardkedja follow indicators --year 2023 --indicator one-to-one --by unit\n  vardkedja follow indicators --indicator caesarean --by year --format json"
    )]
    Indicators {
        /// Calendar year of birth. Default the year before the known-on day.
        #[arg(long, value_parser = year)]
        year: Option<i32>,
        /// By what.
        #[arg(long, value_parser = by_parser(), default_value = "whole")]
        by: By,
        /// Births at one clinic.
        #[arg(long)]
        unit: Option<String>,
        /// One indicator.
        #[arg(long)]
        indicator: Option<String>,
        /// One part of follow-up.
        #[arg(long, value_parser = theme_parser())]
        theme: Option<Theme>,
        /// As known on this day. Default today.
        #[arg(long, value_parser = day)]
        known_on: Option<Day>,
    },
    /// Whether women in active labour had a midwife of their own, to the minute, and how many midwives that needs.
    #[command(
        after_help = "Example:\n  vardkedja follow one-to-one --year 2023\n  vardkedja follow one-to-one --year 2023 --unit sodersjukhuset --format json"
    )]
    OneToOne {
        /// Calendar year of birth. Default the year before the known-on day.
        #[arg(long, value_parser = year)]
        year: Option<i32>,
        /// Births at one clinic; it is then told how many midwives its shifts need.
        #[arg(long)]
        unit: Option<String>,
        /// As known on this day. Default today.
        #[arg(long, value_parser = day)]
        known_on: Option<Day>,
    },
    /// The indicators of a year as a PDF (.pdf), or as FHIR MeasureReports (.json).
    #[command(
        after_help = "Example:\n  vardkedja follow report --year 2023 --unit sodersjukhuset --out uppfoljning-2023.pdf\n  vardkedja follow report --year 2023 --out uppfoljning-2023.json"
    )]
    Report {
        /// Calendar year of birth. Default the year before the known-on day.
        #[arg(long, value_parser = year)]
        year: Option<i32>,
        /// Births at one clinic.
        #[arg(long)]
        unit: Option<String>,
        /// As known on this day. Default today.
        #[arg(long, value_parser = day)]
        known_on: Option<Day>,
        /// The file to write.
        #[arg(long)]
        out: PathBuf,
    },
    /// Publish a year: from then on it is told as it was published, and never so that women could be subtracted.
    #[command(
        after_help = "Example:\n  vardkedja follow publish --year 2023\n  vardkedja follow publish --year 2023 --known-on 2024-06-01 --book --as anna"
    )]
    Publish {
        /// Calendar year of birth. Default the year before the known-on day.
        #[arg(long, value_parser = year)]
        year: Option<i32>,
        /// As known on this day. Default today.
        #[arg(long, value_parser = day)]
        known_on: Option<Day>,
        /// Do it; without, it is only shown what would be published and what it is held against.
        #[arg(long)]
        book: bool,
    },
}

impl FollowCommand {
    pub(super) fn run(self, out: Out, data: &Path, by: &str) -> Result<Outcome, Failure> {
        match self {
            Self::Import { files, kind, origin, on } => {
                follow::import::run(out, data, &files, kind, origin, on)
            }
            Self::Indicators { year, by, unit, indicator, theme, known_on } => {
                let known = known_on.unwrap_or_else(engine::today);
                let year = year.unwrap_or_else(|| follow::indicators::default_year(known));
                let query = Query { year, by, unit, indicator, theme };
                follow::indicators::run(out, data, &query, known_on)
            }
            Self::Report { year, unit, known_on, out: file } => {
                let unit = unit.as_deref();
                follow::report::run(
                    out,
                    data,
                    &follow::report::Ask { year, unit, known_on, file: &file },
                )
            }
            Self::Publish { year, known_on, book } => {
                follow::publish::run(out, data, &follow::publish::Ask { year, known_on, book, by })
            }
            Self::OneToOne { year, unit, known_on } => {
                follow::one_to_one::run(out, data, year, unit.as_deref(), known_on)
            }
        }
    }
}

fn kind_parser() -> impl TypedValueParser<Value = Kind> {
    let names = Kind::ALL.iter().map(|kind| kind.name());
    PossibleValuesParser::new(names).map(|name| Kind::parse(&name).unwrap_or(Kind::Labour))
}

fn by_parser() -> impl TypedValueParser<Value = By> {
    let names = By::ALL.iter().filter(|by| by.is_told()).map(|by| by.name());
    PossibleValuesParser::new(names).map(|name| By::parse(&name).unwrap_or(By::Whole))
}

fn theme_parser() -> impl TypedValueParser<Value = Theme> {
    let names = Theme::ALL.iter().map(|theme| theme.name());
    PossibleValuesParser::new(names).map(|name| Theme::parse(&name).unwrap_or(Theme::Birth))
}
