//! Backup and restore through the real program, from and to either engine: the same hashes, the same answers, and one that is killed in
//! the middle is run again.

use crate::region::server::server;
use crate::region::{Folder, MONTHS, On, Said, fresh, generate, kill_after, run};
use crate::{delays, or_deep};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use store::{Account, Address, Database, Proposal, ProposalEnd, Store};

const KILLS: u32 = 6;

fn done(folder: &Folder, arguments: &str) -> Said {
    let said = folder.run(arguments);
    assert_eq!(said.code, 0, "{arguments}: {said:?}");
    said
}

/// A command with one argument that has spaces.
fn with_reason(folder: &Folder, arguments: &str) {
    let mut command = folder.command(&[], arguments);
    command.args(["--reason", "så är det – “inte”"]);
    let said = run(command);
    assert_eq!(said.code, 0, "{arguments}: {said:?}");
}

/// A region in which everything has been done that leaves a row of some kind, and a draft that nobody has attested yet.
fn everything(test: &str, on: On) -> (Folder, String) {
    let place = fresh(test);
    let contacts = generate(&place, 5, MONTHS[2]);
    let folder = Folder::begun(on, test, &place.join("data"), &contacts);
    folder.load();
    folder.import_and_book(MONTHS[0]);
    done(&folder, "books require required --as anna");
    folder.import(MONTHS[1]);
    done(&folder, "settle --month 2021-02 --draft --as anna");
    done(&folder, "books attest u-2021-02-1 --as bo");
    done(&folder, "settle --month 2021-02 --book --as anna");
    dispute(&folder);
    done(&folder, "pay send --as anna");
    done(&folder, "pay confirm b-1 --as anna");
    with_reason(&folder, "dispute answer t-1 --as anna");
    done(&folder, "accrue unreported --month 2021-02 --book --as anna");
    folder.import(MONTHS[2]);
    let drafted = done(&folder, "settle --month 2021-03 --draft --as Anna");
    with_people(&folder);
    done(&folder, "verify-log");
    (folder, drafted.json("draft").as_str().unwrap().to_owned())
}

fn dispute(folder: &Folder) {
    let lines = done(folder, "statement --unit sodersjukhuset --month 2021-01 --lines --as kollen");
    let line = lines.json("lines").as_array().unwrap().iter().find(|line| is_paid(line)).cloned();
    let line = line.unwrap();
    let field = |name: &str| line[name].as_str().unwrap().to_owned();
    let (contact, element) = (field("contact_id"), field("element"));
    let open = format!(
        "dispute open --settlement a-2021-01-1 --unit sodersjukhuset --contact {contact} --element {element} --as kliniken"
    );
    with_reason(folder, &open);
}

fn is_paid(line: &Value) -> bool {
    !line["contact_id"].is_null()
        && line["payable"] == true
        && line["amount_ore"].as_i64() > Some(0)
}

/// Accounts and proposals, which the workplace keeps; the later proposal ends first.
fn with_people(folder: &Folder) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = Store::open(&folder.data, &database(folder)).await.unwrap();
        let (name, role) = ("Anna Åkesson".to_owned(), "controller".to_owned());
        let account = Account {
            name,
            role,
            provider: String::new(),
            password: "$argon2id$…".into(),
            by: "init".into(),
            at: "2021-03-01T08:00:00Z".into(),
        };
        store.append_account(&account, false).await.unwrap();
        for _ in 0..2 {
            let body = "[decision]\nid = \"x\"\n".to_owned();
            store.append_proposal(&Proposal { body, ..Proposal::default() }).await.unwrap();
        }
        for seq in [2, 1] {
            let end = ProposalEnd { outcome: "refused".into(), ..ProposalEnd::default() };
            store.end_proposal(seq, &end, None).await.unwrap();
        }
        store.close().await;
    });
}

fn database(folder: &Folder) -> Database {
    let address = |name: &String| Address::parse(&server().address(name)).unwrap();
    folder.database.as_ref().map_or(Database::InFolder, |name| Database::Postgres(address(name)))
}

fn backup(folder: &Folder, to: &Path) -> Said {
    done(folder, &format!("backup --out {}", to.display()))
}

/// A place that something can be restored to, with an empty database.
fn place(name: &str, on: On, beside: &Folder) -> Folder {
    let database = (on == On::Postgres).then(|| {
        server().fresh(name);
        name.to_owned()
    });
    Folder { data: fresh(name).join("data.2021"), database, ..beside.clone() }
}

fn restore(to: &Folder, from: &Path) -> Command {
    to.command(&[], &format!("restore --from {}", from.display()))
}

