//! One thing stated twice.
//!
//! Owns: which two amounts of a text are said of the same thing, and twins of which one is rounded (D2, D5). Does not own: sums.
//!
//! `KSON tilldelas 7 191 722 kr` and `7,2 miljoner till KSON` are twins; `… 7 191 722` and `… 7 119 722` are not.

use super::alike::with_common;
use super::gathered::Gathered;
use super::value::Value;
use super::{Doubt, Remark, words};
use crate::fact::Precision;
use crate::finding::{Severity, Text};
use crate::money::Money;
use crate::paper::{Amount, Paper, Recipient, Span, twin};
use std::collections::{BTreeMap, BTreeSet};

/// A rounded figure beside the exact one: a note.
pub(super) fn twins(paper: &Paper) -> Vec<Remark> {
    let told = (0..paper.amounts().len()).filter_map(|at| {
        let (coarse, fine) = (paper.amounts().get(at)?, paper.amounts().get(paper.finer(at)?)?);
        (coarse.precision == Precision::Rounded).then_some(())?;
        let (rough, exact) = (words(&paper.text(coarse.span)), words(&paper.text(fine.span)));
        let text = Text::new(
            format!("`{rough}` är en avrundning av `{exact}`; det exakta beloppet räknas"),
            format!("`{rough}` is a rounding of `{exact}`; the exact amount is counted"),
        );
        let difference = coarse.amount - fine.amount;
        let mut remark =
            Remark::new(Doubt::RoundedTwin, Severity::Note, text, vec![coarse.span, fine.span])
                .off_by(difference);
        remark.assumes =
            Some(Text::new("beloppen avser samma sak", "the amounts are of the same thing"));
        remark.reconciles_by = Some(Text::new(
            format!("{} skrivs på båda ställena", fine.amount),
            format!("{} is written in both places", fine.amount),
        ));
        Some(remark)
    });
    told.collect()
}

pub(super) fn check(paper: &Paper, gathered: &Gathered) -> Vec<Remark> {
    let mut remarks = super::alike::slips(paper, gathered);
    let said = said(paper, gathered);
    for (first, second) in candidates(&said) {
        if let (Some(first), Some(second)) = (said.get(first), said.get(second)) {
            remarks.extend(same_thing(paper, gathered, first, second));
        }
    }
    once(paper, remarks)
}

/// The pairs that can be one thing: of one recipient, fund, rate or figure.
fn candidates(said: &[Said<'_>]) -> BTreeSet<(usize, usize)> {
    let labels = |said: &Said<'_>| -> Vec<(u8, String)> {
        let recipient = said.recipient.filter(|_| said.is_only);
        let names = recipient.into_iter().flat_map(Recipient::labels).map(|name| (0, name));
        let fund = said.fund.iter().map(|fund| (1, fund.clone()));
        let subject = said.amount.per.iter().map(|per| (2, per.clone()));
        let figure = said.recipient.map(|_| (3, said.amount.amount.ore().to_string()));
        names.chain(fund).chain(subject).chain(figure).collect()
    };
    let all = said.iter().enumerate();
    with_common(all.flat_map(|(at, said)| labels(said).into_iter().map(move |label| (label, at))))
}

/// What running text says of an amount; looked up once, since every pair asks.
struct Said<'p> {
    at: usize,
    amount: &'p Amount,
    block: Option<usize>,
    list: Option<usize>,
    years: BTreeSet<i32>,
    is_qualified: bool,
    recipient: Option<&'p Recipient>,
    is_only: bool,
    /// Whether it stands in the part of the text that is decided.
    is_decided: bool,
    /// The first word of what it is for.
    purpose: Option<String>,
    fund: Option<String>,
    /// Whether the fund stands only as what the amount is said beside: "stödet, drygt 60 mkr,".
    is_beside: bool,
    subject: Option<String>,
    /// What was before: "från", "tidigare".
    was: bool,
    /// Whether it is told of what has been done: "Nämnden beslutade att …".
    is_past: bool,
}

