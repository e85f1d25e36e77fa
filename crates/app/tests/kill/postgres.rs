//! The program on PostgreSQL: the same output as on SQLite to the byte, many that book or pay at once, and a folder that belongs to one
//! database.

use crate::region::server::{PASSWORD, server};
use crate::region::{Folder, MONTHS, On, Said, finish, fresh, generate, program, run};
use std::path::Path;

fn region(name: &str, on: On, place: &Path) -> Folder {
    let contacts = place.join("contacts");
    if !contacts.exists() {
        generate(place, 5, MONTHS[1]);
    }
    let folder = Folder::begun(on, name, &place.join(name), &contacts);
    folder.load();
    folder
}

/// What a controller does in two months, and what is said of it.
fn told(folder: &Folder) -> Vec<(String, Said)> {
    let unit = "--unit sodersjukhuset";
    let commands = [
        "books require off --as anna",
        "settle --month 2021-01 --book",
        "books undo a-2021-01-1 --reason wrong --as anna --on 2021-02-05",
        "settle --month 2021-01 --draft --as anna",
        "settle --month 2021-01 --book",
        "pay send --as anna --on 2021-02-10",
        "pay confirm b-1 --as anna --on 2021-02-12",
        "books close --month 2021-01 --as anna --on 2021-02-15",
        "settle --month 2021-02 --book --hash 0000",
        "settle --month 2021-02 --book",
        "settlements",
        "books show",
        "books log",
        "books balance --by unit",
        "pay show",
        "findings --known-on 2021-03-31",
        "bridge --from 2021-01-31 --to 2021-03-31",
        "register show rates --known-on 2021-03-31",
        "replay --all",
    ];
    let mut told = Vec::new();
    let mut tell = |what: &str, said: Said| told.push((what.to_owned(), said));
    tell("import", folder.import(MONTHS[0]));
    tell("import", folder.import(MONTHS[1]));
    tell("import again", folder.import(MONTHS[0]));
    for command in commands {
        tell(command, folder.run(command));
    }
    let statement = format!("statement {unit} --month 2021-02 --lines");
    tell("statement", folder.run(&statement));
    told
}

#[test]
fn the_output_is_the_same_to_the_byte() {
    let place = fresh("same");
    let lite = region("same-sqlite", On::Sqlite, &place);
    let server = region("same-postgres", On::Postgres, &place);
    for ((what, on_sqlite), (_, on_postgres)) in told(&lite).iter().zip(&told(&server)) {
        assert_eq!(on_sqlite, on_postgres, "{what}");
        let right: &[i32] = match what.split(' ').next() {
            Some("import" | "findings") => &[0, 1],
            _ if what.contains("--hash") => &[3],
            _ => &[0],
        };
        assert!(right.contains(&on_sqlite.code), "{what}: {on_sqlite:?}");
    }
    assert_eq!(lite.state("sqlite"), server.state("postgres"));
    assert!(!server.data.join("vardkedja.sqlite").exists(), "the rows are in the folder too");
}

const MANY: usize = 16;

/// Runs a command many times at once; gives what the one said that did something. The others must be refused or have nothing to do.
fn many(folder: &Folder, arguments: &str, has_done: impl Fn(&Said) -> bool) -> Said {
    let children: Vec<_> =
        (0..MANY).map(|_| folder.command(&[], arguments).spawn().unwrap()).collect();
    let said: Vec<Said> = children.into_iter().map(finish).collect();
    let (done, others): (Vec<&Said>, Vec<&Said>) =
        said.iter().partition(|said| said.code == 0 && has_done(said));
    assert_eq!(done.len(), 1, "{arguments}: {said:#?}");
    let known = ["someone else came first", "nothing to pay", "nothing can be paid", "is settled"];
    for other in others.iter().filter(|other| other.code != 0) {
        assert_eq!((other.code, other.out.as_str()), (3, ""), "{other:?}");
        assert!(known.iter().any(|known| other.err.contains(known)), "{other:?}");
        assert!(!other.err.contains(PASSWORD), "{other:?}");
    }
    done[0].clone()
}

fn of_many_one_books_and_one_pays(test: &str, on: On) {
    let folder = region(test, on, &fresh(test));
    folder.import_and_book(MONTHS[0]);
    folder.import(MONTHS[1]);
    let alone = folder.copy(&format!("{test}-alone"));
    let (book, send) = ("settle --month 2021-02 --book", "pay send --as anna --on 2021-03-30");
    let right = run(alone.command(&[], book));
    let booked = many(&folder, book, |said| !said.json("booked").is_null());
    assert_eq!(booked, right);
    assert_eq!(folder.state(book), alone.state(book), "{MANY} have booked");
    let right = run(alone.command(&[], send));
    assert_eq!(right.code, 0, "{right:?}");
    assert_eq!(many(&folder, send, |_| true), right);
    assert_eq!(folder.state(send), alone.state(send), "{MANY} have paid");
}

#[test]
fn of_many_at_once_on_postgres_one_books_and_one_pays() {
    of_many_one_books_and_one_pays("many-postgres", On::Postgres);
}

#[test]
fn of_many_at_once_on_sqlite_one_books_and_one_pays() {
    of_many_one_books_and_one_pays("many-sqlite", On::Sqlite);
}

/// The address is told without its password, and what is refused is left as it was.
#[test]
fn a_folder_and_a_database_belong_together() {
    let place = fresh("together");
    let one = Folder::begun(On::Postgres, "together-one", &place.join("one"), &place);
    let two = Folder::begun(On::Postgres, "together-two", &place.join("two"), &place);
    let lite = Folder::begun(On::Sqlite, "", &place.join("lite"), &place);
    let with = |folder: &Folder, database: Option<&str>| Folder {
        database: database.map(str::to_owned),
        ..folder.clone()
    };
    let cases = [
        (with(&one, Some("together-two")), "does not belong to the data folder"),
        (with(&two, Some("together-one")), "does not belong to the data folder"),
        (with(&one, Some("together-nowhere")), "does not exist"),
        (with(&one, None), "/together-one`; name it with --database"),
        (with(&lite, Some("together-one")), "leave --database out"),
    ];
    for (folder, why) in cases {
        for command in ["settlements", "init", "books log"] {
            let said = folder.run(command);
            said.assert_refused(why);
            assert!(!said.err.contains(PASSWORD), "{said:?}");
        }
    }
    for url in ["mysql://a:hemligt@b/c", "postgres://a:hemligt@db.region.se/c", "hemligt"] {
        let mut command = program(&[], "settlements --lang sv --format json");
        command.arg("--data").arg(&lite.data).args(["--database", url]);
        let said = run(command);
        assert_eq!(said.code, 3, "{said:?}");
        assert!(!said.err.contains("hemligt") && said.out.is_empty(), "{said:?}");
    }
    let mut help = one.command(&[], "--help");
    help.env("VARDKEDJA_DATABASE", server().address("together-one"));
    assert!(!run(help).out.contains(PASSWORD));
    assert_eq!([one, two, lite].map(|folder| folder.run("settlements").code), [0, 0, 0]);
}

#[test]
fn a_demo_is_not_mixed_into_a_database() {
    let place = fresh("demo-postgres");
    let folder = Folder::begun(On::Postgres, "demo-postgres", &place.join("data"), &place);
    let said = folder.run("demo --scale 1 --to 2021-01");
    assert_eq!((said.code, said.out.as_str()), (2, ""), "{said:?}");
    assert!(said.err.contains("leave out --database"), "{said:?}");
}
