//! One grant: its bar, its division as a table, what became of every post, mandates, acts, and reports.

use super::{kronor, label_of, ranged, status};
use crate::commands::grant::account::post_label;
use crate::commands::grant::show::{label, residual_label};
use crate::failure::Failure;
use crate::output::Lang;
use crate::web::ask::{Ask, missing};
use crate::web::chart::{Figure, grant};
use crate::web::page::{Answer, Block, Mood, Page};
use crate::web::rights::Right;
use crate::web::table::{Cell, Table, money, text};
use crate::words::{self, marks_of};
use kernel::fact::{ActKind, AllocationRule, Decision};
use kernel::grant::{Account, Branch, Range, Tree, account, trees};
use kernel::money::Money;
use kernel::price::Marks;

/// The page of a grant.
pub(super) fn show(ask: &Ask) -> Result<Answer, Failure> {
    let (place, known_on) = (&ask.place, ask.day("known_on", ask.place.today)?);
    let register = place.data.register();
    let revision = register.as_of(known_on);
    let all = trees(register, revision);
    let tree = all.iter().find(|tree| tree.grant.id == ask.param("grant")).ok_or_else(missing)?;
    let account = account(register, revision, &tree.grant.id, known_on, place.settled()?);
    let mut page = Page::new(label_of(tree))
        .under(ask.say("Statsbidrag och ramar", "Grants and frames"), "/statsbidrag")
        .with(Block::Facts(facts(ask, tree, account.as_ref())))
        .with(figure(ask, tree));
    for (mood, said) in remarks(ask, tree) {
        page = page.notice(mood, said);
    }
    page = page.with(division(ask, tree));
    let Some(account) = account else {
        return Ok(page
            .text(ask.say(
                "Bidraget är bara föreslaget. Vad som blir av pengarna följs när det är beslutat.",
                "The grant is only proposed. What becomes of the money is followed once it is decided.",
            ))
            .into());
    };
    page = page
        .heading(ask.say("Vad som har blivit av pengarna", "What became of the money"))
        .text(balance(ask, &account))
        .with(posts(ask, &account, "posts"))
        .with(mandates(ask, &account))
        .with(acts(ask, &account));
    if ask.may(Right::ActOnGrants) && known_on == place.today {
        page = page
            .heading(ask.say("Gör något med pengarna", "Do something with the money"))
            .text(ask.say(
                "Varje åtgärd prövas och visas först. Den förs in i registret som ett beslut när du har bekräftat den.",
                "Every act is tried and shown first. It is entered in the register as a decision when you have confirmed it.",
            ))
            .with(Block::Links(links(ask, &tree.grant.id)));
    }
    Ok(page.into())
}

/// What can be done: its kind and what its link says.
pub(super) const DONE: [(ActKind, &str, &str); 9] = [
    (ActKind::Reallocate, "Omfördela", "Reallocate"),
    (ActKind::Pay, "Betala ut", "Pay out"),
    (ActKind::Use, "Förbruka själv", "Use"),
    (ActKind::Report, "Ta emot redovisning", "Receive a report"),
    (ActKind::Return, "Ta emot återbetalning", "Receive a return"),
    (ActKind::Carry, "Föra över till nästa år", "Carry forward"),
    (ActKind::Repay, "Betala tillbaka till staten", "Repay the state"),
    (ActKind::Receive, "Notera mottaget", "Note as received"),
    (ActKind::Account, "Återrapportera", "Account to the state"),
];

fn links(ask: &Ask, grant: &str) -> Vec<(String, String)> {
    let link = |(kind, sv, en): &(ActKind, &'static str, &'static str)| {
        let address = format!("/statsbidrag/{grant}/gor?atgard={}", kind.name());
        (ask.lang.pick(sv, en).to_owned(), address)
    };
    DONE.iter().map(link).collect()
}

