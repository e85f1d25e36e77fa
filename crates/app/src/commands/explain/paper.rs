//! An explanation as PDF: what is paid and why, by which decision and of which dates, the arithmetic, the payer, and what did not apply.

use super::{by_history, is_for_others, verdict, words};
use crate::failure::Failure;
use crate::output::Lang;
use crate::{paper, workbook};
use documents::pdf::Block;
use kernel::contact::{ContactRow, Reports};
use kernel::explain::{Explanation, RateExplanation};
use kernel::finding::Text;
use kernel::money::Money;
use kernel::price::{CellLine, Judgement};
use kernel::time::Day;
use std::path::Path;

/// A contact that is explained.
pub(crate) struct Told<'a> {
    /// The reports that it was found among.
    pub reports: &'a Reports,
    /// The contact.
    pub row: &'a ContactRow,
    /// The unit, with its name.
    pub unit: String,
    /// Its id.
    pub contact: &'a str,
    /// Why it is paid what it is paid.
    pub explanation: &'a Explanation<'a, 'a>,
    /// The day that decisions and reports were known on.
    pub known_on: Day,
}

/// Refuses a name that is not of a PDF, or does not say that the data are made up.
pub(super) fn admit(path: &Path, origin: &str) -> Result<(), Failure> {
    let name = workbook::marked_name("out", path, origin)?;
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    if ending.as_deref() == Some("pdf") {
        return Ok(());
    }
    Err(Failure::usage(
        format!("`--out {name}`: filnamnet ska sluta med .pdf"),
        format!("`--out {name}`: the name must end in .pdf"),
    ))
}

/// The bytes of the explanation as PDF.
pub(crate) fn pdf(lang: Lang, is_synthetic: bool, told: &Told<'_>) -> Result<Vec<u8>, Failure> {
    let Told { explanation, contact, .. } = told;
    let title = match lang {
        Lang::Sv => format!("Så har kontakt {contact} ersatts"),
        Lang::En => format!("How contact {contact} was paid"),
    };
    let mut blocks = vec![paper::facts(
        lang,
        vec![
            ("Enhet", "Unit", told.unit.clone()),
            ("Vård", "Care", explanation.care_date.to_string()),
            ("Enligt vad som var känt", "As known on", told.known_on.to_string()),
        ],
    )];
    let said = |text: &Text| Block::Text(lang.of(text).to_owned());
    blocks.extend(words::head(explanation).iter().map(said));
    blocks.push(Block::Heading(2, lang.of(&verdict(explanation)).to_owned()));
    let applied: Vec<_> = lines(explanation);
    if !applied.is_empty() {
        blocks.push(amounts(lang, explanation, &applied));
        blocks.push(paper::heading(lang, "Varför, belopp för belopp", "Why, amount by amount"));
        for (told, line) in &applied {
            blocks.push(Block::Heading(3, words::label(told)));
            blocks.push(why(lang, explanation, told, line));
        }
    }
    blocks.push(paper::heading(
        lang,
        "Detta prövades och gäller inte",
        "This was looked at and does not apply",
    ));
    blocks.extend(not_applied(lang, told));
    paper::bytes(lang, is_synthetic, title, blocks)
}

type Applied<'a> = (&'a RateExplanation<'a, 'a>, &'a CellLine);

fn lines<'a>(explanation: &'a Explanation<'a, 'a>) -> Vec<Applied<'a>> {
    let line = |told: &'a RateExplanation<'a, 'a>| match &told.judgement {
        Judgement::Line(line) => Some((told, line)),
        Judgement::Not(_) => None,
    };
    by_history(explanation.rates.iter()).into_iter().filter_map(line).collect()
}

fn how(lang: Lang, told: &RateExplanation<'_, '_>, line: &CellLine) -> String {
    let how = told.arithmetic.as_ref().map(|how| words::arithmetic(how, Some(line.amount)));
    how.map_or_else(|| line.amount.to_string(), |how| lang.of(&how).to_owned())
}