/// What can be asked without a note in the access log.
const QUESTIONS: [&str; 13] = [
    "settlements",
    "books show",
    "books log",
    "books balance",
    "books balance --by unit",
    "books balance --by decision",
    "pay show",
    "accrue show",
    "register show rates --known-on 2021-03-31",
    "bridge --from 2021-01-31 --to 2021-03-31",
    "replay --all",
    "access",
    "verify-log",
];

/// The same rows, files and answers, and everything can go on.
fn assert_same(restored: &Folder, folder: &Folder, what: &str) {
    assert_eq!(restored.state(what), folder.state(what), "{what}");
    let names = |folder: &Folder, shelf| -> Vec<PathBuf> {
        let names = folder.shelf(shelf).into_iter();
        names.map(|path| path.file_name().unwrap().into()).collect()
    };
    for shelf in ["batches", "lines"] {
        assert_eq!(names(restored, shelf), names(folder, shelf), "{what}: {shelf}");
    }
    for question in QUESTIONS {
        assert_eq!(restored.run(question), folder.run(question), "{what}: {question}");
    }
}

fn there_and_back(test: &str, from: On) {
    let (folder, draft) = everything(test, from);
    let mut source = folder.clone();
    for (step, to) in [On::Postgres, On::Sqlite, On::Postgres].into_iter().enumerate() {
        let what = format!("{test}, step {step}, to {to:?}");
        let copy = fresh(&format!("{test}-copy-{step}")).join("copy");
        let backed = backup(&source, &copy);
        assert!(!copy.join("persons.key").exists(), "{what}: the key came along");
        let restored = place(&format!("{test}-{step}"), to, &folder);
        let said = run(restore(&restored, &copy));
        assert_eq!(said.code, 0, "{what}: {said:?}");
        for field in ["head", "links", "files", "persons"] {
            assert_eq!(said.json(field), backed.json(field), "{what}: {field}");
        }
        assert_eq!((said.json("taken_up"), said.json("left_over")), (json!(false), json!([])));
        fs::copy(folder.data.join("persons.key"), restored.data.join("persons.key")).unwrap();
        assert_same(&restored, &folder, &what);
        let doctor = done(&restored, "doctor");
        assert_eq!(doctor.json("findings"), json!([]), "{what}");
        source = restored;
    }
    // Work goes on: the draft that came along is attested and booked, in the copy of copies as in the first.
    for folder in [&folder, &source] {
        done(folder, &format!("books attest {draft} --as bo"));
        done(folder, "settle --month 2021-03 --book --as anna");
    }
    assert_same(&source, &folder, "gone on");
}

#[test]
fn from_sqlite_there_and_back() {
    there_and_back("copied-sqlite", On::Sqlite);
}

#[test]
fn from_postgres_there_and_back() {
    there_and_back("copied-postgres", On::Postgres);
}

/// How long a restore takes: the middle of three.
fn time(test: &str, on: On, folder: &Folder, copy: &Path) -> Duration {
    let took = |number: usize| {
        let to = place(&format!("{test}-time-{number}"), on, folder);
        let started = Instant::now();
        assert_eq!(run(restore(&to, copy)).code, 0);
        started.elapsed()
    };
    let mut took: Vec<Duration> = (0..3).map(took).collect();
    took.sort_unstable();
    took[1]
}

/// Killed anywhere: the data folder is there whole or not at all, nothing takes what is left for one, and the same command makes it whole.
fn killed_restoring(test: &str, on: On) {
    let (folder, _) = everything(test, On::Sqlite);
    let copy = fresh(&format!("{test}-copy")).join("copy");
    let head = backup(&folder, &copy).json("head");
    let whole = time(test, on, &folder, &copy);
    let (kills, mut killed) = (or_deep(KILLS), 0);
    for (number, delay) in delays(whole, kills).enumerate() {
        let what = format!("{test}, kill {number} after {delay:?} of {whole:?}");
        let to = place(&format!("{test}-killed"), on, &folder);
        killed += u32::from(kill_after(restore(&to, &copy), delay));
        let left = left_beside(&to.data);
        let is_there = to.data.exists();
        if !is_there && !left.is_empty() {
            to.run("books log").assert_refused("a copy that was cut off");
            let unfinished = Folder { data: left[0].clone(), ..to.clone() };
            let refused = unfinished.run("books log");
            // Just before it is put in its place, or before anything is in it, it has no mark.
            assert!(refused.code == 3 || refused == folder.run("books log"), "{what}: {refused:?}");
        }
        let said = run(restore(&to, &copy));
        if is_there {
            said.assert_refused("is already there");
        } else {
            assert_eq!((said.code, said.json("head")), (0, head.clone()), "{what}: {said:?}");
        }
        fs::copy(folder.data.join("persons.key"), to.data.join("persons.key")).unwrap();
        assert_same(&to, &folder, &what);
        let doctor = done(&to, "doctor").json("findings");
        let told = doctor.as_array().unwrap();
        assert_eq!(told.len(), left_beside(&to.data).len(), "{what}: {doctor}");
        assert!(told.iter().all(|one| one["code"] == "left-over"), "{what}: {doctor}");
    }
    assert!(killed * 3 >= kills, "{test}: only {killed} of {kills} were killed");
}

