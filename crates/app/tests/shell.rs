//! What meets people before any command runs: help in both languages, completions, manual pages.
//!
//! Owns: that they are there for every command and that their readers accept them. Does not own: the words
//! (`language`).

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const LOCALE: [&str; 4] = ["VARDKEDJA_LANG", "LC_ALL", "LC_MESSAGES", "LANG"];

fn run(arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vardkedja"));
    command.args(arguments).env_remove("VARDKEDJA_DATA");
    for variable in LOCALE {
        command.env_remove(variable);
    }
    command.envs(variables.iter().copied()).output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// The names of all commands that the help lists.
fn commands() -> BTreeSet<String> {
    let help = out(&run(&["--help", "--lang", "en"], &[]));
    let list = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let names = list.lines().filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next());
    let names: BTreeSet<String> = names.map(str::to_owned).filter(|name| name != "help").collect();
    assert!(names.len() > 12, "{help}");
    names
}

/// Whether a program is at hand.
fn is_there(program: &str) -> bool {
    let found = Command::new("sh").args(["-c", &format!("command -v {program}")]).output();
    found.is_ok_and(|found| found.status.success())
}

#[test]
fn help_speaks_swedish_unless_english_is_asked_for() {
    for arguments in [&["--help"][..], &["settle", "--help"], &["help", "register", "show"]] {
        let swedish = out(&run(arguments, &[]));
        let asked = [
            run(&[arguments, &["--lang", "en"]].concat(), &[]),
            run(arguments, &[("VARDKEDJA_LANG", "en")]),
        ];
        // Many Swedish servers have an English locale.
        assert_eq!(out(&run(arguments, &[("LANG", "en_GB.UTF-8")])), swedish);
        let english: BTreeSet<String> = asked.iter().map(out).collect();
        let asked_last = arguments[0] != "help";
        if asked_last {
            assert_eq!(english.len(), 1, "{english:#?}");
        }
        let english = out(&asked[1]);
        assert!(swedish.contains("Användning:") && english.contains("Usage:"), "{swedish}");
        for word in ["Usage", "Options", "Commands", "Print ", "default", "possible"] {
            assert!(!swedish.contains(word), "`{word}` in {swedish}");
        }
        assert!(!english.contains("Användning"), "{english}");
    }
    let wrong = run(&["settle", "--month", "2023-13", "--preview"], &[]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("en månad som 2023-01 väntas"));
    let nothing = run(&[], &[]);
    assert_eq!((nothing.status.code(), nothing.stdout.len()), (Some(2), 0));
    assert_eq!(run(&["--version"], &[]).status.code(), Some(0));
}

#[test]
fn completions_know_every_command_and_their_shells_accept_them() {
    for shell in ["bash", "zsh", "fish"] {
        let ran = run(&["completions", shell], &[]);
        let script = out(&ran);
        assert_eq!(ran.status.code(), Some(0));
        for name in commands() {
            assert!(script.contains(&name), "{shell}: no {name}");
        }
        assert!(script.contains("known-on") && script.contains("lang"), "{shell}");
        if is_there(shell) {
            let mut check = Command::new(shell).arg("-n").stdin(Stdio::piped()).spawn().unwrap();
            check.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
            assert!(check.wait().unwrap().success(), "{shell} -n");
        }
    }
    assert_eq!(run(&["completions", "csh"], &[]).status.code(), Some(2));
}

#[test]
fn every_command_has_a_manual_page() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("shell-man");
    let _ = fs::remove_dir_all(&folder);
    let ran = run(&["man", "--out", &folder.to_string_lossy()], &[]);
    assert_eq!(ran.status.code(), Some(0));
    let page = |name: &str| folder.join(format!("{name}.1"));
    let mut names: Vec<String> =
        commands().iter().map(|name| format!("vardkedja-{name}")).collect();
    names.extend(
        ["vardkedja", "vardkedja-register-show", "vardkedja-schema-contacts"].map(str::to_owned),
    );
    for name in &names {
        let text = fs::read_to_string(page(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert!(text.contains(".TH") && text.len() > 300, "{name}: {text}");
    }
    assert!(fs::read_to_string(page("vardkedja-settle")).unwrap().contains("Avräkna en månad"));
    accepted(&page("vardkedja-settle"));
}

/// A reader of manual pages takes the page, where there is one.
fn accepted(page: &Path) {
    if is_there("mandoc") {
        assert!(Command::new("mandoc").arg(page).output().unwrap().status.success());
    }
    if is_there("man") {
        let read = Command::new("man").arg("-l").arg(page).env("MANPAGER", "cat").output().unwrap();
        assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    }
}
