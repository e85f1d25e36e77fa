//! The options of `export`.
//!
//! Owns: options and help. Does not own: what is written (`commands::export`).

use super::day;
use crate::commands::export::{self, AskPayments, Books, Of, Which};
use crate::failure::{Failure, Outcome};
use crate::output::Out;
use clap::{Args, Subcommand};
use kernel::time::Day;
use std::path::{Path, PathBuf};

#[derive(Subcommand, Debug)]
pub(super) enum ExportCommand {
    /// The books as SIE 4I, for the accounting system.
    #[command(
        after_help = "Example:\n  vardkedja export sie --from 2021-01-01 --to 2021-12-31 --out SYNTETISK-2021.si"
    )]
    Sie(BooksArgs),
    /// The books as a journal of hledger.
    Hledger(BooksArgs),
    /// The books as a file of Beancount.
    Beancount(BooksArgs),
    /// The books as an Excel workbook: every posting, and the accounts with sums as formulas.
    Xlsx(BooksArgs),
    /// Settlement lines, or the whole ledger, with all that they can be followed by, as one Parquet file.
    #[command(
        after_help = "Example:\n  vardkedja export parquet --of lines --out SYNTETISK-rader.parquet\n  vardkedja export parquet --of ledger --out SYNTETISK-bok.parquet"
    )]
    Parquet {
        /// Which rows.
        #[arg(long, value_enum, default_value_t = Of::Lines)]
        of: Of,
        /// File to write; of synthetic data with SYNTETISK in its name.
        #[arg(long)]
        out: PathBuf,
    },
    /// A payment run for the bank: ISO 20022 pain.001.001.09 with Bankgiro.
    #[command(
        after_help = "Example:\n  vardkedja export pain001 --run b-1 --out SYNTETISK-b-1.xml --allow-synthetic"
    )]
    Pain001 {
        /// The run.
        #[arg(long)]
        run: String,
        /// Day of payment. Default the day it was sent.
        #[arg(long, value_parser = day)]
        day: Option<Day>,
        /// File to write; of synthetic data with SYNTETISK in its name.
        #[arg(long)]
        out: PathBuf,
        /// Write it although the data are made up.
        #[arg(long)]
        allow_synthetic: bool,
    },
    /// What a settlement owes each provider, as Peppol invoices or self-billing.
    #[command(
        after_help = "Example:\n  vardkedja export invoices --settlement a-2021-01-1 --out ./fakturor --allow-synthetic"
    )]
    Invoices {
        /// The settlement.
        #[arg(long)]
        settlement: String,
        /// Folder to write the documents to.
        #[arg(long)]
        out: PathBuf,
        /// Write it although the data are made up.
        #[arg(long)]
        allow_synthetic: bool,
    },
}

#[derive(Args, Debug)]
pub(super) struct BooksArgs {
    /// Booked from this day. Default the first.
    #[arg(long, value_parser = day)]
    from: Option<Day>,
    /// Booked up to this day. Default the last.
    #[arg(long, value_parser = day)]
    to: Option<Day>,
    /// File to write; of synthetic data with SYNTETISK in its name.
    #[arg(long)]
    out: PathBuf,
}

impl ExportCommand {
    pub(super) fn run(self, out: Out, folder: &Path, by: &str) -> Result<Outcome, Failure> {
        let books = |books, args: BooksArgs| {
            let which = Which { from: args.from, to: args.to };
            export::books(out, folder, books, which, &args.out)
        };
        match self {
            Self::Sie(args) => books(Books::Sie, args),
            Self::Hledger(args) => books(Books::Hledger, args),
            Self::Beancount(args) => books(Books::Beancount, args),
            Self::Xlsx(args) => books(Books::Excel, args),
            Self::Parquet { of, out: file } => export::flat(out, folder, of, &file, by),
            Self::Pain001 { run, day, out: file, allow_synthetic } => {
                let ask = AskPayments { run: &run, day, file: &file, allow_synthetic };
                export::pain001(out, folder, &ask)
            }
            Self::Invoices { settlement, out: to, allow_synthetic } => {
                let ask =
                    export::AskInvoices { settlement: &settlement, folder: &to, allow_synthetic };
                export::invoices(out, folder, &ask)
            }
        }
    }
}