fn amounts(lang: Lang, explanation: &Explanation<'_, '_>, applied: &[Applied<'_>]) -> Block {
    let any_shadow = explanation.shadow != Money::ZERO;
    let payable = |is: bool| crate::words::yes_no(lang, is).shown().to_owned();
    let rows = applied.iter().map(|(told, line)| {
        vec![
            words::label(told),
            how(lang, told, line),
            if any_shadow { payable(line.payable) } else { String::new() },
            line.amount.to_string(),
        ]
    });
    let sum = |sv, en, amount: Money| {
        vec![lang.pick(sv, en).to_owned(), String::new(), String::new(), amount.to_string()]
    };
    let mut sums = vec![sum("Summa att betala", "Total to pay", explanation.total)];
    if any_shadow {
        let shadow = sum(
            "Skuggbelopp: räknas men betalas inte, eftersom uppdraget ersätts genom budgeten",
            "Shadow: computed but not paid, since the assignment is paid by the budget",
            explanation.shadow,
        );
        sums.push(shadow);
    }
    let columns = [
        ("Nivå", "Rate", false),
        ("Uträkning", "Arithmetic", false),
        ("Betalas", "Paid", false),
        ("Belopp", "Amount", true),
    ];
    paper::table(lang, &columns, rows.collect(), sums)
}

fn why(
    lang: Lang,
    explanation: &Explanation<'_, '_>,
    told: &RateExplanation<'_, '_>,
    line: &CellLine,
) -> Block {
    let known = &told.rate.known;
    let (rate, decision) = (known.fact, known.decision);
    let known_from = match (explanation.care_date < decision.known_from, lang) {
        (false, _) => decision.known_from.to_string(),
        (true, Lang::Sv) => format!("{}, efter vården och alltså retroaktivt", decision.known_from),
        (true, Lang::En) => format!("{}, after the care and so retroactively", decision.known_from),
    };
    let valid = match (rate.valid.last(), lang) {
        (Some(last), _) => format!("{} – {last}", rate.valid.from),
        (None, Lang::Sv) => format!("{} tills vidare", rate.valid.from),
        (None, Lang::En) => format!("{} until further notice", rate.valid.from),
    };
    let source = decision.source.as_ref().map(|source| source.title.as_str());
    let source = match (&known.stated.anchor, source) {
        (Some(anchor), Some(source)) => format!("”{anchor}” i ”{source}”"),
        (None, Some(source)) => source.to_owned(),
        (Some(anchor), None) => format!("”{anchor}”"),
        (None, None) => String::new(),
    };
    let source = if lang == Lang::En { source.replace("” i ”", "” in ”") } else { source };
    let marks = words::marks(told).map_or(String::new(), |text| lang.of(&text).trim().to_owned());
    let decided = decision.decided_on.map_or(String::new(), |day| day.to_string());
    paper::facts(
        lang,
        vec![
            ("Uträkning", "Arithmetic", how(lang, told, line)),
            ("Beslut", "Decision", format!("{} ({})", decision.id, decision.body)),
            ("Diarienummer", "Case number", decision.case_number.clone().unwrap_or_default()),
            ("Beslutat", "Decided on", decided),
            ("Känt senast", "Known by", known_from),
            ("Gäller", "Valid", valid),
            ("Betalare", "Payer", explanation.payer.unwrap_or_default().to_owned()),
            ("Källa", "Source", source),
            ("Märke", "Mark", marks),
        ],
    )
}

fn not_applied(lang: Lang, told: &Told<'_>) -> Vec<Block> {
    let not = told.explanation.rates.iter();
    let not = not.filter(|rate| matches!(rate.judgement, Judgement::Not(_)));
    let (far, near): (Vec<_>, Vec<_>) = not.partition(|rate| is_for_others(rate));
    let row = |rate: &&RateExplanation<'_, '_>| {
        let reason = words::reason(told.reports, told.row, rate);
        let decision = rate.rate.known.decision.id.to_string();
        vec![words::label(rate), decision, lang.of(&reason).to_owned()]
    };
    let rows: Vec<_> = by_history(near.into_iter()).iter().map(row).collect();
    let columns =
        [("Nivå", "Rate", false), ("Beslut", "Decision", false), ("Varför inte", "Why not", false)];
    let mut blocks = Vec::new();
    if !rows.is_empty() {
        blocks.push(paper::table(lang, &columns, rows, Vec::new()));
    }
    let count = far.len();
    if count > 0 || blocks.is_empty() {
        blocks.push(Block::Text(match lang {
            Lang::Sv => {
                format!("{count} nivåer för andra slags kontakter eller enheter visas inte här.")
            }
            Lang::En => {
                format!("{count} rates for other kinds of contacts or units are not shown here.")
            }
        }));
    }
    blocks
}
