//! The options of `grant`, `frame` and `commission`.
//!
//! Owns: options and help. Does not own: what a command does (`commands`).

use super::{day, year};
use crate::commands::{commission, frame, grant};
use crate::failure::{Failure, Outcome};
use crate::output::Out;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use kernel::fact::ActKind;
use kernel::money::Rounding;
use kernel::time::Day;
use std::path::{Path, PathBuf};

#[derive(Subcommand, Debug)]
pub(super) enum GrantCommand {
    /// Divide a pot by the weights in a file.
    #[command(
        after_help = "Example:\n  vardkedja grant allocate --total \"60 mkr\" --weights kapacitet.csv"
    )]
    Allocate {
        /// The pot: "1 382 000 000 kr" or "6,5 mkr".
        #[arg(long, allow_hyphen_values = true)]
        total: String,
        /// CSV with `id` (or `region`, `unit`) and `weight`.
        #[arg(long)]
        weights: PathBuf,
        /// How parts are rounded.
        #[arg(long, value_parser = rounding_parser(), default_value = "largest-remainder")]
        rounding: Rounding,
        /// The recipient of what plain half-up leaves.
        #[arg(long)]
        residue: Option<String>,
    },
    /// What there is of a state grant, how it is divided, what became of it, and what is left.
    #[command(
        after_help = "Example:\n  vardkedja grant show\n  vardkedja grant show --register ratebook/stockholm --known-on 2025-06-30\n  vardkedja grant show statsbidrag-2023 --posts --xlsx statsbidrag-2023.xlsx"
    )]
    Show {
        /// One grant; all without.
        id: Option<String>,
        /// Folders of ratebooks, instead of the data folder.
        #[arg(long, num_args = 1..)]
        register: Vec<PathBuf>,
        /// As known on this day. Default today.
        #[arg(long, value_parser = day)]
        known_on: Option<Day>,
        /// Post by post what became of the money, without the division.
        #[arg(long)]
        posts: bool,
        /// Write an Excel workbook too, with sums as formulas.
        #[arg(long)]
        xlsx: Option<PathBuf>,
    },
    /// The state has paid: money is received.
    #[command(
        after_help = "Example:\n  vardkedja grant receive statsbidrag-2023 --amount \"336 420 000 kr\" --on 2023-03-01"
    )]
    Receive {
        /// The grant.
        grant: String,
        #[command(flatten)]
        money: MoneyOfAct,
        #[command(flatten)]
        entry: EntryOfAct,
    },
    /// Move money from one post to another, under a mandate or by decision.
    #[command(
        after_help = "Example:\n  vardkedja grant reallocate --from directors-mandate-2023 --to kson-2023 --amount \"5 mkr\" --mandate director-2023"
    )]
    Reallocate {
        /// The post it is taken from.
        #[arg(long)]
        from: String,
        /// The post it is moved to.
        #[arg(long)]
        to: String,
        /// The mandate it rests on.
        #[arg(long)]
        mandate: Option<String>,
        #[command(flatten)]
        money: MoneyOfAct,
        #[command(flatten)]
        entry: EntryOfAct,
    },
    /// Pay a recipient who is to report how the money was used.
    #[command(
        after_help = "Example:\n  vardkedja grant pay kson-2023 --amount \"7,4 mkr\" --recipient KSON --on 2023-06-30"
    )]
    Pay {
        /// The post it is paid from.
        post: String,
        /// Who is paid.
        #[arg(long)]
        recipient: String,
        #[command(flatten)]
        money: MoneyOfAct,
        #[command(flatten)]
        entry: EntryOfAct,
    },
    /// The region itself has used money of a post.
    Use {
        /// The post.
        post: String,
        #[command(flatten)]
        money: MoneyOfAct,
        #[command(flatten)]
        entry: EntryOfAct,
    },
    /// A recipient reports what was used, and pays back what was not.
    #[command(
        after_help = "Example:\n  vardkedja grant report kson-2023 --used \"7 mkr\" --returned \"0,4 mkr\" --on 2024-01-31"
    )]
    Report {
        /// The post that the recipient was paid from.
        post: String,
        /// What was used.
        #[arg(long, allow_hyphen_values = true)]
        used: String,
        /// What is paid back to the region.
        #[arg(long, allow_hyphen_values = true)]
        returned: Option<String>,
        #[command(flatten)]
        entry: EntryOfAct,
    },
    /// Carry unused money forward to the next year, where the grant permits it.
    Carry {
        /// The post.
        post: String,
        /// The grant of the next year, where it is registered.
        #[arg(long)]
        to: Option<String>,
        #[command(flatten)]
        money: MoneyOfAct,
        #[command(flatten)]
        entry: EntryOfAct,
    },
    /// Repay unused money to the state.
    Repay {
        /// The post.
        post: String,
        #[command(flatten)]
        money: MoneyOfAct,
        #[command(flatten)]
        entry: EntryOfAct,
    },
    /// The account of the grant has been given to the state.
    Account {
        /// The grant.
        grant: String,
        #[command(flatten)]
        entry: EntryOfAct,
    },
    /// A heading's share of its grant, beside the share of deliveries that residents of a municipality had.
    #[command(after_help = "Example:\n  vardkedja grant share kson-2023 --residence 0188")]
    Share {
        /// The heading.
        heading: String,
        /// Municipality, four digits.
        #[arg(long)]
        residence: String,
        /// Year of the deliveries. Default that of the grant.
        #[arg(long, value_parser = year)]
        year: Option<i32>,
        /// As known on this day. Default today.
        #[arg(long, value_parser = day)]
        known_on: Option<Day>,
    },
    /// Find the rounding rule that a published division follows, if one does.
    #[command(
        after_help = "Example:\n  vardkedja grant fit --total \"1 382 000 000 kr\" --published 2022.csv"
    )]
    Fit {
        /// The pot.
        #[arg(long, allow_hyphen_values = true)]
        total: String,
        /// CSV with `id` (or `region`, `unit`), `weight` and `published_kr`.
        #[arg(long)]
        published: PathBuf,
    },
}

