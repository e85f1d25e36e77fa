//! The options of `chain`.
//!
//! Owns: options and help. Does not own: what a command does (`commands::chain`).

use super::{day, month, year};
use crate::commands::chain::act::{self, Act};
use crate::commands::chain::{self, Ask, release};
use crate::failure::{Failure, Outcome};
use crate::output::Out;
use clap::{Args, Subcommand};
use follow::need::course::Step;
use kernel::time::{Day, Month};
use std::path::{Path, PathBuf};

#[derive(Args, Debug)]
pub(super) struct Whose {
    /// The receiving clinic, a unit id.
    #[arg(long, env = "VARDKEDJA_CLINIC")]
    clinic: String,
    /// File with the clinic's own key, kept outside the data folder.
    #[arg(long, env = "VARDKEDJA_CARE_KEY")]
    key: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(super) struct StepArgs {
    /// The referral.
    referral: String,
    #[command(flatten)]
    whose: Whose,
    /// The day it was done. Default today.
    #[arg(long, value_parser = day)]
    on: Option<Day>,
    /// Why.
    #[arg(long, default_value = "", hide_default_value = true)]
    reason: String,
}

#[derive(Subcommand, Debug)]
pub(super) enum ChainCommand {
    /// Begin a clinic's own compartment, sealed with a key of its own.
    #[command(
        after_help = "Example:\n  vardkedja chain begin --clinic karolinska-huddinge --key ~/huddinge.key --as anna"
    )]
    Begin(Whose),
    /// Enter files of referrals; what is wrong of them is told row by row.
    #[command(
        after_help = "Example:\n  vardkedja chain refer remisser.csv --clinic karolinska-huddinge --key ~/huddinge.key --as anna"
    )]
    Refer {
        /// CSV files of referrals.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        #[command(flatten)]
        whose: Whose,
        /// The day it is entered. Default today.
        #[arg(long, value_parser = day)]
        on: Option<Day>,
    },
    /// State the places of teams by due month from a file, or show them.
    Places {
        /// CSV file with team, month, midwives and women.
        file: Option<PathBuf>,
        #[command(flatten)]
        whose: Whose,
    },
    /// Who waits, in the order of need, and why each stands where she does.
    #[command(
        after_help = "Example:\n  vardkedja chain order --due 2024-05 --clinic karolinska-huddinge --key ~/huddinge.key --as anna"
    )]
    Order {
        #[command(flatten)]
        whose: Whose,
        /// Due month. Default every month that somebody waits for.
        #[arg(long, value_parser = month)]
        due: Option<Month>,
    },
    /// Every referral and where it stands.
    List(Whose),
    /// Why a referral stands where it does, and what was done.
    Explain {
        /// The referral.
        referral: String,
        #[command(flatten)]
        whose: Whose,
    },
    /// Offer a place of a team.
    #[command(
        after_help = "Example:\n  vardkedja chain offer R-17 --team team-a --clinic karolinska-huddinge --key ~/huddinge.key --as anna"
    )]
    Offer {
        #[command(flatten)]
        step: StepArgs,
        /// The team. Default the only one that has a free place.
        #[arg(long)]
        team: Option<String>,
        /// Due month whose place is offered. Default hers.
        #[arg(long, value_parser = month)]
        month: Option<Month>,
    },
    /// She accepts.
    Accept(StepArgs),
    /// She declines; the place is free again.
    Decline(StepArgs),
    /// The chain starts for her.
    Start(StepArgs),
    /// The chain was kept through birth.
    Keep(StepArgs),
    /// The chain ends before birth.
    End(StepArgs),
    /// The clinic, which decides in the end, refuses the referral.
    Refuse(StepArgs),
    /// The referral is withdrawn.
    Withdraw(StepArgs),
    /// Back to the queue.
    Wait(StepArgs),
    /// Who is enrolled, for the contact file to the payer: person, enrolled and team, nothing else.
    #[command(name = "export-enrolled")]
    ExportEnrolled(Whose),
    /// Whether the deliveries that were paid as continuity and those who were in the chain agree.
    Agree {
        #[command(flatten)]
        whose: Whose,
        /// Paid up to this day. Default today.
        #[arg(long, value_parser = day)]
        on: Option<Day>,
    },
    /// What the region would get of a year: counts under disclosure control.
    Release {
        #[command(flatten)]
        whose: Whose,
        /// Year of the due days.
        #[arg(long, value_parser = year)]
        year: i32,
        /// Release it.
        #[arg(long)]
        book: bool,
    },
    /// What the clinics have released; needs no key.
    Figures,
    /// Who has looked at women's rows in the compartment.
    Access(Whose),
    /// Columns of the file of referrals.
    Schema,
}

impl ChainCommand {
    /// Runs the command.
    pub(super) fn run(self, out: Out, data: &Path, by: &str) -> Result<Outcome, Failure> {
        let simple = |args: StepArgs, step: Step| stepped(out, data, by, args, (step, None, None));
        match self {
            Self::Begin(whose) => chain::begin(out, data, &of(&whose, by)),
            Self::Refer { files, whose, on } => {
                chain::refer(out, data, &of(&whose, by), &files, on)
            }
            Self::Places { file, whose } => {
                chain::places(out, data, &of(&whose, by), file.as_deref())
            }
            Self::Order { whose, due } => chain::order(out, data, &of(&whose, by), due),
            Self::List(whose) => chain::list(out, data, &of(&whose, by)),
            Self::Explain { referral, whose } => {
                chain::explain(out, data, &of(&whose, by), &referral)
            }
            Self::Offer { step, team, month } => {
                stepped(out, data, by, step, (Step::Offer, team.as_deref(), month))
            }
            Self::Accept(args) => simple(args, Step::Accept),
            Self::Decline(args) => simple(args, Step::Decline),
            Self::Start(args) => simple(args, Step::Start),
            Self::Keep(args) => simple(args, Step::Keep),
            Self::End(args) => simple(args, Step::End),
            Self::Refuse(args) => simple(args, Step::Refuse),
            Self::Withdraw(args) => simple(args, Step::Withdraw),
            Self::Wait(args) => simple(args, Step::Wait),
            Self::ExportEnrolled(whose) => chain::export_enrolled(out, data, &of(&whose, by)),
            Self::Agree { whose, on } => release::agree(out, data, &of(&whose, by), on),
            Self::Release { whose, year, book } => {
                release::release(out, data, &of(&whose, by), year, book)
            }
            Self::Figures => release::figures(out, data),
            Self::Access(whose) => chain::access(out, data, &of(&whose, by)),
            Self::Schema => chain::schema(out),
        }
    }
}

fn of<'a>(whose: &'a Whose, by: &'a str) -> Ask<'a> {
    Ask { clinic: &whose.clinic, key: whose.key.clone(), by }
}

fn stepped(
    out: Out,
    data: &Path,
    by: &str,
    args: StepArgs,
    (step, team, month): (Step, Option<&str>, Option<Month>),
) -> Result<Outcome, Failure> {
    let act = Act { referral: &args.referral, step, on: args.on, team, month, note: &args.reason };
    act::run(out, data, &of(&args.whose, by), &act)
}
