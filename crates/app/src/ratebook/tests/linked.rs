//! Pay by period, tiers, ceilings and lumps: their keys, good and bad.

use super::{one, rate, rate_faults, told};
use kernel::fact::{Area, Formula, PregnancyPeriod, Step, WeightField, WeightedBy};
use kernel::finding::Code;
use kernel::money::{Money, Ratio, Rounding};

fn percent(text: &str) -> Ratio {
    Ratio::parse(text).unwrap()
}

#[test]
fn a_period_rate_has_its_period_and_perhaps_weights() {
    let plain = rate("formula = \"per-period\"\nperiod = \"B\"\namount = \"1 600 kr\"");
    let expected = Formula::PerPeriod {
        amount: Money::from_kronor(1_600),
        period: PregnancyPeriod::B,
        weights: None,
        rounding: Rounding::HalfUpOre,
    };
    assert_eq!(plain.formula, expected);
    let weighted = rate(
        "formula = \"per-period\"\nperiod = \"C\"\namount = \"600,50 kr\"\nweights = \"cni\"\nweight_by = [\"unit\", \"need\"]\nrounding = \"half-up-krona\"",
    );
    let fields = vec![WeightField::Unit, WeightField::Class("need".into())];
    let expected = Formula::PerPeriod {
        amount: Money::from_ore(60_050),
        period: PregnancyPeriod::C,
        weights: Some(WeightedBy { table: "cni".into(), fields }),
        rounding: Rounding::HalfUpKrona,
    };
    assert_eq!(weighted.formula, expected);
}

#[test]
fn a_faulty_period_rate_is_told() {
    let per_period = |keys: &str| rate_faults(&format!("formula = \"per-period\"\n{keys}"));
    for wrong in ["\"D\"", "\"a\"", "1", "[\"A\", \"B\"]", "\"\""] {
        let keys = format!("amount = \"1 kr\"\nperiod = {wrong}");
        assert_eq!(per_period(&keys), one(7, Code::BadValue, "period"), "{wrong}");
    }
    let whole = "amount = \"1 kr\"\nperiod = \"A\"";
    assert_eq!(per_period("amount = \"1 kr\""), one(1, Code::MissingKey, "period"));
    assert_eq!(per_period("period = \"A\""), one(1, Code::MissingKey, "amount"));
    for (keys, code, field, line) in [
        ("weights = \"w\"", Code::MissingKey, "weight_by", 1),
        ("weight_by = \"unit\"", Code::MissingKey, "weights", 1),
        ("weights = \"w\"\nweight_by = []", Code::BadValue, "weight_by", 9),
        ("rounding = \"largest-remainder\"", Code::BadValue, "rounding", 8),
        ("of = [\"a\"]", Code::UnknownKey, "of", 8),
    ] {
        assert_eq!(per_period(&format!("{whole}\n{keys}")), one(line, code, field), "{keys}");
    }
}

#[test]
fn a_tier_has_steps_of_contacts_and_a_ceiling_of_kronor() {
    let tier = rate(
        "formula = \"tier\"\nof = \"visit\"\nper = \"unit-year\"\nsteps = [{ over = 0, percent = \"100\" }, { over = 4_000, percent = \"82.5\" }]",
    );
    let steps = vec![
        Step { over: 0, percent: percent("100") },
        Step { over: 4_000, percent: percent("82.5") },
    ];
    assert_eq!(tier.formula, Formula::Tier { of: vec!["visit".into()], steps });
    let ceiling = rate(
        "formula = \"ceiling\"\nof = [\"visit\", \"phone\"]\nsteps = [{ over = \"9,5 mkr\", percent = \"0\" }]",
    );
    let steps = vec![Step { over: Money::from_kronor(9_500_000), percent: percent("0") }];
    let of = vec!["visit".into(), "phone".into()];
    assert_eq!(ceiling.formula, Formula::Ceiling { of, steps });
}

