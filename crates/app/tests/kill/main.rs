//! The program is killed, run twice, run beside itself and given damaged files: what it keeps is there whole or
//! not at all, and running it again gives what an undisturbed run gives.
//!
//! Owns: these trials of the real program. Does not own: the region they are made on (`region`), or what is
//! tried on both database engines (`killed`, `postgres`, `room`).
//!
//! `VARDKEDJA_DEEP=1 cargo test -p app --test kill` kills each command five hundred times instead of a few.

mod books;
mod closed_year;
mod copied;
mod killed;
mod mended;
mod postgres;
mod region;
mod room;

use region::{Folder, MONTHS, Said, finish, fresh, generate, kill_after, run, time};
use std::fs;
use std::time::Duration;

const KILLS: u32 = 12;
const KILLS_DEEP: u32 = 500;

fn kills() -> u32 {
    or_deep(KILLS)
}

/// So many, or five hundred where everything is tried.
fn or_deep(sample: u32) -> u32 {
    if std::env::var_os("VARDKEDJA_DEEP").is_some() { KILLS_DEEP } else { sample }
}

/// A region with January booked, alone in a folder of the test's name.
fn region(test: &str) -> Folder {
    let place = fresh(test);
    let contacts = generate(&place, 5, MONTHS[3]);
    let folder = Folder::with_register(&place.join("data"), &contacts);
    folder.import_and_book(MONTHS[0]);
    folder
}

/// What an undisturbed run gives from February on.
struct Undisturbed {
    imported: Said,
    without_february: String,
    previewed: Said,
    booked: Said,
    statement: Said,
    march: Said,
}

impl Undisturbed {
    fn of(before: &Folder, name: &str) -> Self {
        let folder = before.copy(name);
        let without_february = hash(&folder.preview(MONTHS[1]));
        let imported = folder.import(MONTHS[1]);
        let previewed = folder.preview(MONTHS[1]);
        let booked = folder.book(MONTHS[1]);
        let statement = statement(&folder);
        let march = folder.import_and_book(MONTHS[2]);
        assert_ne!(without_february, hash(&previewed), "February brings nothing");
        Self { imported, without_february, previewed, booked, statement, march }
    }
}

fn hash(said: &Said) -> String {
    assert_eq!(said.code, 0, "{said:?}");
    said.json("hash").as_str().unwrap().to_owned()
}

fn statement(folder: &Folder) -> Said {
    folder.run(&format!("statement --unit sodersjukhuset --month {}", MONTHS[1]))
}

/// The same settlement; which of two runs booked it is another matter.
fn assert_same(said: &Said, right: &Said, what: &str) {
    assert_eq!(said.code, 0, "{what}: {said:?}");
    for field in ["hash", "lines", "total_ore", "shadow", "unpriced", "rejected", "contacts"] {
        assert_eq!(said.json(field), right.json(field), "{what}: {field}");
    }
}

/// Nothing more to post, and nothing posted.
fn assert_nothing_new(said: &Said, what: &str) {
    assert_eq!(said.code, 0, "{what}: {said:?}");
    assert_eq!(said.json("lines"), serde_json::json!([]), "{what}: posted twice");
    assert_eq!(said.json("shadow"), serde_json::json!([]), "{what}: shadow posted twice");
    assert_eq!(said.json("booked"), serde_json::Value::Null, "{what}: booked twice");
}

/// From just after the start to just after the end, evenly, with a little chance.
fn delays(whole: Duration, kills: u32) -> impl Iterator<Item = Duration> {
    let mut state = 0x9e37_79b9_u32;
    (0..kills).map(move |at| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (whole * 11 / 10) * (at * 256 + (state >> 24)) / (kills * 256)
    })
}

#[test]
fn an_import_that_is_killed_is_there_whole_or_not_at_all() {
    let before = region("import");
    let right = Undisturbed::of(&before, "import-undisturbed");
    let whole = time(&before, "import", |folder| folder.import_command(&[], MONTHS[1]));
    let mut killed = 0;
    for (number, delay) in delays(whole, kills()).enumerate() {
        let what = format!("import, kill {number} after {delay:?} of {whole:?}");
        let folder = before.copy("import-killed");
        killed += u32::from(kill_after(folder.import_command(&[], MONTHS[1]), delay));
        folder.shelf("batches");
        let seen = hash(&folder.preview(MONTHS[1]));
        let again = folder.import(MONTHS[1]);
        let was_there = again.json("already_imported") == serde_json::json!(true);
        let expected =
            if was_there { hash(&right.previewed) } else { right.without_february.clone() };
        assert_eq!(seen, expected, "{what}: there {was_there}");
        for field in ["batch", "rows", "accepted", "rejected"] {
            assert_eq!(again.json(field), right.imported.json(field), "{what}: {field}");
        }
        assert_eq!(folder.shelf("batches").len(), 2, "{what}: a batch too many or too few");
        assert_same(&folder.preview(MONTHS[1]), &right.previewed, &what);
        assert_eq!(folder.book(MONTHS[1]), right.booked, "{what}");
        assert_eq!(folder.import_and_book(MONTHS[2]), right.march, "{what}");
    }
    assert!(killed * 3 >= kills(), "only {killed} of {} imports were killed", kills());
}