fn said<'p>(paper: &'p Paper, gathered: &Gathered) -> Vec<Said<'p>> {
    let granted = &gathered.granted;
    let principal = super::granted::principal(paper, granted, usize::MAX, &BTreeSet::new());
    let in_text = paper.told().filter_map(|at| Some((at, paper.amounts().get(at)?)));
    let in_scopes = named_in_scopes(paper);
    let said = in_text.map(|(at, amount)| {
        let block = block(paper, amount);
        let named = || (principal == Some(at)).then(|| "statsbidrag".to_owned());
        Said {
            at,
            amount,
            block,
            list: paper.list_at(amount.tokens.0),
            years: years_around(paper, at),
            is_qualified: is_qualified(paper, at),
            recipient: paper.recipient_of(at),
            is_only: is_only(paper, at, &in_scopes),
            is_decided: block.is_some_and(|block| is_decided(paper, block)),
            purpose: purpose(paper, amount),
            fund: fund(paper, amount).or_else(named).or_else(|| beside(paper, amount)),
            is_beside: fund(paper, amount).is_none() && beside(paper, amount).is_some(),
            subject: subject_word(paper, amount),
            was: paper.before(amount, 1).iter().any(|t| t.is_one_of(&["från", "tidigare"])),
            is_past: is_past(paper, amount),
        }
    });
    said.collect()
}

/// Two amounts to one recipient, of one named fund, or of one rate, in different parts of the text.
fn same_thing(
    paper: &Paper,
    gathered: &Gathered,
    first: &Said<'_>,
    second: &Said<'_>,
) -> Option<Remark> {
    let is_apart =
        first.block != second.block && (first.list.is_none() || first.list != second.list);
    let years_fit =
        first.years.is_empty() || second.years.is_empty() || first.years == second.years;
    if !is_apart || !years_fit || first.amount.per != second.amount.per {
        return None;
    }
    let (one, other) = (first.at, second.at);
    // What somebody wants instead is another amount.
    let is_instead = |said: &Said<'_>| {
        const OTHER: [&str; 7] =
            ["istället", "alternativt", "yrkar", "yrkade", "motionen", "motionären", "reservation"];
        let sentence = paper.sentence(said.amount.tokens.0);
        let mut pairs = paper.tokens_in(&sentence).windows(2);
        paper.has_word(&sentence, &OTHER)
            || pairs.any(|pair| matches!(pair, [i, place] if i.is("i") && place.is("stället")))
    };
    if is_instead(first) || is_instead(second) {
        return None;
    }
    let (x, y) = (Value::of(paper, one), Value::of(paper, other));
    if is_same_rate(paper, first, second) && !x.agrees(&y) {
        return Some(remark(paper, gathered, one, other, Severity::Error));
    }
    // What was given before is other money than what is given now.
    if first.is_qualified || second.is_qualified || first.is_past != second.is_past {
        return None;
    }
    let (a, b) = (first.amount, second.amount);
    let is_twin = paper.finer(one) == Some(other) || paper.finer(other) == Some(one);
    if x.agrees(&y) || is_twin || twin::is_rounding(a, b) || twin::is_rounding(b, a) {
        return recipient_differs(first, second);
    }
    let by_recipient = match (first.recipient, second.recipient) {
        (Some(r), Some(s)) => {
            twin::is_one(r, s) && first.is_only && second.is_only && is_one_matter(first, second)
        }
        _ => false,
    };
    // What stands beside a name may be another of the kind, where it is far from it.
    let is_far = x.printed.abs_diff(y.printed) > x.printed.max(y.printed).unsigned_abs() / 5;
    // So may what somebody else divides within the whole.
    let is_weak = first.is_beside || second.is_beside || first.fund.as_deref() == Some("fördela");
    let is_named = !is_weak || !is_far;
    let by_fund = first.fund.is_some() && first.fund == second.fund && is_named;
    (by_recipient || by_fund).then(|| remark(paper, gathered, one, other, Severity::Error))
}