#[test]
fn faulty_tiers_and_ceilings_are_told() {
    let steps_of = |formula: &str, steps: &str| {
        rate_faults(&format!("formula = \"{formula}\"\nof = \"a\"\nsteps = {steps}"))
    };
    for (formula, steps) in [
        ("tier", "[]"),
        ("tier", "[{ over = 4, percent = \"80\" }, { over = 4, percent = \"50\" }]"),
        ("tier", "[{ over = 5, percent = \"80\" }, { over = 4, percent = \"50\" }]"),
        ("tier", "[1]"),
        (
            "ceiling",
            "[{ over = \"2 kr\", percent = \"80\" }, { over = \"1 kr\", percent = \"5\" }]",
        ),
    ] {
        assert_eq!(steps_of(formula, steps), one(7, Code::BadValue, "steps"), "{steps}");
    }
    for (formula, steps, code, field) in [
        ("tier", "[{ over = \"4 kr\", percent = \"80\" }]", Code::BadValue, "steps.over"),
        ("tier", "[{ over = -1, percent = \"80\" }]", Code::BadValue, "steps.over"),
        (
            "tier",
            "[{ over = 99999999999999999999, percent = \"80\" }]",
            Code::BadValue,
            "steps.over",
        ),
        ("ceiling", "[{ over = 4, percent = \"80\" }]", Code::BadValue, "steps.over"),
        ("ceiling", "[{ over = \"4 kr\", percent = 80 }]", Code::BadValue, "steps.percent"),
        ("tier", "[{ percent = \"80\" }]", Code::MissingKey, "steps.over"),
        ("ceiling", "[{ over = \"4 kr\" }]", Code::MissingKey, "steps.percent"),
    ] {
        assert_eq!(steps_of(formula, steps), one(7, code, field), "{steps}");
    }
    let misspelt = steps_of("tier", "[{ over = 4, percnt = \"80\" }]");
    let both = [
        (7, Code::UnknownKey, "steps.percnt".to_owned()),
        (7, Code::MissingKey, "steps.percent".to_owned()),
    ];
    assert!(both.iter().all(|fault| misspelt.contains(fault)) && misspelt.len() == 2);
    for formula in ["tier", "ceiling"] {
        let over = if formula == "tier" { "4" } else { "\"4 kr\"" };
        let steps = format!("steps = [{{ over = {over}, percent = \"80\" }}]");
        let faults = |keys: &str| rate_faults(&format!("formula = \"{formula}\"\n{steps}\n{keys}"));
        assert_eq!(faults(""), one(1, Code::MissingKey, "of"));
        assert_eq!(faults("of = []"), one(7, Code::BadValue, "of"));
        assert_eq!(faults("of = \"a\"\nper = \"unit-month\""), one(8, Code::BadValue, "per"));
        assert_eq!(faults("of = \"a\"\namount = \"1 kr\""), one(8, Code::UnknownKey, "amount"));
        let without = format!("formula = \"{formula}\"\nof = \"a\"");
        assert_eq!(rate_faults(&without), one(1, Code::MissingKey, "steps"));
    }
}

#[test]
fn a_lump_has_an_amount_and_no_condition_on_contacts() {
    let lump = rate(
        "formula = \"lump\"\namount = \"5 mkr\"\nwhen = { unit = \"u\", holds = \"base\", area = \"delivery\" }",
    );
    assert_eq!(lump.formula, Formula::Lump { amount: Money::from_kronor(5_000_000) });
    assert_eq!(lump.when.unit.area, Some(vec![Area::Delivery]));
    let faults = |keys: &str| rate_faults(&format!("formula = \"lump\"\n{keys}"));
    assert_eq!(faults(""), one(1, Code::MissingKey, "amount"));
    assert_eq!(faults("amount = 5_000_000"), one(6, Code::BadValue, "amount"));
    assert_eq!(
        faults("amount = \"5 mkr\"\nper_year = \"1 kr\""),
        one(7, Code::UnknownKey, "per_year")
    );
    for (key, value) in [
        ("kind", "\"delivery\""),
        ("parity", "0"),
        ("residence", "\"0188\""),
        ("area_class", "\"2\""),
    ] {
        let keys = format!("amount = \"5 mkr\"\nwhen = {{ {key} = {value} }}");
        assert_eq!(faults(&keys), one(7, Code::BadCondition, &format!("when.{key}")));
    }
}

#[test]
fn reserved_formulas_refuse() {
    for formula in ["quality", "deduction"] {
        let keys = format!("formula = \"{formula}\"");
        assert_eq!(rate_faults(&keys), one(5, Code::ReservedFormula, "formula"));
    }
    // A reserved formula may come with keys of any formula: only the formula is told.
    let text = "[[rate]]\nid = \"r\"\nelement = \"e\"\nvalid_from = 2023-01-01\nsteps = []\nformula = \"quality\"\n";
    assert_eq!(told(text), one(6, Code::ReservedFormula, "formula"));
}
