//! `settle`: preview or book a month.

use crate::data::{Changed, DataFolder, Labels, Preview};
use crate::failure::{Failure, Outcome};
use crate::output::{Cell, Format, Head, Out, number, text};
use crate::{engine, words};
use kernel::finding::Text;
use kernel::price::Marks;
use kernel::settle::{Sum, SummaryKey};
use kernel::time::{Day, Month};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;
use store::Settlement;

/// What programs are told.
#[derive(Serialize, JsonSchema)]
pub(crate) struct SettleJson<'a> {
    month: String,
    on: String,
    origin: &'static str,
    hash: &'a str,
    lines: Vec<RowJson<'a>>,
    total_ore: i64,
    total: String,
    shadow: Vec<RowJson<'a>>,
    unpriced: Vec<ReasonJson>,
    rejected: Vec<CodeJson>,
    contacts: usize,
    booked: Option<&'a str>,
    draft: Option<&'a str>,
}

#[derive(Serialize, JsonSchema)]
struct RowJson<'a> {
    unit: &'a str,
    payee: &'a str,
    payer: &'a str,
    element: &'a str,
    care_month: String,
    cause: &'static str,
    count: i64,
    lines: i64,
    amount_ore: i64,
    amount: String,
    illustrative: bool,
    unverified: bool,
}

#[derive(Serialize, JsonSchema)]
struct ReasonJson {
    reason: &'static str,
    count: i64,
}

#[derive(Serialize, JsonSchema)]
struct CodeJson {
    code: &'static str,
    count: i64,
}

/// What to do with a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode<'a> {
    /// Show.
    Preview,
    /// Put down to be attested.
    Draft,
    /// Book, where given only lines of this hash.
    Book(Option<&'a str>),
}

/// What was kept of a preview.
enum Kept {
    Nothing,
    Draft(String),
    Settlement(String),
}

/// Runs `settle`.
pub fn run(
    out: Out,
    folder: &Path,
    month: Month,
    on: Option<Day>,
    mode: Mode<'_>,
    by: &str,
) -> Result<Outcome, Failure> {
    let mut data = DataFolder::open(folder)?;
    let attested = data.attested_draft(month).filter(|_| matches!(mode, Mode::Book(_))).cloned();
    let preview = data.preview(month, on.or(attested.as_ref().map(|d| d.booked.settled_on)))?;
    for finding in &preview.findings {
        crate::output::tell(&out.finding(finding));
    }
    for warning in warnings(&data, &preview) {
        out.note(&warning);
    }
    let kept = match mode {
        Mode::Preview => Kept::Nothing,
        Mode::Draft => Kept::Draft(data.draft(&preview, by, engine::today())?),
        Mode::Book(expected) => {
            refuse_changed(&data, &preview, expected, attested.as_ref())?;
            match data.book(&preview, by)? {
                Some(settlement) => Kept::Settlement(settlement.booked.id),
                None => Kept::Nothing,
            }
        }
    };
    let summary = data.summary(&preview.lines);
    let rows = Rows { summary, marks: data.element_marks() };
    match out.format {
        Format::Json => out.json(&json(&data, &preview, &rows, &kept))?,
        Format::Csv => {
            out.table_of(data.origin().name(), &HEADS, &cells(out, &data.labels(), &rows))?
        }
        Format::Table => tell(out, &data, &preview, &rows, mode, &kept)?,
    }
    Ok(Outcome::Done)
}

/// How many changed sums a refusal lists.
const TOLD: usize = 10;

/// Refuses lines that are not those that were looked at, and says what has changed where that is known.
pub(crate) fn refuse_changed(
    data: &DataFolder,
    preview: &Preview,
    expected: Option<&str>,
    attested: Option<&Settlement>,
) -> Result<(), Failure> {
    if let Some(expected) = expected.filter(|expected| *expected != preview.hash) {
        return Err(Failure::refused(
            format!(
                "raderna har kontrollsumman {}, inte {expected}: något har ändrats sedan förhandsvisningen; se på en ny",
                preview.hash
            ),
            format!(
                "the lines have the hash {}, not {expected}: something has changed since the preview; look at a new one",
                preview.hash
            ),
        ));
    }
    let Some(draft) = attested.filter(|draft| draft.booked.lines_hash != preview.hash) else {
        return Ok(());
    };
    let id = &draft.booked.id;
    let changed = data.changed_since(draft, preview)?;
    Err(refused(
        format!(
            "något har ändrats sedan utkastet `{id}` attesterades; lägg ett nytt utkast och låt det attesteras"
        ),
        format!(
            "something has changed since the draft `{id}` was attested; make a new draft and have it attested"
        ),
        &changed,
    ))
}

