//! The ratebook of a small world: one decision a file, dates and amounts by chance, the shape always the same.

use super::{
    DELIVERY_UNITS, LATE_FROM_YEAR, LATE_UNIT, MIDWIFE_UNITS, SWITCH, ULTRASOUND_UNITS, edge,
};
use crate::generate::chance::Chance;
use kernel::money::Money;
use kernel::time::Day;
use std::fmt::Write;

/// Files of the folder `register`.
pub(super) fn files(chance: &mut Chance) -> Vec<(String, String)> {
    let switch = Day::parse(SWITCH).unwrap_or(Day::MIN);
    let raised = day_between(chance, "2022-01-01", "2022-12-31");
    let decisions = [
        ("a-structure", "2020-12-01", "", structure(chance)),
        ("b-weights", "2020-12-01", "", weights(chance)),
        ("c-prices", "2020-12-15", "", prices(chance)),
        ("d-add-ons", "2020-12-15", "", add_ons(chance)),
        ("e-raises", "2021-06-20", "", raises(chance)),
        ("f-units", "2021-03-20", "", unit_formulas(chance)),
        // Known months after it is valid.
        ("g-retroactive", "2022-09-20", "", retroactive(chance, raised)),
        ("h-switch", "2023-05-15", "", moved(switch)),
        ("i-proposal", "2022-02-01", "status = \"proposed\"\n", proposal(chance)),
        ("j-waiting", "2021-10-01", "", waiting(chance)),
        ("k-grant", "2023-04-01", "", appropriation(chance)),
        ("l-restated", "2023-06-10", "", restated(chance)),
        ("m-end", "2024-01-20", "unverified = [\"when\"]\n", ended()),
    ];
    let file = |(id, known, more, facts): (&str, &str, &str, String)| {
        let head = format!(
            "# SYNTETISKA DATA\n[decision]\nid = \"{id}\"\nbody = \"exempel\"\nknown_from = {known}\nillustrative = true\n{more}"
        );
        (format!("register/{id}.toml"), head + &facts)
    };
    decisions.into_iter().map(file).collect()
}

fn day_between(chance: &mut Chance, first: &str, last: &str) -> Day {
    let number = |day| Day::parse(day).map_or(0, Day::number);
    Day::from_number(chance.between(number(first), number(last)))
}

/// Up to `kronor`, sometimes with öre.
fn amount(chance: &mut Chance, kronor: i32) -> String {
    let ore = if chance.of(0.5) { chance.between(0, 99) } else { 0 };
    let ore = i64::from(chance.between(kronor / 4, kronor)) * 100 + i64::from(ore);
    Money::from_ore(ore).to_string().replace('\u{a0}', " ")
}

