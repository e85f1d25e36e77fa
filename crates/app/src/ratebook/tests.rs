//! Ratebook texts and what they become; each fault with its line.

mod grants;
mod linked;

use super::{read_folders, read_text};
use kernel::fact::{
    Area, CodePattern, Condition, Decision, Fact, Form, Formula, Pay, Rate, Residence, ShareKey,
    UpliftBy, WeightField,
};
use kernel::finding::{Code, Finding};
use kernel::money::{Money, Ratio, Rounding};
use kernel::time::{Day, Period};

const HEAD: &str = "[decision]\nid = \"d-1\"\nbody = \"HSN\"\nknown_from = 2023-01-31\n";

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn good(text: &str) -> Decision {
    let (decision, findings) = read_text("f.toml", text);
    assert_eq!(findings, [], "{text}");
    decision.unwrap()
}

fn fact(table: &str) -> Fact {
    good(&format!("{HEAD}{table}")).facts.remove(0).fact
}

fn rate(keys: &str) -> Rate {
    let table = format!("[[rate]]\nid = \"r\"\nelement = \"e\"\nvalid_from = 2023-01-01\n{keys}\n");
    match fact(&table) {
        Fact::Rate(rate) => *rate,
        other => panic!("{other:?}"),
    }
}

fn when(condition: &str) -> Condition {
    rate(&format!("formula = \"per-contact\"\namount = \"1 kr\"\nwhen = {{ {condition} }}")).when
}

/// The faults of a decision with one more table, its first line counted as 1.
fn faults(table: &str) -> Vec<Finding> {
    let (_, findings) = read_text("f.toml", &format!("{HEAD}{table}"));
    let head = u32::try_from(HEAD.lines().count()).unwrap();
    findings.into_iter().map(|f| Finding { line: f.line - head, ..f }).collect()
}

fn told(table: &str) -> Vec<(u32, Code, String)> {
    let faults = faults(table).into_iter();
    faults.map(|f| (f.line, f.code, f.field.unwrap_or_default())).collect()
}

/// The faults of a rate whose fifth line is the first of `keys`.
fn rate_faults(keys: &str) -> Vec<(u32, Code, String)> {
    told(&format!("[[rate]]\nid = \"r\"\nelement = \"e\"\nvalid_from = 2023-01-01\n{keys}\n"))
}

fn one(line: u32, code: Code, field: &str) -> Vec<(u32, Code, String)> {
    vec![(line, code, field.to_owned())]
}

#[test]
fn a_decision_reads_like_the_decision() {
    let text = r#"
[decision]
id = "hsn-2023-01-raise"
body = "HSN"
known_from = 2023-01-31
case_number = "HSN 2024-1051"
status = "proposed"
illustrative = true
unverified = ["when"]
source = { title = "Nyhet", url = "https://example.org", read_on = 2026-11-21, file = "001.txt", sha256 = "AB" }

[[rate]]
id = "continuity-2023"
element = "continuity-add-on"
label = "Sammanhållen vårdkedja"
formula = "per-contact"
amount = "14 200 kr"
was = "7 400 kr"
valid_from = 2023-01-01
replaces = ["continuity-2022"]
when = { kind = ["delivery"], holds = ["continuity"], enrolled = true }
anchor = "från 7 400 kr till 14 200 kr per förlossning"
until = { decision = "new-agreement", expected_by = 2022-06-30 }
requires = ["grant-2025-received"]
payable_under = ["care-choice"]
financed_by = "statsbidrag-2025"
illustrative = true
"#;
    let decision = good(text);
    assert_eq!(decision.known_from, day("2023-01-31"));
    assert_eq!(decision.unverified, ["when"]);
    assert!(decision.illustrative);
    assert_eq!(decision.source.unwrap().sha256.as_deref(), Some("ab"));
    let stated = &decision.facts[0];
    assert_eq!(stated.place.line, 12);
    assert_eq!(stated.label.as_deref(), Some("Sammanhållen vårdkedja"));
    let Fact::Rate(rate) = &stated.fact else { panic!() };
    assert_eq!(rate.formula, Formula::PerContact { amount: Money::from_kronor(14_200) });
    assert_eq!(rate.was, Some(Money::from_kronor(7_400)));
    assert_eq!(rate.valid, Period::inclusive(Some(day("2023-01-01")), None));
    assert_eq!(rate.when.contact.enrolled, Some(vec![true]));
    assert_eq!(rate.payable_under, [Form::CareChoice]);
    assert_eq!(rate.until.as_ref().unwrap().expected_by, Some(day("2022-06-30")));
}