#[test]
fn a_booking_that_is_killed_is_there_whole_or_not_at_all() {
    let before = region("book");
    let right = Undisturbed::of(&before, "book-undisturbed");
    assert!([0, 1].contains(&before.import(MONTHS[1]).code));
    let book =
        |folder: &Folder| folder.command(&[], &format!("settle --month {} --book", MONTHS[1]));
    let whole = time(&before, "book", book);
    let mut killed = 0;
    for (number, delay) in delays(whole, kills()).enumerate() {
        let what = format!("booking, kill {number} after {delay:?} of {whole:?}");
        let folder = before.copy("book-killed");
        killed += u32::from(kill_after(book(&folder), delay));
        folder.shelf("lines");
        if statement(&folder).code == 0 {
            assert_nothing_new(&folder.book(MONTHS[1]), &what);
        } else {
            assert_eq!(folder.preview(MONTHS[1]), right.previewed, "{what}");
            assert_eq!(folder.book(MONTHS[1]), right.booked, "{what}");
        }
        assert_eq!(folder.shelf("lines").len(), 2, "{what}: a file too many or too few");
        assert_eq!(statement(&folder), right.statement, "{what}");
        assert_eq!(folder.import_and_book(MONTHS[2]), right.march, "{what}");
    }
    assert!(killed * 3 >= kills(), "only {killed} of {} bookings were killed", kills());
}

#[test]
fn importing_and_booking_twice_changes_nothing() {
    let folder = region("twice");
    folder.import(MONTHS[1]);
    let previewed = folder.preview(MONTHS[1]);
    let files = folder.files();
    let again = folder.import(MONTHS[1]);
    assert_eq!((again.code, again.json("already_imported")), (0, serde_json::json!(true)));
    let other = folder.data.with_file_name("SYNTETISK-another-name.csv");
    fs::copy(folder.contacts.join(format!("SYNTETISKA-DATA-{}.csv", MONTHS[1])), &other).unwrap();
    let again = run({
        let mut command = folder.command(&[], "import --origin synthetic --on 2021-03-30");
        command.arg(&other);
        command
    });
    assert_eq!((again.code, again.json("already_imported")), (0, serde_json::json!(true)));
    assert_eq!(folder.preview(MONTHS[1]), previewed, "a second import changed the preview");
    assert_eq!(folder.files(), files, "a second import or a preview changed a file");
    let booked = folder.book(MONTHS[1]);
    assert_same(&booked, &previewed, "booked as previewed");
    let kept = folder.data.join("lines").join(format!("{}.parquet", hash(&previewed)));
    assert!(folder.shelf("lines").contains(&kept), "{} is missing", kept.display());
    let files = folder.files();
    assert_nothing_new(&folder.book(MONTHS[1]), "booked twice");
    assert_eq!(folder.files(), files, "booking twice changed a file");
}

#[test]
fn of_two_bookers_at_once_exactly_one_books() {
    let before = region("two");
    let right = Undisturbed::of(&before, "two-undisturbed");
    before.import(MONTHS[1]);
    let mut refused = 0;
    for number in 0..kills() {
        let folder = before.copy("two-at-once");
        let book = || folder.command(&[], &format!("settle --month {} --book", MONTHS[1]));
        let both = [book().spawn().unwrap(), book().spawn().unwrap()];
        let both = both.map(finish);
        let is_booked = |said: &&Said| said.code == 0 && !said.json("booked").is_null();
        let booked: Vec<&Said> = both.iter().filter(is_booked).collect();
        assert_eq!(booked.len(), 1, "try {number}: {both:#?}");
        assert_eq!(*booked[0], right.booked, "try {number}");
        for other in both.iter().filter(|said| !is_booked(said)) {
            if other.code == 0 {
                assert_nothing_new(other, "the second booker");
            } else {
                other.assert_refused("someone else came first");
                refused += 1;
            }
        }
        assert_nothing_new(&folder.book(MONTHS[1]), "after two bookers");
        assert_eq!(statement(&folder), right.statement, "try {number}");
    }
    assert!(refused > 0, "no two bookers ever met");
}

/// Does harm to a region, sees every command refused without a change, and mends it again.
fn harm(folder: &Folder, what: &str, commands: &[&str], harm: impl FnOnce(), mend: impl FnOnce()) {
    harm();
    let files = folder.files();
    for arguments in commands {
        folder.run(arguments).assert_refused(what);
    }
    assert_eq!(folder.files(), files, "`{what}` was told, but a file was changed");
    mend();
}

const PREVIEW: &str = "settle --month 2021-02 --preview";
const BOOK: &str = "settle --month 2021-02 --book";
const STATEMENT: &str = "statement --unit sodersjukhuset --month 2021-01";

