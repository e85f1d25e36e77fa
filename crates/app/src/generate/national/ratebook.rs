//! The ratebook of the national workload, as the text of its files.
//!
//! Units belong to price groups through their assignments and change between them; every group and item has some
//! thirty versions of its rate, most known before they are valid and some long after.

use super::{BRANCHES, Branch, COMPLICATIONS, SEVERITIES, unit_id};
use crate::generate::chance::Chance;
use kernel::fact::ContactKind;
use kernel::money::Money;
use kernel::time::{Day, Month};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Sets this stream apart from all others of a seed.
const STREAM: u64 = 0x7261_7465;
/// Versions of each group's rate for each item.
const VERSIONS: usize = 29;
/// Units of a provider.
const UNITS_OF_PROVIDER: usize = 10;
/// Units that hold the add-on assignments, from the first delivery unit on.
const CONTINUITY: usize = 20;
const HOME_BIRTH: usize = 5;

/// File names and texts, in order of name.
pub fn files(seed: u64) -> Vec<(String, String)> {
    let mut chance = Chance::new(seed, &[STREAM]);
    let mut files: BTreeMap<(&str, Day), String> = BTreeMap::new();
    files.insert(("a-enheter", known_at_start()), structure(&mut chance));
    for unit in units() {
        for (known, rows) in moves(&unit, &mut chance) {
            files.entry(("b-uppdrag", known)).or_default().push_str(&rows);
        }
    }
    add_ons(&mut files);
    for branch in &BRANCHES {
        for group in 0..branch.groups {
            for (kind, code) in branch.items {
                let item = Item { branch, group, kind: *kind, code };
                for (known, rate) in item.versions(&mut chance) {
                    files.entry(("c-priser", known)).or_default().push_str(&rate);
                }
            }
        }
    }
    files
        .into_iter()
        .map(|((name, known), facts)| {
            let id = format!("syntetisk-{name}-{known}");
            (format!("{name}-{known}.toml"), head(&id, known) + &facts)
        })
        .collect()
}

fn head(id: &str, known: Day) -> String {
    format!(
        "# SYNTETISKA DATA: påhittade enheter och priser för mätningar.\n[decision]\nid = \"{id}\"\nbody = \"exempel\"\nknown_from = {known}\nillustrative = true\n"
    )
}

fn day(year: i32, month: i32) -> Day {
    Month::new(year, month).map_or(Day::MIN, Month::first_day)
}

fn known_at_start() -> Day {
    day(2018, 1)
}

/// A unit and where it stands: its branch, provider and place among the branch's units.
struct Unit {
    id: String,
    branch: &'static Branch,
    number: usize,
    of_branch: usize,
}

fn units() -> impl Iterator<Item = Unit> {
    let of_branch =
        BRANCHES.iter().flat_map(|branch| (0..branch.units).map(move |unit| (branch, unit)));
    of_branch.enumerate().map(|(number, (branch, of_branch))| Unit {
        id: unit_id(number),
        branch,
        number,
        of_branch,
    })
}

fn structure(chance: &mut Chance) -> String {
    let mut text = String::from(
        "\n[region]\nid = \"syntetisk\"\ncounty = \"01\"\n\n[[payer]]\nid = \"regionen\"\n\n[[payer]]\nid = \"andra-regioner\"\nresidence = [\"out-of-county\"]\n\n[[payer]]\nid = \"staten\"\nresidence = [\"asylum\"]\n",
    );
    for provider in 0..BRANCHES.iter().map(|b| b.units).sum::<usize>().div_ceil(UNITS_OF_PROVIDER) {
        let _ = write!(
            text,
            "\n[[provider]]\nid = \"vardgivare-{provider:02}\"\nlegal_form = \"private\"\n"
        );
        for branch in &BRANCHES {
            let _ = write!(
                text,
                "\n[[agreement]]\nid = \"{}\"\nprovider = \"vardgivare-{provider:02}\"\narea = \"{}\"\nform = \"care-choice\"\nvalid_from = 2018-01-01\n",
                agreement(provider, branch),
                branch.area.name()
            );
        }
    }
    for unit in units() {
        let _ = write!(
            text,
            "\n[[unit]]\nid = \"{}\"\nkind = \"{}\"\nprovider = \"vardgivare-{:02}\"\narea_class = \"{}\"\nvalid_from = 2018-01-01\n",
            unit.id,
            unit.branch.unit_kind.name(),
            unit.number / UNITS_OF_PROVIDER,
            1 + (unit.number * 7) % 10,
        );
    }
    weights(&mut text, chance);
    text
}

