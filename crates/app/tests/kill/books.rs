//! The life of a settlement through the real program: attested, booked, undone, disputed, paid, closed, copied.

use crate::region::{Folder, MONTHS, Said, fresh, generate};
use kernel::time::Day;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A region with January booked.
fn region(test: &str) -> Folder {
    let place = fresh(test);
    let contacts = generate(&place, 5, MONTHS[2]);
    let folder = Folder::with_register(&place.join("data"), &contacts);
    folder.import_and_book(MONTHS[0]);
    folder
}

fn done(folder: &Folder, arguments: &str) -> Said {
    let said = folder.run(arguments);
    assert_eq!(said.code, 0, "{arguments}: {said:?}");
    assert_balanced(folder);
    said
}

/// A command with one argument that has spaces.
fn with_reason(folder: &Folder, arguments: &str) -> Said {
    let mut command = folder.command(&[], arguments);
    command.args(["--reason", "a reason of its own"]);
    crate::region::run(command)
}

fn refused(folder: &Folder, arguments: &str, what: &str) {
    folder.run(arguments).assert_refused(what);
}

fn balances(folder: &Folder) -> Vec<(String, i64)> {
    let said = folder.run("books balance");
    let rows = said.json("rows");
    let row = |row: &Value| {
        (row["account"].as_str().unwrap().to_owned(), row["balance_ore"].as_i64().unwrap())
    };
    rows.as_array().unwrap().iter().map(row).collect()
}

fn balance(folder: &Folder, account: &str) -> i64 {
    let found = balances(folder).into_iter().find(|(name, _)| name == account);
    found.map_or(0, |(_, balance)| balance)
}

fn assert_balanced(folder: &Folder) {
    assert_eq!(balances(folder).iter().map(|(_, balance)| balance).sum::<i64>(), 0);
}

fn state(folder: &Folder, settlement: &str) -> Value {
    let settlements = folder.run("books show").json("settlements");
    let found = settlements.as_array().unwrap().iter().find(|one| one["id"] == settlement);
    found.unwrap().clone()
}

#[test]
fn what_is_booked_was_attested_by_another_person_and_has_not_changed() {
    let folder = region("attest");
    refused(&folder, "books require required", "say who with --as NAME");
    done(&folder, "books require required --as anna");
    folder.import(MONTHS[1]);
    let book = format!("settle --month {} --book --as anna", MONTHS[1]);
    refused(&folder, &book, "is not attested");
    let draft = format!("settle --month {} --draft", MONTHS[1]);
    refused(&folder, &draft, "say who with --as NAME");
    let drafted = done(&folder, &format!("{draft} --as anna"));
    let id = drafted.json("draft").as_str().unwrap().to_owned();
    refused(&folder, &format!("books attest {id} --as anna"), "another person");
    refused(&folder, &book, "is not attested");
    done(&folder, &format!("books attest {id} --as bo"));
    refused(&folder, &format!("books attest {id} --as cecilia"), "already attested by `bo`");
    // Late reports of the month come in; what was attested is not what would be booked.
    let late = folder.contacts.join("late.csv");
    let all =
        std::fs::read_to_string(folder.contacts.join(format!("SYNTETISKA-DATA-{}.csv", MONTHS[1])))
            .unwrap();
    let (header, row) = (
        all.lines().next().unwrap(),
        all.lines().find(|line| line.contains(",new,") && line.contains(",delivery,")).unwrap(),
    );
    let (id_of_row, rest) = row.split_once(',').unwrap();
    std::fs::write(&late, format!("{header}\n{id_of_row}-late,{rest}\n")).unwrap();
    let mut import =
        folder.command(&[], &format!("import --origin synthetic --on {}-28", MONTHS[1]));
    import.arg(&late);
    let imported = crate::region::run(import);
    assert_eq!(imported.code, 0, "{imported:?}");
    let said = folder.run(&book);
    said.assert_refused("something has changed since the draft");
    assert!(said.err.contains("late.csv"), "{said:?}");
    assert!(said.err.contains(" → "), "{said:?}");
    let again = done(&folder, &format!("{draft} --as anna"));
    let id = again.json("draft").as_str().unwrap().to_owned();
    done(&folder, &format!("books attest {id} --as bo"));
    let booked = done(&folder, &book);
    assert_eq!(booked.json("hash"), again.json("hash"));
    let drafts = folder.run("books show").json("drafts");
    assert_eq!(drafts[1]["booked_as"], booked.json("booked"));
    assert_eq!(
        (drafts[0]["attested_by"].clone(), drafts[0]["booked_as"].clone()),
        (json!("bo"), json!(null))
    );
    refused(&folder, &format!("books attest {id} --as cecilia"), "already attested");
}

