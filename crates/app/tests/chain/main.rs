//! The continuity chain through the real program: referrals, the order of need, places, what leaves the clinic, and what agrees with what
//! was paid.

mod support;

use support::{World, reserve};

const HEADER: &str = "remiss_id;person;mottagen;beräknad_förlossning;vas_1;vas_2;önskar_vaginal;född_utomlands;arbetslös;folkbokföring;anteckning\n";

fn referral(id: &str, person: u32, rest: &str) -> String {
    format!("{id};{};{rest}\n", reserve(person))
}

/// Four women who wait for May 2023. R-1 has moderate fear, R-2 severe, R-3 a social ground, R-4 no ground.
fn four() -> String {
    [
        HEADER.to_owned(),
        referral("R-1", 1, "2022-11-02;2023-05-10;70;75;ja;ja;nej;0180;"),
        referral("R-2", 2, "2022-12-01;2023-05-20;90;80;ja;;;0180;"),
        referral("R-3", 3, "2022-10-01;2023-05-03;;;;nej;ja;0136;"),
        referral("R-4", 4, "2022-09-01;2023-05-03;59;60;ja;nej;nej;0180;"),
    ]
    .concat()
}

#[test]
fn referrals_become_a_queue_in_which_everybody_is_told_why_she_stands_where_she_does() {
    let world = World::begun("queue");
    let ran = world.chain(&["refer", &world.file("a.csv", &four()), "--on", "2023-01-10"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("4 rader, 4 införda, 0 kända, 0 avvisade"), "{}", ran.out);
    let order = world.chain(&["order", "--due", "2023-05", "--format", "json"]).json();
    let told: Vec<_> =
        order.as_array().unwrap().iter().map(|row| row["referral"].as_str().unwrap()).collect();
    assert_eq!(told, ["R-2", "R-1", "R-3"]);
    assert_eq!(
        order[1]["why"],
        "plats 2 av 3: måttlig rädsla (FOBS 72,5), 1 social grund, remiss 2022-11-02; efter plats 1 eftersom större rädsla går före"
    );
    let explained = world.chain(&["explain", "R-4"]);
    assert!(explained.out.contains("ingen grund för företräde"), "{}", explained.out);
    // The same file again changes nothing; a correction moves her up.
    let again = world.chain(&["refer", &world.file("b.csv", &four())]);
    assert!(again.out.contains("0 införda, 4 kända"), "{}", again.out);
    let corrected =
        HEADER.to_owned() + &referral("R-3", 3, "2022-10-01;2023-05-03;95;90;ja;nej;ja;0136;");
    world.chain(&["refer", &world.file("c.csv", &corrected)]);
    let order = world.chain(&["order", "--due", "2023-05", "--format", "json"]).json();
    assert_eq!(order[0]["referral"], "R-3");
    // Whoever looked is in the compartment's own log.
    let looked = world.chain(&["access", "--format", "json"]).json();
    let actions: Vec<_> = looked
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["by"].as_str().unwrap(), row["action"].as_str().unwrap()))
        .collect();
    let looked = [("anna", "begin"), ("anna", "order"), ("anna", "explain"), ("anna", "order")];
    assert_eq!(actions, looked);
}