#[test]
fn facts_come_in_the_order_of_the_file() {
    let text = format!(
        "{HEAD}[[weight]]\ntable = \"w\"\ncode = \"P05A\"\nvalue = \"0.8123\"\nvalid_from = 2023-01-01\n\
         [[capacity]]\nunit = \"u\"\nyear = 2023\ndeliveries = 3_400\n\
         [[weight]]\ntable = \"w\"\ncode = \"P05B\"\nvalue = \"1\"\nvalid_from = 2023-01-01\n"
    );
    let lines: Vec<u32> = good(&text).facts.iter().map(|stated| stated.place.line).collect();
    assert_eq!(lines, [5, 10, 14]);
}

#[test]
fn every_table_becomes_its_fact() {
    let Fact::Unit(unit) = fact(
        "[[unit]]\nid = \"u\"\nname = \"U\"\nkind = \"delivery-clinic\"\nprovider = \"p\"\n\
         hsa_id = \"se2321000016-1ab\"\nkombika = \"11002\"\nmunicipality = \"0184\"\nvalid_to = 2024-12-31\n",
    ) else {
        panic!()
    };
    assert_eq!(unit.hsa_id.as_deref(), Some("se2321000016-1ab"));
    assert_eq!(unit.valid, Period { from: Day::MIN, until: day("2025-01-01") });
    let Fact::Payer(payer) = fact(
        "[[payer]]\nid = \"kson\"\nlabel = \"KSON\"\nresidence = [\"0188\", \"01\", \"asylum\", \"!0180\"]\n",
    ) else {
        panic!()
    };
    let residence = payer.residence.unwrap();
    assert_eq!(residence.plain.len(), 3);
    assert_eq!(residence.plain[1], Residence::County("01".into()));
    assert_eq!(residence.not, [Residence::Exact("0180".into())]);
    let Fact::Key(key) = fact("[[key]]\nname = \"k\"\nrecipient = \"u\"\nvalue = 0\n") else {
        panic!()
    };
    assert_eq!((key.value, key.year), (0, None));
    fact("[region]\nid = \"r\"\nname = \"R\"\ncounty = \"01\"\norg_number = \"232100-0016\"\n");
    fact("[[provider]]\nid = \"p\"\nname = \"P\"\nlegal_form = \"private\"\n");
    fact(
        "[[agreement]]\nid = \"a\"\nprovider = \"p\"\narea = \"delivery\"\nform = \"procured\"\nbackward_months = 3\n",
    );
    fact("[[assignment]]\nunit = \"u\"\nagreement = \"a\"\nname = \"base\"\nanchor = \"x\"\n");
    fact("[[appropriation]]\nid = \"x\"\nlabel = \"X\"\nyear = 2022\namount = \"148,5 mkr\"\n");
    fact(
        "[[commission]]\nid = \"c\"\nfrom = \"rf\"\nto = \"HSN\"\nwhat = \"utreda\"\ndue = 2023-06-30\nanswered_by = \"d\"\n",
    );
}

#[test]
fn a_period_that_ends_the_day_before_it_begins_is_withdrawn_whole() {
    let table = |to: &str| {
        format!(
            "[[assignment]]\nunit = \"u\"\nagreement = \"a\"\nname = \"base\"\nvalid_from = 2023-01-01\nvalid_to = {to}\n"
        )
    };
    let Fact::Assignment(withdrawn) = fact(&table("2022-12-31")) else { panic!() };
    assert!(withdrawn.valid.is_empty());
    assert_eq!(told(&table("2022-12-30")), one(6, Code::BadValue, "valid_to"));
    let rate = "formula = \"per-contact\"\namount = \"1 kr\"\nvalid_to = 2022-12-31";
    assert_eq!(rate_faults(rate), one(7, Code::BadValue, "valid_to"));
}

#[test]
fn each_formula_has_its_keys() {
    let per_weight = rate(
        "formula = \"per-weight\"\namount = \"52 318 kr\"\nweights = \"drg\"\nweight_by = [\"drg\", \"burden\"]\nrounding = \"half-up-krona\"",
    );
    let Formula::PerWeight { weight_by, rounding, .. } = per_weight.formula else { panic!() };
    assert_eq!(weight_by, [WeightField::Drg, WeightField::Class("burden".into())]);
    assert_eq!(rounding, Rounding::HalfUpKrona);
    let percent = Ratio::parse("-2.5").unwrap();
    let expected = Formula::Uplift {
        by: UpliftBy::Percent(percent),
        of: vec!["a".into()],
        rounding: Rounding::HalfUpOre,
    };
    assert_eq!(rate("formula = \"uplift\"\npercent = \"-2.5\"\nof = \"a\"").formula, expected);
    let fixed = rate(
        "formula = \"fixed-monthly\"\nper_year = \"12 mkr\"\nwhen = { unit = \"u\", holds = \"h\", area = \"delivery\" }",
    );
    assert_eq!(fixed.when.unit.area, Some(vec![Area::Delivery]));
    let share = rate(
        "formula = \"share\"\npot = \"6,5 mkr\"\nkey = \"capacity\"\nrounding = \"largest-remainder\"\npay = \"monthly\"\nvalid_to = 2023-12-31\nwhen = { unit = [\"u\"] }",
    );
    assert_eq!(
        share.formula,
        Formula::Share {
            pot: Money::from_kronor(6_500_000),
            key: ShareKey::Capacity,
            rounding: Rounding::LargestRemainder,
            residue: None,
            pay: Pay::Monthly
        }
    );
}

