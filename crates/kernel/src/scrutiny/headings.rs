//! Headings and the text below them: who is paid.
//!
//! Owns: the areas of care that a heading names against those that the text pays. Does not own: amounts.
//!
//! A heading of `barnhälsovården` over money to `ultraljudsmottagningar` is told.

use super::{Doubt, Remark, words};
use crate::finding::{Severity, Text};
use crate::paper::layout::{BlockKind, title};
use crate::paper::{Kind, Paper, Span};
use std::collections::BTreeMap;
use std::ops::Range;

/// Areas of care by how their words begin or end; the field's own words, of no document.
const AREAS: [(&str, &[&str]); 17] = [
    ("förlossningsvård", &["förlossning", "förlossnings"]),
    ("mödrahälsovård", &["mödrahälsovård", "barnmorskemottagning", "mödravård"]),
    ("barnhälsovård", &["barnhälsovård", "barnavårdscentral"]),
    ("ultraljud", &["ultraljud", "fosterdiagnostik"]),
    ("fysioterapi", &["fysioterap", "sjukgymnast"]),
    ("gynekologi", &["gynekolog"]),
    ("primärvård", &["primärvård", "vårdcentral", "husläkar"]),
    ("psykiatri", &["psykiatri"]),
    ("akutsjukvård", &["akutsjukvård", "akutmottagning"]),
    ("tandvård", &["tandvård", "folktandvård"]),
    ("geriatrik", &["geriatri"]),
    ("ambulanssjukvård", &["ambulans"]),
    ("habilitering", &["habilitering"]),
    ("rehabilitering", &["rehabilitering"]),
    ("neonatalvård", &["neonatal"]),
    ("ungdomsmottagning", &["ungdomsmottagning"]),
    ("palliativ vård", &["palliativ"]),
];

/// Areas that another comprises.
const WITHIN: [(&str, &str); 2] =
    [("ultraljud", "mödrahälsovård"), ("neonatalvård", "förlossningsvård")];

type Areas = BTreeMap<&'static str, Span>;

fn areas(paper: &Paper, range: &Range<usize>) -> Areas {
    let mut found = Areas::new();
    for token in paper.tokens_in(range).iter().filter(|token| token.kind == Kind::Word) {
        for (area, begins) in AREAS {
            if begins.iter().any(|begin| token.text.starts_with(begin))
                && !is_part_of_name(&token.text)
            {
                found.entry(area).or_insert(token.span);
            }
        }
    }
    found
}

/// "förlossningsskador", "ultraljudsmodulen": a word that begins like an area and is something else.
fn is_part_of_name(word: &str) -> bool {
    [
        "skador",
        "skada",
        "modul",
        "modulen",
        "rädsla",
        "plan",
        "program",
        "programmet",
        "register",
        "talet",
        "tal",
    ]
    .iter()
    .any(|end| word.ends_with(end))
}

pub(super) fn check(paper: &Paper) -> Vec<Remark> {
    let blocks = &paper.layout().blocks;
    let mut remarks = Vec::new();
    for (at, block) in blocks.iter().enumerate() {
        let named = match block.kind {
            BlockKind::Heading => block.tokens.clone(),
            BlockKind::Item(_) => title(&paper.tokens, block),
            _ => continue,
        };
        let body = paper.layout().body(at);
        if !body.is_empty() && named.len() <= 30 {
            remarks.extend(compare(paper, &named, &body));
        }
    }
    remarks
}

