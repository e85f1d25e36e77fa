//! The tables of state grants: each read, and each with its faults.

use super::{day, fact, faults, one, told};
use kernel::fact::{
    ActKind, AllocationRule, Fact, Figure, FocusArea, Grant, GrantAct, GrantPart, Heading, Item,
    Mandate, Over, Pay, Precision, ShareKey, Units,
};
use kernel::finding::Code;
use kernel::money::{Money, Ratio, Rounding};
use kernel::time::Period;

fn kronor(kronor: i64) -> Money {
    Money::from_kronor(kronor)
}

/// An exact amount, printed to the unit of `last_digit` kronor.
fn exact(amount: i64, last_digit: i64) -> Figure {
    let (amount, last_digit) = (kronor(amount), kronor(last_digit));
    Figure { amount, precision: Precision::Exact, last_digit }
}

fn heading(rule: &str) -> String {
    format!("[[heading]]\nid = \"h\"\ngrant = \"g\"\nrule = {rule}\n")
}

fn rule(rule: &str) -> AllocationRule {
    match fact(&heading(rule)) {
        Fact::Heading(heading) => heading.rule,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_grant_says_how_exact_its_amount_is() {
    let text = "[[grant]]\nid = \"g\"\nyear = 2023\npayer = \"staten\"\namount = \"336,4 mkr\"\nprecision = \"at-least\"\n";
    let Fact::Grant(grant) = fact(text) else { panic!() };
    let figure = Figure {
        amount: kronor(336_400_000),
        precision: Precision::AtLeast,
        last_digit: kronor(100_000),
    };
    assert_eq!((grant.amount, grant.payer.as_deref()), (figure, Some("staten")));
    let whole = "[[grant]]\nid = \"g\"\nyear = 2025\namount = \"3 kr\"\n\
         parts = [{ name = \"befolkning\", amount = \"2 kr\" }, { name = \"landsbygd\", amount = \"1 kr\" }]\n\
         case_numbers = [\"HSN 1\", \"S2025/1\"]\nreceived_on = 2025-03-01\nreport_due = 2026-03-31\n\
         carry_forward = true\nlast = true\n";
    let part = |name: &str, amount| GrantPart { name: name.to_owned(), amount: kronor(amount) };
    let expected = Grant {
        id: "g".into(),
        year: 2025,
        payer: None,
        amount: exact(3, 1),
        parts: vec![part("befolkning", 2), part("landsbygd", 1)],
        case_numbers: vec!["HSN 1".into(), "S2025/1".into()],
        received_on: Some(day("2025-03-01")),
        report_due: Some(day("2026-03-31")),
        carry_forward: true,
        is_last: true,
    };
    assert_eq!(fact(whole), Fact::Grant(expected));
}

#[test]
fn focus_areas_items_and_mandates_are_read() {
    let area = FocusArea { id: "f".into(), year: 2025 };
    assert_eq!(fact("[[focus_area]]\nid = \"f\"\nyear = 2025\n"), Fact::FocusArea(area));
    let Fact::Heading(heading) = fact(&(heading("\"remainder\"") + "focus_areas = [\"f\"]\n"))
    else {
        panic!()
    };
    let expected = Heading {
        id: "h".into(),
        grant: "g".into(),
        rule: AllocationRule::Remainder,
        focus_areas: vec!["f".into()],
        is_permanent: false,
    };
    assert_eq!(heading, expected);
    let item = Item {
        id: "i".into(),
        heading: "h".into(),
        recipient: Some("Södersjukhuset".into()),
        rule: AllocationRule::Fixed { amount: exact(2_000_000, 1_000_000) },
        is_reserve: true,
        requires: vec!["d".into()],
        final_report_due: Some(day("2026-01-31")),
        is_permanent: true,
    };
    let text = "[[item]]\nid = \"i\"\nheading = \"h\"\nrecipient = \"Södersjukhuset\"\nrule = \"fixed\"\namount = \"2 mkr\"\n\
         reserve = true\nrequires = \"d\"\nfinal_report_due = 2026-01-31\npermanent = true\n";
    assert_eq!(fact(text), Fact::Item(item));
    let mandate = Mandate {
        id: "m".into(),
        over: Over::Heading("h".into()),
        holder: "direktören".into(),
        cap: Some(Figure { precision: Precision::About, ..exact(27_000_000, 1_000_000) }),
        scope: Some("resten".into()),
        valid: Period::inclusive(Some(day("2023-04-01")), Some(day("2023-12-31"))),
    };
    let text = "[[mandate]]\nid = \"m\"\nheading = \"h\"\nholder = \"direktören\"\ncap = \"27 mkr\"\nprecision = \"about\"\n\
         scope = \"resten\"\nvalid_from = 2023-04-01\nvalid_to = 2023-12-31\n";
    assert_eq!(fact(text), Fact::Mandate(mandate));
    let Fact::Mandate(over_all) =
        fact("[[mandate]]\nid = \"m\"\ngrant = \"g\"\nholder = \"direktören\"\n")
    else {
        panic!()
    };
    assert_eq!((over_all.over, over_all.cap), (Over::Grant("g".into()), None));
    assert_eq!(over_all.valid, Period::inclusive(None, None));
}

#[test]
fn each_rule_has_its_keys() {
    assert_eq!(
        rule("\"mandate\"\namount = \"27 mkr\""),
        AllocationRule::Mandate { amount: exact(27_000_000, 1_000_000) }
    );
    let per_unit = |units, amount| AllocationRule::PerUnit { per_unit: kronor(100), units, amount };
    let named = Units::Named(vec!["u".into(), "v".into()]);
    for (keys, expected) in [
        ("units = 3", per_unit(Some(Units::Count(3)), None)),
        ("units = [\"u\", \"v\"]", per_unit(Some(named), None)),
        ("amount = \"900 kr\"", per_unit(None, Some(exact(900, 1)))),
    ] {
        assert_eq!(rule(&format!("\"per-unit\"\nper_unit = \"100 kr\"\n{keys}")), expected);
    }
    assert_eq!(
        rule("\"percent\"\npercent = \"2.2\"\nrounding = \"half-up-krona\""),
        AllocationRule::Percent {
            percent: Ratio::parse("2.2").unwrap(),
            rounding: Rounding::HalfUpKrona
        }
    );
    let share = |key, rounding, residue, pay| AllocationRule::Share {
        pot: exact(7_000_000, 1_000_000),
        key,
        rounding,
        residue,
        pay,
    };
    assert_eq!(
        rule("\"share\"\npot = \"7 mkr\"\nkey = \"capacity\""),
        share(ShareKey::Capacity, Rounding::HalfUpOre, None, Pay::Once)
    );
    let keys = "pot = \"7 mkr\"\nkey = \"people\"\nrounding = \"half-up-residue-largest\"\nresidue = \"u\"\npay = \"monthly\"";
    let named = ShareKey::Named("people".into());
    assert_eq!(
        rule(&format!("\"share\"\n{keys}")),
        share(named, Rounding::HalfUpResidueLargest, Some("u".into()), Pay::Monthly)
    );
}

#[test]
fn what_a_grant_table_lacks_is_told_at_its_beginning() {
    for (text, lacks) in [
        ("[[grant]]\nid = \"g\"\namount = \"1 kr\"\n", "year"),
        ("[[grant]]\nid = \"g\"\nyear = 2025\n", "amount"),
        ("[[grant]]\nyear = 2025\namount = \"1 kr\"\n", "id"),
        ("[[focus_area]]\nid = \"f\"\n", "year"),
        ("[[heading]]\nid = \"h\"\ngrant = \"g\"\n", "rule"),
        ("[[heading]]\nid = \"h\"\nrule = \"remainder\"\n", "grant"),
        ("[[item]]\nid = \"i\"\nrule = \"remainder\"\n", "heading"),
        ("[[item]]\nid = \"i\"\nheading = \"h\"\nrule = \"fixed\"\n", "amount"),
        ("[[mandate]]\nid = \"m\"\nholder = \"x\"\n", "grant"),
        ("[[mandate]]\nid = \"m\"\ngrant = \"g\"\n", "holder"),
    ] {
        assert_eq!(told(text), one(1, Code::MissingKey, lacks), "{text}");
    }
    for (keys, lacks) in [
        ("\"fixed\"", "amount"),
        ("\"mandate\"", "amount"),
        ("\"per-unit\"\nper_unit = \"1 kr\"", "units"),
        ("\"per-unit\"\nunits = 3", "per_unit"),
        ("\"share\"\nkey = \"capacity\"", "pot"),
        ("\"share\"\npot = \"1 kr\"", "key"),
        ("\"percent\"", "percent"),
    ] {
        assert_eq!(told(&heading(keys)), one(1, Code::MissingKey, lacks), "{keys}");
    }
    let part =
        "[[grant]]\nid = \"g\"\nyear = 2025\namount = \"1 kr\"\nparts = [{ name = \"a\" }]\n";
    assert_eq!(told(part), one(5, Code::MissingKey, "parts.amount"));
}

#[test]
fn a_key_that_a_grant_table_does_not_have_is_told_where_it_stands() {
    for (table, line, key) in [
        (
            "[[grant]]\nid = \"g\"\nyear = 2025\namount = \"1 kr\"\nrecieved_on = 2025-01-01\n",
            5,
            "recieved_on",
        ),
        ("[[focus_area]]\nid = \"f\"\nyear = 2025\ngrant = \"g\"\n", 4, "grant"),
        (
            "[[heading]]\nid = \"h\"\ngrant = \"g\"\nrule = \"remainder\"\nrecipient = \"u\"\n",
            5,
            "recipient",
        ),
        (
            "[[item]]\nid = \"i\"\nheading = \"h\"\nrule = \"remainder\"\nfocus_areas = \"f\"\n",
            5,
            "focus_areas",
        ),
        (
            "[[mandate]]\nid = \"m\"\ngrant = \"g\"\nholder = \"x\"\namount = \"1 kr\"\n",
            5,
            "amount",
        ),
    ] {
        assert_eq!(told(table), one(line, Code::UnknownKey, key), "{table}");
    }
    let part = "[[grant]]\nid = \"g\"\nyear = 2025\namount = \"1 kr\"\nparts = { name = \"a\", amount = \"1 kr\", year = 1 }\n";
    assert_eq!(told(part), one(5, Code::UnknownKey, "parts.year"));
}

#[test]
fn a_key_of_another_rule_is_refused() {
    for (keys, key) in [
        ("\"remainder\"\namount = \"1 kr\"", "amount"),
        ("\"remainder\"\nprecision = \"about\"", "precision"),
        ("\"percent\"\namount = \"1 kr\"", "amount"),
        ("\"fixed\"\npot = \"1 kr\"", "pot"),
        ("\"share\"\nper_unit = \"1 kr\"", "per_unit"),
        ("\"mandate\"\nunits = 3", "units"),
        ("\"per-unit\"\nkey = \"capacity\"", "key"),
    ] {
        assert_eq!(told(&heading(keys)), one(5, Code::UnknownKey, key), "{keys}");
    }
    let found = faults(&heading("\"fixed\"\npot = \"1 kr\""));
    assert!(found[0].message.en.starts_with("`pot` does not belong to the rule `fixed`"));
    assert!(found[0].refuses);
}

#[test]
fn faulty_values_of_grants_are_told_with_their_line() {
    let both = "[[mandate]]\nid = \"m\"\nholder = \"x\"\ngrant = \"g\"\nheading = \"h\"\n";
    assert_eq!(told(both), one(5, Code::BadValue, "heading"));
    assert_eq!(told(&heading("\"fix\"")), one(4, Code::BadValue, "rule"));
    let found = faults(&heading("\"fix\""));
    assert!(found[0].message.en.ends_with("fixed, per-unit, share, percent, remainder, mandate"));
    let grant = |key: &str, value: &str| {
        told(&format!("[[grant]]\nid = \"g\"\nyear = 2025\namount = \"1 kr\"\n{key} = {value}\n"))
    };
    for (key, value) in [
        ("precision", "\"circa\""),
        ("received_on", "\"2025-03-01\""),
        ("report_due", "2026"),
        ("payer", "\"\""),
        ("case_numbers", "[1]"),
        ("parts", "\"befolkning\""),
    ] {
        assert_eq!(grant(key, value), one(5, Code::BadValue, key), "{key}");
    }
    for (keys, key) in [
        ("\"fixed\"\namount = 1", "amount"),
        ("\"per-unit\"\nunits = -1", "units"),
        ("\"per-unit\"\nunits = []", "units"),
        ("\"percent\"\npercent = 2.2", "percent"),
        ("\"percent\"\npercent = \"100.01\"", "percent"),
        ("\"percent\"\npercent = \"-1\"", "percent"),
        ("\"share\"\npot = \"1\"", "pot"),
    ] {
        assert_eq!(told(&heading(keys)), one(5, Code::BadValue, key), "{keys}");
    }
    let rounding = heading("\"percent\"\npercent = \"2.2\"\nrounding = \"largest-remainder\"");
    assert_eq!(told(&rounding), one(6, Code::BadValue, "rounding"));
    let reserve = "[[item]]\nid = \"i\"\nheading = \"h\"\nrule = \"remainder\"\nreserve = \"ja\"\n";
    assert_eq!(told(reserve), one(5, Code::BadValue, "reserve"));
    let ends_first = "[[mandate]]\nid = \"m\"\nholder = \"x\"\ngrant = \"g\"\nvalid_from = 2023-02-01\nvalid_to = 2023-01-01\n";
    assert_eq!(told(ends_first), one(6, Code::BadValue, "valid_to"));
}

fn act(keys: &str) -> String {
    format!("[[grant_act]]\nid = \"a\"\ngrant = \"g\"\non = 2023-05-02\nact = {keys}\n")
}

#[test]
fn acts_are_read_with_the_keys_of_each() {
    let bare = |kind, amount: i64| GrantAct {
        id: "a".into(),
        grant: "g".into(),
        on: day("2023-05-02"),
        kind,
        amount: kronor(amount),
        from: None,
        to: None,
        mandate: None,
        recipient: None,
        case_number: None,
    };
    let from = || Some("h".to_owned());
    for (keys, expected) in [
        ("\"receive\"\namount = \"3 kr\"", bare(ActKind::Receive, 3)),
        (
            "\"reallocate\"\namount = \"3 kr\"\nfrom = \"h\"\nto = \"i\"\nmandate = \"m\"",
            GrantAct {
                from: from(),
                to: Some("i".into()),
                mandate: Some("m".into()),
                ..bare(ActKind::Reallocate, 3)
            },
        ),
        (
            "\"pay\"\namount = \"0 kr\"\nfrom = \"h\"\nrecipient = \"r\"",
            GrantAct { from: from(), recipient: Some("r".into()), ..bare(ActKind::Pay, 0) },
        ),
        (
            "\"repay\"\namount = \"3 kr\"\nfrom = \"h\"",
            GrantAct { from: from(), ..bare(ActKind::Repay, 3) },
        ),
        (
            "\"account\"\ncase_number = \"S1\"",
            GrantAct { case_number: Some("S1".into()), ..bare(ActKind::Account, 0) },
        ),
    ] {
        assert_eq!(fact(&act(keys)), Fact::GrantAct(expected), "{keys}");
    }
    for (keys, lacks) in [
        ("\"receive\"", "amount"),
        ("\"use\"\namount = \"3 kr\"", "from"),
        ("\"pay\"\namount = \"3 kr\"\nfrom = \"h\"", "recipient"),
        ("\"reallocate\"\namount = \"3 kr\"\nfrom = \"h\"", "to"),
    ] {
        assert_eq!(told(&act(keys)), one(1, Code::MissingKey, lacks), "{keys}");
    }
    for (keys, code, key) in [
        ("\"account\"\namount = \"3 kr\"", Code::UnknownKey, "amount"),
        ("\"receive\"\nfrom = \"h\"\namount = \"3 kr\"", Code::UnknownKey, "from"),
        ("\"use\"\nmandate = \"m\"\nfrom = \"h\"\namount = \"3 kr\"", Code::UnknownKey, "mandate"),
        ("\"use\"\namount = \"-3 kr\"\nfrom = \"h\"", Code::BadValue, "amount"),
        ("\"use\"\namount = \"3\"\nfrom = \"h\"", Code::BadValue, "amount"),
    ] {
        assert_eq!(told(&act(keys)), one(6, code, key), "{keys}");
    }
    assert_eq!(told(&act("\"spend\"\namount = \"3 kr\"")), one(5, Code::BadValue, "act"));
}

#[test]
fn what_no_pot_can_hold_is_refused_where_it_stands() {
    let units = heading("\"per-unit\"\nper_unit = \"100 000 mkr\"\nunits = 1001");
    assert_eq!(told(&units), one(6, Code::BadValue, "units"));
    assert_eq!(faults(&units).len(), 1);
    let most = heading("\"per-unit\"\nper_unit = \"100 000 mkr\"\nunits = 1000");
    assert!(matches!(fact(&most), Fact::Heading(_)));
    assert!(matches!(fact(&heading("\"percent\"\npercent = \"100\"")), Fact::Heading(_)));
}