fn left_beside(data: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(data.parent().unwrap()).unwrap();
    let mut left: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    left.retain(|path| path != data);
    left
}

#[test]
fn restoring_to_sqlite_is_killed() {
    killed_restoring("killed-restore-sqlite", On::Sqlite);
}

#[test]
fn restoring_to_postgres_is_killed() {
    killed_restoring("killed-restore-postgres", On::Postgres);
}

/// The database of a restore that was cut off is another's for every other folder, and holds no other copy.
#[test]
fn a_database_that_a_restore_was_cut_off_in_is_told() {
    let test = "restore-claimed";
    let (folder, _) = everything(test, On::Sqlite);
    let [one, other] = ["one", "other"].map(|name| fresh(&format!("{test}-{name}")).join("copy"));
    backup(&folder, &one);
    done(&folder, "books close --month 2021-01 --as anna");
    backup(&folder, &other);
    let to = place(&format!("{test}-to"), On::Postgres, &folder);
    let elsewhere = Folder { data: to.data.with_file_name("elsewhere"), ..to.clone() };
    let said = run(restore(&to, &other));
    assert_eq!(said.code, 0, "{said:?}");
    // As if it had been cut off just before the end.
    let aside = to.data.with_file_name("data.2021.copying");
    fs::rename(&to.data, &aside).unwrap();
    fs::write(aside.join("unfinished-copy"), "").unwrap();
    run(restore(&elsewhere, &other)).assert_refused("run it again with the same --data");
    assert_eq!(
        left_beside(&to.data),
        std::slice::from_ref(&aside),
        "what was refused left something"
    );
    let said = run(restore(&to, &other));
    assert_eq!((said.code, said.json("taken_up")), (0, json!(true)), "{said:?}");
    // What holds more than the copy is another copy.
    fs::rename(&to.data, &aside).unwrap();
    run(restore(&to, &one)).assert_refused("holds another copy");
}

/// A backup that nobody may write to, and one that is not what it was.
#[test]
fn a_backup_is_read_where_it_lies_and_a_broken_one_claims_no_database() {
    let test = "restore-read-only";
    let (folder, _) = everything(test, On::Sqlite);
    let copy = Folder { data: fresh(&format!("{test}-copy")).join("copy"), ..folder.clone() };
    let head = backup(&folder, &copy.data).json("head");
    #[cfg(unix)]
    copy.set_writable(false);
    let files = contents(&copy.data);
    let to = place(&format!("{test}-to"), On::Sqlite, &folder);
    let said = run(restore(&to, &copy.data));
    assert_eq!((said.code, said.json("head")), (0, head), "{said:?}");
    assert!(!to.data.join("reading").exists());
    assert_eq!(contents(&copy.data), files, "the backup was changed");
    #[cfg(unix)]
    copy.set_writable(true);
    fs::copy(folder.data.join("persons.key"), to.data.join("persons.key")).unwrap();
    assert_same(&to, &folder, test);
    crate::books::change_an_amount(&copy);
    let server = place(&format!("{test}-server"), On::Postgres, &folder);
    run(restore(&server, &copy.data)).assert_refused("copy` does not hold");
    assert_eq!(left_beside(&server.data), [] as [PathBuf; 0]);
    let fresh_copy = fresh(&format!("{test}-again")).join("copy");
    backup(&folder, &fresh_copy);
    let said = run(restore(&server, &fresh_copy));
    assert_eq!((said.code, said.json("taken_up")), (0, json!(false)), "{said:?}");
}

/// What lies in a folder, byte for byte.
fn contents(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = entries
        .flat_map(|path| match path.is_dir() {
            true => contents(&path),
            false => vec![(path.clone(), fs::read(&path).unwrap())],
        })
        .collect();
    files.sort();
    files
}
