//! From a preview to the bank: drafts, attest, booking, undo, closing, payments; who may do it, and that pages say what commands say.

use super::support::{Answer, Server};

/// The month after the last of the demo.
const NEXT: &str = "2021-07";
const LAST: &str = "2021-06";
const OWN: &str = "danderyds-sjukhus-ab";

/// The hidden fields of the form that is sent somewhere, as they are sent.
fn form(page: &str, action: &str) -> String {
    let start = format!("method=\"post\" action=\"{action}\">");
    let (_, rest) = page.split_once(&start).unwrap_or_else(|| panic!("no form {action}: {page}"));
    let (inside, _) = rest.split_once("</form>").expect("its end");
    let hidden = inside.split("<input type=\"hidden\" name=\"").skip(1);
    let fields = hidden.filter_map(|one| {
        let (name, rest) = one.split_once("\" value=\"")?;
        Some(format!("{name}={}", rest.split('"').next()?))
    });
    fields.collect::<Vec<_>>().join("&")
}

fn has_form(page: &str, action: &str) -> bool {
    page.contains(&format!("method=\"post\" action=\"{action}\""))
}

/// A column of a table of a page.
fn column(csv: &str, name: &str) -> Vec<String> {
    let mut lines = csv.lines();
    let at = lines.next().and_then(|head| head.split(',').position(|key| key == name));
    let at = at.unwrap_or_else(|| panic!("no column {name}: {csv}"));
    lines.map(|line| cells(line).get(at).cloned().unwrap_or_default()).collect()
}

/// The cells of a line; a comma within quotes divides none.
fn cells(line: &str) -> Vec<String> {
    let (mut cells, mut is_quoted) = (vec![String::new()], false);
    for c in line.chars() {
        match (c, cells.last_mut()) {
            ('"', _) => is_quoted = !is_quoted,
            (',', _) if !is_quoted => cells.push(String::new()),
            (c, Some(cell)) => cell.push(c),
            (_, None) => {}
        }
    }
    cells
}

fn sum(csv: &str, name: &str) -> i64 {
    column(csv, name).iter().map(|amount| amount.parse::<i64>().unwrap_or(0)).sum()
}

fn preview(month: &str) -> String {
    format!("/avrakning/{month}/forhandsvisning")
}

/// Puts the next month down as somebody.
fn draft(server: &Server, session: &str, month: &str) -> Answer {
    let address = preview(month);
    let page = server.made(session, &address);
    let shown = form(&page.body, &address);
    server.post(session, &address, &shown)
}

#[test]
fn a_preview_says_what_the_command_says() {
    let server = Server::of_demo();
    let session = server.named("controller", "anna");
    // As known today: the month's own day of settlement has passed. As of that day where it is asked for.
    let page = server.made(&session, &preview(NEXT)).body;
    let shown = form(&page, &preview(NEXT));
    let on = shown.split("on=").nth(1).and_then(|rest| rest.split('&').next()).expect("a day");
    assert!(on > "2026-11", "{on}");
    assert!(page.contains("ordinarie avräkningsdag är 2021-08-04"), "{page}");
    assert!(page.contains("har beslutats sedan dess"), "{page}");
    let own = server.made(&session, &format!("{}?on=2021-08-04", preview(NEXT))).body;
    let own_said = server.command(&["settle", "--month", NEXT, "--preview"]);
    assert!(own.contains(own_said["total"].as_str().expect("a total")));
    assert!(!own.contains("ordinarie avräkningsdag"), "{own}");
    let earlier = server.made(&session, &format!("{}?on=2021-08-02", preview(NEXT))).body;
    assert!(earlier.contains("det som blir känt först efter 2021-08-02 räknas inte"), "{earlier}");
    assert!(!earlier.contains("har beslutats sedan dess"), "{earlier}");
    let said = server.command(&["settle", "--month", NEXT, "--preview", "--on", on]);
    let hash = said["hash"].as_str().expect("a hash");
    assert!(form(&page, &preview(NEXT)).contains(&format!("hash={hash}")));
    assert!(page.contains(said["total"].as_str().expect("a total")));
    let csv = server.made(&session, &format!("{}?enheter.as=csv", preview(NEXT))).body;
    assert_eq!(sum(&csv, "amount_ore"), said["total_ore"].as_i64().expect("a total"));
    let shadow: i64 = said["shadow"]
        .as_array()
        .expect("shadows")
        .iter()
        .filter_map(|row| row["amount_ore"].as_i64())
        .sum();
    assert_eq!(sum(&csv, "shadow_ore"), shadow);
}