#[test]
fn an_undone_settlement_leaves_the_books_as_they_were() {
    let folder = region("undo");
    let before = balances(&folder);
    folder.import(MONTHS[1]);
    let previewed = folder.preview(MONTHS[1]);
    let booked = folder.book(MONTHS[1]);
    let id = booked.json("booked").as_str().unwrap().to_owned();
    assert_ne!(balances(&folder), before);
    refused(&folder, &format!("books undo {id} --as anna --reason="), "the reason is missing");
    with_reason(&folder, "books undo a-2021-01-1 --as anna")
        .assert_refused("has settlements after it");
    let undone = with_reason(&folder, &format!("books undo {id} --as anna"));
    assert_eq!(undone.code, 0, "{undone:?}");
    assert_eq!(balances(&folder), before);
    assert_eq!(state(&folder, &id)["state"], "undone");
    assert!(undone.err.contains("must have them credited"), "{undone:?}");
    let is_undone = format!("the settlement `{id}` is undone");
    refused(&folder, &format!("replay {id}"), &is_undone);
    refused(
        &folder,
        &format!("export invoices --settlement {id} --out fakturor --allow-synthetic"),
        &is_undone,
    );
    with_reason(
        &folder,
        &format!("dispute open --settlement {id} --unit x --element y --as kliniken"),
    )
    .assert_refused(&is_undone);
    with_reason(&folder, &format!("books undo {id} --as anna")).assert_refused("already undone");
    assert_eq!(folder.preview(MONTHS[1]).out, previewed.out);
    let again = folder.book(MONTHS[1]);
    assert_eq!(again.json("hash"), booked.json("hash"));
    assert_ne!(again.json("booked"), booked.json("booked"));
    let replayed = folder.run("replay --all");
    assert_eq!(replayed.code, 0, "{replayed:?}");
}

/// The cost of care booked up to each day on which something was done, the day before and the day after.
fn costs_by_day(folder: &Folder) -> Vec<(String, i64)> {
    let deeds = folder.run("books log").json("deeds");
    let on = |deed: &Value| Day::parse(deed["on"].as_str().unwrap()).unwrap();
    let days = deeds.as_array().unwrap().iter().map(on);
    let days: BTreeSet<Day> = days.flat_map(|day| [-1, 0, 1].map(|by| day.plus(by))).collect();
    let cost = |day: Day| {
        let rows = folder.run(&format!("books balance --on {day}")).json("rows");
        let mut rows = rows.as_array().unwrap().iter();
        let found = rows.find(|row| row["account"] == "care-cost");
        (day.to_string(), found.map_or(0, |row| row["balance_ore"].as_i64().unwrap()))
    };
    days.into_iter().map(cost).collect()
}

