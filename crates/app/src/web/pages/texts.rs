//! Beslutstext: a text is pasted, read and checked.
//!
//! Owns: what stands on the page. Does not own: reading (`kernel::paper`) or judging (`kernel::scrutiny`).
//! Nothing of the text is kept.

mod margin;

use crate::commands::decision::document::Document;
use crate::failure::Failure;
use crate::web::ask::Ask;
use crate::web::form::{Field, Form, Input};
use crate::web::page::{Answer, Block, Mood, Page};
use crate::web::rights::Right;
use crate::web::route::{Act, Route};
use crate::web::table::{Cell, Table, money, text};
use kernel::fact::Precision;
use kernel::finding::Severity;
use kernel::paper::Paper;
use kernel::scrutiny::{Remark, scrutinise};
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
    let page = page.with(Block::Raw(margin::beside(ask, &document.text, &paper, &remarks)));
    let page = if remarks.is_empty() {
        page
    } else {
        let summary =
            ask.say("Det som inte går ihop, som tabell", "What does not add up, as a table");
        page.with(Block::Fold(summary.to_owned(), vec![findings(ask, &remarks).into()]))
    };
    page.with(amounts(ask, &paper))
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

const fn precision(ask: &Ask, precision: Precision) -> &'static str {
    match precision {
        Precision::Exact => ask.say("exakt", "exact"),
        Precision::Rounded => ask.say("avrundat", "rounded"),
        Precision::About => ask.say("ungefär", "about"),
        Precision::AtLeast => ask.say("minst", "at least"),
    }
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
            Cell::of(precision(ask, amount.precision), amount.precision.name()),
            Cell::from(amount.per.clone().unwrap_or_default()),
        ]
    });
    let empty = ask.say("Inga belopp lästes.", "No amounts were read.");
    Table::new("belopp", ask.say("Belopp som lästes", "Amounts that were read"), columns)
        .rows(rows)
        .empty(empty)
}
