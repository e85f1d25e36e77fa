//! `grant show`: what there is, how it is divided, and what is left, heading by heading.

use crate::data::DataFolder;
use crate::engine;
use crate::failure::{Failure, Outcome};
use crate::output::{Cell, Format, Head, Out, number, text};
use crate::ratebook;
use kernel::fact::{Decision, Stated, Status};
use kernel::grant::{Branch, Range, Tree, trees};
use kernel::money::Money;
use kernel::register::Register;
use kernel::time::Day;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// What to show.
#[derive(Debug)]
pub struct Ask {
    /// One grant, or all.
    pub id: Option<String>,
    /// Ratebook folders, instead of the data folder.
    pub register: Vec<PathBuf>,
    /// As known on a day.
    pub known_on: Option<Day>,
}

#[derive(Serialize)]
struct ShowJson<'a> {
    grants: Vec<GrantJson<'a>>,
}

#[derive(Serialize)]
struct GrantJson<'a> {
    id: &'a str,
    label: &'a str,
    year: i32,
    payer: Option<&'a str>,
    case_numbers: &'a [String],
    decision: &'a str,
    status: &'static str,
    amount: RangeJson,
    unexplained: Option<RangeJson>,
    headings: Vec<BranchJson<'a>>,
    residual: RangeJson,
}

#[derive(Serialize)]
struct BranchJson<'a> {
    id: &'a str,
    label: &'a str,
    rule: &'static str,
    recipient: Option<&'a str>,
    reserve: bool,
    decision: &'a str,
    status: &'static str,
    illustrative: bool,
    anchor: Option<&'a str>,
    amount: RangeJson,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    items: Vec<BranchJson<'a>>,
    residual: RangeJson,
}

#[derive(Serialize)]
struct RangeJson {
    amount_ore: i64,
    low_ore: i64,
    high_ore: i64,
    amount: String,
}

impl RangeJson {
    fn new(range: Range) -> Self {
        Self {
            amount_ore: range.printed.ore(),
            low_ore: range.low.ore(),
            high_ore: range.high.ore(),
            amount: range.printed.to_string(),
        }
    }
}

/// Runs `grant show`.
pub fn run(out: Out, folder: &Path, ask: &Ask) -> Result<Outcome, Failure> {
    let known_on = ask.known_on.unwrap_or_else(engine::today);
    if !ask.register.is_empty() {
        // How rates fit together is no matter of grants, so a folder of grants alone can be shown.
        let read = ratebook::read_folders(&ask.register)?;
        engine::refuse(read.findings)?;
        return write(out, &Register::from_ratebooks(read.decisions), ask, known_on);
    }
    write(out, DataFolder::open(folder)?.register(), ask, known_on)
}

fn write(out: Out, register: &Register, ask: &Ask, known_on: Day) -> Result<Outcome, Failure> {
    let all = trees(register, register.as_of(known_on));
    let is_asked = |tree: &&Tree<'_>| ask.id.as_ref().is_none_or(|id| tree.grant.id == *id);
    let shown: Vec<&Tree<'_>> = all.iter().filter(is_asked).collect();
    if let (Some(id), true) = (&ask.id, shown.is_empty()) {
        let known = all.iter().map(|tree| tree.grant.id.as_str()).collect::<Vec<_>>().join(", ");
        return Err(Failure::refused(
            format!("inget statsbidrag `{id}` är känt {known_on}; kända är: {known}"),
            format!("no grant `{id}` is known on {known_on}; known are: {known}"),
        ));
    }
    match out.format {
        Format::Json => {
            out.json(&ShowJson { grants: shown.iter().map(|tree| json(tree)).collect() })?
        }
        Format::Csv => {
            let rows = shown.iter().flat_map(|tree| rows(out, tree));
            out.table(&HEADS, &rows.collect::<Vec<_>>())?;
        }
        Format::Table => {
            for tree in &shown {
                tell(out, tree)?;
            }
            if shown.is_empty() {
                out.say("inget statsbidrag är känt", "no grant is known");
            }
        }
    }
    Ok(Outcome::Done)
}

fn status(decision: &Decision) -> &'static str {
    decision.status.name()
}

fn label<'a>(stated: &'a Stated, id: &'a str) -> &'a str {
    stated.label.as_deref().unwrap_or(id)
}

