//! `grant show`: what there is, how it is divided, what became of it, and what stands unfinanced when it ends.
//!
//! Owns: the division as a tree, and which parts are shown. Does not own: the account (`account`), the workbook (`sheets`).

use super::account::{AccountJson, tell_account};
use super::financing::{FinancingJson, tell_financing};
use super::sheets;
use crate::data::{DataFolder, Labels};
use crate::engine;
use crate::failure::{Failure, Outcome};
use crate::output::{Cell, Format, Head, Lang, Out, number, text};
use crate::{ratebook, words, workbook};
use kernel::fact::{AllocationRule, Decision, Stated, Status};
use kernel::grant::{
    Account, Branch, Range, Settled, Tree, YearFinanced, account, trees, years_financed,
};
use kernel::money::Money;
use kernel::price::Marks;
use kernel::register::Register;
use kernel::time::Day;
use schemars::JsonSchema;
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
    /// Post by post, what became of the money, without the division.
    pub posts: bool,
    /// A workbook to write.
    pub xlsx: Option<PathBuf>,
}

/// What programs are told.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ShowJson<'a> {
    grants: Vec<GrantJson<'a>>,
    financing: Vec<FinancingJson>,
}

#[derive(Serialize, JsonSchema)]
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
    account: Option<AccountJson<'a>>,
}

#[derive(Serialize, JsonSchema)]
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
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parts: Vec<PartJson<'a>>,
    residual: RangeJson,
}

/// A recipient's part of a share.
#[derive(Serialize, JsonSchema)]
struct PartJson<'a> {
    recipient: &'a str,
    weight: u64,
    amount_ore: i64,
    amount: String,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct RangeJson {
    amount_ore: i64,
    low_ore: i64,
    high_ore: i64,
    amount: String,
}

impl RangeJson {
    pub(super) fn new(range: Range) -> Self {
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
    if !ask.register.is_empty() {
        // How rates fit together is no matter of grants, so a folder of grants alone can be shown.
        let read = ratebook::read_folders(&ask.register)?;
        engine::refuse(read.findings)?;
        let register = Register::from_ratebooks(read.decisions);
        return Shown { out, ask, register: &register, settled: &[], origin: "reported" }.run();
    }
    let data = DataFolder::open(folder)?;
    let settled = data.settled()?;
    // What rests on no contact is not synthetic.
    let origin = if settled.is_empty() { "reported" } else { data.origin().name() };
    Shown { out, ask, register: data.register(), settled: &settled, origin }.run()
}

/// A register and what was settled, to be shown.
struct Shown<'r> {
    out: Out,
    ask: &'r Ask,
    register: &'r Register,
    settled: &'r [Settled],
    origin: &'static str,
}