/// February is booked in March, undone in the year after, and booked anew on its ordinary day of settlement: in the books it counts from
/// the day of the undo, so that no day has it twice, nor a year that is closed between. What the settlement knows is as it was.
#[test]
fn no_day_has_a_month_twice_that_was_undone_and_booked_anew() {
    let folder = region("undo-days");
    let january = balance(&folder, "care-cost");
    folder.import(MONTHS[1]);
    let booked = folder.book(MONTHS[1]);
    let both = balance(&folder, "care-cost");
    assert_ne!(both, january);
    let id = booked.json("booked").as_str().unwrap().to_owned();
    let undone = with_reason(&folder, &format!("books undo {id} --as anna --on 2022-01-10"));
    assert_eq!(undone.code, 0, "{undone:?}");
    let draft = done(&folder, &format!("settle --month {} --draft --as anna", MONTHS[1]));
    assert!(draft.err.contains("undone on 2022-01-10"), "{draft:?}");
    done(&folder, &format!("books attest {} --as bo", draft.json("draft").as_str().unwrap()));
    let again = done(&folder, &format!("settle --month {} --book --as anna", MONTHS[1]));
    assert_eq!((again.json("hash"), again.json("on")), (booked.json("hash"), booked.json("on")));
    assert!(again.err.contains("is booked on that day"), "{again:?}");
    for (day, cost) in costs_by_day(&folder) {
        assert!([0, january, both].contains(&cost), "{day}: {cost}");
    }
    assert_eq!(done(&folder, "replay --all").code, 0);
    // March follows on its own day; what was undone has its place taken.
    let march = done(&folder, "settle --month 2021-03 --preview");
    assert!(!march.err.contains("takes the place"), "{march:?}");
    // Both months are undone, and March alone takes the place of both.
    let id = again.json("booked").as_str().unwrap().to_owned();
    for undo in [format!("{id} --on 2022-02-01"), "a-2021-01-1 --on 2022-02-02".to_owned()] {
        let undone = with_reason(&folder, &format!("books undo {undo} --as anna"));
        assert_eq!(undone.code, 0, "{undone:?}");
    }
    done(&folder, "settle --month 2021-03 --book");
    let march = balance(&folder, "care-cost");
    for (day, cost) in costs_by_day(&folder) {
        assert!([0, january, both, march].contains(&cost), "{day}: {cost}");
    }
    let deeds = folder.run("books log").json("deeds");
    assert_eq!(deeds.as_array().unwrap().last().unwrap()["on"], "2022-02-02");
}

/// Of a slip of the finger in the year nothing is done; a file that was there is not written over with nothing.
#[test]
fn days_that_cannot_be_meant_are_refused() {
    let folder = region("days");
    let ahead = "more than 24 months ahead; check the year";
    refused(&folder, "pay send --as anna --on 2099-03-05", ahead);
    refused(&folder, "books close --month 2021-01 --as anna --on 2099-03-05", ahead);
    with_reason(&folder, "books undo a-2021-01-1 --as anna --on 2099-03-05").assert_refused(ahead);
    done(&folder, "pay send --as anna --on 2021-03-05");
    refused(&folder, "pay confirm b-1 --as anna --on 2062-03-05", ahead);
    refused(&folder, "pay return b-1 --as anna --on 2062-03-05", ahead);
    let place = folder.data.parent().unwrap();
    let file = place.join("SYNTETISK-bok");
    std::fs::write(&file, "the books of before").unwrap();
    for books in ["sie", "hledger", "beancount", "xlsx"] {
        let backwards = folder.run(&format!(
            "export {books} --from 2021-12-31 --to 2021-01-01 --out {}",
            file.display()
        ));
        assert_eq!(backwards.code, 2, "{backwards:?}");
        assert!(backwards.err.contains("--to 2021-01-01 is before --from"), "{backwards:?}");
    }
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "the books of before");
    let pay = format!("export pain001 --run b-1 --allow-synthetic --out {}", file.display());
    refused(
        &folder,
        &format!("{pay} --day 2021-03-04"),
        "before 2021-03-05, the day `b-1` was sent",
    );
    // A folder of that name: what was written beside it is gone again.
    let taken = place.join("SYNTETISK-folder");
    std::fs::create_dir(&taken).unwrap();
    let said = folder.run(&format!("export sie --out {}", taken.display()));
    assert_eq!(said.code, 3, "{said:?}");
    assert!(!place.join("SYNTETISK-folder.part").exists());
}

