//! Every text of the command line has both languages, and the right one is chosen.

use super::*;
use crate::cli;
use std::collections::BTreeSet;

/// Every text that help can show, with where it stands.
fn texts(command: &Command, path: &str) -> Vec<(String, String)> {
    let here = format!("{path} {}", command.get_name());
    let own = [command.get_about(), command.get_long_about(), command.get_after_help()];
    let arguments = command.get_arguments().flat_map(|argument| {
        [argument.get_help(), argument.get_long_help()].map(|help| (argument.get_id(), help))
    });
    let mut texts: Vec<(String, String)> = own
        .into_iter()
        .map(|text| (here.clone(), text))
        .chain(arguments.map(|(id, text)| (format!("{here} {id}"), text)))
        .filter_map(|(place, text)| Some((place, text?.to_string())))
        .collect();
    for sub in command.get_subcommands() {
        texts.extend(self::texts(sub, &here));
    }
    texts
}

#[test]
fn every_command_and_argument_has_help_in_both_languages() {
    let (english, swedish) = (cli::command(Lang::En), cli::command(Lang::Sv));
    let (english, swedish) = (texts(&english, ""), texts(&swedish, ""));
    assert!(english.len() > 100 && english.len() == swedish.len());
    let pairs = english.iter().zip(&swedish);
    let same: Vec<_> = pairs.filter(|(one, other)| one.1 == other.1).map(|(one, _)| one).collect();
    assert!(same.is_empty(), "no Swedish for {same:#?}");
    let used: BTreeSet<&str> = english.iter().map(|(_, text)| text.as_str()).collect();
    let values = |text: &str| text.ends_with(" is expected");
    let unused: Vec<_> =
        SWEDISH.iter().filter(|(text, _)| !used.contains(text) && !values(text)).collect();
    assert!(unused.is_empty(), "of no command: {unused:#?}");
}

#[test]
fn every_command_and_argument_has_help_at_all() {
    fn bare(command: &Command, found: &mut Vec<String>) {
        if command.get_about().is_none() {
            found.push(command.get_name().to_owned());
        }
        let arguments = command.get_arguments().filter(|argument| argument.get_help().is_none());
        found.extend(arguments.map(|one| format!("{} {}", command.get_name(), one.get_id())));
        let values = command.get_arguments().flat_map(|argument| argument.get_possible_values());
        let told = values.filter(|value| value.get_help().is_some());
        found.extend(told.map(|value| format!("{} has help in one language", value.get_name())));
        for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
            bare(sub, found);
        }
    }
    let mut found = Vec::new();
    bare(&cli::command(Lang::En), &mut found);
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn the_option_wins_over_the_variable_and_no_locale_counts() {
    let of = |arguments: &[&str], variables: &[(&str, &str)]| {
        let arguments: Vec<OsString> = arguments.iter().map(OsString::from).collect();
        chosen(&arguments, |name| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    };
    assert_eq!(of(&[], &[]), Lang::Sv);
    assert_eq!(of(&["x", "--lang", "en"], &[]), Lang::En);
    assert_eq!(of(&["x", "--lang=en"], &[]), Lang::En);
    let (english, swedish) = (("VARDKEDJA_LANG", "en"), ("VARDKEDJA_LANG", "sv"));
    assert_eq!(of(&["x", "--lang", "sv"], &[english]), Lang::Sv);
    assert_eq!(of(&["x"], &[english]), Lang::En);
    assert_eq!(of(&["x"], &[swedish]), Lang::Sv);
    assert_eq!(of(&["x"], &[("LANG", "en_GB.UTF-8")]), Lang::Sv);
}

#[test]
fn usage_errors_are_swedish_too() {
    let told = |arguments: &[&str]| {
        let arguments = [&["vardkedja"], arguments].concat();
        let error = cli::command(Lang::Sv).try_get_matches_from(arguments).unwrap_err();
        usage::in_swedish(&error)
    };
    let wrong: [(&[&str], &str); 8] = [
        (&["prise"], "kommandot `prise` finns inte; närmast är `bridge`, `price`"),
        (&["settlements", "--nu"], "argumentet `--nu` finns inte"),
        (&["settle", "--month", "2023-13", "--book"], "; en månad som 2023-01 väntas"),
        (&["explain"], "detta måste anges: `--contact <CONTACT>`"),
        (&["settlements", "--format", "xml"], "möjliga är `table`, `json`, `csv`"),
        (
            &["settle", "--month", "2023-01", "--book", "--preview"],
            "kan inte anges tillsammans med",
        ),
        (&["bridge", "--from", "igår"], "; ett datum som 2023-01-31 väntas"),
        (&["register"], "Användning:"),
    ];
    for (arguments, expected) in wrong {
        let text = told(arguments);
        assert!(text.contains(expected), "{arguments:?}: {text}");
        let english = ["error:", "Usage:", "Options:", "is expected", "For more information"];
        assert!(!english.iter().any(|word| text.contains(word)), "{arguments:?}: {text}");
    }
}