/// A refusal that says what has changed.
pub(crate) fn refused(mut sv: String, mut en: String, changed: &Changed) -> Failure {
    let parts = [
        (&changed.decisions, "nya beslut", "new decisions"),
        (&changed.files, "nya kontaktfiler", "new contact files"),
        (&changed.settlements, "bokfört eller backat", "booked or undone"),
    ];
    for (names, in_swedish, in_english) in parts.into_iter().filter(|(names, ..)| !names.is_empty())
    {
        let names = names.join(", ");
        sv.push_str(&format!("\n  {in_swedish}: {names}"));
        en.push_str(&format!("\n  {in_english}: {names}"));
    }
    for ((unit, element), (drafted, now)) in changed.sums.iter().take(TOLD) {
        let line = format!("\n  {unit} {element}: {drafted} → {now}");
        sv.push_str(&line);
        en.push_str(&line);
    }
    if changed.sums.len() > TOLD {
        let more = changed.sums.len() - TOLD;
        sv.push_str(&format!("\n  och {more} summor till"));
        en.push_str(&format!("\n  and {more} more sums"));
    }
    Failure::refused(sv, en)
}

/// What a person should know before booking.
pub(crate) fn warnings(data: &DataFolder, preview: &Preview) -> Vec<Text> {
    let mut warnings = super::accrue::warnings(data);
    let (month, on) = (preview.basis.month, preview.basis.on);
    let before = data.settlements().iter().map(|s| s.booked.month).filter(|m| *m < month).max();
    let first_care = preview.lines.iter().map(|line| line.key.month).min();
    if let Some(first) = first_care.filter(|first| data.settlements().is_empty() && *first < month)
    {
        warnings.push(Text::new(
            format!("Obs: den första avräkningen tar med allt från {first}, även fasta belopp."),
            format!(
                "Note: the first settlement takes everything from {first} on, fixed amounts too."
            ),
        ));
    }
    if let Some(first) = before.map(|before| before.plus(1)).filter(|first| *first < month) {
        let last = month.plus(-1);
        let skipped = if first == last { first.to_string() } else { format!("{first}–{last}") };
        warnings.push(Text::new(
            format!("Obs: {skipped} är inte avräknat för sig; vården tas med här som löpande."),
            format!(
                "Note: {skipped} has no settlement of its own; its care is taken here as current."
            ),
        ));
    }
    if on > engine::today() {
        warnings.push(Text::new(
            format!("Obs: avräkningsdagen {on} ligger i framtiden; beslut och rapporter kan tillkomma."),
            format!("Note: the day of settlement, {on}, is in the future; decisions and reports may still come."),
        ));
    }
    let counts_from = data.counts_from(month, on);
    if counts_from > on {
        warnings.push(Text::new(
            format!("Obs: den tar platsen efter en avräkning som backades {counts_from}, och bokförs den dagen, så att ingen dag har månaden två gånger."),
            format!("Note: it takes the place of a settlement that was undone on {counts_from}, and is booked on that day, so that no day has the month twice."),
        ));
    }
    warnings
}

struct Rows<'a> {
    summary: BTreeMap<SummaryKey<'a>, Sum>,
    marks: BTreeMap<String, Marks>,
}

impl Rows<'_> {
    fn marks(&self, element: &str) -> Marks {
        self.marks.get(element).copied().unwrap_or_default()
    }
}

fn json<'a>(
    data: &DataFolder,
    preview: &'a Preview,
    rows: &Rows<'a>,
    kept: &'a Kept,
) -> SettleJson<'a> {
    let of_kind = |payable: bool| {
        let of_kind = rows.summary.iter().filter(|(key, _)| key.payable == payable);
        of_kind.map(|(key, sum)| row(rows, key, sum)).collect()
    };
    let unpriced = preview.unpriced.iter();
    let rejected = preview.rejected.iter();
    SettleJson {
        month: preview.basis.month.to_string(),
        on: preview.basis.on.to_string(),
        origin: data.origin().name(),
        hash: &preview.hash,
        lines: of_kind(true),
        total_ore: preview.total.ore(),
        total: preview.total.to_string(),
        shadow: of_kind(false),
        unpriced: unpriced.map(|(r, n)| ReasonJson { reason: r.name(), count: *n }).collect(),
        rejected: rejected.map(|(c, n)| CodeJson { code: c.name(), count: *n }).collect(),
        contacts: preview.contacts,
        booked: if let Kept::Settlement(id) = kept { Some(id) } else { None },
        draft: if let Kept::Draft(id) = kept { Some(id) } else { None },
    }
}

