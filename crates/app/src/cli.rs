//! The command line: what can be typed, and the exit code.
//!
//! Owns: options and help. Does not own: what a command does (`commands`).

mod books;
mod chain;
mod decision;
mod export;
mod follow;
mod grant;

use crate::commands::findings::{Ask, By};
use crate::commands::settle::Mode;
use crate::commands::{self, price, statement};
use crate::data::{self, Whose};
use crate::engine;
use crate::failure::{Failure, Outcome};
use crate::language;
use crate::output::{FindingJson, Format, Lang, Out};
use crate::web;
use books::{AccrueCommand, BooksCommand, DisputeCommand, PayCommand};
use chain::ChainCommand;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use decision::DecisionCommand;
use export::ExportCommand;
use follow::FollowCommand;
use grant::{CommissionCommand, FrameCommand, GrantCommand};
use kernel::finding::Severity;
use kernel::time::{Day, Month};
use serde::Serialize;
use std::ffi::OsString;
use std::fmt;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use store::{Address, Database, Origin};

const ABOUT: &str = "Vårdkedja: decisions and reports become exact, explained payments";

/// What can be typed.
#[derive(Parser, Debug)]
#[command(name = "vardkedja", version, about = ABOUT, long_about = None, arg_required_else_help = true)]
pub struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

const DATA: &str = "./vardkedja-data";

#[derive(Args, Debug)]
struct Common {
    /// Data folder.
    #[arg(long, global = true, env = "VARDKEDJA_DATA", default_value = DATA)]
    data: PathBuf,
    /// PostgreSQL database that keeps the rows of the data folder instead of a file in it, such as postgres://user@localhost:5432/name.
    #[arg(
        long,
        global = true,
        env = "VARDKEDJA_DATABASE",
        hide_env_values = true,
        value_name = "URL"
    )]
    database: Option<Url>,
    /// Form of the output.
    #[arg(long, global = true, value_enum, default_value = "table")]
    format: Format,
    /// Language: Swedish or English. Default VARDKEDJA_LANG, else Swedish.
    #[arg(long, global = true, value_enum)]
    lang: Option<Lang>,
    /// Who does it; must be said where something is attested, undone, closed, paid or disputed.
    #[arg(
        id = "whom",
        long = "as",
        global = true,
        env = "VARDKEDJA_AS",
        value_name = "NAME",
        default_value = "",
        hide_default_value = true
    )]
    by: String,
}

/// The address of a database as it was typed, with the password that may be in it.
#[derive(Clone)]
struct Url(String);

impl From<String> for Url {
    fn from(typed: String) -> Self {
        Self(typed)
    }
}

