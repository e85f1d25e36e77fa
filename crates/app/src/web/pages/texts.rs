//! Beslutstext: a text is pasted, read and checked.
//!
//! Owns: how what was read and found stands beside the text. Does not own: reading (`kernel::paper`) or judging (`kernel::scrutiny`).
//! Nothing of the text is kept.

use crate::commands::decision::document::Document;
use crate::failure::Failure;
use crate::web::ask::Ask;
use crate::web::form::{Field, Form, Input};
use crate::web::html::{Html, escaped};
use crate::web::page::{Answer, Block, Mood, Page};
use crate::web::rights::Right;
use crate::web::route::{Act, Route};
use crate::web::table::{Cell, Table, money, text};
use kernel::finding::Severity;
use kernel::paper::Paper;
use kernel::scrutiny::{Remark, scrutinise};
use std::collections::BTreeMap;
use std::fmt::Write;

/// The pages.
pub const ROUTES: &[Route] = &[Route { path: "/beslut/text", needs: Right::CheckText, show: page }];

/// What is sent and only looked at.
pub const READS: &[Route] = &[Route { path: "/beslut/text", needs: Right::CheckText, show: page }];

/// What is done.
pub const ACTS: &[Act] = &[];

fn page(ask: &Ask) -> Result<Answer, Failure> {
    let lead = ask.say(
        "Klistra in ett beslut eller ett förslag, eller välj en fil. Texten läses och räknas efter; inget sparas.",
        "Paste a decision or a proposal, or choose a file. The text is read and added up; nothing is kept.",
    );
    let page = Page::new(ask.say("Kontrollera en beslutstext", "Check a decision text"))
        .under(ask.say("Beslut", "Decisions"), "/beslut")
        .lead(lead);
    let given = ask.files.first().map(|file| (file.name.as_str(), file.bytes.as_slice()));
    let pasted = ask.typed.given("text");
    let given =
        given.or_else(|| (!pasted.trim().is_empty()).then_some(("text", pasted.as_bytes())));
    let page = match given.map(|(name, bytes)| Document::of(name, bytes)) {
        None => page,
        Some(Err(why)) => {
            page.notice(Mood::Refused, crate::web::render::sentence(&ask.of(&why.text())))
        }
        Some(Ok(document)) => checked(ask, page, &document),
    };
    let form = Form::new("/beslut/text", ask.say("Läs och kontrollera", "Read and check"))
        .field(Field::new(ask, "text", ask.say("Texten", "The text"), Input::Lines(14), ""))
        .field(Field::new(
            ask,
            "file",
            ask.say("Eller en fil (txt, docx, pdf)", "Or a file (txt, docx, pdf)"),
            Input::Files,
            "",
        ));
    Ok(page.with(form).into())
}

fn checked(ask: &Ask, page: Page, document: &Document) -> Page {
    let paper = Paper::read(&document.text);
    let remarks = scrutinise(&paper);
    let grave = remarks.iter().filter(|one| one.severity != Severity::Note).count();
    let page = match grave {
        0 => page.notice(Mood::Info, ask.say(
            "Inget av det som lästes motsäger sig självt. Se efter i texten vad som lästes: bara det är kontrollerat.",
            "Nothing of what was read contradicts itself. See in the text what was read: only that is checked.",
        )),
        count => {
            let told = ask.say("{} saker går inte ihop.", "{} things do not add up.");
            page.notice(Mood::Attention, told.replace("{}", &count.to_string()))
        }
    };
    page.with(findings(ask, &remarks))
        .with(Block::Raw(marked(document, &paper, &remarks)))
        .with(amounts(ask, &paper))
}

fn findings(ask: &Ask, remarks: &[Remark]) -> Table {
    let columns = vec![
        text("no", "Nr", "No"),
        text("severity", "Hur allvarligt", "Severity"),
        text("message", "Vad", "What"),
        money("difference_ore", "Skillnad", "Difference"),
        text("reconciles_by", "Går ihop om", "Adds up if"),
    ];
    let rows = remarks.iter().zip(1..).map(|(remark, number)| {
        let said = |text: &Option<kernel::finding::Text>| {
            text.as_ref().map_or_else(String::new, |text| ask.of(text))
        };
        let mut message = ask.of(&remark.message);
        if let Some(assumes) = &remark.assumes {
            let _infallible = write!(message, " ({})", ask.of(assumes));
        }
        vec![
            Cell::from(number.to_string()).to(format!("#f{number}")),
            Cell::of(crate::words::severity(ask.lang, remark.severity), remark.severity.name()),
            Cell::from(message),
            remark.difference.map_or_else(|| Cell::from(""), Cell::from),
            Cell::from(said(&remark.reconciles_by)),
        ]
    });
    let caption = ask.say("Det som inte går ihop", "What does not add up");
    Table::new("fynd", caption, columns).rows(rows).empty(ask.say("Inget.", "Nothing.")).short()
}

/// The text with its amounts marked, and the numbers of findings where they stand.
fn marked(document: &Document, paper: &Paper, remarks: &[Remark]) -> Html {
    let text: Vec<char> = document.text.chars().collect();
    let mut starts: BTreeMap<usize, String> = BTreeMap::new();
    let mut ends: BTreeMap<usize, String> = BTreeMap::new();
    for amount in paper.amounts() {
        starts.entry(amount.span.start).or_default().push_str("<mark>");
        ends.entry(amount.span.end).or_default().push_str("</mark>");
    }
    for (remark, number) in remarks.iter().zip(1..) {
        for (span, at) in remark.places.iter().zip(0..) {
            let id = if at == 0 { format!(" id=\"f{number}\"") } else { String::new() };
            let note = format!("<sup class=\"finding-number\"{id}>{number}</sup>");
            ends.entry(span.end).or_default().push_str(&note);
        }
    }
    let mut html = String::from(
        "<div class=\"decision-text\" tabindex=\"0\" role=\"group\" aria-label=\"Text\">",
    );
    let mut is_open = false;
    for at in 0..=text.len() {
        if let Some(end) = ends.get(&at) {
            // A mark that was not begun is not ended: spans of amounts do not overlap, and one begins once.
            let end = if is_open { end.clone() } else { end.replace("</mark>", "") };
            is_open = is_open && !end.contains("</mark>");
            html.push_str(&end);
        }
        if let (Some(start), false) = (starts.get(&at), is_open) {
            html.push_str("<mark>");
            is_open = !start.is_empty();
        }
        if let Some(c) = text.get(at) {
            html.push_str(&escaped(&c.to_string()));
        }
    }
    if is_open {
        html.push_str("</mark>");
    }
    html.push_str("</div>");
    Html::raw(html)
}

fn amounts(ask: &Ask, paper: &Paper) -> Table {
    let columns = vec![
        text("text", "I texten", "In the text"),
        money("amount_ore", "Läst som", "Read as"),
        text("precision", "Precision", "Precision"),
        text("per", "Per", "Per"),
    ];
    let rows = paper.amounts().iter().map(|amount| {
        let slice = paper.text(amount.span);
        vec![
            Cell::from(slice),
            Cell::from(amount.amount),
            Cell::from(amount.precision.name()),
            Cell::from(amount.per.clone().unwrap_or_default()),
        ]
    });
    let empty = ask.say("Inga belopp lästes.", "No amounts were read.");
    Table::new("belopp", ask.say("Belopp som lästes", "Amounts that were read"), columns)
        .rows(rows)
        .empty(empty)
}