#[test]
fn what_is_wrong_with_a_row_is_told_with_its_line_and_never_with_a_persons_number() {
    let world = World::begun("wrong");
    let rows = [
        HEADER.to_owned(),
        referral("R-1", 1, "2022-11-02;2023-05-10;70;;ja;ja;nej;0180;"),
        referral("R-2", 2, "2022-11-02;2024-05-10;;;;ja;nej;0180;"),
        "R-3;991981000011;2022-11-02;2023-05-10;;;;ja;nej;0180;\n".to_owned(),
        referral("R-4", 4, "2022-11-02;2023-05-10;;;kanske;ja;nej;0180;"),
        referral("R-5", 5, "2023-02-02;2023-05-10;;;;ja;nej;0180;"),
        referral("R-6", 6, "2022-11-02;2023-05-10;;;;ja;nej;0180;"),
        referral("R-7", 6, "2022-12-02;2023-06-10;;;;ja;nej;0180;"),
    ]
    .concat();
    let ran = world.chain(&["refer", &world.file("a.csv", &rows), "--on", "2023-01-10"]);
    assert_eq!(ran.code, 1);
    for told in [
        "a.csv:2: fel bad-value: fobs_2",
        "a.csv:3: fel bad-value: due_on = `2024-05-10`",
        "a.csv:4: fel bad-person: person:",
        "a.csv:5: fel bad-value: wants_vaginal = `kanske`",
        "a.csv:6: fel bad-value: received_on = `2023-02-02`",
        "samma graviditet har redan remissen `R-6`",
    ] {
        assert!(ran.err.contains(told), "{told}\n{}", ran.err);
    }
    assert!(!ran.err.contains("991981000011"), "{}", ran.err);
    assert!(ran.out.contains("7 rader, 1 införda, 0 kända, 6 avvisade"), "{}", ran.out);
    let header = world.chain(&["refer", &world.file("b.csv", "remiss_id;persn\n")]);
    assert_eq!(header.code, 3);
    assert!(
        header.err.contains("`persn`") && header.err.contains("närmaste är `person`"),
        "{}",
        header.err
    );
    let twice = HEADER.replace("arbetslös", "unemployed;arbetslös");
    let twice = world.chain(&["refer", &world.file("c.csv", &twice)]);
    assert!(twice.err.contains("två gånger"), "{}", twice.err);
}

#[test]
fn places_are_offered_in_order_and_a_declined_one_is_free_again() {
    let world = World::begun("places");
    world.chain(&["refer", &world.file("a.csv", &four()), "--on", "2023-01-10"]);
    let none = world.chain(&["offer", "R-2", "--on", "2023-01-11"]);
    assert_eq!(none.code, 3);
    assert!(none.err.contains("inget team har en ledig plats för 2023-05"), "{}", none.err);
    let places = "team;månad;barnmorskor;platser\nteam-a;2023-05;6;1\n";
    let stated = world.chain(&["places", &world.file("p.csv", places)]);
    assert_eq!(stated.code, 0, "{}", stated.err);
    let past = world.chain(&["offer", "R-1", "--on", "2023-01-11"]);
    assert!(past.err.contains("hon står på plats 2"), "{}", past.err);
    let unfit = world.chain(&["offer", "R-4", "--on", "2023-01-11", "--reason", "x"]);
    assert!(unfit.err.contains("hör inte till målgruppen"), "{}", unfit.err);
    assert!(
        world
            .chain(&["offer", "R-2", "--on", "2023-01-11"])
            .out
            .contains("R-2: erbjuden 2023-01-11 (team-a)")
    );
    assert_eq!(world.chain(&["start", "R-2", "--on", "2023-01-12"]).code, 3);
    world.chain(&["decline", "R-2", "--on", "2023-01-13"]);
    let table = world.chain(&["places", "--format", "json"]).json();
    assert_eq!((table[0]["free"].as_i64(), table[0]["taken"].as_i64()), (Some(1), Some(0)));
    for (step, on) in [("offer", "2023-01-14"), ("accept", "2023-01-15"), ("start", "2023-02-01")] {
        let ran = world.chain(&[step, "R-1", "--on", on]);
        assert_eq!(ran.code, 0, "{}", ran.err);
    }
    let enrolled = world.chain(&["export-enrolled", "--format", "csv"]).out;
    let rows: Vec<&str> = enrolled.lines().collect();
    assert_eq!(rows.len(), 2, "{enrolled}");
    assert_eq!(rows[0], "person,enrolled,team");
    assert!(rows[1].starts_with("p-") && rows[1].ends_with(",ja,team-a"), "{enrolled}");
    // Nobody's name behind a step is no name at all.
    let nameless = world.chain_as("", &["keep", "R-1"]);
    assert_eq!(nameless.code, 2, "{}", nameless.err);
    let large = world.chain(&[
        "places",
        &world.file("q.csv", "team;månad;barnmorskor;platser\nteam-a;2023-05;9;1\n"),
    ]);
    assert_eq!(large.code, 1);
    assert!(large.err.contains("9 barnmorskor"), "{}", large.err);
}