/// Says nothing: there may be a password in it.
impl fmt::Debug for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Url")
    }
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Begin an empty data folder.
    #[command(after_help = "Example:\n  vardkedja init --data ./2026")]
    Init,
    /// Load decisions into the register, show it, or check ratebooks.
    #[command(subcommand)]
    Register(RegisterCommand),
    /// Import contact files as the clinics sent them; all of each file or nothing.
    #[command(
        after_help = "Example:\n  vardkedja import januari.xlsx februari.csv.gz\n  vardkedja import ./inkorg\n  vardkedja import SYNTETISKA-DATA-2021-01.csv --origin synthetic"
    )]
    Import {
        /// Contact files (CSV, Excel, Parquet, also .gz), folders of them, or `-` for standard input.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Where the contacts come from: clinics, or made up; everything that rests on made-up ones is marked.
        #[arg(long, value_parser = origin_parser(), default_value = "reported")]
        origin: Origin,
        /// Day of import; stands in for a blank `reported_on`. Default today.
        #[arg(long, value_parser = day)]
        on: Option<Day>,
    },
    /// Price contact files under ratebooks; stores nothing.
    #[command(
        after_help = "Example:\n  vardkedja price --contacts c.csv --register ratebook/stockholm ratebook/demo --known-on 2023-01-31\n  vardkedja price --contacts c.csv --register ratebook/stockholm ratebook/demo --known-on 2023-01-30 --against 2023-01-31 --contacts-known-on 2023-03-31"
    )]
    Price {
        /// Contact files (CSV, Excel, Parquet, also .gz), folders of them, or `-` for standard input.
        #[arg(long, required = true, num_args = 1..)]
        contacts: Vec<PathBuf>,
        /// Folders of ratebooks.
        #[arg(long, required = true, num_args = 1..)]
        register: Vec<PathBuf>,
        /// Decisions and reports known on this day.
        #[arg(long, value_parser = day)]
        known_on: Day,
        /// Show what this day's knowledge gives minus that of --known-on.
        #[arg(long, value_parser = day)]
        against: Option<Day>,
        /// Use the reports known on this day on both sides, so that only decisions differ.
        #[arg(long, value_parser = day)]
        contacts_known_on: Option<Day>,
        /// Care up to and including this day. Default the day of knowledge.
        #[arg(long, value_parser = day)]
        through: Option<Day>,
        /// Line by line.
        #[arg(long)]
        lines: bool,
    },
    /// Settle a month: preview, put down to be attested, or book.
    #[command(
        after_help = "Example:\n  vardkedja settle --month 2023-01 --preview\n  vardkedja settle --month 2023-01 --draft --as anna\n  vardkedja settle --month 2023-01 --book"
    )]
    Settle {
        /// The month.
        #[arg(long, value_parser = month)]
        month: Month,
        /// Day of settlement. Default the third working day of the month after.
        #[arg(long, value_parser = day)]
        on: Option<Day>,
        #[command(flatten)]
        mode: SettleMode,
        /// Book only if the lines have this hash, the one that a preview showed.
        #[arg(long, requires = "book")]
        hash: Option<String>,
    },
    /// The books: drafts and attest, undo, closing, balances, and what was done.
    #[command(subcommand)]
    Books(BooksCommand),
    /// Payment runs: what can be paid, sent to the bank, confirmed or returned.
    #[command(subcommand)]
    Pay(PayCommand),
    /// Disputes: a clinic contests one row, which is held back while the rest is paid.
    #[command(subcommand)]
    Dispute(DisputeCommand),
    /// Accruals: cost of care that is not settled yet, for pending decisions and late reports.
    #[command(subcommand)]
    Accrue(AccrueCommand),
    /// The books, payment runs and invoices as files that other programs read.
    #[command(subcommand)]
    Export(ExportCommand),
    /// The continuity chain in the receiving clinic's own compartment: referrals, the order of need, places.
    #[command(subcommand)]
    Chain(ChainCommand),
    /// Divide a pot by weights, follow a state grant, or find the rule of a published division.
    #[command(subcommand)]
    Grant(GrantCommand),
    /// Follow-up of what the money was for: same team, one midwife each, good and equal care.
    #[command(subcommand)]
    Follow(FollowCommand),
    /// Budget frames: what they are, what they have paid, and what is left.
    #[command(subcommand)]
    Frame(FrameCommand),
    /// Commissions from council to board to administration.
    #[command(subcommand)]
    Commission(CommissionCommand),
    /// Read a decision text, or check it, before the board meets.
    #[command(subcommand)]
    Decision(DecisionCommand),
    /// What a unit, or all units of a payee, was paid by the settlements of a month, and why.
    #[command(
        after_help = "Example:\n  vardkedja statement --unit sodersjukhuset --month 2021-06\n  vardkedja statement --payee region-stockholm --month 2021-06 --lines\n  vardkedja statement --unit sodersjukhuset --month 2021-06 --out SYNTETISK-besked.xlsx"
    )]
    Statement {
        #[command(flatten)]
        whose: StatementOf,
        /// Month of settlement.
        #[arg(long, value_parser = month)]
        month: Month,
        /// Contact by contact.
        #[arg(long)]
        lines: bool,
        /// File to write beside the output, .xlsx, .csv or .pdf; of synthetic data with SYNTETISK in its name.
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// Write a receipt: all that a unit needs to compute its settlement of a month again, in one file.
    #[command(
        after_help = "Example:\n  vardkedja bundle --unit sodersjukhuset --month 2021-06 --out SYNTETISK-kvitto.zip"
    )]
    Bundle {
        /// Unit id.
        #[arg(long)]
        unit: String,
        /// Month of settlement.
        #[arg(long, value_parser = month)]
        month: Month,
        /// File to write, a zip; of synthetic data with SYNTETISK in its name.
        #[arg(long)]
        out: PathBuf,
    },
    /// Check a receipt by itself, without a data folder: hashes, form, and every amount computed again.
    #[command(after_help = "Example:\n  vardkedja verify SYNTETISK-kvitto.zip")]
    Verify {
        /// The receipt.
        file: PathBuf,
    },
    /// From what was known on one day to what was known on another, step by step and by cause.
    #[command(
        after_help = "Example:\n  vardkedja bridge --from 2023-12-31 --to 2024-12-31 --unit sodersjukhuset"
    )]
    Bridge {
        /// Known on this day, with care through it.
        #[arg(long, value_parser = day)]
        from: Day,
        /// Known on this day, with care through it. Default today.
        #[arg(long, value_parser = day)]
        to: Option<Day>,
        /// One unit only.
        #[arg(long)]
        unit: Option<String>,
    },
    /// What has been booked, in the order of booking.
    Settlements,
    /// Compute a booked settlement again from what it rests on, and compare.
    #[command(after_help = "Example:\n  vardkedja replay a-2023-01-1\n  vardkedja replay --all")]
    Replay {
        /// Settlement id, as `settlements` lists them.
        #[arg(required_unless_present = "all")]
        id: Option<String>,
        /// Every booked settlement.
        #[arg(long, conflicts_with = "id")]
        all: bool,
    },
    /// Why a contact is paid what it is paid.
    #[command(
        after_help = "Example:\n  vardkedja explain --contact SYN-2023-0001234\n  vardkedja explain --contact SYN-2023-0001234 --known-on 2022-12-31\n  vardkedja explain --contact SYN-2023-0001234 --out SYNTETISK-forklaring.pdf"
    )]
    Explain {
        /// Contact id.
        #[arg(long)]
        contact: String,
        /// Decisions and reports known on this day. Default today.
        #[arg(long, value_parser = day)]
        known_on: Option<Day>,
        /// File to write beside the output, .pdf; of synthetic data with SYNTETISK in its name.
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// What stands against the clinics: rejected rows, warnings and contacts without a price, and what to do.
    #[command(
        after_help = "Example:\n  vardkedja findings --unit danderyd\n  vardkedja findings --by code --known-on 2023-03-31\n  vardkedja findings --export ./to-the-clinics"
    )]
    Findings(FindingsArgs),
    /// Make synthetic contact files: a region month by month, a national workload, or a small world.
    #[command(
        after_help = "Example:\n  vardkedja generate --register ratebook/stockholm ratebook/demo --out ./synthetic --from 2021-01 --to 2021-12\n  vardkedja generate --contacts 10000000 --out SYNTETISK-nation.parquet"
    )]
    Generate {
        /// Folders of ratebooks that have the units.
        #[arg(long, required_unless_present_any = ["contacts", "world"], num_args = 1..)]
        register: Vec<PathBuf>,
        /// So many contacts of a made-up nation instead, in one Parquet file with the ratebook beside it.
        #[arg(long, conflicts_with_all = ["register", "from", "to", "scale"], value_parser = clap::value_parser!(u64).range(1..=50_000_000))]
        contacts: Option<u64>,
        /// A small world with every feature and edge instead, of this number.
        #[arg(long, conflicts_with_all = ["register", "from", "to", "scale", "seed", "contacts"])]
        world: Option<u64>,
        /// Folder to write to; with --contacts the file.
        #[arg(long)]
        out: PathBuf,
        /// First month.
        #[arg(long, value_parser = month, default_value = "2021-01")]
        from: Month,
        /// Last month.
        #[arg(long, value_parser = month, default_value = "2025-12")]
        to: Month,
        /// Seed; the same seed gives the same bytes.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Thousandths of the whole region.
        #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=1000))]
        scale: u32,
    },
    /// Five years of a region: decisions as they became known, reports as they were sent, every month settled.
    #[command(after_help = "Example:\n  cargo run --release -- demo")]
    Demo {
        /// Folder with the ratebooks `stockholm` and `demo`.
        #[arg(long, default_value = "ratebook")]
        ratebooks: PathBuf,
        /// Folder for the demo; must be new or a demo of before, which is replaced. Default that of --data, else `demo-data`.
        #[arg(long)]
        folder: Option<PathBuf>,
        /// Seed of the synthetic contacts.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Thousandths of the whole region.
        #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=1000))]
        scale: u32,
        /// Last month.
        #[arg(long, value_parser = month, default_value = "2025-12")]
        to: Month,
        /// Do not open the workplace at the end, as is done where somebody sits at the terminal.
        #[arg(long)]
        no_serve: bool,
    },
    /// Open the workplace: pages for people who work with the data folder, in a browser.
    #[command(after_help = "Example:\n  vardkedja serve --data demo-data --roles")]
    Serve {
        /// Address and port to listen on.
        #[arg(long, default_value = "127.0.0.1:8080")]
        listen: std::net::SocketAddr,
        /// Let anybody choose a role; only where everything in the data folder is synthetic.
        #[arg(long)]
        roles: bool,
        /// Folder of source texts, to show decisions beside the text they were read in.
        #[arg(long)]
        sources: Option<PathBuf>,
        /// Settings of the identity service (OpenID Connect) that people log in with; see docs/drift.md.
        #[arg(long, value_name = "FILE")]
        oidc: Option<PathBuf>,
        /// Folder with the keys of clinics' compartments of the care chain, each named after its clinic with the ending .key.
        #[arg(long, value_name = "DIR")]
        clinic_care_keys: Option<PathBuf>,
    },
    /// Copy the data folder, checked on the way; the key of the pseudonyms does not come along.
    #[command(after_help = "Example:\n  vardkedja backup --out /backup/2026-11-22")]
    Backup {
        /// New folder to copy to.
        #[arg(long)]
        out: PathBuf,
    },
    /// Make a data folder of a backup; --data must be new.
    #[command(
        after_help = "Example:\n  vardkedja restore --from /backup/2026-11-22 --data ./restored"
    )]
    Restore {
        /// The backup.
        #[arg(long)]
        from: PathBuf,
    },
    /// Check that everything kept is whole: database, chain of hashes, files, balances.
    Doctor,
    /// Walk the chain of hashes over decisions, deliveries, deeds and the access log.
    #[command(after_help = "Example:\n  vardkedja verify-log\n  vardkedja verify-log --head 3f5a…")]
    VerifyLog {
        /// The last hash of an earlier day: it must still be in the chain.
        #[arg(long)]
        head: Option<String>,
    },
    /// Who has looked at, or taken out, rows about persons.
    #[command(after_help = "Example:\n  vardkedja access --unit danderyd --format csv")]
    Access {
        /// Rows of this unit.
        #[arg(long)]
        unit: Option<String>,
        /// Of this contact.
        #[arg(long)]
        contact: Option<String>,
        /// By this person.
        #[arg(long)]
        who: Option<String>,
    },
    /// The form of files: columns, keys, aliases.
    #[command(subcommand)]
    Schema(SchemaCommand),
    /// Write the script that lets a shell complete commands and options.
    #[command(
        after_help = "Example:\n  vardkedja completions bash > ~/.local/share/bash-completion/completions/vardkedja"
    )]
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Write manual pages, one for each command.
    #[command(after_help = "Example:\n  vardkedja man --out ./man && man -l ./man/vardkedja.1")]
    Man {
        /// Folder to write the pages to.
        #[arg(long)]
        out: PathBuf,
    },
}

