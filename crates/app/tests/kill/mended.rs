//! Faults of the books that were found and mended, each as a case through the real program.

use crate::region::server::server;
use crate::region::{Folder, MONTHS, On, Said, fresh, generate, program, run};
use serde_json::{Value, json};
use std::fs;
use std::process::Stdio;

/// A region with January booked.
fn region(test: &str) -> Folder {
    on(test, On::Sqlite)
}

fn on(test: &str, on: On) -> Folder {
    let place = fresh(test);
    let contacts = generate(&place, 5, MONTHS[1]);
    let folder = Folder::begun(on, test, &place.join("data"), &contacts);
    folder.load();
    folder.import_and_book(MONTHS[0]);
    folder
}

fn with_reason(folder: &Folder, arguments: &str) -> Said {
    let mut command = folder.command(&[], arguments);
    command.args(["--reason", "a reason of its own"]);
    run(command)
}

fn rows(said: &Said, field: &str) -> Vec<Value> {
    said.json(field).as_array().unwrap().clone()
}

#[test]
fn anna_and_anna_in_capitals_are_one_person() {
    let folder = region("one-person");
    folder.import(MONTHS[1]);
    let mut draft = folder.command(&[], &format!("settle --month {} --draft", MONTHS[1]));
    draft.args(["--as", "Anna  Ek"]);
    let drafted = run(draft);
    let id = drafted.json("draft").as_str().unwrap().to_owned();
    for name in ["anna ek", " ANNA EK ", "AnnaEk"] {
        let mut attest = folder.command(&[], &format!("books attest {id}"));
        attest.args(["--as", name]);
        run(attest).assert_refused("another person");
    }
    let shown = folder.run("books show").json("drafts");
    assert_eq!(shown[0]["by"], json!("Anna  Ek"), "kept otherwise than given");
    assert_eq!(folder.run(&format!("books attest {id} --as bo")).code, 0);
}

#[test]
fn a_hash_is_for_booking_alone() {
    let folder = region("hash");
    for mode in ["--preview", "--draft --as anna"] {
        let said = folder.run(&format!("settle --month {} {mode} --hash beef", MONTHS[1]));
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{said:?}");
        assert!(said.err.contains("use it with --book"), "{said:?}");
    }
}

#[test]
fn an_import_whose_messages_nobody_reads_is_done_all_the_same() {
    let folder = region("closed");
    let file = folder.contacts.join("SYNTETISK-faults.csv");
    let row = "p-000000000000000000000001,midwife-visit,2021-99-01\n";
    let rows: String = (0..3_000).map(|at| format!("K{at},nowhere,{row}")).collect();
    fs::write(&file, format!("contact_id,unit,person,kind,care_date\n{rows}")).unwrap();
    let mut import = program(&[], "import --origin synthetic --on 2021-02-28 --format table");
    import.arg("--data").arg(&folder.data).arg(&file).stderr(Stdio::piped()).stdout(Stdio::piped());
    let mut child = import.spawn().unwrap();
    drop((child.stderr.take(), child.stdout.take()));
    assert_eq!(child.wait().unwrap().code(), Some(1), "rejected rows are findings, and no more");
    let again = run({
        let mut command = folder.command(&[], "import --origin synthetic");
        command.arg(&file);
        command
    });
    assert_eq!(again.json("already_imported"), json!(true));
}

#[test]
fn a_doctor_whose_answer_nobody_reads_says_by_its_exit_what_it_found() {
    let folder = region("unread");
    fs::remove_file(folder.data.join("persons.key")).unwrap();
    for (command, code) in [("doctor", 1), ("verify-log", 0)] {
        let mut unread = program(&[], &format!("{command} --format table"));
        unread.arg("--data").arg(&folder.data).stderr(Stdio::piped()).stdout(Stdio::piped());
        let mut child = unread.spawn().unwrap();
        drop((child.stderr.take(), child.stdout.take()));
        assert_eq!(child.wait().unwrap().code(), Some(code), "{command}");
    }
}

#[test]
fn a_copy_inside_the_folder_is_refused() {
    let folder = region("inside");
    let within = folder.data.join("copies").join("monday");
    let said = folder.run(&format!("backup --out {}", within.display()));
    said.assert_refused("inside the data folder itself");
    assert!(!folder.data.join("copies").exists());
}