#[test]
fn a_disputed_row_waits_while_the_rest_is_paid_and_nothing_is_paid_twice() {
    let folder = region("pay");
    let settlement = "a-2021-01-1";
    let owed = -balance(&folder, "owed-to-provider");
    assert!(owed > 0);
    let to_pay = folder.run("pay show").json("to_pay");
    let unit = to_pay[0]["unit"].as_str().unwrap().to_owned();
    let lines = folder.run(&format!("statement --unit {unit} --month {} --lines", MONTHS[0]));
    let lines = lines.json("lines");
    let is_one = |line: &&Value| {
        !line["contact_id"].is_null()
            && line["payable"] == true
            && line["amount_ore"].as_i64() > Some(0)
    };
    let line = lines.as_array().unwrap().iter().find(is_one).unwrap().clone();
    let (contact, element) =
        (line["contact_id"].as_str().unwrap(), line["element"].as_str().unwrap());
    let open = format!(
        "dispute open --settlement {settlement} --unit {unit} --contact {contact} --element {element} --as kliniken"
    );
    refused(&folder, &format!("{open} --reason x --due 2020-01-01"), "day to answer by");
    refused(
        &folder,
        &open.replace(contact, "K-NONE").replace("--as", "--reason x --as"),
        "has no row to dispute",
    );
    let opened = with_reason(&folder, &open);
    assert_eq!(opened.code, 0, "{opened:?}");
    let held_back = opened.json("held_back_ore").as_i64().unwrap();
    assert_eq!(held_back, line["amount_ore"].as_i64().unwrap());
    with_reason(&folder, &open).assert_refused("already disputed");
    refused(&folder, "pay send", "say who with --as NAME");
    let sent = done(&folder, "pay send --as anna");
    let payments: Value = serde_json::from_str(&sent.out).unwrap();
    let total: i64 =
        payments.as_array().unwrap().iter().map(|one| one["amount_ore"].as_i64().unwrap()).sum();
    assert_eq!(total + held_back, owed);
    assert_eq!(balance(&folder, "in-transfer"), -total);
    refused(&folder, "pay send --as anna", "nothing to pay");
    with_reason(&folder, &format!("books undo {settlement} --as anna"))
        .assert_refused("sent to the bank");
    let payee = payments[0]["payee"].as_str().unwrap();
    let first = payments[0]["amount_ore"].as_i64().unwrap();
    done(&folder, &format!("pay return b-1 --payee {payee} --as anna"));
    done(&folder, "pay confirm b-1 --as anna");
    refused(&folder, "pay confirm b-1 --as anna", "already confirmed or returned");
    assert_eq!(balance(&folder, "bank"), -(total - first));
    with_reason(&folder, "dispute dismiss t-1 --as kliniken").assert_refused("cannot decide it");
    assert_eq!(with_reason(&folder, "dispute answer t-1 --as anna").code, 0);
    assert_eq!(with_reason(&folder, "dispute dismiss t-1 --as anna").code, 0);
    done(&folder, "pay send --as anna");
    done(&folder, "pay confirm b-2 --as anna");
    assert_eq!((balance(&folder, "bank"), balance(&folder, "owed-to-provider")), (-owed, 0));
    assert_eq!(state(&folder, settlement)["state"], "paid");
}

#[test]
fn a_closed_month_is_settled_no_more_until_it_is_opened() {
    let folder = region("close");
    refused(&folder, "books close --month 2021-02 --as anna", "is not settled");
    folder.import(MONTHS[1]);
    done(&folder, "books close --month 2021-01 --as anna");
    refused(&folder, "settle --month 2021-01 --book", "2021-01 is closed");
    with_reason(&folder, "books undo a-2021-01-1 --as anna").assert_refused("2021-01 is closed");
    done(&folder, "settle --month 2021-02 --book");
    done(&folder, "settle --month 2021-12 --book");
    done(&folder, "books close --year 2021 --as anna");
    let closed = folder.run("books balance --closed 2021").json("rows");
    with_reason(&folder, "books reopen --month 2021-12 --as anna")
        .assert_refused("closed year 2021");
    assert_eq!(with_reason(&folder, "books reopen --year 2021 --as anna").code, 0);
    assert_eq!(with_reason(&folder, "books reopen --month 2021-12 --as anna").code, 0);
    folder.import(MONTHS[2]);
    let waiting = bridge(&folder);
    assert!(waiting.1.iter().all(|row| row["booked"] == false), "{waiting:?}");
    done(&folder, "settle --month 2021-12 --book");
    assert_eq!(folder.run("books balance --closed 2021").json("rows"), closed);
    assert_ne!(folder.run("books balance").json("rows"), closed);
    let cost = |rows: &Value| {
        let rows = rows.as_array().unwrap();
        rows.iter().find(|row| row["account"] == "care-cost").unwrap()["balance_ore"].as_i64()
    };
    let (opening, rows, closing) = bridge(&folder);
    assert_eq!(Some(opening), cost(&closed));
    assert_eq!((opening, closing), (waiting.0, waiting.2), "booking what waited changes no truth");
    let booked: i64 = rows
        .iter()
        .filter(|row| row["booked"] == true)
        .map(|row| row["amount_ore"].as_i64().unwrap())
        .sum();
    assert_eq!(Some(opening + booked), cost(&folder.run("books balance").json("rows")));
}