#[test]
fn a_damaged_file_is_told_and_nothing_changes() {
    let folder = region("damaged");
    folder.import(MONTHS[1]);
    let right = folder.preview(MONTHS[1]);
    for (shelf, commands) in
        [("lines", &[PREVIEW, BOOK, STATEMENT][..]), ("batches", &[PREVIEW, BOOK][..])]
    {
        for path in folder.shelf(shelf) {
            let whole = fs::read(&path).unwrap();
            let write = |bytes: &[u8]| fs::write(&path, bytes).unwrap();
            let mut flipped = whole.clone();
            *flipped.get_mut(whole.len() / 2).unwrap() ^= 1;
            for bytes in [&whole[..whole.len() / 2], b"", b"not Parquet", &flipped] {
                harm(&folder, "has the hash", commands, || write(bytes), || write(&whole));
            }
            let remove = || fs::remove_file(&path).unwrap();
            harm(&folder, "No such file", commands, remove, || write(&whole));
        }
    }
    folder.fold_journal();
    let path = folder.data.join("vardkedja.sqlite");
    let whole = fs::read(&path).unwrap();
    let write = |bytes: &[u8]| fs::write(&path, bytes).unwrap();
    let commands = [PREVIEW, BOOK, STATEMENT];
    harm(&folder, "not a database", &commands, || write(&[7; 5000]), || write(&whole));
    assert_eq!(folder.preview(MONTHS[1]), right, "mended, and yet");
}

#[test]
fn a_folder_that_cannot_be_used_is_told_and_nothing_changes() {
    let folder = region("unusable");
    folder.import(MONTHS[1]);
    let right = folder.preview(MONTHS[1]);
    // Neither there nor a data folder.
    for data in [folder.data.with_file_name("nowhere"), folder.contacts.clone()] {
        let elsewhere = Folder { data, ..folder.clone() };
        let had = elsewhere.data.exists().then(|| elsewhere.files());
        elsewhere.run(PREVIEW).assert_refused("is no data folder");
        elsewhere.run(BOOK).assert_refused("is no data folder");
        elsewhere.import(MONTHS[2]).assert_refused("is no data folder");
        assert_eq!(elsewhere.data.exists().then(|| elsewhere.files()), had, "something was made");
    }
    assert_eq!(folder.preview(MONTHS[1]), right, "looked elsewhere, and yet");
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_to_is_told_and_nothing_changes() {
    let folder = region("read-only");
    folder.import(MONTHS[1]);
    let right = folder.preview(MONTHS[1]);
    let files = folder.files();
    folder.set_writable(false);
    let commands = [
        folder.command(&[], PREVIEW),
        folder.command(&[], BOOK),
        folder.command(&[], STATEMENT),
        folder.import_command(&[], MONTHS[2]),
    ];
    let said = commands.map(|command| folder.run_without_rights(command));
    folder.set_writable(true);
    for said in &said {
        let Some(said) = said else {
            return eprintln!("left out: no user without rights to run the program as");
        };
        said.assert_refused("readonly database");
    }
    assert_eq!(folder.files(), files, "something was changed");
    assert_eq!(folder.preview(MONTHS[1]), right, "mended, and yet");
    assert_same(&folder.book(MONTHS[1]), &right, "mended");
}

/// More contacts than one thread takes: the lines are the same bytes with one thread or many.
#[test]
fn one_thread_or_many_write_the_same_bytes() {
    let place = fresh("threads");
    let contacts = generate(&place, 330, MONTHS[1]);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    if threads < 2 {
        return eprintln!("left out: one processor");
    }
    let alone = ["taskset", "-c", "0"];
    let runs: Option<Vec<Folder>> = [&[][..], &alone]
        .iter()
        .map(|wrapper| {
            let name = if wrapper.is_empty() { "many" } else { "one" };
            let folder = Folder::with_register(&place.join(name), &contacts);
            for month in &MONTHS[..2] {
                let import = folder.import_command(wrapper, month).output().ok()?;
                assert!([0, 1].contains(&import.status.code()?), "{import:?}");
                let book = format!("settle --month {month} --book");
                let said = run(folder.command(wrapper, &book));
                assert_eq!(said.code, 0, "{said:?}");
                let at_least = if *month == MONTHS[1] { 20_000 } else { 0 };
                assert!(said.json("contacts").as_u64() > Some(at_least), "too few for threads");
            }
            Some(folder)
        })
        .collect();
    let Some(runs) = runs else {
        return eprintln!("left out: no taskset to run with one thread");
    };
    let lines: Vec<Vec<Vec<u8>>> = runs
        .iter()
        .map(|folder| folder.shelf("lines").iter().map(|path| fs::read(path).unwrap()).collect())
        .collect();
    assert_eq!(lines[0].len(), 2);
    assert!(lines[0] == lines[1], "one thread writes other bytes than many");
}