#[test]
fn a_condition_takes_one_value_or_a_list() {
    let one = when("drg = \"P05*\", diagnosis = \"o80.0\", parity = 0, area_class = \"4\"").contact;
    assert_eq!(one.drg, Some(vec![CodePattern::Prefix("P05".into())]));
    assert_eq!(one.diagnosis, Some(vec![CodePattern::Exact("O800".into())]));
    assert_eq!(one.parity, Some((0, 0)));
    let many = when(
        "gestational_days = [140, 216], by_team = [true, false], residence = [\"!0188\", \"out-of-county\"], \
         class = [{ name = \"x\", in = \"1\" }, { name = \"y\", in = [\"1\", \"2\"] }]",
    )
    .contact;
    assert_eq!(many.gestational_days, Some((140, 216)));
    assert_eq!(many.by_team, Some(vec![true, false]));
    assert_eq!(many.residence.unwrap().plain, [Residence::OutOfCounty]);
    assert_eq!(many.class.unwrap()[1].values, ["1", "2"]);
    assert_eq!(when(""), Condition::default());
}

#[test]
fn an_unknown_key_or_table_names_the_nearest() {
    let text = "[[rate]]\nid = \"r\"\nelement = \"e\"\nvalid_from = 2023-01-01\nformula = \"per-contact\"\namuont = \"1 kr\"\n";
    let found = faults(text);
    assert_eq!(found[0].message.en, "`amount` is missing in `[[rate]]`");
    assert_eq!((found[1].line, found[1].code), (6, Code::UnknownKey));
    assert_eq!(found[1].message.en, "`amuont` is no key of `[[rate]]`; the nearest is `amount`");
    assert!(found.iter().all(|finding| finding.refuses && finding.file == "f.toml"));
    let found = faults("[[rates]]\nid = \"r\"\n");
    assert_eq!(found[0].message.en, "`rates` is no table of a ratebook; the nearest is `[[rate]]`");
    assert_eq!(
        told("[[key]]\nname = \"k\"\nrecipient = \"u\"\nvalue = 1\nyaer = 1\n"),
        one(5, Code::UnknownKey, "yaer")
    );
    let when = "formula = \"per-contact\"\namount = \"1 kr\"\nwhen = { kinds = \"delivery\" }";
    assert_eq!(rate_faults(when), one(7, Code::UnknownKey, "when.kinds"));
}

#[test]
fn a_key_of_another_formula_says_whose_it_is() {
    let text = "[[rate]]\nid = \"r\"\nelement = \"e\"\nvalid_from = 2023-01-01\nformula = \"per-contact\"\namount = \"1 kr\"\npot = \"1 kr\"\n";
    let found = faults(text);
    assert_eq!((found[0].line, found[0].code), (7, Code::UnknownKey));
    assert_eq!(found[0].message.en, "`pot` belongs to the formula share, not to `per-contact`");
}

