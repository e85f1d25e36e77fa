//! Uppföljning in the workplace: what is shown beside the indicators follows from what may be told.
//!
//! Owns: that tables of a page agree with the rows of the commands. Does not own: the statistics (tests of `follow`).

use super::support::Server;
use serde_json::Value;
use std::collections::BTreeMap;

/// The rows of a table of a page, by the keys of its columns.
fn rows(server: &Server, session: &str, path: &str) -> Vec<BTreeMap<String, String>> {
    let answer = server.get(session, path);
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(answer.body.as_bytes());
    let header = reader.headers().expect("a header").clone();
    let row = |record: csv::StringRecord| {
        let cells = header.iter().zip(&record);
        cells.map(|(key, cell)| (key.to_owned(), cell.to_owned())).collect()
    };
    reader.records().map(|record| row(record.expect("a row"))).collect()
}

fn indicators(server: &Server, more: &[&str]) -> Vec<Value> {
    let asked = ["follow", "indicators", "--year", "2021", "--indicator", "caesarean"];
    let told = server.command(&[&asked[..], more].concat());
    told["rows"].as_array().expect("rows").clone()
}

fn group(row: &Value) -> &str {
    row["group"].as_str().unwrap_or_default()
}

#[test]
fn what_is_no_year_is_told_and_not_forbidden() {
    let server = Server::of_demo();
    let session = server.role("controller");
    for path in ["/uppfoljning?ar=99999", "/bemanning?ar=x", "/uppfoljning/caesarean?ar=20"] {
        let answer = server.get(&session, path);
        assert_eq!(answer.status, 400, "{path}");
        assert!(answer.body.contains("från 1900 till 2999"), "{path}: {}", answer.body);
    }
}

/// Counted over what the region's shares of first and later births give among the clinic's own.
#[test]
fn a_ratio_to_what_was_expected_follows_from_told_numbers_alone() {
    let server = Server::of_demo();
    let session = server.role("controller");
    let path = "/uppfoljning/caesarean?ar=2021&efter=parity&standardiserat.as=csv";
    let region = indicators(&server, &["--by", "parity"]);
    let clinics = indicators(&server, &["--by", "unit"]);
    let mut compared = 0;
    for row in rows(&server, &session, path) {
        let unit = row["group"].as_str();
        let own = clinics.iter().find(|clinic| group(clinic) == unit).expect("the clinic");
        let Ok(expected) = row["expected"].parse::<f64>() else { continue };
        assert_eq!(row["observed"], own["count"].to_string(), "{unit}");
        let groups = indicators(&server, &["--by", "parity", "--unit", unit]);
        let of_group = |told: &Value| {
            let rate = region.iter().find(|row| group(row) == group(told))?["value"].as_f64();
            Some(told["of"].as_f64()? * rate?)
        };
        let parts: Vec<_> =
            groups.iter().filter(|row| row["group"].is_string()).map(of_group).collect();
        if let Some(parts) = parts.into_iter().collect::<Option<Vec<f64>>>() {
            let sum: f64 = parts.iter().sum();
            assert!((sum - expected).abs() < 1e-6, "{unit}: {sum} and {expected}");
            let ratio: f64 = row["ratio"].parse().expect("a ratio");
            assert!((ratio - own["count"].as_f64().expect("a count") / sum).abs() < 1e-6);
            compared += 1;
        }
    }
    assert!(compared > 0, "no clinic could be compared");
    // A clinic's own economist sees its own clinic alone.
    let provider = server.role("provider:danderyds-sjukhus-ab");
    let own = rows(&server, &provider, path);
    assert!(own.iter().all(|row| row["group"] == "danderyd"), "{own:?}");
}

