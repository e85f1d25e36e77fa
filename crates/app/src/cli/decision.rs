//! The options of `decision`.
//!
//! Owns: options and help. Does not own: what a command does (`commands`).

use crate::commands::decision;
use crate::failure::{Failure, Outcome};
use crate::output::Out;
use clap::Subcommand;
use std::path::PathBuf;

#[derive(Subcommand, Debug)]
pub(super) enum DecisionCommand {
    /// Every amount, share, count, date, case number and recipient of a text, with its place.
    #[command(
        after_help = "Example:\n  vardkedja decision read tjansteutlatande.docx\n  vardkedja decision read beslut.txt --format json --draft utkast.toml"
    )]
    Read {
        /// The text: plain text (UTF-8), PDF or Word (.docx).
        file: PathBuf,
        /// Write the draft of a ratebook file for a person to finish; must not be there.
        #[arg(long)]
        draft: Option<PathBuf>,
    },
    /// What in a text does not add up: sums, shares, counts, dates, units, and what is stated twice.
    #[command(
        after_help = "Example:\n  vardkedja decision check tjansteutlatande.docx\n  vardkedja decision check beslut.txt --facts ratebook/stockholm/hsn-2023-01-raise.toml"
    )]
    Check {
        /// The text: plain text (UTF-8), PDF or Word (.docx).
        file: PathBuf,
        /// Ratebook files or folders with the facts that the text should bear out.
        #[arg(long, num_args = 1..)]
        facts: Vec<PathBuf>,
    },
}

impl DecisionCommand {
    /// Runs the command.
    pub(super) fn run(self, out: Out) -> Result<Outcome, Failure> {
        match self {
            Self::Read { file, draft } => decision::read(out, &file, draft.as_deref()),
            Self::Check { file, facts } => decision::check(out, &file, &facts),
        }
    }
}