#[test]
fn faulty_values_are_told_with_their_line() {
    let per_contact = |keys: &str| rate_faults(&format!("formula = \"per-contact\"\n{keys}"));
    for wrong in ["14200", "14200.5", "\"14200\"", "\"14.200 kr\"", "\"1,234 kr\"", "true"] {
        assert_eq!(per_contact(&format!("amount = {wrong}")), one(6, Code::BadValue, "amount"));
    }
    let weight = |value: &str| {
        told(&format!(
            "[[weight]]\ntable = \"w\"\ncode = \"c\"\nvalid_from = 2023-01-01\nvalue = {value}\n"
        ))
    };
    for wrong in ["0.8", "\"0,8\"", "1", "\"a\""] {
        assert_eq!(weight(wrong), one(5, Code::BadValue, "value"), "{wrong}");
    }
    for (wrong, field) in [
        ("until = { expected_by = \"2022\" }", "until.expected_by"),
        ("valid_to = 2023-06-30T10:00:00", "valid_to"),
        ("valid_to = \"2023-06-30\"", "valid_to"),
        ("illustrative = 1", "illustrative"),
        ("payable_under = []", "payable_under"),
        ("payable_under = [\"lov\"]", "payable_under"),
        ("financed_by = \"\"", "financed_by"),
        ("when = { kind = [] }", "when.kind"),
        ("when = { kind = \"birth\" }", "when.kind"),
        ("when = { kind = [\"delivery\", 1] }", "when.kind"),
        ("when = { drg = \"P*5\" }", "when.drg"),
        ("when = { parity = [2, 1] }", "when.parity"),
        ("when = { parity = -1 }", "when.parity"),
        ("when = { parity = [1, 2, 3] }", "when.parity"),
        ("when = { residence = \"123\" }", "when.residence"),
        ("when = { enrolled = \"ja\" }", "when.enrolled"),
        ("when = { class = { name = \"class_x\", in = \"1\" } }", "class.name"),
        ("when = \"delivery\"", "when"),
        ("was = \"7 400\"", "was"),
    ] {
        let keys = format!("amount = \"1 kr\"\n{wrong}");
        assert_eq!(per_contact(&keys), one(7, Code::BadValue, field), "{wrong}");
    }
    assert_eq!(rate_faults("formula = \"per-kontakt\""), one(5, Code::BadValue, "formula"));
    let rounding =
        "formula = \"uplift\"\npercent = \"5\"\nof = \"a\"\nrounding = \"largest-remainder\"";
    assert_eq!(rate_faults(rounding), one(8, Code::BadValue, "rounding"));
    let both = "formula = \"uplift\"\npercent = \"5\"\nof = \"a\"\namount = \"1 kr\"";
    assert_eq!(rate_faults(both), one(8, Code::BadValue, "amount"));
    let neither = "formula = \"uplift\"\nof = \"a\"";
    assert_eq!(rate_faults(neither), one(1, Code::MissingKey, "percent"));
}

#[test]
fn allowed_words_are_listed() {
    let found = faults("[[provider]]\nid = \"p\"\nlegal_form = \"ab\"\n");
    assert_eq!(
        found[0].message.en,
        "`legal_form` is `\"ab\"`: allowed are region-administration, region-company, private, association"
    );
}

#[test]
fn an_id_that_is_not_kebab_case_is_told_but_used() {
    let (decision, findings) = read_text("f.toml", &HEAD.replace("d-1", "D_1"));
    assert_eq!(decision.unwrap().id.as_str(), "D_1");
    assert_eq!(findings.len(), 1);
    assert_eq!((findings[0].line, findings[0].code, findings[0].refuses), (2, Code::BadId, false));
}

#[test]
fn a_share_stays_within_a_year_and_in_whole_kronor() {
    let share =
        |keys: &str| rate_faults(&format!("formula = \"share\"\nkey = \"capacity\"\n{keys}"));
    assert_eq!(share("pot = \"1 kr\""), one(4, Code::BadShare, "valid_from"));
    assert_eq!(share("pot = \"1 kr\"\nvalid_to = 2024-01-01"), one(8, Code::BadShare, "valid_to"));
    assert_eq!(
        share("pot = \"1,50 kr\"\nvalid_to = 2023-12-31\nrounding = \"half-up-krona\""),
        one(7, Code::BadShare, "pot")
    );
    assert_eq!(share("pot = \"1,50 kr\"\nvalid_to = 2023-12-31"), []);
    let condition = "pot = \"1 kr\"\nvalid_to = 2023-12-31\nwhen = { unit = \"u\", holds = \"h\" }";
    assert_eq!(share(condition), one(9, Code::BadCondition, "when.holds"));
    let fixed = "formula = \"fixed-monthly\"\nper_year = \"1 kr\"\nwhen = { kind = \"delivery\" }";
    assert_eq!(rate_faults(fixed), one(7, Code::BadCondition, "when.kind"));
}

#[test]
fn a_file_without_its_decision_or_in_another_form_is_refused() {
    let (decision, findings) = read_text("f.toml", "[[capacity]]\nunit = \"u\"\nyear = 2023\n");
    assert!(decision.is_none());
    let codes: Vec<Code> = findings.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, [Code::MissingKey, Code::MissingKey]);
    let (_, findings) = read_text("f.toml", "\n[decision]\nid = \n");
    assert_eq!((findings[0].line, findings[0].code), (3, Code::Unreadable));
    assert_eq!(told("[rate]\nid = \"r\"\n"), one(1, Code::BadValue, "rate"));
    let (decision, findings) =
        read_text("f.toml", "[decision]\nid = \"a\"\n[[decision]]\nid = \"b\"\n");
    assert!(decision.is_none() && findings[0].refuses);
}