#[test]
fn years_are_closed_in_order() {
    let folder = region("years");
    for month in ["2021-12", "2022-12"] {
        assert_eq!(folder.run(&format!("settle --month {month} --book")).code, 0);
    }
    assert_eq!(folder.run("books close --year 2022 --as anna").code, 0);
    folder.run("books close --year 2021 --as anna").assert_refused("years are closed in order");
    let reopen = |year: i32| with_reason(&folder, &format!("books reopen --year {year} --as anna"));
    reopen(2021).assert_refused("the year 2021 is not closed");
    assert_eq!(reopen(2022).code, 0);
    for year in [2021, 2022] {
        assert_eq!(folder.run(&format!("books close --year {year} --as anna")).code, 0);
    }
    reopen(2021).assert_refused("open 2022 first");
}

#[test]
fn the_key_is_told_in_one_language() {
    let folder = region("key");
    let key = folder.data.join("persons.key");
    let import = |folder: &Folder| {
        let mut command = program(&[], "import --origin synthetic --lang sv");
        let file = folder.contacts.join(format!("SYNTETISKA-DATA-{}.csv", MONTHS[1]));
        command.arg("--data").arg(&folder.data).arg(file);
        run(command)
    };
    let whole = fs::read(&key).unwrap();
    fs::remove_file(&key).unwrap();
    let said = import(&folder);
    assert!(said.err.contains("den saknas, fast det finns pseudonymer"), "{said:?}");
    assert!(!said.err.contains("missing"), "{said:?}");
    fs::write(&key, &whole[..31]).unwrap();
    #[cfg(unix)]
    fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
    let said = import(&folder);
    assert!(said.err.contains("andra kan läsa den (rättigheter 644)"), "{said:?}");
    #[cfg(unix)]
    fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let said = import(&folder);
    assert!(said.err.contains("den har 31 byte, inte 32"), "{said:?}");
}

#[test]
fn a_doctor_sees_guards_and_pseudonyms_that_are_gone() {
    let folder = region("guards");
    assert_eq!(folder.run("doctor").json("findings"), json!([]));
    let script = "import sqlite3, sys\n\
        c = sqlite3.connect(sys.argv[1])\n\
        c.execute('DROP TRIGGER deed_is_kept')\n\
        c.execute('DROP TRIGGER posting_stays')\n\
        c.execute('CREATE TRIGGER posting_stays BEFORE UPDATE ON posting BEGIN SELECT 1; END')\n\
        c.execute('DROP TRIGGER link_stays')\n\
        c.execute(\"CREATE TRIGGER link_stays BEFORE UPDATE ON link WHEN 0 \
            BEGIN SELECT RAISE(ABORT, 'link is never changed'); END\")\n\
        c.commit()";
    let mut python = std::process::Command::new("python3");
    python.args(["-c", script]).arg(folder.data.join("vardkedja.sqlite"));
    assert!(python.status().unwrap().success());
    for end in ["", "-wal", "-shm"] {
        let _gone = fs::remove_file(folder.data.join(format!("persons.sqlite{end}")));
    }
    let said = folder.run("doctor");
    let codes: Vec<Value> = rows(&said, "findings").iter().map(|one| one["code"].clone()).collect();
    assert_eq!(
        (said.code, codes),
        (1, vec![json!("guard"), json!("guard"), json!("guard"), json!("persons")]),
        "{said:?}"
    );
    for name in ["`deed_is_kept`", "`posting_stays`", "`link_stays`", "`persons.sqlite`"] {
        assert!(said.out.contains(name), "{name}: {said:?}");
    }
}

#[test]
fn a_doctor_sees_guards_that_are_gone_on_postgres() {
    let folder = on("guards-postgres", On::Postgres);
    assert_eq!(folder.run("doctor").json("findings"), json!([]));
    let statements = [
        "DROP TRIGGER deed_is_kept ON deed",
        "ALTER TABLE posting DISABLE TRIGGER posting_stays",
        "CREATE OR REPLACE TRIGGER link_stays BEFORE UPDATE ON link FOR EACH STATEMENT \
         WHEN (false) EXECUTE FUNCTION vardkedja_refuse('changed')",
        "ALTER TABLE link ENABLE ALWAYS TRIGGER link_stays",
    ];
    server().run_all("guards-postgres", &statements);
    let said = folder.run("doctor");
    let codes: Vec<Value> = rows(&said, "findings").iter().map(|one| one["code"].clone()).collect();
    assert_eq!((said.code, codes), (1, vec![json!("guard"); 3]), "{said:?}");
}