#[test]
fn a_funnel_says_its_limits_and_whether_clinics_differ_by_more_than_chance() {
    let server = Server::of_demo();
    let session = server.role("auditor");
    let page = server.get(&session, "/uppfoljning/caesarean?ar=2021").body;
    assert!(page.contains("φ = "), "{page}");
    let clinics = indicators(&server, &["--by", "unit"]);
    let told = rows(&server, &session, "/uppfoljning/caesarean?ar=2021&tratt.as=csv");
    assert!(told.len() >= 3, "{told:?}");
    for row in &told {
        let own = clinics.iter().find(|clinic| group(clinic) == row["group"]).expect("the clinic");
        assert_eq!(row["of"], own["of"].to_string());
        let ends = |key: &str| -> Vec<f64> {
            let ends =
                row[key].split('–').map(|end| end.replace(',', ".").parse().expect("a number"));
            ends.collect()
        };
        let (inner, outer) = (ends("inner"), ends("outer"));
        assert!(outer[0] <= inner[0] && inner[0] < inner[1] && inner[1] <= outer[1], "{row:?}");
        let value = own["value"].as_f64().expect("a share") * 100.0;
        let is_inside = (inner[0] - 0.05..=inner[1] + 0.05).contains(&value);
        assert!(is_inside || row["judged"].contains("gränsen"), "{row:?}");
    }
}

#[test]
fn continuity_is_told_within_like_numbers_of_contacts() {
    let server = Server::of_demo();
    let session = server.role("controller");
    let told = rows(&server, &session, "/uppfoljning/antenatal-coc?ar=2021&kontinuitet.as=csv");
    assert_eq!(told.len(), 8, "{told:?}");
    // The bands of a phase are its pregnancies, and the mean of all is that of the bands.
    for phase in told.chunks(4) {
        let number = |row: &BTreeMap<String, String>, key: &str| row[key].parse::<f64>().ok();
        let parts: Option<Vec<(f64, f64)>> =
            phase[1..].iter().map(|row| Some((number(row, "of")?, number(row, "coc")?))).collect();
        let (Some(of), Some(coc)) = (number(&phase[0], "of"), number(&phase[0], "coc")) else {
            continue;
        };
        if let Some(parts) = parts {
            let sum: f64 = parts.iter().map(|(of, _)| of).sum();
            assert_eq!(sum, of);
            let mean = parts.iter().map(|(of, mean)| of * mean).sum::<f64>() / of;
            assert!((mean - coc).abs() < 1e-6, "{mean} and {coc}");
        }
    }
    let page = server.get(&session, "/uppfoljning/caesarean?ar=2021").body;
    assert!(!page.contains("kontinuitet.as"), "caesareans are not about continuity");
}

/// Who may sees what a year would be published as, and publishes what was shown; everybody sees that it is published.
#[test]
fn a_year_is_published_by_who_may_and_shown_as_published() {
    let server = Server::of_demo();
    let (controller, auditor) = (server.role("controller"), server.role("auditor"));
    let overview = |session: &str| server.get(session, "/uppfoljning?ar=2021").body;
    assert!(overview(&auditor).contains("2021 är inte publicerat."));
    assert!(!overview(&auditor).contains("/uppfoljning/publicera"));
    assert!(overview(&controller).contains("/uppfoljning/publicera?ar=2021"));
    assert_eq!(server.get(&auditor, "/uppfoljning/publicera?ar=2021").status, 403);
    let shown = server.made(&controller, "/uppfoljning/publicera?ar=2021").body;
    let known_on = shown.split("name=\"kand\" value=\"").nth(1).expect("a day").get(..10);
    let hash = shown.split("name=\"hash\" value=\"").nth(1).expect("a hash").get(..64);
    let (known_on, hash) = (known_on.expect("a day"), hash.expect("a hash"));
    let send = |hash: &str| {
        let form = format!("ar=2021&kand={known_on}&hash={hash}");
        server.post(&controller, "/uppfoljning/publicera", &form)
    };
    let refused = send(&"0".repeat(64));
    assert!(refused.body.contains("nderlaget är inte längre det som visades"), "{}", refused.body);
    let done = send(hash);
    assert_eq!(done.status, 303, "{}", done.body);
    let said = format!("som känt {known_on}");
    assert!(overview(&auditor).contains("2021: som publicerat"), "{}", overview(&auditor));
    assert!(overview(&auditor).contains(&said));
    for path in ["/uppfoljning/caesarean?ar=2021", "/bemanning?ar=2021"] {
        assert!(server.get(&auditor, path).body.contains("2021: som publicerat"), "{path}");
    }
    let again = server.made(&controller, "/uppfoljning/publicera?ar=2021").body;
    assert!(again.contains("Inget har ändrats sedan det publicerades."), "{again}");
    let told = server.command(&["follow", "indicators", "--year", "2021"]);
    assert_eq!(told["rows"][0]["as_published"], known_on);
}