fn facts(ask: &Ask, tree: &Tree<'_>, account: Option<&Account<'_>>) -> Vec<(String, Cell)> {
    let id = tree.decision.id.as_str();
    let mut facts = vec![
        (ask.say("År", "Year").to_owned(), tree.grant.year.to_string().into()),
        (ask.say("Läge", "Status").to_owned(), status(ask, tree.decision.status)),
        (
            ask.say("Beslut", "Decision").to_owned(),
            Cell::from(id).to(format!("/beslut/{id}")).marked(ask.lang, marks_of(tree.decision)),
        ),
        (ask.say("Hela bidraget, kr", "Whole, kr").to_owned(), ranged(ask, tree.whole)),
    ];
    let cases = account.map_or_else(
        || tree.grant.case_numbers.join(", "),
        |account| account.case_numbers.join(", "),
    );
    if !cases.is_empty() {
        facts.push((ask.say("Ärenden", "Cases").to_owned(), cases.into()));
    }
    if let Some(report) = account.and_then(|account| account.report) {
        let state = words::report_state(ask.lang, report.state);
        facts.push((
            ask.say("Återrapport till staten", "Account to the state").to_owned(),
            format!("{} {}: {}", ask.say("senast", "by"), report.due, state.shown()).into(),
        ));
    }
    facts
}

fn figure(ask: &Ask, tree: &Tree<'_>) -> Figure {
    let title = ask.say("Bidraget och dess delar, i skala", "The grant and its parts, to scale");
    let description = ask.say(
        "En stapel så lång som bidraget med rubrikerna efter varandra, posterna under dem. Det streckade är ofördelat; en mjuk kant är ett ungefärligt belopp.",
        "A bar as long as the grant with its headings one after another and their items below. What is hatched is unallocated; a soft end is an approximate amount.",
    );
    Figure {
        title: title.to_owned(),
        description: description.to_owned(),
        svg: grant::bar(ask.lang, tree, title, description),
        numbers: None,
    }
}

/// What does not add up, and what is found in the decision.
fn remarks(ask: &Ask, tree: &Tree<'_>) -> Vec<(Mood, String)> {
    let mut said = Vec::new();
    if let Some(range) = tree.unexplained.filter(|range| *range != Range::default()) {
        said.push((
            Mood::Attention,
            format!(
                "{} {}.",
                ask.say("Delarna som bidraget sägs bestå av kommer inte upp i det; det skiljer", "The parts that the grant is said to be made of do not come to it; the difference is"),
                range.printed
            ),
        ));
    }
    let too_much = |range: Range| range.high < Money::ZERO;
    if too_much(tree.residual) {
        said.push((
            Mood::Attention,
            format!(
                "{} {}.",
                ask.say(
                    "Rubrikerna kommer till mer än bidraget, med",
                    "The headings come to more than the grant, by"
                ),
                Money::ZERO - tree.residual.printed
            ),
        ));
    }
    for heading in tree.headings.iter().filter(|heading| too_much(heading.residual)) {
        said.push((
            Mood::Attention,
            format!(
                "{} {}: {}.",
                ask.say(
                    "Posterna kommer till mer än rubriken",
                    "The items come to more than the heading"
                ),
                label(heading.stated, heading.id),
                Money::ZERO - heading.residual.printed
            ),
        ));
    }
    let files: Vec<&str> = std::iter::once(tree.decision)
        .chain(tree.headings.iter().map(|heading| heading.decision))
        .map(|decision: &Decision| &*decision.place.file)
        .collect();
    for finding in ask.place.checked() {
        if files.contains(&finding.file.as_str()) {
            said.push((Mood::Attention, crate::web::render::sentence(&ask.of(&finding.message))));
        }
    }
    said
}

/// A row of the division.
struct Line<'a> {
    depth: usize,
    name: &'a str,
    id: &'a str,
    recipient: &'a str,
    rule: Option<&'a AllocationRule>,
    range: Range,
    decision: Option<&'a Decision>,
}