#[test]
fn without_its_key_a_compartment_says_nothing_and_its_key_never_lies_beside_it() {
    let world = World::begun("key");
    let marked = four().replace("0180;\n", "0180;MARKER-GROUND\n");
    world.chain(&["refer", &world.file("a.csv", &marked), "--on", "2023-01-10"]);
    let missing = world.with_key(&world.beside("none.key"), &["order"]);
    assert_eq!(missing.code, 3);
    assert!(missing.err.contains("filen finns inte"), "{}", missing.err);
    let beside = world.beside("other.key");
    let begin = |clinic: &str, key: &str| {
        world.run(&["chain", "begin", "--clinic", clinic, "--key", key, "--as", "anna"])
    };
    let nobody = world.run(&["chain", "begin", "--clinic", "sodersjukhuset", "--key", &beside]);
    assert_eq!(nobody.code, 2);
    assert!(nobody.err.contains("--as"), "{}", nobody.err);
    let other = begin("sodersjukhuset", &beside);
    assert_eq!(other.code, 0, "{}", other.err);
    let wrong = world.with_key(&beside, &["order"]);
    assert!(wrong.err.contains("förseglades med en annan"), "{}", wrong.err);
    let within = begin("danderyd", &world.inside("d.key"));
    assert_eq!(within.code, 3);
    assert!(within.err.contains("bredvid det den förseglar"), "{}", within.err);
    // A key that was moved there later is refused as well, and so is a folder of keys.
    let moved = world.inside("huddinge.key");
    std::fs::copy(world.beside("huddinge.key"), &moved).unwrap();
    let serve = ["serve", "--listen", "127.0.0.1:0", "--clinic-care-keys", &world.inside("")];
    for within in [world.with_key(&moved, &["order"]), world.run(&serve)] {
        assert_eq!(within.code, 3);
        assert!(within.err.contains("bredvid det den förseglar"), "{}", within.err);
    }
    std::fs::remove_file(&moved).unwrap();
    let no_clinic = begin("x", &beside);
    assert!(no_clinic.err.contains("ingen förlossningsklinik"), "{}", no_clinic.err);
    // What a row says, as it would stand in the file were it not sealed: its note, its keys, her number.
    for needle in ["MARKER-GROUND", "\"wants_vaginal\"", &reserve(1)] {
        assert!(!world.holds(needle), "`{needle}` stands in a file of the data folder");
    }
    // What stands open is found, so that not finding says something.
    let released = world.chain(&["release", "--year", "2023", "--book"]);
    assert_eq!(released.code, 0, "{}", released.err);
    assert!(world.holds("\"least_count\""));
}