#[test]
fn months_and_units_say_what_was_booked() {
    let server = Server::of_demo();
    let session = server.named("auditor", "rut");
    let said = server.command(&["settlements"]);
    let csv = server.get(&session, "/avrakning?manader.as=csv").body;
    let mut totals: Vec<String> = said["settlements"]
        .as_array()
        .expect("settlements")
        .iter()
        .map(|one| one["total_ore"].to_string())
        .collect();
    totals.reverse();
    assert!(!totals.is_empty());
    assert_eq!(column(&csv, "total_ore"), totals);
    let units = server.get(&session, &format!("/avrakning/{LAST}?enheter.as=csv")).body;
    assert_eq!(sum(&units, "amount_ore").to_string(), totals[0]);
    let change = server.get(&session, &format!("/avrakning/{LAST}?forandring.as=csv")).body;
    assert_eq!(sum(&change, "now_ore").to_string(), totals[0]);
    assert_eq!(sum(&change, "before_ore").to_string(), totals[1]);
}

#[test]
fn one_drafts_another_attests_and_the_month_is_booked() {
    let server = Server::of_demo();
    let anna = server.named("controller", "anna");
    let bo = server.named("controller", "bo");
    let required = server.post(&anna, "/avrakning/attestkrav", "attest=required");
    assert_eq!(required.status, 303, "{}", required.body);
    let page = server.made(&anna, &preview(NEXT)).body;
    assert!(!has_form(&page, &format!("{}/bokfor", preview(NEXT))), "nothing is attested yet");
    let drafted = draft(&server, &anna, NEXT);
    assert_eq!(drafted.status, 303, "{}", drafted.body);
    let month = format!("/avrakning/{NEXT}");
    let attest = format!("{month}/attestera");
    let hers = server.get(&anna, &month).body;
    assert!(!has_form(&hers, &attest) && hers.contains("En annan person attesterar"));
    let his = server.get(&bo, &month).body;
    let shown = form(&his, &attest);
    let own = server.post(&anna, &attest, &shown);
    assert_eq!(own.status, 422, "the drafter may not attest");
    assert!(own.body.contains("anna"), "{}", own.body);
    assert_eq!(server.post(&bo, &attest, &shown).status, 303);
    let ready = server.get(&bo, &month).body;
    let booked =
        server.post(&bo, &format!("{month}/bokfor"), &form(&ready, &format!("{month}/bokfor")));
    assert_eq!(booked.status, 303, "{}", booked.body);
    let settlements = server.command(&["settlements"]);
    let last = settlements["settlements"].as_array().and_then(|all| all.last()).expect("one");
    assert_eq!(last["month"], NEXT);
    let books = server.command(&["books", "show"]);
    let draft = &books["drafts"][0];
    assert_eq!((&draft["by"], &draft["attested_by"]), (&"anna".into(), &"bo".into()));
    assert_eq!(draft["booked_as"], last["id"]);
    assert!(server.get(&anna, "/avrakning").body.contains("augusti 2021"), "the next month");
}

#[test]
fn what_has_changed_since_is_told_and_nothing_is_booked() {
    let server = Server::of_demo();
    let anna = server.named("controller", "anna");
    let address = format!("{}/bokfor", preview(NEXT));
    let page = server.made(&anna, &preview(NEXT)).body;
    let shown = form(&page, &address);
    let last = server.command(&["settlements"])["settlements"]
        .as_array()
        .and_then(|all| all.last().cloned())
        .expect("one");
    let id = last["id"].as_str().expect("an id");
    let undone = server.post(
        &anna,
        &format!("/avrakning/{LAST}/backa"),
        &format!("settlement={id}&reason=prov"),
    );
    assert_eq!(undone.status, 303, "{}", undone.body);
    let stale = server.post(&anna, &address, &shown);
    assert_eq!(stale.status, 422);
    assert!(
        stale.body.contains("bokfört eller backat") && stale.body.contains(id),
        "{}",
        stale.body
    );
    let settlements = server.command(&["settlements"]);
    let months = settlements["settlements"].as_array().expect("settlements");
    assert!(months.iter().all(|one| one["month"] != NEXT && one["month"] != LAST));
}