fn division(ask: &Ask, tree: &Tree<'_>) -> Table {
    let columns = vec![
        text("label", "Benämning", "Label"),
        text("recipient", "Mottagare", "Recipient"),
        text("rule", "Regel", "Rule"),
        money("amount_ore", "Belopp", "Amount"),
        money("low_ore", "Lägst", "At least"),
        money("high_ore", "Högst", "At most"),
        text("decision", "Beslut", "Decision"),
    ];
    let rest = |depth: usize, range: Range| Line {
        depth,
        name: residual_label(ask.lang, range),
        id: "",
        recipient: "",
        rule: None,
        range,
        decision: None,
    };
    let whole = Line {
        name: label_of(tree),
        id: &tree.grant.id,
        decision: Some(tree.decision),
        ..rest(0, tree.whole)
    };
    let mut lines = vec![whole];
    if let Some(range) = tree.unexplained.filter(|range| *range != Range::default()) {
        let name = ask.say("delarna förklarar inte", "not explained by the parts");
        lines.push(Line { name, ..rest(1, range) });
    }
    for heading in &tree.headings {
        branch(&mut lines, 1, heading);
        for item in &heading.items {
            branch(&mut lines, 2, item);
            if item.residual != Range::default() {
                lines.push(rest(3, item.residual));
            }
        }
        if heading.residual != Range::default() {
            lines.push(rest(2, heading.residual));
        }
    }
    let last = cells(ask, &rest(1, tree.residual));
    Table::new("division", ask.say("Fördelningen", "The division"), columns)
        .rows(lines.iter().map(|line| cells(ask, line)))
        .last(Some(last))
}

fn branch<'a>(lines: &mut Vec<Line<'a>>, depth: usize, branch: &'a Branch<'_>) {
    lines.push(Line {
        depth,
        name: label(branch.stated, branch.id),
        id: branch.id,
        recipient: branch.recipient.unwrap_or(""),
        rule: Some(branch.rule),
        range: branch.amount,
        decision: Some(branch.decision),
    });
    lines.extend(branch.parts.iter().map(|part| Line {
        depth: depth + 1,
        name: part.recipient,
        id: "",
        recipient: part.recipient,
        rule: None,
        range: Range::exact(part.amount),
        decision: None,
    }));
}

fn cells(ask: &Ask, line: &Line<'_>) -> Vec<Cell> {
    let marks = Marks {
        illustrative: line.decision.is_some_and(|decision| decision.illustrative),
        unverified: line.decision.is_some_and(|decision| !decision.unverified.is_empty()),
    };
    let bound = |amount: Money| match line.range.is_exact() {
        true => Cell::of("", &amount.ore().to_string()),
        false => kronor(amount),
    };
    let recipient = ask.place.labels.recipient(line.recipient);
    let label = if line.name == line.recipient { recipient.shown() } else { line.name };
    let indented = format!("{}{label}", "\u{2003}".repeat(line.depth));
    let plain = if line.id.is_empty() { line.name } else { line.id };
    let mut name = Cell::of(&indented, plain).marked(ask.lang, marks);
    if line.decision.is_some_and(|one| one.status == kernel::fact::Status::Proposed) {
        name = name.mark(ask.say("förslag", "proposed"));
    }
    vec![
        name,
        recipient.into(),
        line.rule.map_or_else(|| "".into(), |rule| words::rule_cell(ask.lang, rule).into()),
        kronor(line.range.printed),
        bound(line.range.low),
        bound(line.range.high),
        line.decision.map_or_else(
            || "".into(),
            |one| Cell::from(one.id.as_str()).to(format!("/beslut/{}", one.id.as_str())),
        ),
    ]
}

fn balance(ask: &Ask, account: &Account<'_>) -> String {
    let total = &account.total;
    let (received, used, repaid) = (account.received, total.used(), total.repaid);
    let (carried, left) = (total.carried, account.remaining());
    match ask.lang {
        Lang::Sv => format!(
            "Mottaget {received} = förbrukat {used} + återbetalt {repaid} + överfört {carried} + kvar {left}."
        ),
        Lang::En => format!(
            "Received {received} = used {used} + repaid {repaid} + carried forward {carried} + left {left}."
        ),
    }
}

