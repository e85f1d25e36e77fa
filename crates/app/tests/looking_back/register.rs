//! `register show`: the timeline of an element, and what became known between two days.

use super::{ask, list, number, region, run, text};
use serde_json::Value;
use std::collections::BTreeSet;

fn show(arguments: &[&str]) -> Value {
    ask(&[&["register", "show"], arguments].concat())
}

fn ids(facts: &[Value]) -> Vec<&str> {
    facts.iter().map(|fact| text(fact, "id")).collect()
}

#[test]
fn the_timeline_of_an_element_has_every_rate_and_since_when_it_was_known() {
    let shown = show(&["continuity-add-on", "--known-on", "2023-01-31"]);
    let facts = list(&shown, "facts");
    assert_eq!(ids(facts), ["continuity-2022", "continuity-2023"]);
    let [old, new] = facts.as_slice() else { panic!("{shown}") };
    assert_eq!((number(old, "amount_ore"), number(new, "amount_ore")), (740_000, 1_420_000));
    assert_eq!((text(new, "known_from"), text(new, "recorded_on")), ("2023-01-31", "2023-01-31"));
    assert_eq!(new["decision"], "hsn-2023-01-raise");
    let replaced = &old["replaced_by"][0];
    assert_eq!(
        (text(replaced, "rate"), text(replaced, "valid_from")),
        ("continuity-2023", "2023-01-01")
    );
    assert_eq!(new["replaces"], serde_json::json!(["continuity-2022"]));
    // The day before nobody knew of the raise.
    let before = show(&["continuity-add-on", "--known-on", "2023-01-30"]);
    assert_eq!(ids(list(&before, "facts")), ["continuity-2022"]);
    assert!(list(&list(&before, "facts")[0], "replaced_by").is_empty());
}

#[test]
fn the_register_of_two_days_differs_by_what_became_known() {
    let shown = show(&["--known-on", "2023-01-30", "--against", "2023-01-31"]);
    let changes = list(&shown, "changes");
    let told = |change: &str| -> BTreeSet<&str> {
        let of = changes.iter().filter(|one| one["change"] == change);
        of.map(|one| text(&one["fact"], "id")).collect()
    };
    assert_eq!(told("added"), BTreeSet::from(["continuity-2023", "home-birth-2023"]));
    assert_eq!(told("replaced"), BTreeSet::from(["continuity-2022", "home-birth-2020"]));
    for change in changes {
        assert_eq!(change["by"]["decision"], "hsn-2023-01-raise");
        assert_eq!(change["by"]["recorded_on"], "2023-01-31");
    }
    let rates = show(&["rates", "--known-on", "2023-01-30", "--against", "2023-01-31"]);
    assert_eq!(rates["changes"], shown["changes"]);
    let units = show(&["units", "--known-on", "2023-01-30", "--against", "2023-01-31"]);
    assert!(list(&units, "changes").is_empty());
    let backwards = ["register", "show", "--known-on", "2023-01-31", "--against", "2023-01-30"];
    assert_eq!(run(&[&backwards[..], &["--data", region()]].concat()).code, 2);
}

#[test]
fn the_register_is_shown_by_kind_by_id_and_by_day() {
    let all = show(&["--known-on", "2023-01-31"]);
    let facts = list(&all, "facts");
    let mut kinds: Vec<&str> = facts.iter().map(|fact| text(fact, "kind")).collect();
    kinds.dedup();
    let expected = "region provider unit agreement assignment capacity rate weight key payer \
        appropriation commission eligibility account payee indicator target disclosure";
    let expected: Vec<&str> = expected.split_whitespace().filter(|k| kinds.contains(k)).collect();
    assert_eq!(kinds, expected, "kinds stand together, in one order");
    assert!(kinds.len() > 7);
    for kind in kinds {
        let shown = show(&[kind, "--known-on", "2023-01-31"]);
        let of_kind = facts.iter().filter(|fact| text(fact, "kind") == kind);
        assert!(of_kind.eq(list(&shown, "facts")), "{kind}");
    }
    let decided = show(&["hsn-2023-01-raise"]);
    assert!(list(&decided, "facts").len() > 2);
    let held = show(&["danderyd", "--valid-on", "2023-01-31"]);
    let held: BTreeSet<&str> = list(&held, "facts").iter().map(|fact| text(fact, "kind")).collect();
    assert!(held.is_superset(&BTreeSet::from(["unit", "assignment", "capacity"])), "{held:?}");
    let unknown = run(&["register", "show", "continuity-addon", "--data", region()]);
    assert_eq!((unknown.code, unknown.out.as_str()), (3, ""));
    assert!(unknown.err.contains("`continuity-add-on`"), "{}", unknown.err);
    let csv = run(&["register", "show", "rates", "--data", region(), "--format", "csv"]);
    assert!(csv.out.starts_with("kind,id,element,valid_from,valid_to,value,state,decision,"));
    let table = run(&["register", "show", "rates", "--data", region()]);
    assert!(table.out.contains("Känt från") && table.out.contains("Infört"), "{}", table.out);
}