#[derive(Args, Debug)]
struct FindingsArgs {
    /// Unit id, or a code that no unit has as the clinic wrote it.
    #[arg(long)]
    unit: Option<String>,
    /// Name of a finding, such as `unknown-unit`.
    #[arg(long)]
    code: Option<String>,
    /// Month of care.
    #[arg(long, value_parser = month)]
    month: Option<Month>,
    /// Name of an imported file, or the beginning of its hash.
    #[arg(long)]
    batch: Option<String>,
    /// Only of this severity; may be given several times. Notes are listed only where they are asked for.
    #[arg(long, value_parser = severity_parser())]
    severity: Vec<Severity>,
    /// Decisions and reports known on this day. Default today.
    #[arg(long, value_parser = day)]
    known_on: Option<Day>,
    /// What is counted by.
    #[arg(long, value_parser = by_parser(), default_value = "unit")]
    by: By,
    /// Write one CSV file for each unit to this folder.
    #[arg(long)]
    export: Option<PathBuf>,
}

#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
struct SettleMode {
    /// Show, store nothing.
    #[arg(long)]
    preview: bool,
    /// Put the preview down, for another person to attest.
    #[arg(long)]
    draft: bool,
    /// Book.
    #[arg(long)]
    book: bool,
}

#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
struct StatementOf {
    /// Unit id.
    #[arg(long)]
    unit: Option<String>,
    /// Provider id: all units that it is paid for.
    #[arg(long)]
    payee: Option<String>,
}