fn structure(chance: &mut Chance) -> String {
    let mut text = String::from(
        r#"
[region]
id = "lillregionen"
county = "01"

# Forst fran mars: dessforinnan saknas betalare for det egna lanet.
[[payer]]
id = "regionen"
valid_from = 2021-03-01

[[payer]]
id = "andra-regioner"
residence = ["out-of-county"]

[[payer]]
id = "staten"
residence = ["asylum"]

[[payer]]
id = "norrtalje"
residence = ["0188"]
valid_from = 2023-01-01

[[provider]]
id = "forvaltningen"
legal_form = "region-administration"

[[provider]]
id = "bolaget"
legal_form = "region-company"

[[provider]]
id = "foretaget"
legal_form = "private"
"#,
    );
    for (id, provider, area, form, more) in [
        ("bolaget-forlossning", "bolaget", "delivery", "care-choice", ""),
        ("bolaget-anslag", "bolaget", "delivery", "budget-assignment", ""),
        ("foretaget-forlossning", "foretaget", "delivery", "procured", ""),
        ("forvaltningen-modravard", "forvaltningen", "midwife-clinic", "care-choice", ""),
        (
            "foretaget-modravard",
            "foretaget",
            "midwife-clinic",
            "care-choice",
            "backward_months = 3\n",
        ),
        ("foretaget-ultraljud", "foretaget", "ultrasound", "procured", "backward_months = 0\n"),
    ] {
        let _ = write!(
            text,
            "\n[[agreement]]\nid = \"{id}\"\nprovider = \"{provider}\"\narea = \"{area}\"\nform = \"{form}\"\nvalid_from = 2020-01-01\n{more}"
        );
    }
    for (number, unit) in DELIVERY_UNITS.iter().enumerate() {
        let (provider, agreement) = match number {
            3 => ("foretaget", "foretaget-forlossning"),
            _ => ("bolaget", "bolaget-forlossning"),
        };
        text += &stated_unit(unit, "delivery-clinic", provider, number, chance);
        text += &assigned(unit, agreement, "base", "2020-01-01", "");
    }
    for (number, unit) in MIDWIFE_UNITS.iter().enumerate() {
        let (provider, agreement) = match number {
            0 | 1 => ("forvaltningen", "forvaltningen-modravard"),
            _ => ("foretaget", "foretaget-modravard"),
        };
        text += &stated_unit(unit, "midwife-clinic", provider, number, chance);
        let from = if *unit == LATE_UNIT {
            format!("{LATE_FROM_YEAR}-01-01")
        } else {
            "2020-01-01".to_owned()
        };
        text += &assigned(unit, agreement, "base", &from, "");
    }
    for (number, unit) in ULTRASOUND_UNITS.iter().enumerate() {
        text += &stated_unit(unit, "ultrasound-clinic", "foretaget", number, chance);
        text += &assigned(unit, "foretaget-ultraljud", "base", "2020-01-01", "");
    }
    text += &assigned("bb-nord", "bolaget-forlossning", "continuity", "2021-01-01", "");
    text += &assigned("bb-syd", "bolaget-forlossning", "continuity", "2021-07-01", "");
    let applied = "status = \"applied\"\n";
    text += &assigned("bb-vast", "bolaget-forlossning", "continuity", "2021-07-01", applied);
    let refused = "status = \"refused\"\n";
    text += &assigned("bb-ost", "foretaget-forlossning", "home-birth", "2021-07-01", refused);
    text += &assigned("bb-nord", "bolaget-forlossning", "home-birth", "2021-01-01", "");
    text
}

fn stated_unit(
    unit: &str,
    kind: &str,
    provider: &str,
    number: usize,
    chance: &mut Chance,
) -> String {
    let class = chance.between(1, 3);
    let code = match number {
        0 => format!("kombika = \"K-{unit}\"\n"),
        1 => format!("hsa_id = \"SE2321000016-{}\"\n", unit.replace('-', "").to_uppercase()),
        _ => String::new(),
    };
    let closes = if unit == "ul-tva" { "valid_to = 2024-06-30\n" } else { "" };
    format!(
        "\n[[unit]]\nid = \"{unit}\"\nkind = \"{kind}\"\nprovider = \"{provider}\"\narea_class = \"{class}\"\nvalid_from = 2020-01-01\n{closes}{code}"
    )
}

fn assigned(unit: &str, agreement: &str, name: &str, from: &str, more: &str) -> String {
    format!(
        "\n[[assignment]]\nunit = \"{unit}\"\nagreement = \"{agreement}\"\nname = \"{name}\"\nvalid_from = {from}\n{more}"
    )
}

/// `P06N` has none, and area class 3 none before 2022: such contacts are `no-weight`.
fn weights(chance: &mut Chance) -> String {
    let mut text = String::new();
    for from in ["2020-01-01", "2022-01-01", "2023-07-01"] {
        for (table, code) in [
            ("drg", "P05E"),
            ("drg", "P05C"),
            ("drg", "P01E"),
            ("omrade", "1"),
            ("omrade", "2"),
            ("omrade", "3"),
        ] {
            if code == "3" && from == "2020-01-01" {
                continue;
            }
            let _ = write!(
                text,
                "\n[[weight]]\ntable = \"{table}\"\ncode = \"{code}\"\nvalue = \"{}.{:04}\"\nvalid_from = {from}\n",
                chance.between(0, 2),
                chance.between(1, 9_999)
            );
        }
    }
    text
}