fn agreement(provider: usize, branch: &Branch) -> String {
    format!("avtal-{provider:02}-{}", branch.letter)
}

/// Every year a weight for each class of severity, complication and area.
fn weights(text: &mut String, chance: &mut Chance) {
    let areas: Vec<String> = (1..=10).map(|class| class.to_string()).collect();
    let classes = SEVERITIES.iter().zip([10_000, 12_400, 16_100, 21_800]);
    let complications = COMPLICATIONS.iter().zip([10_000, 10_900, 12_700, 15_500]);
    let of_deliveries =
        classes.chain(complications).map(|(code, base)| ("forlossning", *code, base));
    let of_areas = areas.iter().zip(0..).map(|(code, n)| ("cni", code.as_str(), 9_000 + 400 * n));
    for (table, code, base) in of_deliveries.chain(of_areas).collect::<Vec<_>>() {
        for year in 2018..=2025 {
            let value = base + chance.between(-60, 60);
            let _ = write!(
                text,
                "\n[[weight]]\ntable = \"{table}\"\ncode = \"{code}\"\nvalue = \"{}.{:04}\"\nvalid_from = {year}-01-01\n",
                value / 10_000,
                value % 10_000
            );
        }
    }
}

/// Where a unit is from a day on, and since when that is known.
#[derive(Clone)]
struct Stint {
    from: Day,
    known: Day,
    provider: usize,
    group: usize,
}

/// The assignments of a unit as they became known. Each move ends what was before, by restating it.
fn moves(unit: &Unit, chance: &mut Chance) -> Vec<(Day, String)> {
    let provider = unit.number / UNITS_OF_PROVIDER;
    let group = unit.of_branch % unit.branch.groups;
    let start = Stint { from: day(2018, 1), known: known_at_start(), provider, group };
    let mut stints = vec![start];
    for first_year in [2019, 2023] {
        if !chance.of(0.3) {
            continue;
        }
        let month = chance.between(6, 30);
        let from = day(first_year, 1).month().plus(month).first_day();
        let late = if chance.of(0.25) { chance.between(2, 9) } else { -1 };
        let known = from.month().plus(late).first_day();
        let group = (group + 1 + chance.below(unit.branch.groups - 1)) % unit.branch.groups;
        let has_moved = stints.iter().any(|stint| stint.provider != provider);
        let moves_to_another = unit.number >= CONTINUITY && chance.of(0.15);
        let provider = if has_moved || moves_to_another { (provider + 1) % 60 } else { provider };
        stints.push(Stint { from, known, provider, group });
    }
    let mut rows = vec![(stints[0].known, stated(unit, &stints[0], None, true))];
    for pair in stints.windows(2) {
        let (before, after) = (&pair[0], &pair[1]);
        let base_too = before.provider != after.provider;
        let ended = stated(unit, before, Some(after.from.plus(-1)), base_too);
        rows.push((after.known, ended + &stated(unit, after, None, base_too)));
    }
    rows
}

fn stated(unit: &Unit, stint: &Stint, last: Option<Day>, base_too: bool) -> String {
    let group = format!("grupp-{}{:02}", unit.branch.letter, stint.group);
    let mut names: Vec<&str> = vec![&group];
    if base_too {
        names.push("base");
    }
    if last.is_none() && base_too && unit.number < CONTINUITY {
        names.push("continuity");
    }
    if last.is_none() && base_too && unit.number < HOME_BIRTH {
        names.push("home-birth");
    }
    let mut text = String::new();
    for name in names {
        // A base assignment goes on through changes of group, from where its agreement began.
        let from = if name == "base" && stint.provider == unit.number / UNITS_OF_PROVIDER {
            day(2018, 1)
        } else {
            stint.from
        };
        let _ = write!(
            text,
            "\n[[assignment]]\nunit = \"{}\"\nagreement = \"{}\"\nname = \"{name}\"\nvalid_from = {from}\n",
            unit.id,
            agreement(stint.provider, unit.branch)
        );
        if let Some(last) = last {
            let _ = writeln!(text, "valid_to = {last}");
        }
    }
    text
}

