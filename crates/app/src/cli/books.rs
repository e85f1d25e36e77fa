//! The options of `books`, `pay` and `dispute`.
//!
//! Owns: options and help. Does not own: what a command does (`commands`).

use super::{day, month, year};
use crate::commands::{accrue, books, dispute, pay};
use crate::failure::{Failure, Outcome};
use crate::output::Out;
use clap::{Args, Subcommand};
use kernel::journal::DeedKind;
use kernel::time::{Day, Month};
use std::path::Path;

#[derive(Subcommand, Debug)]
pub(super) enum BooksCommand {
    /// Where every draft, settlement, payment, month and dispute stands.
    Show,
    /// What was done, by whom, in order.
    #[command(after_help = "Example:\n  vardkedja books log --format csv")]
    Log,
    /// Balances of the accounts: as known on a day, or as known when a year was closed.
    #[command(
        after_help = "Example:\n  vardkedja books balance\n  vardkedja books balance --on 2022-03-31 --by unit\n  vardkedja books balance --closed 2021"
    )]
    Balance {
        /// Booked up to this day. Default everything.
        #[arg(long, value_parser = day)]
        on: Option<Day>,
        /// As when this year was closed.
        #[arg(long, conflicts_with = "on")]
        closed: Option<i32>,
        /// What is added up by, beside the account.
        #[arg(long, value_enum, default_value = "account")]
        by: books::By,
    },
    /// The cost of care through a closed year: as the books said then, what changed since and why, and as it is right now.
    #[command(after_help = "Example:\n  vardkedja books bridge --closed 2021")]
    Bridge {
        /// The year.
        #[arg(long, value_parser = year)]
        closed: i32,
    },
    /// Whether a settlement must be attested by another person before it is booked.
    #[command(after_help = "Example:\n  vardkedja books require required --as anna")]
    Require {
        /// `required` or `off`.
        attest: String,
    },
    /// Attest a draft that another person made.
    #[command(after_help = "Example:\n  vardkedja books attest u-2023-01-1 --as bo")]
    Attest {
        /// The draft.
        draft: String,
    },
    /// Take the last booked settlement back whole, before it is paid.
    #[command(
        after_help = "Example:\n  vardkedja books undo a-2023-01-1 --reason \"wrong key\" --as anna"
    )]
    Undo {
        /// The settlement.
        settlement: String,
        /// Why.
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        on: On,
    },
    /// Close a month and those before it, or a year.
    #[command(
        after_help = "Example:\n  vardkedja books close --month 2021-12 --as anna\n  vardkedja books close --year 2021 --as anna"
    )]
    Close {
        #[command(flatten)]
        period: Period,
        #[command(flatten)]
        on: On,
    },
    /// Open a closed month and those after it, or the last closed year.
    #[command(
        after_help = "Example:\n  vardkedja books reopen --month 2021-12 --reason \"late report\" --as anna"
    )]
    Reopen {
        #[command(flatten)]
        period: Period,
        /// Why.
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        on: On,
    },
}

#[derive(Args, Debug)]
pub(super) struct On {
    /// The day it counts from. Default today.
    #[arg(long, value_parser = day)]
    on: Option<Day>,
}

#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
pub(super) struct Period {
    /// A month.
    #[arg(long, value_parser = month)]
    month: Option<Month>,
    /// A year.
    #[arg(long, value_parser = year)]
    year: Option<i32>,
}

impl Period {
    /// The subject, and which of two kinds it is.
    fn of(&self, month: DeedKind, year: DeedKind) -> (String, DeedKind) {
        match (self.month, self.year) {
            (Some(one), _) => (one.to_string(), month),
            (None, one) => (one.map_or_else(String::new, |one| format!("{one:04}")), year),
        }
    }
}

impl BooksCommand {
    pub(super) fn run(self, out: Out, folder: &Path, by: &str) -> Result<Outcome, Failure> {
        let act = |kind, subject: &str, note: &str, on: Option<Day>| {
            books::act(out, folder, &books::New { kind, subject, by, note, on })
        };
        match self {
            Self::Show => books::show(out, folder),
            Self::Log => books::log(out, folder),
            Self::Balance { on, closed, by } => books::balance(out, folder, on, closed, by),
            Self::Bridge { closed } => books::bridge(out, folder, closed),
            Self::Require { attest } => act(DeedKind::Require, "attest", &attest, None),
            Self::Attest { draft } => act(DeedKind::Attest, &draft, "", None),
            Self::Undo { settlement, reason, on } => {
                act(DeedKind::Undo, &settlement, &reason, on.on)
            }
            Self::Close { period, on } => {
                let (subject, kind) = period.of(DeedKind::Close, DeedKind::CloseYear);
                act(kind, &subject, "", on.on)
            }
            Self::Reopen { period, reason, on } => {
                let (subject, kind) = period.of(DeedKind::Reopen, DeedKind::ReopenYear);
                act(kind, &subject, &reason, on.on)
            }
        }
    }
}

#[derive(Subcommand, Debug)]
pub(super) enum PayCommand {
    /// What can be paid now, and every payment run.
    Show,
    /// Take everything that can be paid now into a run and send it.
    #[command(after_help = "Example:\n  vardkedja pay send --as anna")]
    Send {
        #[command(flatten)]
        on: On,
    },
    /// The bank has paid a run, or some payees of it.
    #[command(after_help = "Example:\n  vardkedja pay confirm b-1 --on 2023-03-10 --as anna")]
    Confirm(Bank),
    /// The bank has returned a run, or some payees of it; they are paid anew.
    #[command(
        after_help = "Example:\n  vardkedja pay return b-1 --payee praktikertjanst --as anna"
    )]
    Return(Bank),
}