fn rate(id: &str, element: &str, formula: &str, from: &str, when: &str, keys: &str) -> String {
    let when = if when.is_empty() { String::new() } else { format!("when = {{ {when} }}\n") };
    format!(
        "\n[[rate]]\nid = \"{id}\"\nelement = \"{element}\"\nformula = \"{formula}\"\nvalid_from = {from}\n{keys}{when}"
    )
}

fn paid(amount: &str) -> String {
    format!("amount = \"{amount}\"\n")
}

fn prices(chance: &mut Chance) -> String {
    let from = "2021-01-01";
    let base = paid(&amount(chance, 50_000)) + "weights = \"drg\"\nweight_by = [\"drg\"]\n";
    let delivery = "kind = [\"delivery\"]";
    let mut text = rate("delivery-1", "delivery-base", "per-weight", from, delivery, &base);
    let rounded = if chance.of(0.5) { "rounding = \"half-up-krona\"\n" } else { "" };
    for period in ["A", "B", "C"] {
        let weighted = if chance.of(0.5) {
            "weights = \"omrade\"\nweight_by = [\"area_class\"]\n"
        } else {
            ""
        };
        let keys =
            paid(&amount(chance, 4_000)) + &format!("period = \"{period}\"\n{weighted}{rounded}");
        let id = format!("period-{}-1", period.to_lowercase());
        let when = "kind = [\"midwife-visit\"], area = [\"midwife-clinic\"]";
        text += &rate(&id, "period-pay", "per-period", from, when, &keys);
    }
    let visit = "kind = [\"midwife-visit\", \"doctor-visit\", \"home-visit\"], individual = false";
    text += &rate("visit-1", "visit", "per-contact", from, visit, &paid(&amount(chance, 1_500)));
    let phone = "kind = [\"phone\"], residence = [\"01\", \"!0188\"]";
    text += &rate("phone-1", "phone", "per-contact", from, phone, &paid(&amount(chance, 300)));
    let scan = "kind = [\"ultrasound\"], procedure = [\"AM0*\"]";
    text += &rate("scan-1", "scan", "per-contact", from, scan, &paid(&amount(chance, 2_000)));
    let class =
        "kind = [\"group-visit\"], class = { name = \"grupp\", in = [\"liten\", \"stor\"] }";
    text += &rate("group-1", "group", "per-contact", from, class, &paid(&amount(chance, 900)));
    text
}

fn add_ons(chance: &mut Chance) -> String {
    let from = "2021-01-01";
    let chain = "kind = [\"delivery\"], holds = [\"continuity\"], enrolled = true";
    let was = "7 400 kr";
    let mut text =
        rate("continuity-1", "continuity-add-on", "per-contact", from, chain, &paid(was));
    let home =
        "kind = [\"delivery\"], holds = [\"home-birth\"], place = [\"home\"], parity = [1, 9]";
    let home_pay = paid(&amount(chance, 20_000));
    text += &rate("home-1", "home-birth-add-on", "per-contact", from, home, &home_pay);
    let diagnosis = "kind = [\"delivery\"], diagnosis = [\"O70*\"], drg = [\"P05*\"]";
    let tear = paid(&amount(chance, 1_000)) + "valid_to = 2024-01-31\n";
    text += &rate("tear-1", "tear-add-on", "per-contact", from, diagnosis, &tear);
    let switched = "kind = [\"delivery\"], by_team = true";
    let shadow = "payable_under = [\"budget-assignment\"]\n";
    let team = paid(&amount(chance, 700)) + shadow;
    text += &rate("team-1", "team-add-on", "per-contact", from, switched, &team);
    text
}

