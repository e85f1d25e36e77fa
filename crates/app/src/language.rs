//! The language of a run: which one, and the command line's own words in it.
//!
//! Owns: the choice between Swedish and English, help and usage errors. Does not own: what commands say
//! (`words`, `failure`), which is written in both languages where it is said.
//!
//! `--lang en` wins over `VARDKEDJA_LANG`; else Swedish.

mod help;
mod usage;

pub use help::{SWEDISH, swedish};
pub use usage::tell;

use crate::output::Lang;
use clap::builder::StyledStr;
use clap::{Arg, Command};
use std::ffi::OsString;

/// The language that is asked for, before the command line is read: its help is in that language too.
pub fn chosen(arguments: &[OsString], variable: impl Fn(&str) -> Option<String>) -> Lang {
    let texts: Vec<_> = arguments.iter().map(|argument| argument.to_string_lossy()).collect();
    let after = texts.iter().zip(texts.iter().skip(1)).filter(|(name, _)| *name == "--lang");
    let joined = texts.iter().filter_map(|text| text.strip_prefix("--lang="));
    let given = after.map(|(_, value)| value.as_ref()).chain(joined).find_map(named);
    let own = || named(&variable("VARDKEDJA_LANG")?);
    given.or_else(own).unwrap_or(Lang::Sv)
}

/// The language of a name.
fn named(name: &str) -> Option<Lang> {
    match name {
        "sv" => Some(Lang::Sv),
        "en" => Some(Lang::En),
        _ => None,
    }
}

/// The command line in a language: its English texts stand in the declaration, the Swedish beside them in
/// [`SWEDISH`].
pub fn command(mut command: Command, lang: Lang) -> Command {
    command.build();
    match lang {
        Lang::En => command,
        Lang::Sv => translated(command),
    }
}

fn translated(command: Command) -> Command {
    let about = in_swedish(command.get_about());
    let long = in_swedish(command.get_long_about());
    let after = in_swedish(command.get_after_help());
    let command = command.mut_args(translated_argument).mut_subcommands(translated);
    let command = about.into_iter().fold(command, Command::about);
    let command = long.into_iter().fold(command, Command::long_about);
    after.into_iter().fold(command, Command::after_help)
}

fn translated_argument(argument: Arg) -> Arg {
    let (help, long) = (in_swedish(argument.get_help()), in_swedish(argument.get_long_help()));
    let argument = help.into_iter().fold(argument, Arg::help);
    long.into_iter().fold(argument, Arg::long_help)
}

fn in_swedish(text: Option<&StyledStr>) -> Option<String> {
    text.map(|text| swedish(&text.to_string()))
}

#[cfg(test)]
mod tests;
