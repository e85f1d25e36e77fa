//! The options of `follow`.
//!
//! Owns: options and help. Does not own: what is done (`commands::follow`).

use super::{day, origin_parser};
use crate::commands::follow;
use crate::failure::{Failure, Outcome};
use crate::output::Out;
use ::follow::intake::Kind;
use clap::Subcommand;
use clap::builder::{PossibleValuesParser, TypedValueParser};
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
}

impl FollowCommand {
    pub(super) fn run(self, out: Out, data: &Path) -> Result<Outcome, Failure> {
        match self {
            Self::Import { files, kind, origin, on } => {
                follow::import::run(out, data, &files, kind, origin, on)
            }
        }
    }
}

fn kind_parser() -> impl TypedValueParser<Value = Kind> {
    let names = Kind::ALL.iter().map(|kind| kind.name());
    PossibleValuesParser::new(names).map(|name| Kind::parse(&name).unwrap_or(Kind::Labour))
}