fn raises(chance: &mut Chance) -> String {
    let percent = chance.between(1, 12);
    let by_percent = format!("percent = \"{percent}.5\"\nof = [\"delivery-base\"]\n");
    let on_top = "percent = \"5\"\nof = [\"delivery-base\", \"raise\"]\n";
    let by_amount = paid("250 kr") + "of = [\"continuity-add-on\"]\n";
    let mut text = rate("raise-1", "raise", "uplift", "2021-05-01", "", &by_percent);
    text += &rate("raise-2", "raise-on-raise", "uplift", "2021-10-01", "", on_top);
    text += &rate("raise-3", "fixed-raise", "uplift", "2021-05-01", "enrolled = true", &by_amount);
    let steps = format!(
        "of = [\"delivery-base\"]\nper = \"unit-year\"\nsteps = [{{ over = {}, percent = \"60\" }}, {{ over = {}, percent = \"120\" }}]\n",
        chance.between(1, 2),
        chance.between(3, 5)
    );
    text += &rate("tier-1", "volume", "tier", "2022-01-01", "kind = [\"delivery\"]", &steps);
    let ceiling = format!(
        "of = [\"period-pay\", \"visit\"]\nsteps = [{{ over = \"{}\", percent = \"50\" }}, {{ over = \"{}\", percent = \"0\" }}]\n",
        amount(chance, 3_000),
        "40 000 kr"
    );
    let visits = "kind = [\"midwife-visit\", \"home-visit\"]";
    text += &rate("ceiling-1", "visit-ceiling", "ceiling", "2022-01-01", visits, &ceiling);
    text
}

fn unit_formulas(chance: &mut Chance) -> String {
    let per_year = format!("per_year = \"{}\"\n", amount(chance, 900_000));
    let holds = "holds = [\"continuity\"]";
    let mut text = rate("fixed-1", "team-pay", "fixed-monthly", "2021-04-01", holds, &per_year);
    let lump = paid(&amount(chance, 100_000));
    text += &rate("lump-1", "start-up", "lump", "2021-07-01", "area = [\"midwife-clinic\"]", &lump);
    for year in [2022, 2023] {
        for unit in &DELIVERY_UNITS {
            let deliveries = chance.between(100, 5_000);
            let _ = write!(
                text,
                "\n[[capacity]]\nunit = \"{unit}\"\nyear = {year}\ndeliveries = {deliveries}\n"
            );
        }
    }
    text += &keys(chance);
    let rounding = chance.pick(&["largest-remainder", "largest-remainder-ore", "half-up-ore"]);
    let rounding = rounding.unwrap_or("half-up-ore");
    let once = format!(
        "pot = \"{} 000 kr\"\nkey = \"capacity\"\nrounding = \"{rounding}\"\nvalid_to = 2022-12-31\n",
        chance.between(10, 900)
    );
    text += &rate("pot-2022", "pot", "share", "2022-01-01", "", &once);
    let monthly = format!(
        "pot = \"{} 001 kr\"\nkey = \"stod\"\nrounding = \"half-up-residue-largest\"\npay = \"monthly\"\nvalid_to = 2023-12-31\n",
        chance.between(10, 900)
    );
    text += &rate("support-2023", "support", "share", "2023-01-01", "", &monthly);
    text
}

fn keys(chance: &mut Chance) -> String {
    let mut text = String::new();
    for recipient in [DELIVERY_UNITS[0], DELIVERY_UNITS[1], "samordnaren"] {
        let value = chance.between(1, 400);
        let _ = write!(
            text,
            "\n[[key]]\nname = \"stod\"\nrecipient = \"{recipient}\"\nvalue = {value}\nyear = 2023\n"
        );
    }
    text
}