/// Whether an amount is told of what has been done, by its sentence or, of the same section, the heading.
fn is_past(paper: &Paper, amount: &Amount) -> bool {
    const DONE: [&str; 16] = [
        "beslutade",
        "fördelade",
        "fördelades",
        "gick",
        "fick",
        "tilldelades",
        "användes",
        "utbetalades",
        "betalades",
        "beviljades",
        "beviljade",
        "avsattes",
        "anslogs",
        "lämnades",
        "var",
        "uppgick",
    ];
    let sentence = paper.sentence(amount.tokens.0);
    let heading = paper.layout().block_of(amount.tokens.0);
    let heading = heading.and_then(|block| paper.layout().heading_of(block));
    let heading = heading.and_then(|at| paper.block(at));
    let is_before = |range: &std::ops::Range<usize>| {
        paper.has_word(range, &["tidigare", "föregående", "förra", "fjolårets"])
    };
    heading.is_some_and(|heading| is_before(&heading.tokens))
        || paper.has_word(&(sentence.start..amount.tokens.0), &DONE)
}

/// Whether two amounts to one recipient are for one thing: for the same purpose, or once as decided and once as told.
fn is_one_matter(first: &Said<'_>, second: &Said<'_>) -> bool {
    match (&first.purpose, &second.purpose) {
        (Some(a), Some(b)) => a == b,
        _ => first.is_decided != second.is_decided,
    }
}

/// Whether two amounts are one rate per thing: of one subject, in sentences with two long words in common.
fn is_same_rate(paper: &Paper, first: &Said<'_>, second: &Said<'_>) -> bool {
    let noun = first.amount.per.as_deref();
    let is_rate = noun.is_some_and(|per| !matches!(per, "år" | "månad"));
    let is_one_subject = match (&first.subject, &second.subject) {
        (Some(a), Some(b)) => twin::is_one_word(a, b),
        _ => false,
    };
    let is_now = !first.was && !second.was;
    is_rate && is_now && is_one_subject && common_words(paper, first.at, second.at) > 1
}

/// A figure that differs from several others is told once, against the one that stands most often.
fn once(paper: &Paper, remarks: Vec<Remark>) -> Vec<Remark> {
    let mut kept: Vec<Remark> = Vec::new();
    let mut told: BTreeMap<(Doubt, Option<Money>, Option<Money>), usize> = BTreeMap::new();
    for remark in remarks {
        let value = |place: &Span| paper.amount_at(*place).map(|amount| amount.amount);
        let values = || remark.places.iter().filter_map(value);
        let key = (remark.doubt, values().min(), values().max());
        match told.get(&key).and_then(|at| kept.get_mut(*at)) {
            Some(other) => other.places.extend(remark.places),
            None => {
                told.insert(key, kept.len());
                kept.push(remark);
            }
        }
    }
    for remark in &mut kept {
        remark.places.sort();
        remark.places.dedup();
    }
    kept
}

fn block(paper: &Paper, amount: &Amount) -> Option<usize> {
    paper.layout().block_of(amount.tokens.0)
}

/// The last long noun of a sentence before an amount.
fn subject_word(paper: &Paper, amount: &Amount) -> Option<String> {
    let sentence = paper.sentence(amount.tokens.0);
    let is_noun = |word: &&str| {
        word.chars().count() >= 8
            && !word.ends_with("ås")
            && !word.ends_with("as")
            && *word != "miljoner"
    };
    let mut words =
        paper.tokens_in(&(sentence.start..amount.tokens.0)).iter().map(|token| token.text.as_str());
    words.rfind(is_noun).map(str::to_owned)
}

/// How many long words the sentences of two amounts have in common.
fn common_words(paper: &Paper, first: usize, second: usize) -> usize {
    let words = |at: usize| -> Vec<&str> {
        let Some(amount) = paper.amounts().get(at) else { return Vec::new() };
        let mut words = paper.long_words(&paper.sentence(amount.tokens.0), 8);
        words.retain(|word| *word != "miljoner");
        words
    };
    twin::in_common(&words(first), &words(second)).len()
}

/// The first long word of what an amount is for: "för handledning".
pub(super) fn purpose(paper: &Paper, amount: &Amount) -> Option<String> {
    let start = amount.tokens.1 + 1;
    let is_for = paper.tokens.get(start).is_some_and(|token| token.is_one_of(&["för", "till"]));
    let word = paper.tokens.get(start + 1).filter(|word| is_for && word.text.chars().count() >= 8);
    word.map(|word| word.text.clone())
}