#[derive(Args, Debug)]
pub(super) struct Bank {
    /// The run.
    run: String,
    /// Only this payee; may be given several times.
    #[arg(long)]
    payee: Vec<String>,
    #[command(flatten)]
    on: On,
}

impl PayCommand {
    pub(super) fn run(self, out: Out, folder: &Path, by: &str) -> Result<Outcome, Failure> {
        let answer = |kind, bank: Bank| {
            pay::answer(out, folder, kind, &bank.run, &bank.payee, by, bank.on.on)
        };
        match self {
            Self::Show => pay::show(out, folder),
            Self::Send { on } => pay::send(out, folder, by, on.on),
            Self::Confirm(bank) => answer(DeedKind::Pay, bank),
            Self::Return(bank) => answer(DeedKind::Return, bank),
        }
    }
}

#[derive(Subcommand, Debug)]
pub(super) enum DisputeCommand {
    /// Every dispute and how it stands.
    Show,
    /// Contest what a settlement says of one contact, or of a unit where no contact is meant.
    #[command(
        after_help = "Example:\n  vardkedja dispute open --settlement a-2023-02-3 --unit danderyd --contact K1 --element delivery --reason \"caesarean, not vaginal\" --as danderyd"
    )]
    Open(OpenArgs),
    /// Answer a dispute.
    Answer(EndArgs),
    /// End a dispute as the clinic wants; a corrected report or a new decision brings the correction.
    Uphold(EndArgs),
    /// End a dispute without a change.
    Dismiss(EndArgs),
}

#[derive(Args, Debug)]
pub(super) struct OpenArgs {
    /// The settlement.
    #[arg(long)]
    settlement: String,
    /// The unit.
    #[arg(long)]
    unit: String,
    /// The contact; without it, what the unit has that is of no contact.
    #[arg(long)]
    contact: Option<String>,
    /// The element of pay.
    #[arg(long)]
    element: String,
    /// Month of care, where the element has several.
    #[arg(long, value_parser = month)]
    care_month: Option<Month>,
    /// Why.
    #[arg(long)]
    reason: String,
    /// The day to answer by. Default thirty days after.
    #[arg(long, value_parser = day)]
    due: Option<Day>,
    #[command(flatten)]
    on: On,
}

#[derive(Args, Debug)]
pub(super) struct EndArgs {
    /// The dispute.
    dispute: String,
    /// The answer, or why it ends so.
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    on: On,
}

impl DisputeCommand {
    pub(super) fn run(self, out: Out, folder: &Path, by: &str) -> Result<Outcome, Failure> {
        let end = |kind, end: EndArgs| {
            let (subject, note) = (end.dispute.as_str(), end.reason.as_str());
            books::act(out, folder, &books::New { kind, subject, by, note, on: end.on.on })
        };
        match self {
            Self::Show => dispute::show(out, folder, by),
            Self::Open(ask) => {
                let contested = dispute::Contested {
                    settlement: &ask.settlement,
                    unit: &ask.unit,
                    contact: ask.contact.as_deref(),
                    element: &ask.element,
                    care_month: ask.care_month,
                    reason: &ask.reason,
                    due: ask.due,
                    on: ask.on.on,
                };
                dispute::open(out, folder, &contested, by)
            }
            Self::Answer(args) => end(DeedKind::Answer, args),
            Self::Uphold(args) => end(DeedKind::Uphold, args),
            Self::Dismiss(args) => end(DeedKind::Dismiss, args),
        }
    }
}

#[derive(Subcommand, Debug)]
pub(super) enum AccrueCommand {
    /// What a recorded proposal would cost for the care settled so far, were it decided as it stands.
    #[command(
        after_help = "Example:\n  vardkedja accrue decision hsn-2025-05-support-proposal\n  vardkedja accrue decision hsn-2025-05-support-proposal --book --as anna"
    )]
    Decision {
        /// The decision.
        decision: String,
        #[command(flatten)]
        how: AccrueArgs,
    },
    /// What care through a month still waits for, by the delays of the months before.
    #[command(
        after_help = "Example:\n  vardkedja accrue unreported --month 2021-12 --book --as anna"
    )]
    Unreported {
        /// The month.
        #[arg(long, value_parser = month)]
        month: Month,
        #[command(flatten)]
        how: AccrueArgs,
    },
    /// Accruals that are not released, and which of them should be: the proposal is decided, or a later month is settled.
    #[command(after_help = "Example:\n  vardkedja accrue show")]
    Show,
    /// Take an accrual back whole; `books show` lists them.
    #[command(after_help = "Example:\n  vardkedja accrue release e-2021-12 --as anna")]
    Release {
        /// The accrual.
        accrual: String,
        #[command(flatten)]
        on: On,
    },
}

#[derive(Args, Debug)]
pub(super) struct AccrueArgs {
    /// Book it; without, it is only shown.
    #[arg(long)]
    book: bool,
    #[command(flatten)]
    on: On,
}

impl AccrueCommand {
    pub(super) fn run(self, out: Out, folder: &Path, by: &str) -> Result<Outcome, Failure> {
        let how = |args: AccrueArgs| accrue::How { by, on: args.on.on, book: args.book };
        match self {
            Self::Decision { decision, how: args } => {
                accrue::decision(out, folder, &decision, how(args))
            }
            Self::Show => accrue::show(out, folder),
            Self::Unreported { month, how: args } => {
                accrue::unreported(out, folder, month, how(args))
            }
            Self::Release { accrual, on } => {
                let (kind, subject) = (DeedKind::Release, accrual.as_str());
                books::act(out, folder, &books::New { kind, subject, by, note: "", on: on.on })
            }
        }
    }
}