#[derive(Args, Debug)]
pub(super) struct MoneyOfAct {
    /// Amount: "1 200 000 kr" or "1,2 mkr".
    #[arg(long, allow_hyphen_values = true)]
    amount: String,
}

#[derive(Args, Debug)]
pub(super) struct EntryOfAct {
    /// The day it was done. Default today.
    #[arg(long, value_parser = day)]
    on: Option<Day>,
    /// Id of the act; made of what is done otherwise.
    #[arg(long)]
    id: Option<String>,
    /// Who decided or did it. Default the holder of the mandate, else the administration.
    #[arg(long)]
    by: Option<String>,
    /// Case number; of an account, that of the state.
    #[arg(long)]
    case_number: Option<String>,
    /// Show what it would come to, enter nothing.
    #[arg(long)]
    preview: bool,
}

impl EntryOfAct {
    fn act(self, kind: ActKind, amount: Option<String>, from: String) -> grant::acts::Act {
        let Self { on, id, by, case_number, preview } = self;
        let entry = grant::acts::Entry { on, id, by, case_number, preview };
        let done = vec![(kind, amount)];
        grant::acts::Act { done, from, to: None, mandate: None, recipient: None, entry }
    }
}

impl GrantCommand {
    /// The act that is to be entered, of those commands that enter one.
    fn act(self) -> Option<grant::acts::Act> {
        use grant::acts::Act;
        let some = |money: MoneyOfAct| Some(money.amount);
        Some(match self {
            Self::Allocate { .. } | Self::Fit { .. } | Self::Share { .. } | Self::Show { .. } => {
                return None;
            }
            Self::Receive { grant, money, entry } => {
                entry.act(ActKind::Receive, some(money), grant)
            }
            Self::Reallocate { from, to, mandate, money, entry } => {
                Act { to: Some(to), mandate, ..entry.act(ActKind::Reallocate, some(money), from) }
            }
            Self::Pay { post, recipient, money, entry } => {
                Act { recipient: Some(recipient), ..entry.act(ActKind::Pay, some(money), post) }
            }
            Self::Use { post, money, entry } => entry.act(ActKind::Use, some(money), post),
            Self::Report { post, used, returned, entry } => {
                let mut act = entry.act(ActKind::Report, Some(used), post);
                act.done.extend(returned.map(|returned| (ActKind::Return, Some(returned))));
                act
            }
            Self::Carry { post, to, money, entry } => {
                Act { to, ..entry.act(ActKind::Carry, some(money), post) }
            }
            Self::Repay { post, money, entry } => entry.act(ActKind::Repay, some(money), post),
            Self::Account { grant, entry } => entry.act(ActKind::Account, None, grant),
        })
    }
}