/// A payee that owes more than it is owed is not in the run, and `pay show` says what waits.
#[test]
fn who_waits_with_a_debt_is_shown() {
    let folder = region("debt");
    assert_eq!(folder.run("pay send --as anna").code, 0);
    assert_eq!(folder.run("pay confirm b-1 --as anna").code, 0);
    // Everything is cancelled after it was paid.
    let file = folder.contacts.join(format!("SYNTETISKA-DATA-{}.csv", MONTHS[0]));
    let mut reader = csv::Reader::from_path(&file).unwrap();
    let heads = reader.headers().unwrap().clone();
    let at = |name: &str| heads.iter().position(|head| head == name).unwrap();
    let mut text = heads.iter().collect::<Vec<_>>().join(",") + "\n";
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    for row in records.iter().filter(|row| &row[at("report")] != "cancellation") {
        let mut fields: Vec<String> = row.iter().map(str::to_owned).collect();
        fields[at("report")] = "cancellation".to_owned();
        fields[at("reported_on")] = "2021-02-20".to_owned();
        text += &(fields.join(",") + "\n");
    }
    let cancelled = folder.contacts.join("SYNTETISK-cancelled.csv");
    fs::write(&cancelled, text).unwrap();
    let mut import = folder.command(&[], "import --origin synthetic --on 2021-02-28");
    import.arg(&cancelled);
    let imported = run(import);
    assert!([0, 1].contains(&imported.code), "{imported:?}");
    let booked = folder.book(MONTHS[1]);
    assert_eq!(booked.code, 0, "{booked:?}");
    let shown = folder.run("pay show");
    let waiting = rows(&shown, "waiting");
    assert!(!waiting.is_empty(), "{shown:?}");
    let sum: i64 = waiting.iter().map(|row| row["amount_ore"].as_i64().unwrap()).sum();
    assert!(sum < 0 && shown.json("waiting_ore") == json!(sum), "{shown:?}");
    let balance = folder.run("books balance");
    let owed = rows(&balance, "rows").into_iter().find(|row| row["account"] == "owed-to-provider");
    let all = shown.json("to_pay_ore").as_i64().unwrap() + sum;
    assert_eq!(owed.map(|row| -row["balance_ore"].as_i64().unwrap()), Some(all), "{shown:?}");
    let mut table = program(&[], "pay show --lang en");
    table.arg("--data").arg(&folder.data);
    let table = run(table);
    assert!(table.out.contains("waits (owes)"), "{table:?}");
}

/// Of what an administration of the region is posted, nothing is paid, so nothing is held back; and who looked is in the log.
#[test]
fn a_dispute_of_an_internal_posting_holds_nothing_back() {
    let folder = region("internal");
    let settled = folder.run("books balance --by unit");
    let internal =
        rows(&settled, "rows").into_iter().find(|row| row["account"] == "internal-posting");
    let unit = internal.unwrap()["key"].as_str().unwrap().to_owned();
    let lines =
        folder.run(&format!("statement --unit {unit} --month {} --lines --as kollen", MONTHS[0]));
    let line = rows(&lines, "lines").into_iter().find(|line| {
        !line["contact_id"].is_null()
            && line["payable"] == true
            && line["amount_ore"].as_i64() > Some(0)
    });
    let line = line.unwrap();
    let open = format!(
        "dispute open --settlement a-2021-01-1 --unit {unit} --contact {} --element {} --as kliniken",
        line["contact_id"].as_str().unwrap(),
        line["element"].as_str().unwrap()
    );
    let opened = with_reason(&folder, &open);
    assert_eq!((opened.code, opened.json("held_back_ore")), (0, json!(0)), "{opened:?}");
    let shown = folder.run("books show").json("settlements");
    assert_eq!(shown[0]["held_back_ore"], json!(0));
    with_reason(&folder, &open.replace(line["contact_id"].as_str().unwrap(), "K-NONE"))
        .assert_refused("no row");
    assert_eq!(folder.run("dispute show --as anna").code, 0);
    let accesses = rows(&folder.run("access"), "accesses");
    let told: Vec<_> = accesses
        .iter()
        .map(|one| (one["by"].clone(), one["action"].clone(), one["rows"].clone()))
        .collect();
    let statement = (json!("kollen"), json!("statement"), json!(rows(&lines, "lines").len()));
    let dispute = |by: &str| (json!(by), json!("dispute"), json!(1));
    assert_eq!(
        told,
        [statement, dispute("kliniken"), dispute("anna")],
        "what was not shown is not logged"
    );
}