/// What became of the money, post by post.
pub(super) fn posts(ask: &Ask, account: &Account<'_>, id: &'static str) -> Table {
    let columns = vec![
        text("label", "Post", "Post"),
        money("decided_ore", "Beslutat", "Decided").summed(),
        money("moved_ore", "Omfördelat", "Moved").summed(),
        money("paid_ore", "Utbetalt", "Paid").summed(),
        money("settled_ore", "Genom avräkning", "Settled").summed(),
        money("used_ore", "Förbrukat", "Used").summed(),
        money("returned_ore", "Tillbaka", "Returned").summed(),
        money("carried_ore", "Överfört", "Carried").summed(),
        money("repaid_ore", "Till staten", "Repaid").summed(),
        money("outstanding_ore", "Hos mottagare", "Outstanding").summed(),
        money("left_ore", "Kvar", "Left").summed(),
    ];
    let amounts_of = |post: &kernel::grant::Post<'_>| {
        let sums = &post.sums;
        [
            sums.decided,
            sums.moved_in - sums.moved_out,
            sums.paid,
            sums.settled,
            sums.used(),
            sums.returned,
            sums.carried,
            sums.repaid,
            sums.outstanding(),
            sums.left(),
        ]
    };
    // Ten columns of kronor fit on a page, ten of kronor and öre do not.
    let mut amounts = account.posts.iter().flat_map(amounts_of);
    let are_whole = amounts.all(|amount| amount.ore() % 100 == 0);
    let cell = if are_whole { Cell::kronor } else { Cell::from };
    let rows = account.posts.iter().map(|post| {
        let name = match (&post.branch, post.heading) {
            (None, _) => ask.say("(ofördelat)", "(unallocated)").to_owned(),
            (_, Some(_)) => format!("\u{2003}{}", post_label(account, post)),
            _ => post_label(account, post).to_owned(),
        };
        let marks = Marks { illustrative: post.illustrative, unverified: post.unverified };
        let mut name = Cell::of(&name, post.id).marked(ask.lang, marks);
        if let Some(waits) = post.waits_for.first() {
            name = name.mark(format!("{} {}", ask.say("väntar på", "waits for"), waits.as_str()));
        }
        std::iter::once(name).chain(amounts_of(post).map(cell)).collect()
    });
    Table::new(id, ask.say("Post för post", "Post by post"), columns)
        .rows(rows)
        .short()
        .origin(ask.place.origin())
}

fn mandates(ask: &Ask, account: &Account<'_>) -> Table {
    let columns = vec![
        text("id", "Mandat", "Mandate"),
        text("holder", "Hos", "Holder"),
        text("valid", "Gäller", "Valid"),
        money("cap_ore", "Högst", "Cap"),
        money("moved_ore", "Använt", "Used"),
        money("room_ore", "Återstår", "Left"),
    ];
    let rows = account.mandates.iter().map(|used| {
        let or_none = |amount: Option<Money>| {
            amount.map_or_else(|| Cell::of(ask.say("inget tak", "no cap"), ""), Cell::from)
        };
        vec![
            used.mandate.id.as_str().into(),
            used.mandate.holder.as_str().into(),
            super::super::providers::period(ask, used.mandate.valid).into(),
            or_none(used.mandate.cap.map(|cap| cap.amount)),
            used.moved.into(),
            or_none(used.room),
        ]
    });
    Table::new("mandates", ask.say("Mandat", "Mandates"), columns).rows(rows).short().empty(
        ask.say(
            "Beslutet ger inget mandat att omfördela.",
            "The decision gives no mandate to reallocate.",
        ),
    )
}

fn acts(ask: &Ask, account: &Account<'_>) -> Table {
    let columns = vec![
        text("on", "Dag", "On"),
        text("act", "Åtgärd", "Act"),
        text("from", "Från", "From"),
        text("to", "Till", "To"),
        text("recipient", "Mottagare", "Recipient"),
        money("amount_ore", "Belopp", "Amount"),
        text("id", "Infört som", "Entered as"),
    ];
    let register = ask.place.data.register();
    let rows = account.acts.iter().map(|act| {
        let kind = words::act(act.kind);
        let mut log = register.log().iter().map(|recorded| &recorded.decision);
        let stated = log.find(|decision| {
            decision.facts.iter().any(|stated| match &stated.fact {
                kernel::fact::Fact::GrantAct(one) => one.id == act.id,
                _ => false,
            })
        });
        let decision = stated.map_or("", |decision| decision.id.as_str());
        vec![
            act.on.to_string().into(),
            Cell::of(&ask.of(&kind), act.kind.name()),
            act.from.clone().unwrap_or_default().into(),
            act.to.clone().unwrap_or_default().into(),
            act.recipient.clone().unwrap_or_default().into(),
            act.amount.into(),
            Cell::from(act.id.as_str()).to(format!("/beslut/{decision}")),
        ]
    });
    Table::new("acts", ask.say("Åtgärder", "Acts"), columns).rows(rows).short().empty(ask.say(
        "Här står vad som görs med pengarna: utbetalningar, omfördelningar, redovisningar.",
        "What is done with the money stands here: payments, reallocations, reports.",
    ))
}