/// Two women kept and paid, one paid without a referral, one kept and not paid; the delivery of one more is cancelled before it is paid.
#[test]
fn what_was_paid_and_what_was_followed_up_are_compared() {
    let world = World::begun("agree");
    let referrals = [
        HEADER.to_owned(),
        referral("R-1", 1, "2022-11-02;2023-05-10;;;;ja;nej;0180;"),
        referral("R-2", 2, "2022-11-02;2023-05-10;;;;ja;nej;0180;"),
        referral("R-3", 3, "2022-11-02;2023-05-10;;;;ja;nej;0180;"),
    ]
    .concat();
    world.chain(&["refer", &world.file("a.csv", &referrals), "--on", "2023-01-10"]);
    world.chain(&[
        "places",
        &world.file("p.csv", "team;month;midwives;women\nteam-a;2023-05;6;9\n"),
    ]);
    for id in ["R-1", "R-2", "R-3"] {
        for (step, on) in [
            ("offer", "2023-01-11"),
            ("accept", "2023-01-11"),
            ("start", "2023-02-01"),
            ("keep", "2023-05-15"),
        ] {
            let ran = world.chain(&[step, id, "--on", on, "--reason", "i tur"]);
            assert_eq!(ran.code, 0, "{}", ran.err);
        }
    }
    let contact = |id: &str, report: &str, on: &str, person: u32| {
        format!(
            "{id},{report},{on},karolinska-huddinge,{},delivery,2023-05-12,P05E,0180,ja\n",
            reserve(person)
        )
    };
    let contacts = [
        "contact_id,report,reported_on,unit,person,kind,care_date,drg,residence,enrolled\n"
            .to_owned(),
        contact("K-1", "new", "2023-05-20", 1),
        contact("K-2", "new", "2023-05-20", 2),
        contact("K-9", "new", "2023-05-20", 9),
        contact("K-3", "new", "2023-05-20", 3),
        contact("K-3", "cancellation", "2023-05-25", 3),
    ]
    .concat();
    let ran = world.run(&["import", &world.file("k.csv", &contacts), "--on", "2023-05-31"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let booked = world.run(&["settle", "--month", "2023-05", "--book", "--as", "bo"]);
    assert_eq!(booked.code, 0, "{}", booked.err);
    let found = world.chain(&["agree", "--format", "json"]);
    assert_eq!(found.code, 1, "{}", found.err);
    let rows = found.json();
    let told: Vec<_> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            let text = |key: &str| row[key].as_str().unwrap().to_owned();
            [text("kind"), text("referral"), text("contact_id")]
        })
        .collect();
    assert_eq!(told, [["paid-without-referral", "", "K-9"], ["kept-not-paid", "R-3", ""]]);
    let text = world.chain(&["agree"]).out;
    assert!(
        text.contains("2 förlossningar är betalda och påbörjade i kedjan, 2 skiljer sig"),
        "{text}"
    );
}

/// Of four women no figure may be told; of forty the figures are, and a change of two women is not released after them.
#[test]
fn the_region_gets_figures_that_say_nothing_of_one_woman() {
    let world = World::begun("figures");
    let few = world.chain(&["refer", &world.file("a.csv", &four()), "--on", "2023-01-10"]);
    assert_eq!(few.code, 0);
    let ran = world.chain(&["release", "--year", "2023", "--format", "json"]).json();
    assert!(
        ran["figures"][0]["referred"].is_null() && ran["figures"][0]["clinical"].is_null(),
        "{ran}"
    );
    // Nothing was released by looking.
    assert_eq!(
        world.run(&["chain", "figures", "--format", "json"]).json()["figures"]
            .as_array()
            .unwrap()
            .len(),
        0
    );
    let row = |n: u32| {
        let fear = if n.is_multiple_of(2) { "85;85;ja" } else { ";;" };
        referral(
            &format!("S-{n}"),
            n,
            &format!(
                "2022-11-02;2023-07-10;{fear};{};nej;0180;",
                if n.is_multiple_of(2) { "nej" } else { "ja" }
            ),
        )
    };
    let many = HEADER.to_owned() + &(10..46).map(row).collect::<String>();
    world.chain(&["refer", &world.file("b.csv", &many), "--on", "2023-01-10"]);
    let released = world.chain(&["release", "--year", "2023", "--book"]);
    assert_eq!(released.code, 0, "{}", released.err);
    let figures = world.run(&["chain", "figures", "--format", "json"]).json();
    let told = &figures["figures"][0];
    // 40 referred and 39 eligible: the one between them is withheld, and so is the figure above; 20 by fear and 19 by social grounds alone.
    assert!(told["referred"].is_null(), "{told}");
    assert_eq!((told["eligible"].as_i64(), told["offered"].as_i64()), (Some(39), Some(0)));
    assert_eq!((told["clinical"].as_i64(), told["social_alone"].as_i64()), (Some(20), Some(19)));
    let two = HEADER.to_owned() + &(46..48).map(row).collect::<String>();
    world.chain(&["refer", &world.file("c.csv", &two), "--on", "2023-01-10"]);
    let refused = world.chain(&["release", "--year", "2023", "--book"]);
    assert_eq!(refused.code, 3);
    assert!(refused.err.contains("färre än 5 kvinnor"), "{}", refused.err);
}