#[derive(Subcommand, Debug)]
enum RegisterCommand {
    /// Append decisions; each is recorded as known from today.
    #[command(
        after_help = "Example:\n  vardkedja register load ratebook/stockholm ratebook/demo --replay-known"
    )]
    Load {
        /// Folders of ratebooks.
        #[arg(required = true)]
        folders: Vec<PathBuf>,
        /// Into an empty register: record each decision on the day it became known.
        #[arg(long, conflicts_with = "on")]
        replay_known: bool,
        /// Day of recording; never earlier than the last one. Default today.
        #[arg(long, value_parser = day)]
        on: Option<Day>,
    },
    /// What the register says as known on a day, or what became known between two days.
    #[command(
        after_help = "Example:\n  vardkedja register show continuity-add-on\n  vardkedja register show rates --known-on 2023-01-30 --against 2023-01-31"
    )]
    Show(ShowArguments),
    /// What decisions would change of what is settled, before they are loaded; stores nothing.
    #[command(after_help = "Example:\n  vardkedja register radius ./nytt-beslut")]
    Radius {
        /// Folders of ratebooks.
        #[arg(required = true)]
        folders: Vec<PathBuf>,
    },
    /// Find what is wrong in ratebooks, each finding with a witness.
    #[command(
        after_help = "Example:\n  vardkedja register check ratebook/stockholm ratebook/demo --sources ../sources"
    )]
    Check {
        /// Folders of ratebooks.
        #[arg(required = true)]
        folders: Vec<PathBuf>,
        /// Folder with the source texts that the anchors stand in.
        #[arg(long)]
        sources: Option<PathBuf>,
        /// Check what is known on this day. Default today.
        #[arg(long, value_parser = day)]
        known_on: Option<Day>,
    },
}