#[test]
fn folders_are_read_by_path_with_their_subfolders() {
    let folder = std::env::temp_dir().join(format!("ratebook-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("sub")).unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.join(name), bytes).unwrap();
    write("b.toml", HEAD.replace("d-1", "b").as_bytes());
    write("sub/c.toml", HEAD.replace("d-1", "c").as_bytes());
    write("a.toml", HEAD.replace("d-1", "a").as_bytes());
    write("readme.md", b"text");
    write(".hidden.toml", b"not toml");
    write("x.toml", b"# \xe5\n");
    let read = read_folders(&[folder.clone(), folder.join("b.toml")]).unwrap();
    let ids: Vec<&str> = read.decisions.iter().map(|decision| decision.id.as_str()).collect();
    assert_eq!(ids, ["a", "b", "c"]);
    assert_eq!(read.files.len(), 3);
    assert_eq!(read.findings[0].code, Code::Unreadable);
    std::fs::remove_file(folder.join("x.toml")).unwrap();
    assert!(read_folders(&[folder.join("none")]).unwrap_err().to_string().contains("none"));
    assert!(read_folders(&[folder.join("readme.md")]).is_err());
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn the_ratebooks_of_the_product_are_read_without_findings() {
    let ratebook = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ratebook");
    let read = read_folders(&[ratebook.join("stockholm"), ratebook.join("demo")]).unwrap();
    assert_eq!(read.findings, []);
    assert_eq!(read.decisions.len(), read.files.len());
}

/// A text that uses every table, formula and key.
const WHOLE: &str = include_str!("whole.toml");

#[test]
fn the_whole_form_is_read_without_findings() {
    assert_eq!(good(WHOLE).facts.len(), 35);
}

#[test]
fn no_mutation_of_a_text_stops_the_reader() {
    let bytes = WHOLE.as_bytes();
    let pieces: [&[u8]; 12] = [
        b"",
        b"\"",
        b"[",
        b"]",
        b"{",
        b"}",
        b"=",
        b"-",
        b"9999999999999999999",
        b"\n",
        b"''",
        b"\xc3\xa5",
    ];
    let mut state: u64 = 2023;
    for _ in 0..4_000 {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let from = usize::try_from(state >> 33).unwrap() % bytes.len();
        let length = usize::try_from((state >> 20) & 15).unwrap();
        let piece = pieces[usize::try_from((state >> 8) & 0xff).unwrap() % pieces.len()];
        let until = (from + length).min(bytes.len());
        let mutated = [&bytes[..from], piece, &bytes[until..]].concat();
        if let Ok(text) = String::from_utf8(mutated) {
            let (_, findings) = read_text("f.toml", &text);
            let lines = u32::try_from(text.lines().count()).unwrap() + 1;
            assert!(findings.iter().all(|f| (1..=lines).contains(&f.line)), "{findings:?}");
        }
    }
}

#[test]
fn eligibility_is_stated_whole_and_within_what_can_be() {
    let keys = [
        ("id", "\"continuity\""),
        ("moderate_from", "60"),
        ("severe_from", "80"),
        ("social_from", "1"),
        ("team", "[4, 8]"),
        ("women_per_midwife", "40"),
        ("least_count", "5"),
        ("valid_from", "2023-01-01"),
    ];
    let with = |key: &str, value: Option<&str>| {
        let lines = keys.iter().filter_map(|(name, usual)| {
            let value = if *name == key { value? } else { usual };
            Some(format!("{name} = {value}\n"))
        });
        format!("[[eligibility]]\n{}", lines.collect::<String>())
    };
    let Fact::Eligibility(whole) = fact(&with("", None)) else { panic!("no eligibility") };
    assert_eq!((whole.team, whole.women_per_midwife, whole.least_count), ([4, 8], 40, 5));
    for (key, _) in keys {
        assert_eq!(told(&with(key, None)).len(), 1, "{key} is left out");
    }
    for (key, value) in [
        ("moderate_from", "81"),
        ("severe_from", "101"),
        ("social_from", "6"),
        ("team", "[0, 8]"),
        ("women_per_midwife", "0"),
        ("women_per_midwife", "201"),
        ("least_count", "2"),
    ] {
        let faults = told(&with(key, Some(value)));
        assert!(matches!(faults.as_slice(), [(_, Code::BadValue, _)]), "{key} {value}: {faults:?}");
    }
}