/// Opening, rows and closing of the bridge of 2021, which must meet.
fn bridge(folder: &Folder) -> (i64, Vec<Value>, i64) {
    let said = done(folder, "books bridge --closed 2021");
    let number = |field: &str| said.json(field).as_i64().unwrap();
    let rows = said.json("rows").as_array().unwrap().clone();
    let changes: i64 = rows.iter().map(|row| row["amount_ore"].as_i64().unwrap()).sum();
    assert_eq!(number("opening_ore") + changes, number("closing_ore"));
    (number("opening_ore"), rows, number("closing_ore"))
}

#[test]
fn a_backup_restores_to_the_same_hashes_and_a_change_behind_the_back_is_seen() {
    let folder = region("backup");
    let place = folder.data.parent().unwrap().to_owned();
    let (copy, again) = (place.join("copy"), place.join("again"));
    let backed = folder.run(&format!("backup --out {}", copy.display()));
    assert_eq!(backed.code, 0, "{backed:?}");
    refused(&folder, &format!("backup --out {}", copy.display()), "is already there");
    let restored = Folder { data: again, ..folder.clone() };
    let said = restored.run(&format!("restore --from {}", copy.display()));
    assert_eq!((said.code, said.json("head")), (0, backed.json("head")), "{said:?}");
    for question in ["settlements", "books show", "books balance", "books log", "verify-log"] {
        assert_eq!(restored.run(question), folder.run(question), "{question}");
    }
    assert_eq!(restored.run("replay --all").code, 0);
    let head = backed.json("head").as_str().unwrap().to_owned();
    assert!(!copy.join("persons.key").exists(), "the key came along");
    let doctor = restored.run("doctor");
    assert_eq!((doctor.code, doctor.json("findings")[0]["code"].clone()), (1, json!("persons")));
    std::fs::copy(folder.data.join("persons.key"), restored.data.join("persons.key")).unwrap();
    let doctor = restored.run("doctor");
    assert_eq!((doctor.code, doctor.json("findings")), (0, json!([])), "{doctor:?}");
    let lines = folder.run("statement --unit sodersjukhuset --month 2021-01 --lines").json("lines");
    let contact = lines.as_array().unwrap().iter().find_map(|line| line["contact_id"].as_str());
    let contact = contact.unwrap();
    let said = folder.run(&format!("explain --contact {contact} --as doktor"));
    assert_eq!(said.code, 0, "{said:?}");
    let accesses = folder.run("access --who doktor").json("accesses");
    assert_eq!(
        (accesses[0]["action"].clone(), accesses[0]["contact"].clone()),
        (json!("explain"), json!(contact))
    );
    assert_eq!(folder.run(&format!("verify-log --head {head}")).code, 0);
    refused(&folder, "verify-log --head beef", "is not in the chain");
    // A file is damaged, and an amount changed with the guards taken down.
    let lines = restored.shelf("lines").remove(0);
    std::fs::write(&lines, b"other").unwrap();
    let doctor = restored.run("doctor");
    assert_eq!(
        (doctor.code, doctor.json("findings")[0]["code"].clone()),
        (1, json!("file")),
        "{doctor:?}"
    );
    change_an_amount(&restored);
    let said = restored.run("verify-log");
    assert_eq!(
        (said.code, said.json("findings")[0]["code"].clone()),
        (1, json!("changed")),
        "{said:?}"
    );
}