fn compare(paper: &Paper, named: &Range<usize>, body: &[Range<usize>]) -> Option<Remark> {
    let heading = areas(paper, named);
    let paid = paid(paper, body);
    // A hospital or a clinic of women's care may be of any area.
    let any = body.iter().flat_map(|range| paper.tokens_in(range)).any(|token| {
        token.is("bb") || ["sjukhus", "klinik"].iter().any(|part| token.text.contains(part))
    });
    if heading.is_empty() || paid.is_empty() || any {
        return None;
    }
    let covers = |area: &str, of: &Areas| {
        of.contains_key(area)
            || WITHIN.iter().any(|(inner, outer)| *inner == area && of.contains_key(outer))
    };
    let has_part = |area: &str| {
        paid.contains_key(area)
            || WITHIN.iter().any(|(inner, outer)| *outer == area && paid.contains_key(inner))
    };
    let unpaid: Vec<&str> = heading.keys().filter(|area| !has_part(area)).copied().collect();
    let unnamed: Vec<&str> = paid.keys().filter(|area| !covers(area, &heading)).copied().collect();
    if unpaid.is_empty() && unnamed.is_empty() {
        return None;
    }
    let (mut sv, mut en) = (Vec::new(), Vec::new());
    if !unpaid.is_empty() {
        sv.push(format!("rubriken nämner {}, som inte får något i texten", unpaid.join(" och ")));
        en.push(format!(
            "the heading names {}, which the text gives nothing",
            unpaid.join(" and ")
        ));
    }
    let outside: Vec<&str> =
        paid.keys().filter(|area| !heading.contains_key(*area)).copied().collect();
    if !outside.is_empty() {
        sv.push(format!("texten betalar {}, som rubriken inte nämner", outside.join(" och ")));
        en.push(format!(
            "the text pays {}, which the heading does not name",
            outside.join(" and ")
        ));
    }
    let title = words(&paper.text(paper.span(named)));
    let text = Text::new(
        format!("under `{title}`: {}", sv.join("; ")),
        format!("under `{title}`: {}", en.join("; ")),
    );
    let mut places: Vec<Span> =
        unpaid.iter().filter_map(|area| heading.get(area)).copied().collect();
    places.extend(outside.iter().filter_map(|area| paid.get(area)));
    if places.len() == outside.len() {
        places.push(paper.span(named));
    }
    Some(Remark::new(Doubt::HeadingDiffers, Severity::Warning, text, places))
}

/// The areas that sentences with amounts pay: after "till", and the recipients.
fn paid(paper: &Paper, body: &[Range<usize>]) -> Areas {
    let mut found = Areas::new();
    for range in body {
        let mut next = range.start;
        while next < range.end {
            let sentence = paper.sentence(next);
            next = sentence.end.max(next + 1);
            let within = sentence.start.max(range.start)..sentence.end.min(range.end);
            if paper.amounts_in(&within).is_empty() {
                continue;
            }
            if paper.has_word(&sentence, &["tidigare", "föregående"])
                && !paper.has_word(&sentence, &["till"])
            {
                continue;
            }
            let gets = sentence.clone().find(|at| {
                paper
                    .tokens
                    .get(*at)
                    .is_some_and(|token| token.is_one_of(&crate::paper::recipient::GETS))
            });
            let subject = gets.map_or(0..0, |verb| sentence.start..verb);
            for (area, span) in areas(paper, &subject) {
                found.entry(area).or_insert(span);
            }
            for to in sentence
                .clone()
                .filter(|at| paper.tokens.get(*at).is_some_and(|token| token.is("till")))
            {
                let stops = |at: &usize| {
                    paper.tokens.get(*at).is_none_or(|token| {
                        matches!(token.kind, Kind::Mark(mark) if mark != '-' && mark != ',')
                            || token.is_one_of(&[
                                "för", "som", "med", "om", "att", "av", "inom", "under", "i", "där",
                            ])
                    })
                };
                let end = (to + 1..sentence.end).find(stops).unwrap_or(sentence.end);
                for (area, span) in areas(paper, &(to + 1..end)) {
                    found.entry(area).or_insert(span);
                }
            }
        }
    }
    // The paragraphs stand one after the other.
    let all = body.first().map_or(0, |first| first.start)..body.last().map_or(0, |last| last.end);
    let whole = paper.span(&all);
    let within = |span: Span| whole.contains(span);
    let all = body.iter().flat_map(|range| paper.recipients_of(&paper.amounts_in(range)));
    for recipient in all.filter(|recipient| within(recipient.span)) {
        let first = paper.tokens.partition_point(|token| token.span.start < recipient.span.start);
        let end = paper.tokens.partition_point(|token| token.span.start < recipient.span.end);
        for (area, span) in areas(paper, &(first..end)) {
            found.entry(area).or_insert(span);
        }
    }
    found
}
