//! Contacts that two units report, and a month that is settled twice: by hand.

use super::{checked, folder, python, receipt, run};
use app::bundle::{Outcome, unpack};
use app::data::DataFolder;
use std::fs;

const HEAD: &str = "contact_id,report,reported_on,unit,person,kind,care_date,drg,residence,individual,gestational_days\n";

#[test]
fn a_contact_that_moves_and_a_month_that_is_settled_twice_are_accepted() {
    let folder = folder("moved");
    let data = folder.join("data").to_string_lossy().into_owned();
    let done = |arguments: &[&str]| {
        let (code, told) = run(&[arguments, &["--data", &data]].concat());
        assert_eq!(code, 0, "{arguments:?}: {told}");
    };
    let import = |name: &str, rows: &str| {
        let file = folder.join(name);
        fs::write(&file, format!("{HEAD}{rows}")).unwrap();
        done(&["import", &file.to_string_lossy()]);
    };
    let settle = |month: &str| done(&["settle", "--month", month, "--book"]);
    done(&["init"]);
    done(&["register", "load", "ratebook/stockholm", "ratebook/demo", "--replay-known"]);
    import(
        "1.csv",
        "K1,,2023-01-12,karolinska-huddinge,p-1,delivery,2023-01-10,P05E,0180,,\n\
         K2,,2023-01-12,karolinska-huddinge,p-2,delivery,2023-01-11,P05E,0180,,\n\
         B1,,2023-01-20,bmm-narcissen,p-1,midwife-visit,2023-01-05,,0180,1,80\n",
    );
    settle("2023-01");
    // K1 was sodersjukhuset's; an earlier visit of p-1 at another clinic takes the period of B1.
    import(
        "2.csv",
        "K1,correction,2023-02-10,sodersjukhuset,p-1,delivery,2023-01-10,P05E,0180,,\n\
         B2,,2023-02-11,bmm-nyponrosen,p-1,midwife-visit,2023-01-03,,0180,1,78\n",
    );
    settle("2023-02");
    import("3.csv", "K3,,2023-02-20,sodersjukhuset,p-3,delivery,2023-02-19,P05E,0180,,\n");
    settle("2023-02");
    let mut open = DataFolder::open(folder.join("data").as_path()).unwrap();
    let mut files = Vec::new();
    let mut outcomes = |unit: &str, month: &str, settlements: usize| {
        let bytes = receipt(&mut open, unit, month);
        assert!(checked(&bytes).unwrap().is_accepted());
        let manifest = unpack(&bytes).unwrap().1;
        assert_eq!(manifest.settlements.len(), settlements, "{unit} {month}");
        let file = folder.join(format!("{unit}-{month}.zip"));
        fs::write(&file, bytes).unwrap();
        files.push(file);
        let mut given: Vec<(String, Outcome)> =
            manifest.given.into_iter().map(|fact| (fact.contact_id, fact.outcome)).collect();
        given.sort();
        given.dedup();
        given
    };
    let of = |id: &str, outcome| vec![(id.to_owned(), outcome)];
    assert_eq!(outcomes("karolinska-huddinge", "2023-01", 1), []);
    assert_eq!(outcomes("karolinska-huddinge", "2023-02", 2), of("K1", Outcome::Elsewhere));
    assert_eq!(outcomes("sodersjukhuset", "2023-02", 2), of("K1", Outcome::ReportedElsewhere));
    assert_eq!(outcomes("bmm-narcissen", "2023-01", 1), []);
    assert_eq!(outcomes("bmm-narcissen", "2023-02", 2), of("B1", Outcome::IncludedInPeriod));
    assert_eq!(outcomes("bmm-nyponrosen", "2023-02", 2), []);
    assert!(python(&files).is_none_or(|verdicts| !verdicts.contains(&false)));
}
