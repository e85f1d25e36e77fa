//! Help and usage errors of the command line, in Swedish where that is the language.

use super::help::{framed, swedish};
use crate::output::Lang;
use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::error::Error as _;
use std::io::{self, Write};
use std::process::ExitCode;

/// Writes help to stdout or a usage error to stderr, and gives the exit code.
pub fn tell(error: &Error, lang: Lang) -> ExitCode {
    // A closed pipe is the reader's choice.
    let _ = if lang == Lang::En {
        error.print()
    } else if error.use_stderr() {
        writeln!(io::stderr(), "{}", in_swedish(error).trim_end())
    } else {
        writeln!(io::stdout(), "{}", framed(&error.render().to_string()).trim_end())
    };
    u8::try_from(error.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from)
}

/// A usage error in Swedish.
pub(super) fn in_swedish(error: &Error) -> String {
    let Some(message) = message(error) else { return framed(&error.render().to_string()) };
    let mut text = format!("fel: {message}\n");
    if let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) {
        text.push_str(&format!("\n{}\n", framed(&usage.to_string())));
    }
    text.push_str("\nMer finns i --help.");
    text
}

/// What is wrong; none for help that stands in for a missing command.
fn message(error: &Error) -> Option<String> {
    let list = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => vec![text.clone()],
        Some(ContextValue::Strings(texts)) => texts.clone(),
        Some(ContextValue::StyledStrs(texts)) => texts.iter().map(ToString::to_string).collect(),
        _ => Vec::new(),
    };
    let quoted = |kind| {
        let texts: Vec<String> = list(kind).iter().map(|text| format!("`{text}`")).collect();
        texts.join(", ")
    };
    let hint = |start: &str, kind| {
        let texts = quoted(kind);
        if texts.is_empty() { String::new() } else { format!("; {start} {texts}") }
    };
    let argument = quoted(ContextKind::InvalidArg);
    let value = quoted(ContextKind::InvalidValue);
    Some(match error.kind() {
        ErrorKind::InvalidValue if list(ContextKind::InvalidValue) == [""] => {
            format!("{argument} saknar värde{}", hint("möjliga är", ContextKind::ValidValue))
        }
        ErrorKind::InvalidValue => format!(
            "{value} är inget värde för {argument}{}{}",
            hint("möjliga är", ContextKind::ValidValue),
            hint("närmast är", ContextKind::SuggestedValue)
        ),
        ErrorKind::ValueValidation => {
            let why = error.source().map(|source| why(&source.to_string())).unwrap_or_default();
            format!("{value} går inte att läsa för {argument}{why}")
        }
        ErrorKind::UnknownArgument => format!(
            "argumentet {argument} finns inte{}",
            hint("närmast är", ContextKind::SuggestedArg)
        ),
        ErrorKind::InvalidSubcommand => format!(
            "kommandot {} finns inte{}",
            quoted(ContextKind::InvalidSubcommand),
            hint("närmast är", ContextKind::SuggestedSubcommand)
        ),
        ErrorKind::MissingRequiredArgument => format!("detta måste anges: {argument}"),
        ErrorKind::ArgumentConflict if list(ContextKind::PriorArg).is_empty() => {
            format!("{argument} kan inte anges här")
        }
        ErrorKind::ArgumentConflict => {
            format!("{argument} kan inte anges tillsammans med {}", quoted(ContextKind::PriorArg))
        }
        ErrorKind::MissingSubcommand => {
            format!("ett kommando måste anges{}", hint("möjliga är", ContextKind::ValidSubcommand))
        }
        ErrorKind::TooManyValues
        | ErrorKind::TooFewValues
        | ErrorKind::WrongNumberOfValues
        | ErrorKind::NoEquals => format!("{argument} har fel antal värden"),
        _ => return None,
    })
}

/// Why a value cannot be read, where the reader says so.
fn why(text: &str) -> String {
    let known = swedish(text);
    if known != text {
        return format!("; {known}");
    }
    match text.split_once(" is not in ") {
        Some((_, range)) => format!("; det ska ligga i {range}"),
        None => "; ett heltal väntas".to_owned(),
    }
}