/// Forty women, then fifty, then thirty-eight of them eligible: twelve fewer than the last release, but two fewer than the first.
#[test]
fn a_release_is_held_against_every_earlier_one_of_its_year() {
    let world = World::begun("every-release");
    let row = |n: u32, is_eligible: bool| {
        let grounds = match (is_eligible, n.is_multiple_of(2)) {
            (false, _) => ";;;nej",
            (true, true) => "85;85;ja;nej",
            (true, false) => ";;;ja",
        };
        referral(&format!("S-{n}"), n, &format!("2022-11-02;2023-07-10;{grounds};nej;0180;"))
    };
    let enter = |name: &str, rows: String| {
        let file = world.file(name, &(HEADER.to_owned() + &rows));
        let ran = world.chain(&["refer", &file, "--on", "2023-01-10"]);
        assert_eq!(ran.code, 0, "{}", ran.err);
    };
    let release = || world.chain(&["release", "--year", "2023", "--book"]);
    enter("a.csv", (0..40).map(|n| row(n, true)).collect());
    let first = release();
    assert_eq!(first.code, 0, "{}", first.err);
    enter("b.csv", (40..50).map(|n| row(n, true)).collect());
    let second = release();
    assert_eq!(second.code, 0, "{}", second.err);
    enter("c.csv", (0..12).map(|n| row(n, false)).collect());
    let refused = release();
    assert_eq!(refused.code, 3, "{}", refused.out);
    assert!(refused.err.contains("färre än 5 kvinnor"), "{}", refused.err);
    // Eight more of them are corrected: thirty are ten fewer than the first, and far from the second too.
    enter("d.csv", (12..20).map(|n| row(n, false)).collect());
    let third = release();
    assert_eq!(third.code, 0, "{}", third.err);
}

/// A row that stands open is written without the key, by whoever can write the file.
#[test]
fn an_open_row_is_a_release_or_nothing_is_read() {
    let world = World::begun("open-row");
    world.chain(&["refer", &world.file("a.csv", &four()), "--on", "2023-01-10"]);
    world.forge(
        r#"{"event":"step","at":"","by":"x","referral":"R-2","step":"refuse","on":"2023-02-01","team":"","month":null,"note":"x"}"#,
    );
    for arguments in [&["list"][..], &["order"]] {
        let ran = world.chain(arguments);
        assert_eq!(ran.code, 3, "{}", ran.out);
        assert!(ran.err.contains("går inte att läsa"), "{}", ran.err);
    }
    assert_eq!(world.run(&["chain", "figures"]).code, 3);
}

#[test]
fn a_team_and_month_stated_twice_in_a_file_are_refused_with_line_and_field() {
    let world = World::begun("places-twice");
    let places = "team;månad;barnmorskor;platser\nteam-a;2023-05;6;1\nteam-b;2023-05;6;1\nteam-a;2023-05;6;20\n";
    let ran = world.chain(&["places", &world.file("p.csv", places)]);
    assert_eq!(ran.code, 3, "{}", ran.out);
    assert!(ran.err.contains("p.csv:4: fel bad-value: month = `2023-05`"), "{}", ran.err);
    assert!(ran.err.contains("står redan på rad 2"), "{}", ran.err);
    let kept = world.chain(&["places", "--format", "json"]).json();
    assert_eq!(kept.as_array().unwrap().len(), 0, "{kept}");
}