/// Whether a block stands under a heading, or after words, of a decision.
fn is_decided(paper: &Paper, block: usize) -> bool {
    let decides = |range: &std::ops::Range<usize>| {
        paper.tokens_in(range).iter().any(|token| token.text.starts_with("beslut"))
    };
    let above = paper.layout().heading_of(block).and_then(|at| paper.block(at));
    let list = paper.layout().item_of(block).and_then(|(list, _)| paper.layout().lists.get(list));
    let intro = list.and_then(|list| list.intro).and_then(|at| paper.block(at));
    above.is_some_and(|above| decides(&above.tokens))
        || intro.is_some_and(|intro| decides(&intro.tokens))
}

/// The years in an amount's sentence.
pub(super) fn years_around(paper: &Paper, at: usize) -> BTreeSet<i32> {
    let Some(amount) = paper.amounts().get(at) else { return BTreeSet::new() };
    crate::paper::years(paper.tokens_in(&paper.sentence(amount.tokens.0)))
}

/// Whether a sentence speaks of something earlier, additional or only partial.
pub(super) fn is_qualified(paper: &Paper, at: usize) -> bool {
    let Some(amount) = paper.amounts().get(at) else { return true };
    let sentence = paper.sentence(amount.tokens.0);
    let words = [
        "tidigare",
        "föregående",
        "förra",
        "ytterligare",
        "därutöver",
        "dessutom",
        "även",
        "utöver",
        "varav",
        "därav",
        "från",
        "del",
        "delen",
        "fjol",
        "yrkar",
        "yrkade",
        "yrkande",
        "begär",
        "begärde",
        "ansöker",
        "ansökt",
        "ansökte",
        "sökt",
        "prognos",
        "utfall",
        "samt",
        "jämfört",
        "halvåret",
        "kvartalet",
        "delbetalning",
        "motsvarande",
    ];
    paper.has_word(&sentence, &words)
}

/// A list, or a paragraph outside lists, in which a recipient can have its only amount.
type Scope = (usize, usize);

fn scope(paper: &Paper, at: usize) -> Option<Scope> {
    let block = paper.layout().block_of(paper.amounts().get(at)?.tokens.0)?;
    Some(paper.layout().item_of(block).map_or((usize::MAX, block), |(list, _)| (list, 0)))
}

/// How often each name stands in each list or paragraph.
fn named_in_scopes(paper: &Paper) -> BTreeMap<(Option<Scope>, String), usize> {
    let mut named = BTreeMap::new();
    for recipient in paper.recipients() {
        let scope = scope(paper, recipient.amount);
        for name in recipient.labels() {
            *named.entry((scope, name)).or_default() += 1;
        }
    }
    named
}

/// Whether a recipient's amount is its only one in its list or paragraph.
fn is_only(paper: &Paper, at: usize, named: &BTreeMap<(Option<Scope>, String), usize>) -> bool {
    let Some(recipient) = paper.recipient_of(at) else { return false };
    let scope = scope(paper, at);
    recipient.labels().into_iter().all(|name| named.get(&(scope, name)) == Some(&1))
}

/// What stands right before a comma and an amount: "Verksamhetsstödet, drygt 60 miljoner kronor, är".
fn beside(paper: &Paper, amount: &Amount) -> Option<String> {
    const LEAST: usize = 12;
    let before = paper.before(amount, 3);
    let comma = before.iter().rposition(|token| token.is_mark(','))?;
    let noun = before.get(comma.checked_sub(1)?)?;
    let ends = paper.tokens.get(amount.tokens.1 + 1).is_some_and(|token| token.is_mark(','));
    let is_fund = ["bidraget", "anslaget", "stödet", "ersättningen"]
        .iter()
        .any(|kind| noun.text.ends_with(kind))
        && noun.text.chars().count() >= LEAST
        && !noun.text.starts_with("statsbidrag");
    let name = || noun.text.trim_end_matches("et").trim_end_matches("en").to_owned();
    (ends && is_fund).then(name)
}