impl Shown<'_> {
    fn run(&self) -> Result<Outcome, Failure> {
        let (out, ask) = (self.out, self.ask);
        let known_on = ask.known_on.unwrap_or_else(engine::today);
        let revision = self.register.as_of(known_on);
        let all = trees(self.register, revision);
        let is_asked = |tree: &&Tree<'_>| ask.id.as_ref().is_none_or(|id| tree.grant.id == *id);
        let shown: Vec<&Tree<'_>> = all.iter().filter(is_asked).collect();
        if let (Some(id), true) = (&ask.id, shown.is_empty()) {
            let known: Vec<&str> = all.iter().map(|tree| tree.grant.id.as_str()).collect();
            let known = known.join(", ");
            return Err(Failure::refused(
                format!("inget statsbidrag `{id}` är känt {known_on}; kända är: {known}"),
                format!("no grant `{id}` is known on {known_on}; known are: {known}"),
            ));
        }
        let of = |tree: &&Tree<'_>| {
            account(self.register, revision, &tree.grant.id, known_on, self.settled)
        };
        let accounts: Vec<Option<Account<'_>>> = shown.iter().map(of).collect();
        let both: Vec<(&Tree<'_>, Option<&Account<'_>>)> =
            shown.iter().copied().zip(accounts.iter().map(Option::as_ref)).collect();
        let years = years_financed(&all);
        if let Some(path) = &ask.xlsx {
            self.workbook(path, &both)?;
        }
        match out.format {
            Format::Json => {
                let grants = both
                    .iter()
                    .map(|(tree, account)| json(tree, *account, known_on, self.origin))
                    .collect();
                let financing = years.iter().map(FinancingJson::new).collect();
                out.json(&ShowJson { grants, financing })?;
            }
            Format::Csv => self.csv(&both)?,
            Format::Table => self.tell(&both, &years)?,
        }
        Ok(Outcome::Done)
    }

    fn csv(&self, both: &[(&Tree<'_>, Option<&Account<'_>>)]) -> Result<(), Failure> {
        if self.ask.posts {
            let accounts = both.iter().filter_map(|(_, account)| *account);
            let rows = accounts.flat_map(|account| super::account::post_rows(self.out, account));
            let rows: Vec<Vec<Cell>> = rows.collect();
            return self.out.table_of(self.origin, &super::account::POST_HEADS, &rows);
        }
        let labels = Labels::new(self.register);
        let rows = both.iter().flat_map(|(tree, _)| rows(self.out, &labels, tree));
        self.out.table(&HEADS, &rows.collect::<Vec<_>>())
    }

    fn tell(
        &self,
        both: &[(&Tree<'_>, Option<&Account<'_>>)],
        years: &[YearFinanced],
    ) -> Result<(), Failure> {
        let out = self.out;
        out.synthetic_band(self.origin == "synthetic");
        let labels = Labels::new(self.register);
        for (tree, account) in both {
            if !self.ask.posts {
                tell(out, &labels, tree)?;
            }
            let followed = account.filter(|account| {
                let is_settled = account.total.settled != Money::ZERO;
                self.ask.posts || !account.acts.is_empty() || is_settled
            });
            if let Some(account) = followed {
                let (sv, en) = ("\nVad som har blivit av pengarna", "\nWhat became of the money");
                out.say(sv, en);
                tell_account(out, account, self.origin)?;
            }
        }
        if both.is_empty() {
            out.say("inget statsbidrag är känt", "no grant is known");
        }
        if self.ask.id.is_none() && !years.is_empty() {
            tell_financing(out, years)?;
        }
        Ok(())
    }

    fn workbook(
        &self,
        path: &Path,
        both: &[(&Tree<'_>, Option<&Account<'_>>)],
    ) -> Result<(), Failure> {
        let notes = |tree: &Tree<'_>| {
            let mut notes = Vec::new();
            if self.origin == "synthetic" {
                notes.push("SYNTETISKA DATA".to_owned());
            }
            notes.push(label(tree.stated, &tree.grant.id).to_owned());
            if tree.decision.status == Status::Proposed {
                notes.push(self.out.lang.pick("FÖRSLAG", "PROPOSED").to_owned());
            }
            notes
        };
        let mut all = Vec::new();
        for (tree, account) in both {
            all.push(sheets::division(self.out, tree, notes(tree)));
            all.extend(account.map(|account| sheets::posts(self.out, account, notes(tree))));
        }
        workbook::write(path, self.origin, &all)
    }
}

fn status(decision: &Decision) -> &'static str {
    decision.status.name()
}

/// What people call what was stated.
pub(crate) fn label<'a>(stated: &'a Stated, id: &'a str) -> &'a str {
    stated.label.as_deref().unwrap_or(id)
}

fn json<'a>(
    tree: &'a Tree<'_>,
    account: Option<&'a Account<'_>>,
    on: Day,
    origin: &'static str,
) -> GrantJson<'a> {
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
        account: account.map(|account| AccountJson::new(account, on, origin)),
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
        parts: branch
            .parts
            .iter()
            .map(|part| PartJson {
                recipient: part.recipient,
                weight: part.weight,
                amount_ore: part.amount.ore(),
                amount: part.amount.to_string(),
            })
            .collect(),
        residual: RangeJson::new(branch.residual),
    }
}

const HEADS: [Head; 10] = [
    text("grant", "Statsbidrag", "Grant"),
    text("id", "Post", "Entry"),
    text("label", "Benämning", "Label"),
    text("recipient", "Mottagare", "Recipient"),
    text("rule", "Regel", "Rule"),
    number("amount_ore", "Belopp", "Amount"),
    number("low_ore", "Lägst", "At least"),
    number("high_ore", "Högst", "At most"),
    text("status", "Läge", "Status"),
    text("mark", "Märke", "Mark"),
];