pub fn change_an_amount(folder: &Folder) {
    let script = "import sqlite3, sys\n\
        c = sqlite3.connect(sys.argv[1])\n\
        c.execute('DROP TRIGGER posting_stays')\n\
        c.execute('UPDATE posting SET amount_ore = amount_ore * 2')\n\
        c.commit()";
    let mut python = std::process::Command::new("python3");
    python.args(["-c", script]).arg(folder.data.join("vardkedja.sqlite"));
    assert!(python.status().unwrap().success());
}

/// Writes a decision of so much per delivery from the first of January 2021.
fn decision(folder: &Folder, id: &str, status: &str, kronor: i64) -> String {
    let place = folder.data.parent().unwrap().join(id);
    std::fs::create_dir_all(&place).unwrap();
    let text = format!(
        "[decision]\nid = \"{id}\"\nbody = \"HSN\"\nknown_from = 2021-03-15\nstatus = \"{status}\"\n\n\
         [[rate]]\nid = \"{id}-rate\"\nelement = \"trial-add-on\"\nlabel = \"Prov\"\n\
         formula = \"per-contact\"\namount = \"{kronor} kr\"\nvalid_from = 2021-01-01\n\
         when = {{ kind = [\"delivery\"] }}\n"
    );
    std::fs::write(place.join(format!("{id}.toml")), text).unwrap();
    place.display().to_string()
}

#[test]
fn a_pending_decision_is_accrued_and_released_when_it_is_decided_otherwise() {
    let folder = region("accrue");
    folder.import_and_book(MONTHS[1]);
    let proposal = decision(&folder, "trial-proposal", "proposed", 1_000);
    let radius = folder.run(&format!("register radius {proposal}"));
    assert_eq!(radius.json("total_ore"), json!(0), "a proposal changes nothing: {radius:?}");
    done(&folder, &format!("register load {proposal}"));
    let cost = balance(&folder, "care-cost");
    assert_eq!(folder.run("accrue show").code, 0);
    let shown = done(&folder, "accrue decision trial-proposal --on 2021-03-31");
    assert_eq!((shown.json("booked"), balance(&folder, "care-cost")), (json!(false), cost));
    let accrued = done(&folder, "accrue decision trial-proposal --on 2021-03-31 --book --as anna");
    let expected = accrued.json("expected_ore").as_i64().unwrap();
    // DELIVERIES deliveries of January and February, at 1 000 kr.
    assert_eq!(expected, DELIVERIES * 100_000, "{accrued:?}");
    assert_eq!(folder.run("accrue show").code, 0, "nothing is decided yet");
    assert_eq!((accrued.json("low_ore"), accrued.json("high_ore")), (json!(0), json!(expected)));
    assert_eq!(
        (balance(&folder, "care-cost"), balance(&folder, "accrued")),
        (cost + expected, -expected)
    );
    for day in ["2021-03-31", "2021-04-01"] {
        refused(
            &folder,
            &format!("accrue decision trial-proposal --on {day} --book --as anna"),
            "is already about `trial-proposal`; release it first",
        );
    }
    let decided = decision(&folder, "trial-decision", "decided", 1_200);
    let radius = folder.run(&format!("register radius {decided}"));
    let total = radius.json("total_ore").as_i64().unwrap();
    assert_eq!(total, expected / 10 * 12, "{radius:?}");
    assert_eq!(radius.json("contacts"), json!(expected / 100_000));
    assert_eq!(balance(&folder, "care-cost"), cost + expected, "the radius stored something");
    done(&folder, &format!("register load {decided}"));
    refused(&folder, "accrue decision trial-decision", "decided");
    let shown = folder.run("accrue show");
    let one = &shown.json("accruals")[0];
    assert_eq!((shown.code, one["overdue"].clone()), (1, json!(true)), "{shown:?}");
    assert!(one["why"].as_str().unwrap().contains("`trial-decision`"), "{shown:?}");
    let previewed = folder.run(&format!("settle --month {} --preview", MONTHS[1]));
    assert!(
        previewed.err.contains("`p-trial-proposal-2021-03-31` is still accrued"),
        "{previewed:?}"
    );
    done(&folder, "accrue release p-trial-proposal-2021-03-31 --as anna");
    refused(&folder, "accrue release p-trial-proposal-2021-03-31 --as anna", "already released");
    // Other decisions have become known since February too; the correction of this one is told apart.
    let today = accrued_on(&folder);
    let booked = folder.run(&format!("settle --month {} --book --on {today}", MONTHS[1]));
    assert_eq!(booked.code, 0, "{booked:?}");
    let of_trial = |line: &&Value| line["element"] == "trial-add-on";
    let lines = booked.json("lines");
    let lines = lines.as_array().unwrap().iter().filter(of_trial);
    assert!(lines.clone().all(|line| line["cause"] == "decision"));
    let corrected: i64 = lines.map(|line| line["amount_ore"].as_i64().unwrap()).sum();
    assert_eq!((corrected, balance(&folder, "accrued")), (total, 0));
    let by_decision = folder.run("books balance --by decision").json("rows");
    let of_trial = |row: &&Value| row["key"] == "trial-decision" && row["account"] == "care-cost";
    let found =
        by_decision.as_array().unwrap().iter().find(of_trial).unwrap()["balance_ore"].clone();
    assert_eq!(found, json!(total));
    let booked = booked.json("total_ore").as_i64().unwrap();
    assert_eq!(balance(&folder, "care-cost"), cost + booked);
    // Reversal −1 000 kr + correction 1 200 kr = 200 kr a delivery: the true difference to what was accrued. What is booked beside it
    // came of other decisions and is in none of the two.
    let others = booked - total;
    let since_accrued = balance(&folder, "care-cost") - others - (cost + expected);
    assert_eq!(-expected + total, DELIVERIES * 20_000);
    assert_eq!(since_accrued, DELIVERIES * 20_000);
    assert_eq!(folder.run("accrue show").json("accruals"), json!([]));
}

