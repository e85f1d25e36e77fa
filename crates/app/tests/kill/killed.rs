//! Every command that keeps something is killed, on both engines: what it keeps is there whole or not at all, nothing that it has told
//! of is lost, and running it again gives what an undisturbed run gives.

use super::or_deep;
use crate::delays;
use crate::region::{Folder, MONTHS, On, State, fresh, generate, kill_after, run, time};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const KILLS: u32 = 4;

/// A command to be killed, on a folder that is ready for it.
fn killed(test: &str, before: &Folder, command: impl Fn(&Folder) -> Command) {
    killed_at_work(test, before, true, command);
}

/// `is_once`: done twice, it is done once.
fn killed_at_work(
    test: &str,
    before: &Folder,
    is_once: bool,
    command: impl Fn(&Folder) -> Command,
) {
    let whole_before = before.state(test);
    let right = before.copy(&format!("{test}-right"));
    let said = run(command(&right));
    assert!([0, 1].contains(&said.code), "{said:?}");
    let whole_after = right.state(test);
    assert_ne!(whole_before, whole_after, "{test} keeps nothing");
    let whole = time(before, test, &command);
    let (kills, mut killed) = (or_deep(KILLS), 0);
    for (number, delay) in delays(whole, kills).enumerate() {
        let what = format!("{test}, kill {number} after {delay:?} of {whole:?}");
        let folder = before.copy(&format!("{test}-killed"));
        let is_killed = kill_after(command(&folder), delay);
        killed += u32::from(is_killed);
        let state = folder.state(&what);
        folder.shelf("batches");
        folder.shelf("lines");
        let is_there = state == whole_after;
        assert!(is_there || (is_killed && state == whole_before), "{what}: there in part or lost");
        if is_there && !is_once {
            continue;
        }
        let again = run(command(&folder));
        assert!(is_there || again == said, "{what}: {again:?}, not {said:?}");
        assert_eq!(folder.state(&what), whole_after, "{what}: run again");
    }
    assert!(killed * 3 >= kills, "{test}: only {killed} of {kills} were killed");
}

/// A region with January booked and February imported.
fn region(test: &str, on: On) -> Folder {
    let place = fresh(test);
    let contacts = generate(&place, 5, MONTHS[1]);
    let folder = Folder::begun(on, test, &place.join("data"), &contacts);
    folder.load();
    folder.import_and_book(MONTHS[0]);
    folder
}

fn load(test: &str, on: On) {
    let place = fresh(test);
    let folder = Folder::begun(on, test, &place.join("data"), &place);
    killed(test, &folder, Folder::load_command);
}

fn import(test: &str, on: On) {
    killed(test, &region(test, on), |folder| folder.import_command(&[], MONTHS[1]));
}

fn draft(test: &str, on: On) {
    let before = region(test, on);
    before.import(MONTHS[1]);
    let settle = format!("settle --month {} --draft --as anna", MONTHS[1]);
    killed_at_work(test, &before, false, |folder| folder.command(&[], &settle));
}

fn book(test: &str, on: On) {
    let before = region(test, on);
    before.import(MONTHS[1]);
    let settle = format!("settle --month {} --book", MONTHS[1]);
    killed(test, &before, |folder| folder.command(&[], &settle));
}

fn undo(test: &str, on: On) {
    let undo = format!("books undo a-{}-1 --reason wrong --as anna --on 2021-03-30", MONTHS[0]);
    killed(test, &region(test, on), |folder| folder.command(&[], &undo));
}

fn send(test: &str, on: On) {
    let send = "pay send --as anna --on 2021-03-30";
    killed(test, &region(test, on), |folder| folder.command(&[], send));
}

#[test]
fn loading_decisions_on_sqlite() {
    load("killed-load-sqlite", On::Sqlite);
}

#[test]
fn loading_decisions_on_postgres() {
    load("killed-load-postgres", On::Postgres);
}

#[test]
fn importing_on_sqlite() {
    import("killed-import-sqlite", On::Sqlite);
}

#[test]
fn importing_on_postgres() {
    import("killed-import-postgres", On::Postgres);
}

#[test]
fn drafting_on_sqlite() {
    draft("killed-draft-sqlite", On::Sqlite);
}

#[test]
fn drafting_on_postgres() {
    draft("killed-draft-postgres", On::Postgres);
}

#[test]
fn booking_on_sqlite() {
    book("killed-book-sqlite", On::Sqlite);
}

#[test]
fn booking_on_postgres() {
    book("killed-book-postgres", On::Postgres);
}

#[test]
fn taking_a_settlement_back_on_sqlite() {
    undo("killed-undo-sqlite", On::Sqlite);
}