#[test]
fn a_closed_month_refuses_until_it_is_opened() {
    let server = Server::of_demo();
    let anna = server.named("controller", "anna");
    let id = server.command(&["settlements"])["settlements"]
        .as_array()
        .and_then(|all| all.last()?["id"].as_str().map(str::to_owned))
        .expect("an id");
    let undo = format!("/avrakning/{LAST}/backa");
    let reason = format!("settlement={id}&reason=prov");
    let closed = server.post(&anna, "/avrakning/stang", &format!("period={LAST}"));
    assert_eq!(closed.status, 303, "{}", closed.body);
    assert!(server.get(&anna, "/avrakning").body.contains("stängd"));
    let page = server.get(&anna, &format!("/avrakning/{LAST}")).body;
    assert!(!has_form(&page, &undo));
    assert_eq!(server.post(&anna, &undo, &reason).status, 422);
    let unsaid = server.post(&anna, "/avrakning/oppna", &format!("period={LAST}"));
    assert_eq!(unsaid.status, 422, "a reason is asked for");
    let opened = server.post(&anna, "/avrakning/oppna", &format!("period={LAST}&reason=fel"));
    assert_eq!(opened.status, 303, "{}", opened.body);
    assert_eq!(server.post(&anna, &undo, &reason).status, 303);
}

#[test]
fn payments_go_to_the_bank_and_come_back() {
    let server = Server::of_demo();
    let anna = server.named("controller", "anna");
    let before = server.command(&["pay", "show"]);
    let page = server.get(&anna, "/betalningar").body;
    let shown = form(&page, "/betalningar");
    assert_eq!(shown, format!("total={}", before["to_pay_ore"]));
    assert_eq!(server.post(&anna, "/betalningar", "total=1").status, 422);
    assert_eq!(server.post(&anna, "/betalningar", &shown).status, 303);
    let csv = server.get(&anna, "/betalningar/b-1?mottagare.as=csv").body;
    assert_eq!(sum(&csv, "amount_ore").to_string(), before["to_pay_ore"].to_string());
    let first = column(&csv, "payee").remove(0);
    let back = server.post(&anna, "/betalningar/b-1/atersand", &format!("payee={first}"));
    assert_eq!(back.status, 303, "{}", back.body);
    assert_eq!(server.post(&anna, "/betalningar/b-1/betald", "payee=").status, 303);
    let after = server.command(&["pay", "show"]);
    let of_payments = after["payments"].as_array().expect("payments");
    let of_state = |state: &str| of_payments.iter().filter(|one| one["state"] == state).count();
    assert_eq!((of_state("returned"), of_state("paid")), (1, of_payments.len() - 1));
}

#[test]
fn files_of_made_up_payments_need_a_tick_and_say_what_they_are() {
    let server = Server::of_demo();
    let anna = server.named("controller", "anna");
    let shown = form(&server.get(&anna, "/betalningar").body, "/betalningar");
    assert_eq!(server.post(&anna, "/betalningar", &shown).status, 303);
    let file = "/betalningar/b-1/pain001";
    assert_eq!(server.get(&anna, file).status, 422);
    for (path, start) in [
        (format!("{file}?syntetisk=1"), "<?xml"),
        ("/betalningar/bok?ar=2021&form=hledger".to_owned(), ""),
        ("/betalningar/bok?ar=2021&form=sie".to_owned(), "#FLAGGA"),
    ] {
        let got = server.get(&anna, &path);
        assert_eq!(got.status, 200, "{path}: {}", got.body);
        assert!(got.header("content-disposition").contains("SYNTETISKA-DATA-"), "{path}");
        assert!(got.body.contains(start), "{path}: {}", got.body);
    }
}