fn json<'a>(tree: &'a Tree<'_>) -> GrantJson<'a> {
    GrantJson {
        id: &tree.grant.id,
        label: label(tree.stated, &tree.grant.id),
        year: tree.grant.year,
        payer: tree.grant.payer.as_deref(),
        case_numbers: &tree.grant.case_numbers,
        decision: tree.decision.id.as_str(),
        status: status(tree.decision),
        amount: RangeJson::new(tree.whole),
        unexplained: tree.unexplained.map(RangeJson::new),
        headings: tree.headings.iter().map(branch_json).collect(),
        residual: RangeJson::new(tree.residual),
    }
}

fn branch_json<'a>(branch: &'a Branch<'_>) -> BranchJson<'a> {
    BranchJson {
        id: branch.id,
        label: label(branch.stated, branch.id),
        rule: branch.rule.name(),
        recipient: branch.recipient,
        reserve: branch.is_reserve,
        decision: branch.decision.id.as_str(),
        status: status(branch.decision),
        illustrative: branch.decision.illustrative,
        anchor: branch.stated.anchor.as_deref(),
        amount: RangeJson::new(branch.amount),
        items: branch.items.iter().map(branch_json).collect(),
        residual: RangeJson::new(branch.residual),
    }
}

const HEADS: [Head; 8] = [
    text("grant", "Statsbidrag", "Grant"),
    text("id", "Post", "Entry"),
    text("label", "Benämning", "Label"),
    text("recipient", "Mottagare", "Recipient"),
    text("rule", "Regel", "Rule"),
    number("amount_ore", "Belopp", "Amount"),
    number("low_ore", "Lägst", "At least"),
    number("high_ore", "Högst", "At most"),
];

/// The tree as rows, from the whole to what is left.
fn rows(out: Out, tree: &Tree<'_>) -> Vec<Vec<Cell>> {
    let id = tree.grant.id.as_str();
    let row =
        |depth: usize, entry: &str, shown: &str, recipient: &str, rule: &str, range: Range| {
            let indented = format!("{}{shown}", "  ".repeat(depth));
            let mut cells =
                vec![id.into(), entry.into(), Cell::of(&indented, shown), recipient.into()];
            cells.extend([rule.into(), range.printed.into()]);
            let bound = |bound: Money| {
                let shown = if range.is_exact() { String::new() } else { bound.to_string() };
                Cell::of(&shown, &bound.ore().to_string())
            };
            cells.extend([bound(range.low), bound(range.high)]);
            cells
        };
    let left = |range: Range| {
        if !range.is_exact() && range.low <= Money::ZERO && range.high >= Money::ZERO {
            out.lang.pick(
                "ofördelat, inget inom angiven precision",
                "unallocated, nothing within the stated precision",
            )
        } else if range.printed < Money::ZERO {
            out.lang.pick("fördelat för mycket", "allocated too much")
        } else {
            out.lang.pick("ofördelat", "unallocated")
        }
    };
    let mut rows = vec![row(0, id, label(tree.stated, id), "", "", tree.whole)];
    if let Some(unexplained) = tree.unexplained.filter(|range| *range != Range::default()) {
        let shown = out.lang.pick("delarna förklarar inte", "not explained by the parts");
        rows.push(row(1, "", shown, "", "", unexplained));
    }
    for heading in &tree.headings {
        let shown = label(heading.stated, heading.id);
        rows.push(row(1, heading.id, shown, "", heading.rule.name(), heading.amount));
        for item in &heading.items {
            let recipient = item.recipient.unwrap_or("");
            let shown = label(item.stated, item.id);
            rows.push(row(2, item.id, shown, recipient, item.rule.name(), item.amount));
        }
        if heading.residual != Range::default() {
            rows.push(row(2, "", left(heading.residual), "", "", heading.residual));
        }
    }
    rows.push(row(1, "", left(tree.residual), "", "", tree.residual));
    rows
}

fn tell(out: Out, tree: &Tree<'_>) -> Result<(), Failure> {
    let (year, decision) = (tree.grant.year, tree.decision.id.as_str());
    let cases = tree.grant.case_numbers.join(", ");
    let cases = if cases.is_empty() { cases } else { format!(", {cases}") };
    match tree.decision.status {
        Status::Decided => out.say(
            &format!("\nStatsbidrag {year}, enligt {decision}{cases}"),
            &format!("\nState grant of {year}, by {decision}{cases}"),
        ),
        Status::Proposed => out.say(
            &format!("\nStatsbidrag {year}, FÖRSLAG enligt {decision}{cases}"),
            &format!("\nState grant of {year}, PROPOSED by {decision}{cases}"),
        ),
    }
    let mut cells = rows(out, tree);
    for row in &mut cells {
        row.drain(..2);
    }
    let heads: Vec<Head> = HEADS.into_iter().skip(2).collect();
    out.table(&heads, &cells)
}