#[test]
fn taking_a_settlement_back_on_postgres() {
    undo("killed-undo-postgres", On::Postgres);
}

#[test]
fn sending_payments_on_sqlite() {
    send("killed-send-sqlite", On::Sqlite);
}

#[test]
fn sending_payments_on_postgres() {
    send("killed-send-postgres", On::Postgres);
}

/// The files of a folder by name, beside those that are being written.
fn written(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.map(|entry| entry.unwrap().path());
    let whole = paths.filter(|path| path.extension().is_none_or(|name| name != "part"));
    let mut files: Vec<_> = whole.map(|path| (path.clone(), fs::read(&path).unwrap())).collect();
    files.sort();
    files
}

/// A command that only writes a file beside the folder, or nothing: killed, every file is there whole, as it was before, or not at all,
/// and nothing that is kept has changed.
fn writing(test: &str, on: On, command: &str) {
    let place = fresh(&format!("{test}-out"));
    let folder = region(test, on);
    assert_eq!(folder.run("pay send --as anna --on 2021-03-30").code, 0);
    let before = folder.state(test);
    let command = |folder: &Folder| {
        let mut command = folder.command(&[], command);
        command.current_dir(&place);
        command
    };
    let said = run(command(&folder));
    // Some providers have no number of their own, so their invoices are told of and not written.
    assert!([0, 1].contains(&said.code), "{said:?}");
    let right = written(&place);
    let whole = time(&folder, test, command);
    let (kills, mut killed) = (or_deep(KILLS), 0);
    for (number, delay) in delays(whole, kills).enumerate() {
        let what = format!("{test}, kill {number} after {delay:?} of {whole:?}");
        let has_older = number % 2 == 0;
        for (path, _) in &right {
            if has_older {
                fs::write(path, "older").unwrap()
            } else {
                fs::remove_file(path).unwrap()
            }
        }
        let is_killed = kill_after(command(&folder), delay);
        killed += u32::from(is_killed);
        let found = written(&place);
        for (path, bytes) in &found {
            let is_right = right.iter().any(|(name, right)| name == path && right == bytes);
            assert!(is_right || (has_older && bytes == b"older"), "{what}: {path:?} in part");
        }
        assert!(is_killed || found == right, "{what}: told of, and not there");
        assert_eq!(folder.state(&what), before, "{what}: something was changed");
        assert_eq!(run(command(&folder)), said, "{what}: run again");
        assert_eq!(written(&place), right, "{what}: run again");
    }
    assert!(killed * 3 >= kills, "{test}: only {killed} of {kills} were killed");
}

const BOOKS: &str = "export sie --out SYNTETISK-books.si";
const INVOICES: &str = "export invoices --settlement a-2021-01-1 --out . --allow-synthetic";

#[test]
fn exporting_the_books_on_sqlite() {
    writing("killed-sie-sqlite", On::Sqlite, BOOKS);
}

#[test]
fn exporting_the_books_on_postgres() {
    writing("killed-sie-postgres", On::Postgres, BOOKS);
}

#[test]
fn exporting_invoices_on_sqlite() {
    writing("killed-invoices-sqlite", On::Sqlite, INVOICES);
}

#[test]
fn exporting_invoices_on_postgres() {
    writing("killed-invoices-postgres", On::Postgres, INVOICES);
}

#[test]
fn previewing_on_sqlite() {
    writing("killed-preview-sqlite", On::Sqlite, "settle --month 2021-01 --preview");
}

#[test]
fn previewing_on_postgres() {
    writing("killed-preview-postgres", On::Postgres, "settle --month 2021-01 --preview");
}

/// Beginning a folder is no part of a state, since nothing can be read before it is begun.
fn begin(test: &str, on: On) {
    let place = fresh(test);
    let empty = place.join("empty");
    let begun = Folder::begun(on, test, &empty, &place);
    let whole = time(&begun, test, |folder| folder.command(&[], "settlements"));
    let right: State = begun.state(test);
    for (number, delay) in delays(whole, or_deep(KILLS)).enumerate() {
        let name = format!("{test}-{number}");
        let mut folder = Folder { data: place.join(&name), ..begun.clone() };
        if on == On::Postgres {
            crate::region::server::server().fresh(&name);
            folder.database = Some(name);
        }
        kill_after(folder.command(&[], "init"), delay);
        let again = folder.run("init");
        assert!(again.code == 0 || again.err.contains("already holds data"), "{again:?}");
        assert_eq!(folder.state(test), right, "{test}, kill {number} after {delay:?}");
    }
}

#[test]
fn beginning_a_folder_on_sqlite() {
    begin("killed-begin-sqlite", On::Sqlite);
}

#[test]
fn beginning_a_folder_on_postgres() {
    begin("killed-begin-postgres", On::Postgres);
}