#[test]
fn nothing_is_entered_on_a_day_that_has_not_been() {
    let world = World::begun("future");
    let file = world.file("a.csv", &four());
    let ran = world.chain(&["refer", &file, "--on", "2199-01-01"]);
    assert_eq!(ran.code, 3, "{}", ran.out);
    assert!(ran.err.contains("har inte varit än"), "{}", ran.err);
    let listed = world.chain(&["list", "--format", "json"]).json();
    assert_eq!(listed.as_array().unwrap().len(), 0);
}

/// `generate` writes referrals with their truth; entered and released they come to the same counts.
#[test]
fn generated_referrals_come_to_what_was_made() {
    let world = World::begun("generated");
    let (out, clinic) = (world.beside("made"), "karolinska-huddinge");
    let books = ["--register", "ratebook/stockholm", "ratebook/demo"];
    let span = ["--from", "2023-01", "--to", "2023-12", "--scale", "300", "--out", &out];
    let made = world.generate(&[&books[..], &span].concat());
    assert_eq!(made.code, 0, "{}", made.err);
    let truth = std::fs::read(format!("{out}/vardkedjan/SYNTETISKA-DATA-facit-remisser.json"));
    let truth: serde_json::Value = serde_json::from_slice(&truth.unwrap()).unwrap();
    let truth = &truth[clinic]["2023"];
    let file = format!("{out}/vardkedjan/SYNTETISKA-DATA-remisser-{clinic}.csv");
    let entered = world.chain(&["refer", &file]);
    assert_eq!(entered.code, 0, "{}", entered.err);
    let told = world.chain(&["release", "--year", "2023", "--format", "json"]).json();
    let told = &told["figures"][0];
    let count = |json: &serde_json::Value, key: &str| json[key].as_i64().expect("a count");
    for key in ["referred", "eligible", "clinical"] {
        assert_eq!(count(told, key), count(truth, key), "{key}: {told} {truth}");
    }
    let social = count(truth, "eligible") - count(truth, "clinical");
    assert_eq!(count(told, "social_alone"), social);
    // Whoever needs it most goes first: no one with a social ground alone stands before somebody who is afraid.
    let order = world.chain(&["order", "--due", "2023-06", "--format", "json"]).json();
    let afraid = |row: &serde_json::Value| row["why"].as_str().unwrap().contains("rädsla (FOBS");
    let is_afraid: Vec<bool> = order.as_array().unwrap().iter().map(afraid).collect();
    assert!(is_afraid.contains(&true) && is_afraid.contains(&false), "{order}");
    assert!(is_afraid.is_sorted_by(|one, next| one >= next), "{order}");
}

#[test]
fn a_backup_has_the_compartment_sealed_and_doctor_sees_what_was_changed_in_it() {
    let world = World::begun("kept");
    world.chain(&["refer", &world.file("a.csv", &four()), "--on", "2023-01-10"]);
    let copy = world.beside("copy");
    let backed = world.run(&["backup", "--out", &copy]);
    assert_eq!(backed.code, 0, "{}", backed.err);
    let order = world.of_folder(&copy, &["order", "--due", "2023-05", "--format", "json"]).json();
    assert_eq!(order.as_array().unwrap().len(), 3);
    let restored = world.beside("restored");
    let back = world.run_on(&restored, &["restore", "--from", &copy]);
    assert_eq!(back.code, 0, "{}", back.err);
    let order =
        world.of_folder(&restored, &["order", "--due", "2023-05", "--format", "json"]).json();
    assert_eq!(order.as_array().unwrap().len(), 3);
    assert_eq!(world.run(&["doctor"]).code, 0);
    world.damage();
    let refused = world.run(&["backup", "--out", &world.beside("copy-2")]);
    assert_eq!(refused.code, 3, "{}", refused.out);
    let doctor = world.run(&["doctor"]);
    assert_eq!(doctor.code, 1, "{}", doctor.out);
    assert!(doctor.out.contains("karolinska-huddinge"), "{}", doctor.out);
}