fn add_ons(files: &mut BTreeMap<(&'static str, Day), String>) {
    let rates = [
        (day(2020, 12), "hemforlossning-2021", "home-birth-add-on", "25 700 kr", "2021-01-01", ""),
        (day(2021, 12), "atta-punkter-2022", "eight-point", "5 000 kr", "2022-01-01", ""),
        (day(2021, 12), "vardkedja-2022", "continuity-add-on", "7 400 kr", "2022-01-01", ""),
        (
            day(2023, 5),
            "vardkedja-2023",
            "continuity-add-on",
            "14 200 kr",
            "2023-01-01",
            "vardkedja-2022",
        ),
    ];
    for (known, id, element, amount, from, replaces) in rates {
        let when = match element {
            "home-birth-add-on" => {
                "kind = [\"delivery\"], holds = [\"home-birth\"], place = [\"home\"]"
            }
            "continuity-add-on" => {
                "kind = [\"delivery\"], holds = [\"continuity\"], enrolled = true"
            }
            _ => "kind = [\"delivery\"]",
        };
        let mut rate = format!(
            "\n[[rate]]\nid = \"{id}\"\nelement = \"{element}\"\nformula = \"per-contact\"\namount = \"{amount}\"\nvalid_from = {from}\nwhen = {{ {when} }}\n"
        );
        if !replaces.is_empty() {
            let _ = writeln!(rate, "replaces = [\"{replaces}\"]");
        }
        files.entry(("d-tillagg", known)).or_default().push_str(&rate);
    }
}

/// One item in one group.
struct Item<'b> {
    branch: &'b Branch,
    group: usize,
    kind: ContactKind,
    code: &'b str,
}

impl Item<'_> {
    /// The versions of its rate, in the order that they became known.
    fn versions(&self, chance: &mut Chance) -> Vec<(Day, String)> {
        let mut planned: Vec<(Day, Day)> = vec![(known_at_start(), day(2018, 1))];
        for version in 1..VERSIONS {
            // Spread over 2019–2025, at most once a month.
            let month = (version as i32 - 1) * 84 / (VERSIONS as i32 - 1) + chance.between(0, 2);
            let from = day(2019, 1).month().plus(month);
            let late = if chance.of(0.08) { chance.between(1, 8) } else { -1 };
            planned.push((from.plus(late).first_day(), from.first_day()));
        }
        planned.sort_by_key(|(known, _)| *known);
        let mut amount = i64::from(chance.between(40_000, 280_000));
        if self.kind == ContactKind::Delivery {
            amount *= 15;
        }
        // What is in force as known so far: first day and number, in order of first day.
        let mut chain: Vec<(Day, usize)> = Vec::new();
        let mut versions = Vec::new();
        for (number, (known, from)) in planned.into_iter().enumerate() {
            let kept = chain.iter().rposition(|(other, _)| *other < from).map_or(0, |at| at + 1);
            let replaced: Vec<usize> =
                chain.iter().skip(kept.saturating_sub(1)).map(|(_, number)| *number).collect();
            chain.truncate(kept);
            chain.push((from, number));
            amount += amount * i64::from(chance.between(-5, 25)) / 1_000;
            versions.push((known, self.rate(number, from, amount, &replaced)));
        }
        versions
    }

    fn id(&self, version: usize) -> String {
        let code = self.code.to_lowercase();
        format!("{code}-{}{:02}-{version:02}", self.branch.letter, self.group)
    }

    fn rate(&self, version: usize, from: Day, amount_ore: i64, replaced: &[usize]) -> String {
        let amount = Money::from_ore(amount_ore).to_string().replace('\u{a0}', " ");
        let (letter, group, code) = (self.branch.letter, self.group, self.code);
        let key = if self.kind == ContactKind::Delivery { "drg" } else { "procedure" };
        let formula = match letter {
            'd' => {
                "formula = \"per-weight\"\nweights = \"forlossning\"\nweight_by = [\"severity\", \"complication\"]"
            }
            'm' => "formula = \"per-weight\"\nweights = \"cni\"\nweight_by = [\"area_class\"]",
            _ => "formula = \"per-contact\"",
        };
        let mut text = format!(
            "\n[[rate]]\nid = \"{}\"\nelement = \"pris-{}\"\n{formula}\namount = \"{amount}\"\nvalid_from = {from}\nwhen = {{ kind = [\"{}\"], {key} = [\"{code}\"], holds = [\"grupp-{letter}{group:02}\"] }}\n",
            self.id(version),
            code.to_lowercase(),
            self.kind.name(),
        );
        if !replaced.is_empty() {
            let ids: Vec<String> =
                replaced.iter().map(|n| format!("\"{}\"", self.id(*n))).collect();
            let _ = writeln!(text, "replaces = [{}]", ids.join(", "));
        }
        text
    }
}