/// The tree as rows, from the whole to what is left.
fn rows(out: Out, labels: &Labels, tree: &Tree<'_>) -> Vec<Vec<Cell>> {
    let left = |depth: usize, range: Range| Entry {
        depth,
        id: "",
        label: residual_label(out.lang, range),
        recipient: "",
        rule: None,
        range,
        decision: None,
    };
    let of_branch = |depth: usize, branch: &Branch<'_>| {
        Entry {
            depth,
            id: branch.id,
            label: label(branch.stated, branch.id),
            recipient: branch.recipient.unwrap_or(""),
            rule: Some(branch.rule),
            range: branch.amount,
            decision: Some(branch.decision),
        }
        .cells(out, labels, tree)
    };
    let whole = Entry {
        depth: 0,
        id: &tree.grant.id,
        label: label(tree.stated, &tree.grant.id),
        recipient: "",
        rule: None,
        range: tree.whole,
        decision: Some(tree.decision),
    };
    let mut rows = vec![whole.cells(out, labels, tree)];
    if let Some(range) = tree.unexplained.filter(|range| *range != Range::default()) {
        let label = out.lang.pick("delarna förklarar inte", "not explained by the parts");
        rows.push(Entry { label, ..left(1, range) }.cells(out, labels, tree));
    }
    let of_parts = |depth: usize, branch: &Branch<'_>| {
        let cells = branch.parts.iter().map(|part| {
            let range = Range::exact(part.amount);
            Entry { label: part.recipient, recipient: part.recipient, ..left(depth, range) }
                .cells(out, labels, tree)
        });
        cells.collect::<Vec<_>>()
    };
    for heading in &tree.headings {
        rows.push(of_branch(1, heading));
        rows.extend(of_parts(2, heading));
        for item in &heading.items {
            rows.push(of_branch(2, item));
            rows.extend(of_parts(3, item));
            if item.residual != Range::default() {
                rows.push(left(3, item.residual).cells(out, labels, tree));
            }
        }
        if heading.residual != Range::default() {
            rows.push(left(2, heading.residual).cells(out, labels, tree));
        }
    }
    rows.push(left(1, tree.residual).cells(out, labels, tree));
    rows
}

/// A row of the division.
struct Entry<'a> {
    depth: usize,
    id: &'a str,
    label: &'a str,
    recipient: &'a str,
    /// None for the whole, a part and what is left.
    rule: Option<&'a AllocationRule>,
    range: Range,
    /// None for what is left.
    decision: Option<&'a Decision>,
}

impl Entry<'_> {
    fn cells(&self, out: Out, labels: &Labels, tree: &Tree<'_>) -> Vec<Cell> {
        let Self { depth, id, label, recipient, rule, range, decision } = *self;
        // A proposed grant says so once, above the table; a proposed heading of a decided one says so itself.
        let is_proposed = |decision: &Decision| decision.status == Status::Proposed;
        let stands_out = decision.is_some_and(is_proposed) && !is_proposed(tree.decision);
        let mark = if stands_out { out.lang.pick(" (FÖRSLAG)", " (PROPOSED)") } else { "" };
        // A part has no label but its recipient's name.
        let name = if label == recipient { labels.recipient(label) } else { label.into() };
        let shown = format!("{}{}{mark}", "  ".repeat(depth), name.shown());
        let bound = |bound: Money| {
            let shown = if range.is_exact() { String::new() } else { bound.to_string() };
            Cell::of(&shown, &bound.ore().to_string())
        };
        let marks = Marks {
            illustrative: decision.is_some_and(|decision| decision.illustrative),
            unverified: decision.is_some_and(|decision| !decision.unverified.is_empty()),
        };
        vec![
            tree.grant.id.as_str().into(),
            id.into(),
            Cell::of(&shown, label),
            labels.recipient(recipient),
            rule.map_or_else(|| "".into(), |rule| words::rule_cell(out.lang, rule)),
            range.printed.into(),
            bound(range.low),
            bound(range.high),
            decision.map_or("", status).into(),
            words::marks(out.lang, marks),
        ]
    }
}

/// What a residual is called.
pub(crate) fn residual_label(lang: Lang, range: Range) -> &'static str {
    if !range.is_exact() && range.low <= Money::ZERO && range.high >= Money::ZERO {
        lang.pick(
            "ofördelat, inget inom angiven precision",
            "unallocated, nothing within the stated precision",
        )
    } else if range.printed < Money::ZERO {
        lang.pick("fördelat för mycket", "allocated too much")
    } else {
        lang.pick("ofördelat", "unallocated")
    }
}

fn tell(out: Out, labels: &Labels, tree: &Tree<'_>) -> Result<(), Failure> {
    let (year, decision) = (tree.grant.year, tree.decision.id.as_str());
    let mark = match tree.decision.illustrative {
        true => out.lang.pick(" (illustrativt)", " (illustrative)"),
        false => "",
    };
    let cases = tree.grant.case_numbers.join(", ");
    let cases = if cases.is_empty() { cases } else { format!(", {cases}") };
    match tree.decision.status {
        Status::Decided => out.say(
            &format!("\nStatsbidrag {year}, enligt {decision}{mark}{cases}"),
            &format!("\nState grant of {year}, by {decision}{mark}{cases}"),
        ),
        Status::Proposed => out.say(
            &format!("\nStatsbidrag {year}, FÖRSLAG enligt {decision}{mark}{cases}"),
            &format!("\nState grant of {year}, PROPOSED by {decision}{mark}{cases}"),
        ),
    }
    let mut cells = rows(out, labels, tree);
    for row in &mut cells {
        row.truncate(8);
        row.drain(..2);
    }
    let heads: Vec<Head> = HEADS.into_iter().take(8).skip(2).collect();
    out.table(&heads, &cells)
}