/// Deliveries in force of January and February in the region of these tests, counted in its files.
const DELIVERIES: i64 = 20;

/// The day that the last decision was recorded.
fn accrued_on(folder: &Folder) -> String {
    let shown = folder.run("books log").json("deeds");
    let last = shown.as_array().unwrap().last().unwrap()["on"].clone();
    last.as_str().unwrap().to_owned()
}

#[test]
fn what_is_not_reported_yet_is_accrued_on_units_and_released() {
    let folder = region("unreported");
    folder.import_and_book(MONTHS[1]);
    folder.import_and_book(MONTHS[2]);
    let cost = balance(&folder, "care-cost");
    let accrued =
        done(&folder, &format!("accrue unreported --month {} --book --as anna", MONTHS[2]));
    let expected = accrued.json("expected_ore").as_i64().unwrap();
    refused(
        &folder,
        &format!("accrue unreported --month {} --book --as anna", MONTHS[2]),
        "is already about what is not reported",
    );
    let (low, high) = (accrued.json("low_ore"), accrued.json("high_ore"));
    assert!(low.as_i64().unwrap() <= expected && expected <= high.as_i64().unwrap(), "{accrued:?}");
    assert_ne!(expected, 0, "nothing was ever late: {accrued:?}");
    assert_eq!(balance(&folder, "care-cost"), cost + expected);
    done(&folder, &format!("accrue release e-{} --as anna", MONTHS[2]));
    assert_eq!((balance(&folder, "care-cost"), balance(&folder, "accrued")), (cost, 0));
    // What was late of February was paid with March.
    let past = format!("accrue unreported --month {}", MONTHS[1]);
    let shown = done(&folder, &past);
    assert!(shown.err.contains("this cannot be booked"), "{shown:?}");
    refused(&folder, &format!("{past} --book --as anna"), &format!("{} is settled", MONTHS[2]));
    assert_eq!(balance(&folder, "accrued"), 0);
}