#[derive(Args, Debug)]
struct ShowArguments {
    /// A kind (rate, unit, agreement, assignment, payer, capacity …) or an id; default everything.
    of: Option<String>,
    /// As known on this day. Default today.
    #[arg(long, value_parser = day)]
    known_on: Option<Day>,
    /// Show what became known after --known-on up to this day.
    #[arg(long, value_parser = day)]
    against: Option<Day>,
    /// Only what holds on this day.
    #[arg(long, value_parser = day)]
    valid_on: Option<Day>,
}

#[derive(Subcommand, Debug)]
enum SchemaCommand {
    /// Columns of the contact file.
    Contacts,
    /// Columns of the files of labour, staffing, measures and surveys.
    Inputs,
    /// The measures that may be reported, with their units and ranges.
    Measures,
    /// Tables and keys of a ratebook.
    Ratebook,
}

impl From<FindingsArgs> for Ask {
    fn from(asked: FindingsArgs) -> Self {
        Self {
            unit: asked.unit,
            code: asked.code,
            month: asked.month,
            batch: asked.batch,
            severities: asked.severity,
            known_on: asked.known_on,
            by: asked.by,
            export: asked.export,
        }
    }
}

fn by_parser() -> impl TypedValueParser<Value = By> {
    let named = |name: String| By::NAMES.into_iter().find(|(known, _)| *known == name);
    PossibleValuesParser::new(By::NAMES.map(|(name, _)| name))
        .map(move |name| named(name).map_or(By::Unit, |(_, by)| by))
}

fn severity_parser() -> impl TypedValueParser<Value = Severity> {
    let names = Severity::ALL.iter().map(|severity| severity.name());
    PossibleValuesParser::new(names).map(|name| Severity::parse(&name).unwrap_or(Severity::Note))
}

fn origin_parser() -> impl TypedValueParser<Value = Origin> {
    let names = [Origin::Reported, Origin::Synthetic].map(Origin::name);
    PossibleValuesParser::new(names).map(|name| Origin::parse(&name).unwrap_or(Origin::Reported))
}