fn row<'a>(rows: &Rows<'a>, key: &SummaryKey<'a>, sum: &Sum) -> RowJson<'a> {
    let marks = rows.marks(key.element);
    RowJson {
        unit: key.unit,
        payee: key.payee,
        payer: key.payer,
        element: key.element,
        care_month: key.care_month.to_string(),
        cause: key.cause.name(),
        count: sum.total.count,
        lines: sum.lines,
        amount_ore: sum.total.amount.ore(),
        amount: sum.total.amount.to_string(),
        illustrative: marks.illustrative,
        unverified: marks.unverified,
    }
}

const HEADS: [Head; 11] = [
    text("unit", "Enhet", "Unit"),
    text("payee", "Betalningsmottagare", "Payee"),
    text("payer", "Betalare", "Payer"),
    text("element", "Ersättningsslag", "Element"),
    text("care_month", "Vårdmånad", "Care month"),
    text("cause", "Orsak", "Cause"),
    text("payable", "Betalas", "Payable"),
    number("count", "Antal", "Count"),
    number("lines", "Rader", "Lines"),
    number("amount_ore", "Belopp", "Amount"),
    text("mark", "Märke", "Mark"),
];

fn cells(out: Out, labels: &Labels, rows: &Rows<'_>) -> Vec<Vec<Cell>> {
    let row = |(key, sum): (&SummaryKey<'_>, &Sum)| {
        vec![
            labels.unit(key.unit),
            labels.payee(key.payee),
            labels.payer(key.payer),
            labels.element(key.element),
            key.care_month.to_string().into(),
            words::cause(out.lang, key.cause),
            words::yes_no(out.lang, key.payable),
            sum.total.count.into(),
            sum.lines.into(),
            sum.total.amount.into(),
            words::marks(out.lang, rows.marks(key.element)),
        ]
    };
    rows.summary.iter().map(row).collect()
}

fn tell(
    out: Out,
    data: &DataFolder,
    preview: &Preview,
    rows: &Rows<'_>,
    mode: Mode<'_>,
    kept: &Kept,
) -> Result<(), Failure> {
    out.synthetic_band(data.is_synthetic());
    let (month, on, total) = (preview.basis.month, preview.basis.on, preview.total);
    if rows.summary.is_empty() {
        out.say("Inget att betala eller rätta.", "Nothing to pay or correct.");
    } else {
        out.table(&HEADS, &cells(out, &data.labels(), rows))?;
    }
    out.say(
        &format!("\nAvräkning {month}, {on}: att betala {total}"),
        &format!("\nSettlement {month}, {on}: to pay {total}"),
    );
    for (reason, count) in &preview.unpriced {
        let reason = words::reason(out.lang, *reason);
        out.say(
            &format!("Ej prissatta kontakter hittills, {reason}: {count}"),
            &format!("Unpriced contacts so far, {reason}: {count}"),
        );
    }
    let settled = data.settlements().iter().filter(|s| s.booked.month == month);
    let settled = settled.map(|s| s.booked.id.as_str()).next_back();
    let text = match (kept, mode, settled) {
        (Kept::Settlement(id), ..) => {
            Text::new(format!("Bokförd som {id}."), format!("Booked as {id}."))
        }
        (Kept::Draft(id), ..) => Text::new(
            format!("Utkast {id}. En annan person attesterar: books attest {id} --as NAMN"),
            format!("Draft {id}. Another person attests: books attest {id} --as NAME"),
        ),
        (Kept::Nothing, _, Some(id)) if rows.summary.is_empty() => Text::new(
            format!("Månaden är bokförd ({id}) och inget nytt har tillkommit."),
            format!("The month is booked ({id}) and nothing new has come."),
        ),
        _ if data.journal().is_attest_required => Text::new(
            "Förhandsvisning; inget är bokfört. Lägg ett utkast att attestera med --draft.",
            "Preview; nothing is booked. Make a draft to attest with --draft.",
        ),
        _ => Text::new(
            "Förhandsvisning; inget är bokfört. Bokför med --book.",
            "Preview; nothing is booked. Book with --book.",
        ),
    };
    out.say(&text.sv, &text.en);
    Ok(())
}