/// A raise that reaches back, and one that replaces it from a later day on; both are in one chain.
fn retroactive(chance: &mut Chance, raised: Day) -> String {
    let chain = "kind = [\"delivery\"], holds = [\"continuity\"], enrolled = true";
    let second = paid("14 200 kr") + "was = \"7 400 kr\"\nreplaces = [\"continuity-1\"]\n";
    let from = raised.to_string();
    let mut text = rate("continuity-2", "continuity-add-on", "per-contact", &from, chain, &second);
    let third = paid(&amount(chance, 15_000)) + "replaces = [\"continuity-2\", \"continuity-1\"]\n";
    let later = raised.plus(chance.between(30, 400)).to_string();
    text += &rate("continuity-3", "continuity-add-on", "per-contact", &later, chain, &third);
    let base = paid(&amount(chance, 60_000))
        + "weights = \"drg\"\nweight_by = [\"drg\"]\nreplaces = [\"delivery-1\"]\n";
    let delivery = "kind = [\"delivery\"]";
    let edge = edge(chance).to_string();
    text += &rate("delivery-2", "delivery-base", "per-weight", &edge, delivery, &base);
    // One clinic has its own price for a while.
    let own = paid(&amount(chance, 70_000))
        + "valid_to = 2023-06-30\nreplaces = [\"delivery-1\", \"delivery-2\"]\n";
    let there = "kind = [\"delivery\"], unit = [\"bb-ost\"]";
    text += &rate("delivery-ost", "delivery-base", "per-contact", "2022-01-01", there, &own);
    text
}

/// `bb-syd` goes over to a budget assignment; its add-on does not follow along. And `ul-ett` gets another class.
fn moved(switch: Day) -> String {
    let last = switch.plus(-1);
    let ended = format!("valid_to = {last}\n");
    let from = switch.to_string();
    assigned("bb-syd", "bolaget-forlossning", "base", "2020-01-01", &ended)
        + &assigned("bb-syd", "bolaget-forlossning", "continuity", "2021-07-01", &ended)
        + &assigned("bb-syd", "bolaget-anslag", "base", &from, "")
        + &assigned("bb-vast", "bolaget-forlossning", "continuity", &from, "")
        + "\n[[unit]]\nid = \"ul-ett\"\nkind = \"ultrasound-clinic\"\nprovider = \"foretaget\"\nkombika = \"K-ul-ett\"\narea_class = \"2\"\nvalid_from = 2020-01-01\n"
}

fn proposal(chance: &mut Chance) -> String {
    let visit = "kind = [\"midwife-visit\"]";
    let keys = paid(&amount(chance, 99_999)) + "replaces = [\"visit-1\", \"period-a-1\"]\n";
    rate("proposal-1", "visit", "per-contact", "2022-01-01", visit, &keys)
}

/// Waits for a decision that comes much later, and for one that never comes.
fn waiting(chance: &mut Chance) -> String {
    let home = "kind = [\"home-visit\"]";
    let known = paid(&amount(chance, 800)) + "requires = [\"k-grant\"]\n";
    let never =
        paid(&amount(chance, 800)) + "requires = [\"never-decided\"]\nreplaces = [\"visit-1\"]\n";
    rate("grant-1", "grant-add-on", "per-contact", "2022-01-01", home, &known)
        + &rate("grant-2", "never-add-on", "per-contact", "2022-01-01", home, &never)
}

fn appropriation(chance: &mut Chance) -> String {
    let amount = amount(chance, 9_000_000);
    format!("\n[[appropriation]]\nid = \"anslag\"\nyear = 2023\namount = \"{amount}\"\n")
        + "\n[[commission]]\nid = \"uppdrag\"\nwhat = \"redovisa\"\ndue = 2023-09-30\n"
}

/// Keys and weights stated anew, some of it for days long past.
fn restated(chance: &mut Chance) -> String {
    let mut text = keys(chance);
    for (table, code, from) in [
        ("drg", "P05E", "2022-01-01"),
        ("drg", "P06N", "2023-07-01"),
        ("omrade", "2", "2020-01-01"),
    ] {
        let _ = write!(
            text,
            "\n[[weight]]\ntable = \"{table}\"\ncode = \"{code}\"\nvalue = \"1.{:04}\"\nvalid_from = {from}\n",
            chance.between(0, 9_999)
        );
    }
    text
}

/// An element ends by 0 kr (R6), another by its last day.
fn ended() -> String {
    let keys = paid("0 kr") + "replaces = [\"phone-1\"]\n";
    rate("phone-2", "phone", "per-contact", "2024-01-01", "kind = [\"phone\"]", &keys)
}