#[test]
fn findings_are_logged_with_their_rows_and_only_if_shown() {
    let folder = region("looked");
    let said = folder.run("findings --known-on 2021-03-31 --as bo");
    let listed = rows(&said, "findings").iter().filter(|one| !one["contact_id"].is_null()).count();
    assert!(listed > 0, "{said:?}");
    folder.run("findings --unit no-such --known-on 2021-03-31 --as bo").assert_refused("no-such");
    assert_ne!(folder.run("explain --contact NO-SUCH --as bo").code, 0);
    let accesses = rows(&folder.run("access"), "accesses");
    assert_eq!((accesses.len(), accesses[0]["rows"].clone()), (1, json!(listed)), "{accesses:?}");
}

/// Writes and loads a decision about an add-on to contacts of a kind.
fn loaded(folder: &Folder, id: &str, head: &str, (element, kind): (&str, &str)) {
    let place = folder.data.with_file_name(id);
    fs::create_dir_all(&place).unwrap();
    let text = format!(
        "[decision]\nid = \"{id}\"\nbody = \"HSN\"\nknown_from = 2021-03-15\n{head}\n\n\
         [[rate]]\nid = \"{id}-rate\"\nelement = \"{element}\"\nlabel = \"Prov\"\n\
         formula = \"per-contact\"\namount = \"100 kr\"\nvalid_from = 2021-01-01\n\
         when = {{ kind = [\"{kind}\"] }}\n"
    );
    fs::write(place.join(format!("{id}.toml")), text).unwrap();
    let said = folder.run(&format!("register load {}", place.display()));
    assert_eq!(said.code, 0, "{said:?}");
}

#[test]
fn an_accrual_waits_for_the_decision_of_its_own_matter() {
    let folder = region("own-matter");
    let trial = ("trial-add-on", "delivery");
    loaded(&folder, "asked", "status = \"proposed\"\ncase_number = \"HSN 2021-0001\"", trial);
    loaded(&folder, "asked-too", "status = \"proposed\"", trial);
    for id in ["asked", "asked-too"] {
        let said = folder.run(&format!("accrue decision {id} --book --as anna"));
        assert_eq!(said.code, 0, "{said:?}");
    }
    let overdue = || -> Vec<(String, String)> {
        let accruals = rows(&folder.run("accrue show"), "accruals").into_iter();
        let overdue = accruals.filter(|one| one["overdue"] == true);
        let text = |one: &Value, field: &str| one[field].as_str().unwrap().to_owned();
        overdue.map(|one| (text(&one, "id")[2..].to_owned(), text(&one, "why"))).collect()
    };
    // The same add-on, to other contacts.
    loaded(&folder, "for-visits", "", ("trial-add-on", "midwife-visit"));
    assert_eq!(overdue(), []);
    // Another case, which says nothing of the first; but the proposal without a number may be what it answers.
    loaded(&folder, "other-case", "case_number = \"HSN 2021-0002\"", trial);
    let told = overdue();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].0.starts_with("asked-too-") && told[0].1.contains("`other-case`"), "{told:?}");
    // The case is decided, and the add-on was not granted.
    loaded(&folder, "own-case", "case_number = \"hsn 2021-0001\"", ("other-add-on", "delivery"));
    let told = overdue();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].1.contains("`own-case`") && told[1].1.contains("`other-case`"), "{told:?}");
    assert_eq!(folder.run("accrue show").code, 1);
}