/// The fund that an amount is the size of: "omställningsbidrag om 80 mkr", "tillförda medel med 326 mkr".
pub(super) fn fund(paper: &Paper, amount: &Amount) -> Option<String> {
    let before = paper.before(amount, 4);
    let divides = match before {
        [.., word] if word.is("fördela") => true,
        [.., noun, of] if of.is("av") && noun.is("fördelning") => true,
        _ => false,
    };
    if divides {
        return (!amount.is_cap).then(|| "fördela".to_owned());
    }
    let link = before.iter().rposition(|token| token.is_one_of(&["om", "på", "med"]))?;
    let between = before.get(link + 1..)?;
    let noun = before.get(link.checked_sub(1)?)?;
    const KINDS: [&str; 8] =
        ["bidrag", "bidraget", "ersättning", "ersättningen", "anslag", "anslaget", "medel", "stöd"];
    let is_fund =
        KINDS.iter().any(|kind| noun.text.ends_with(kind)) && noun.text.chars().count() >= 10;
    let money = noun.is("medel")
        && link
            .checked_sub(2)
            .and_then(|at| before.get(at))
            .is_some_and(|word| word.is_one_of(&["tillförda", "tilldelade", "erhållna"]));
    let name = if money || noun.text.starts_with("statsbidrag") {
        "statsbidrag".to_owned()
    } else {
        noun.text.trim_end_matches("et").trim_end_matches("en").to_owned()
    };
    (between.len() <= 1 && (is_fund || money)).then_some(name)
}

pub(super) fn remark(
    paper: &Paper,
    gathered: &Gathered,
    first: usize,
    second: usize,
    severity: Severity,
) -> Remark {
    let (x, y) = (Value::of(paper, first), Value::of(paper, second));
    let (a, b) = (Money::from_ore(x.printed), Money::from_ore(y.printed));
    let line = |at: usize| {
        paper.amounts().get(at).map_or(0, |amount| paper.line_number(amount.span.start))
    };
    let (at, other) = (line(first), line(second));
    let name = paper
        .recipient_of(first)
        .map(|recipient| format!("`{}`: ", recipient.name))
        .unwrap_or_default();
    let text = Text::new(
        format!("{name}samma sak anges som {a} på rad {at} och {b} på rad {other}"),
        format!("{name}the same thing is stated as {a} on line {at} and {b} on line {other}"),
    );
    let mut remark = Remark::new(
        Doubt::StatedTwice,
        severity,
        text,
        [x.places(paper), y.places(paper)].concat(),
    )
    .of_difference(&x, &y);
    let right = match gathered.often(a).cmp(&gathered.often(b)) {
        std::cmp::Ordering::Greater => Some(a),
        std::cmp::Ordering::Less => Some(b),
        std::cmp::Ordering::Equal => None,
    };
    remark.reconciles_by = right.map(|right| {
        Text::new(
            format!("{right}, som står på fler ställen, skrivs på alla"),
            format!("{right}, which stands in more places, is written in all"),
        )
    });
    remark
}

/// One figure to the krona with two recipients whose names have nothing in common.
fn recipient_differs(first: &Said<'_>, second: &Said<'_>) -> Option<Remark> {
    let (a, b) = (first.recipient?, second.recipient?);
    let amount = first.amount;
    let is_same = amount.amount == second.amount.amount;
    let is_telling = is_same
        && (amount.amount.ore() % 100_000 != 0
            || (first.purpose.is_some() && first.purpose == second.purpose));
    let common = a.key.split(' ').any(|word| word.chars().count() > 3 && b.key.contains(word));
    let is_named = [a, b]
        .iter()
        .all(|recipient| recipient.name.chars().next().is_some_and(char::is_uppercase));
    let initials: String = b.key.split(' ').filter_map(|word| word.chars().next()).collect();
    if !is_telling || common || !is_named || twin::is_one(a, b) || a.key == initials {
        return None;
    }
    let text = Text::new(
        format!(
            "{} går till `{}` på ett ställe och till `{}` på ett annat",
            amount.amount, a.name, b.name
        ),
        format!(
            "{} goes to `{}` in one place and to `{}` in another",
            amount.amount, a.name, b.name
        ),
    );
    Some(Remark::new(Doubt::RecipientDiffers, Severity::Warning, text, vec![a.span, b.span]))
}