fn day(text: &str) -> Result<Day, String> {
    Day::parse(text).ok_or_else(|| "a date such as 2023-01-31 is expected".to_owned())
}

fn month(text: &str) -> Result<Month, String> {
    Month::parse(text).ok_or_else(|| "a month such as 2023-01 is expected".to_owned())
}

fn year(text: &str) -> Result<i32, String> {
    engine::year(text).ok_or_else(|| "a year from 1900 to 2999 is expected".to_owned())
}

/// The command line in a language.
pub fn command(lang: Lang) -> clap::Command {
    language::command(Cli::command(), lang)
}

/// Runs the command line.
pub fn run() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let lang = language::chosen(&arguments, |name| std::env::var(name).ok());
    let matches = command(lang).try_get_matches_from(arguments);
    let cli = match matches.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(error) => return language::tell(&error, lang),
    };
    let out = Out { format: cli.common.format, lang: cli.common.lang.unwrap_or(lang) };
    match dispatch(out, cli) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        Err(failure) => {
            tell(out, &failure);
            ExitCode::from(failure.code())
        }
    }
}

fn dispatch(out: Out, cli: Cli) -> Result<Outcome, Failure> {
    let (data, by) = (cli.common.data, cli.common.by.trim().to_owned());
    let url = cli.common.database.filter(|url| !url.0.is_empty());
    if let Some(Url(url)) = &url {
        data::keep_rows_in(Database::Postgres(Address::parse(url)?));
    }
    match cli.command {
        Command::Init => commands::init::run(out, &data),
        Command::Register(RegisterCommand::Load { folders, replay_known, on }) => {
            commands::register::load(out, &data, &folders, replay_known, on)
        }
        Command::Register(RegisterCommand::Check { folders, sources, known_on }) => {
            commands::register::check(out, &folders, sources.as_deref(), known_on)
        }
        Command::Register(RegisterCommand::Radius { folders }) => {
            commands::accrue::radius(out, &data, &folders)
        }
        Command::Register(RegisterCommand::Show(show)) => {
            let ask = commands::register::show::Ask {
                of: show.of.as_deref(),
                known_on: show.known_on,
                against: show.against,
                valid_on: show.valid_on,
            };
            commands::register::show::run(out, &data, &ask)
        }
        Command::Import { files, origin, on } => {
            commands::import::run(out, &data, &files, origin, on)
        }
        Command::Price {
            contacts,
            register,
            known_on,
            against,
            contacts_known_on,
            through,
            lines,
        } => {
            let ask = price::Ask {
                contacts,
                register,
                known_on,
                against,
                contacts_known_on,
                through,
                lines,
            };
            price::run(out, &ask)
        }
        Command::Settle { month, on, mode, hash } => {
            // clap asks for no option that another one rules out.
            if hash.is_some() && !mode.book {
                return Err(Failure::usage(
                    "--hash gäller bokföring; använd den med --book",
                    "--hash is about booking; use it with --book",
                ));
            }
            let mode = match mode {
                SettleMode { draft: true, .. } => Mode::Draft,
                SettleMode { book: true, .. } => Mode::Book(hash.as_deref()),
                SettleMode { .. } => Mode::Preview,
            };
            commands::settle::run(out, &data, month, on, mode, &by)
        }
        Command::Books(command) => command.run(out, &data, &by),
        Command::Pay(command) => command.run(out, &data, &by),
        Command::Accrue(command) => command.run(out, &data, &by),
        Command::Export(command) => command.run(out, &data, &by),
        Command::Dispute(command) => command.run(out, &data, &by),
        Command::Chain(command) => command.run(out, &data, &by),
        Command::Grant(command) => command.run(out, &data),
        Command::Follow(command) => command.run(out, &data, &by),
        Command::Frame(command) => command.run(out, &data),
        Command::Commission(command) => command.run(out, &data),
        Command::Decision(command) => command.run(out),
        Command::Statement { whose: StatementOf { unit, payee }, month, lines, out: file } => {
            let payee = Whose::Payee(payee.as_deref().unwrap_or_default());
            let whose = unit.as_deref().map_or(payee, Whose::Unit);
            let ask = statement::Ask { whose, month, lines, out: file.as_deref() };
            statement::run(out, &data, &ask, &by)
        }
        Command::Bundle { unit, month, out: file } => {
            commands::bundle::run(out, &data, &unit, month, &file, &by)
        }
        Command::Verify { file } => commands::verify::run(out, &file),
        Command::Bridge { from, to, unit } => {
            commands::bridge::run(out, &data, from, to, unit.as_deref())
        }
        Command::Settlements => commands::settlements::run(out, &data),
        Command::Replay { id, .. } => commands::replay::run(out, &data, id.as_deref(), &by),
        Command::Explain { contact, known_on, out: file } => {
            commands::explain::run_with_file(out, &data, &contact, known_on, file.as_deref(), &by)
        }
        Command::Findings(asked) => commands::findings::run(out, &data, &asked.into(), &by),
        Command::Generate { contacts: Some(count), out: file, seed, .. } => {
            commands::generate::national(out, &file, count, seed)
        }
        Command::Generate { world: Some(seed), out: folder, .. } => {
            commands::generate::world(out, &folder, seed)
        }
        Command::Generate { register, out: folder, from, to, seed, scale, .. } => {
            let plan = crate::generate::Plan { seed, from, to, scale_permille: scale };
            commands::generate::run(out, &register, &folder, &plan)
        }
        Command::Demo { .. } if url.is_some() => Err(Failure::usage(
            "demon ligger hel i en egen mapp; utelämna --database och VARDKEDJA_DATABASE",
            "the demo lies whole in a folder of its own; leave out --database and VARDKEDJA_DATABASE",
        )),
        Command::Demo { ratebooks, folder, seed, scale, to, no_serve } => {
            // The common default is a place for a region's own data.
            let own = (data != Path::new(DATA)).then_some(data);
            let folder = folder.or(own).unwrap_or_else(|| "demo-data".into());
            let done = commands::demo::run(out, &ratebooks, &folder, seed, scale, to)?;
            if no_serve || out.format != Format::Table || !std::io::stdout().is_terminal() {
                return Ok(done);
            }
            let listen = web::serve::LISTEN.into();
            web::serve::run(
                out,
                &folder,
                web::serve::Options {
                    listen,
                    has_roles: true,
                    sources: None,
                    oidc: None,
                    clinic_care_keys: None,
                },
            )
        }
        Command::Serve { listen, roles, sources, oidc, clinic_care_keys } => {
            let options =
                web::serve::Options { listen, has_roles: roles, sources, oidc, clinic_care_keys };
            web::serve::run(out, &data, options)
        }
        Command::Backup { out: to } => commands::keep::backup(out, &data, &to),
        Command::Restore { from } => commands::keep::restore(out, &data, &from),
        Command::Doctor => commands::keep::doctor(out, &data),
        Command::VerifyLog { head } => commands::keep::verify_log(out, &data, head.as_deref()),
        Command::Access { unit, contact, who } => {
            let (unit, contact, by) = (unit.as_deref(), contact.as_deref(), who.as_deref());
            commands::keep::access(out, &data, commands::keep::Which { unit, contact, by })
        }
        Command::Completions { shell } => commands::shell::completions(out, shell),
        Command::Man { out: folder } => commands::shell::man(out, &folder),
        Command::Schema(SchemaCommand::Contacts) => commands::schema::contacts(out),
        Command::Schema(SchemaCommand::Inputs) => commands::schema::beside::inputs(out),
        Command::Schema(SchemaCommand::Measures) => commands::schema::beside::measures(out),
        Command::Schema(SchemaCommand::Ratebook) => commands::schema::ratebook(out),
    }
}

#[derive(Serialize)]
struct FailureJson<'f> {
    error: &'f str,
    findings: Vec<FindingJson<'f>>,
}

fn tell(out: Out, failure: &Failure) {
    let (text, findings) = match failure {
        Failure::Refused(text, findings) => (text.clone(), findings.as_slice()),
        other => (other.text(), &[][..]),
    };
    if out.format == Format::Json {
        let findings = findings.iter().map(|f| FindingJson::new(f, out.lang)).collect();
        let json = FailureJson { error: out.lang.of(&text), findings };
        if let Ok(json) = serde_json::to_string(&json) {
            crate::output::tell(&json);
        }
        return;
    }
    for finding in findings {
        crate::output::tell(&out.finding(finding));
    }
    crate::output::tell(out.lang.of(&text));
}