#[derive(Subcommand, Debug)]
pub(super) enum FrameCommand {
    /// What each frame is, what rates that it finances have paid, what is left, and a forecast.
    #[command(
        after_help = "Example:\n  vardkedja frame show\n  vardkedja frame show --xlsx anslag.xlsx"
    )]
    Show {
        /// One frame; all without.
        id: Option<String>,
        /// Folders of ratebooks, instead of the data folder.
        #[arg(long, num_args = 1..)]
        register: Vec<PathBuf>,
        /// As known on this day. Default today.
        #[arg(long, value_parser = day)]
        known_on: Option<Day>,
        /// Write an Excel workbook too, with sums as formulas.
        #[arg(long)]
        xlsx: Option<PathBuf>,
    },
    /// Every krona that the settlements paid, by what finances it.
    #[command(after_help = "Example:\n  vardkedja frame trace --year 2023")]
    Trace {
        /// Only care of this year.
        #[arg(long, value_parser = year)]
        year: Option<i32>,
        /// Settled up to this day. Default today.
        #[arg(long, value_parser = day)]
        known_on: Option<Day>,
    },
}

#[derive(Subcommand, Debug)]
pub(super) enum CommissionCommand {
    /// What was commissioned, what is overdue, and which decision answered it.
    #[command(
        after_help = "Example:\n  vardkedja commission list --register ratebook/stockholm --state overdue"
    )]
    List {
        /// Folders of ratebooks, instead of the data folder.
        #[arg(long, num_args = 1..)]
        register: Vec<PathBuf>,
        /// As known on this day. Default today.
        #[arg(long, value_parser = day)]
        known_on: Option<Day>,
        /// Only those that stand so.
        #[arg(long, value_parser = PossibleValuesParser::new(commission::STATES))]
        state: Option<String>,
    },
}

impl GrantCommand {
    /// Runs the command.
    pub(super) fn run(self, out: Out, data: &Path) -> Result<Outcome, Failure> {
        match self {
            Self::Allocate { total, weights, rounding, residue } => {
                grant::allocate(out, &total, &weights, rounding, residue.as_deref())
            }
            Self::Show { id, register, known_on, posts, xlsx } => {
                let ask = grant::show::Ask { id, register, known_on, posts, xlsx };
                grant::show::run(out, data, &ask)
            }
            Self::Fit { total, published } => grant::published(out, &total, &published),
            Self::Share { heading, residence, year, known_on } => {
                let ask = grant::share::Ask { post: heading, residence, year, known_on };
                grant::share::run(out, data, &ask)
            }
            act => match act.act() {
                Some(act) => grant::acts::run(out, data, &act),
                None => Ok(Outcome::Done),
            },
        }
    }
}

impl FrameCommand {
    /// Runs the command.
    pub(super) fn run(self, out: Out, data: &Path) -> Result<Outcome, Failure> {
        match self {
            Self::Show { id, register, known_on, xlsx } => {
                frame::run(out, data, &frame::Ask { id, register, known_on, xlsx })
            }
            Self::Trace { year, known_on } => frame::trace::run(out, data, year, known_on),
        }
    }
}

impl CommissionCommand {
    /// Runs the command.
    pub(super) fn run(self, out: Out, data: &Path) -> Result<Outcome, Failure> {
        let Self::List { register, known_on, state } = self;
        commission::list(out, data, &commission::Ask { register, known_on, state })
    }
}

fn rounding_parser() -> impl TypedValueParser<Value = Rounding> {
    let named = |name: String| Rounding::NAMES.into_iter().find(|(known, _)| *known == name);
    PossibleValuesParser::new(Rounding::NAMES.map(|(name, _)| name))
        .map(move |name| named(name).map_or(Rounding::default(), |(_, rounding)| rounding))
}