#[test]
fn an_auditor_sees_and_changes_nothing_and_a_clinic_sees_its_own() {
    let server = Server::of_demo();
    let auditor = server.named("auditor", "rut");
    let clinic = server.role(&format!("provider:{OWN}"));
    let deeds = server.command(&["books", "log"]);
    for path in
        ["/avrakning", "/avrakning/konton", "/avrakning/bro", "/avrakning/upplupet", "/betalningar"]
    {
        let page = server.made(&auditor, path);
        assert_eq!(page.status, 200, "{path}");
        assert!(!page.body.contains("button--primary"), "{path} has a button");
    }
    let page = server.made(&auditor, &preview(NEXT)).body;
    assert!(!page.contains("button--primary"));
    let month = format!("/avrakning/{LAST}");
    let acts = [
        preview(NEXT),
        format!("{}/bokfor", preview(NEXT)),
        format!("{month}/attestera"),
        format!("{month}/bokfor"),
        format!("{month}/backa"),
        "/avrakning/stang".to_owned(),
        "/avrakning/oppna".to_owned(),
        "/avrakning/attestkrav".to_owned(),
        "/avrakning/upplupet".to_owned(),
        "/avrakning/upplupet/aterfor".to_owned(),
        "/betalningar".to_owned(),
        "/betalningar/b-1/betald".to_owned(),
        "/betalningar/b-1/atersand".to_owned(),
    ];
    for act in &acts {
        for session in [&auditor, &clinic] {
            let answer = server.post(session, act, "attest=required&period=2021-06&total=0");
            assert_eq!(answer.status, 403, "{act}");
        }
    }
    assert_eq!(server.command(&["books", "log"]), deeds);
    let closed = [
        "/avrakning/konton",
        "/avrakning/bro?from=2021-01-31",
        "/avrakning/upplupet",
        "/betalningar",
        "/betalningar/bok?ar=2021&form=sie",
    ];
    for path in closed.into_iter().chain([preview(NEXT).as_str()]) {
        assert_eq!(server.get(&clinic, path).status, 404, "{path}");
    }
    let units = server.get(&clinic, &format!("{month}?enheter.as=csv")).body;
    assert_eq!(column(&units, "unit"), ["danderyd"]);
    let all = server.get(&auditor, &format!("{month}?enheter.as=csv")).body;
    let line = all.lines().find(|line| line.starts_with("danderyd,"));
    assert_eq!(units.lines().nth(1), line);
    let months = server.get(&clinic, "/avrakning?manader.as=csv").body;
    let own = column(&units, "amount_ore");
    assert_eq!(column(&months, "amount_ore").first(), own.first());
}

#[test]
fn accounts_and_bridges_say_what_the_commands_say() {
    let server = Server::of_demo();
    let anna = server.named("controller", "anna");
    let said = server.command(&["books", "balance", "--by", "unit"]);
    let csv = server.made(&anna, "/avrakning/konton?per=unit&konton.as=csv").body;
    assert_eq!(sum(&csv, "balance_ore"), 0);
    assert_eq!(csv.lines().count() - 1, said["rows"].as_array().expect("rows").len());
    let said = server.command(&["bridge", "--from", "2021-03-31", "--to", "2021-06-30"]);
    let bridge = "/avrakning/bro?from=2021-03-31&to=2021-06-30";
    let csv = server.made(&anna, &format!("{bridge}&steg.as=csv")).body;
    let rows = said["rows"].as_array().expect("rows");
    assert_eq!(csv.lines().count() - 1, rows.len());
    let change: i64 = rows.iter().filter_map(|row| row["amount_ore"].as_i64()).sum();
    assert_eq!(sum(&csv, "amount_ore"), change);
    let closing = said["closing"]["payable"].as_str().expect("a sum").trim_end_matches("\u{a0}kr");
    assert!(server.made(&anna, bridge).body.contains(closing));
}

#[test]
fn what_is_not_reported_is_accrued_and_released() {
    let server = Server::of_demo();
    let anna = server.named("controller", "anna");
    let path = format!("/avrakning/upplupet?manad={LAST}");
    let page = server.made(&anna, &path).body;
    let said = server.command(&["accrue", "unreported", "--month", LAST]);
    let shown = form(&page, "/avrakning/upplupet");
    assert_eq!(shown, format!("manad={LAST}&total={}", said["expected_ore"]));
    let other = server.post(&anna, "/avrakning/upplupet", &format!("manad={LAST}&total=1"));
    assert_eq!(other.status, 422);
    assert_eq!(server.post(&anna, "/avrakning/upplupet", &shown).status, 303);
    assert_eq!(server.post(&anna, "/avrakning/upplupet", &shown).status, 422, "once");
    let released = server.post(&anna, "/avrakning/upplupet/aterfor", &format!("accrual=e-{LAST}"));
    assert_eq!(released.status, 303, "{}", released.body);
    assert_eq!(server.command(&["books", "show"])["accruals"][0]["released"], true);
}
