//! The account of a grant on a day: what was received, where it stands, and what became of it, post by post.
//!
//! Owns: the sums and their identity, received + carried in = used + repaid + carried forward + remaining. Does not own: whether an act
//! was allowed (`breach`), or what the settlement paid, which it is given.
//!
//! Every number is a sum over acts, so that their order never matters. A post (a heading, an item, or the grant itself for
//! what no heading has) is allotted what is decided for it, without what its own items have, and what is moved to it.

use super::stated::{Said, latest};
use super::tree::{Branch, Tree, decided_trees};
use crate::fact::{ActKind, Decision, Fact, GrantAct, Mandate, Status};
use crate::id::DecisionId;
use crate::money::Money;
use crate::register::Register;
use crate::time::{Day, Month};
use std::collections::{BTreeMap, BTreeSet};

/// An amount that the settlement paid by a rate which a grant finances.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Settled {
    /// What the rate says it is financed by: a grant, a heading, an item or a frame.
    pub financed_by: String,
    /// The month of care.
    pub care_month: Month,
    /// The rate.
    pub rate: String,
    /// The unit.
    pub unit: String,
    /// The day it was settled.
    pub on: Day,
    /// Whether the rate, or its decision, is illustrative.
    pub illustrative: bool,
    /// Whether its decision says that something is unverified.
    pub unverified: bool,
    /// The amount, payable alone.
    pub amount: Money,
}

/// What a post comes to on a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// By decision, as printed, less what its own items have; of the grant itself what was received less all headings.
    pub decided: Money,
    /// Moved here.
    pub moved_in: Money,
    /// Moved away.
    pub moved_out: Money,
    /// Paid to recipients who are to report.
    pub paid: Money,
    /// Paid through the settlement; used as it is paid.
    pub settled: Money,
    /// Used by the region itself.
    pub own_use: Money,
    /// Reported as used by recipients.
    pub reported: Money,
    /// Paid back by recipients.
    pub returned: Money,
    /// Carried forward.
    pub carried: Money,
    /// Repaid to the state.
    pub repaid: Money,
}

impl Sums {
    /// What there is to use: decided and moved.
    pub fn allotted(&self) -> Money {
        self.decided + self.moved_in - self.moved_out
    }

    /// Used, by whomever.
    pub fn used(&self) -> Money {
        self.settled + self.own_use + self.reported
    }

    /// Held by recipients and not yet reported.
    pub fn outstanding(&self) -> Money {
        self.paid - self.reported - self.returned
    }

    /// Held by the region: what may still be paid, moved, carried forward or repaid. Below 0 it is overdrawn; of the grant
    /// itself more is divided than was received.
    pub fn left(&self) -> Money {
        self.allotted() - self.paid - self.settled - self.own_use + self.returned
            - self.carried
            - self.repaid
    }

    /// Taken by acts, less what came back.
    pub fn taken(&self) -> Money {
        self.moved_out + self.paid + self.own_use + self.carried + self.repaid - self.returned
    }

    fn add(&mut self, other: &Self) {
        self.decided += other.decided;
        self.moved_in += other.moved_in;
        self.moved_out += other.moved_out;
        self.paid += other.paid;
        self.settled += other.settled;
        self.own_use += other.own_use;
        self.reported += other.reported;
        self.returned += other.returned;
        self.carried += other.carried;
        self.repaid += other.repaid;
    }
}

/// A post of a grant with its sums.
#[derive(Clone, Debug)]
pub struct Post<'r> {
    /// Id of the heading or item, or of the grant itself.
    pub id: &'r str,
    /// The heading of an item.
    pub heading: Option<&'r str>,
    /// How it was decided; none for the grant itself.
    pub branch: Option<Branch<'r>>,
    /// What it comes to.
    pub sums: Sums,
    /// What the settlement paid, by rate and unit.
    pub settled: BTreeMap<(&'r str, &'r str), Money>,
    /// What was paid by act, by recipient.
    pub recipients: BTreeMap<&'r str, Money>,
    /// Decisions that it waits for.
    pub waits_for: Vec<&'r DecisionId>,
    /// Its final report, where one is due.
    pub final_report: Option<FinalReport>,
    /// Whether anything that its sums rest on is illustrative.
    pub illustrative: bool,
    /// Whether anything that its sums rest on is unverified.
    pub unverified: bool,
}

/// A final report (slutrapport).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FinalReport {
    /// When it is due.
    pub due: Day,
    /// Where it stands.
    pub state: ReportState,
}

/// Where a report stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportState {
    /// Not yet due.
    Awaited,
    /// Due and not there.
    Overdue,
    /// There since this day.
    Given(Day),
}

impl ReportState {
    /// The name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Awaited => "awaited",
            Self::Overdue => "overdue",
            Self::Given(_) => "given",
        }
    }

    fn of(given: Option<Day>, due: Day, day: Day) -> Self {
        match given {
            Some(on) => Self::Given(on),
            None if due < day => Self::Overdue,
            None => Self::Awaited,
        }
    }
}

/// A mandate and what was moved under it.
#[derive(Clone, Debug)]
pub struct MandateUse<'r> {
    /// The mandate.
    pub mandate: &'r Mandate,
    /// Moved under it.
    pub moved: Money,
    /// What may still be moved; none without a cap.
    pub room: Option<Money>,
}

/// The account of a grant.
#[derive(Clone, Debug)]
pub struct Account<'r> {
    /// The division by what is decided.
    pub tree: Tree<'r>,
    /// Received from the state.
    pub received: Money,
    /// Carried forward to this grant from earlier ones.
    pub carried_in: Money,
    /// The grant itself first, then each heading with its items.
    pub posts: Vec<Post<'r>>,
    /// Mandates, in the order stated.
    pub mandates: Vec<MandateUse<'r>>,
    /// Acts, by day and id.
    pub acts: Vec<&'r GrantAct>,
    /// The account to the state, where one is due.
    pub report: Option<FinalReport>,
    /// Case numbers of both parties.
    pub case_numbers: Vec<&'r str>,
    /// All posts together.
    pub total: Sums,
    /// Whether what was received rests on something illustrative.
    pub illustrative: bool,
}

impl Account<'_> {
    /// Received or carried in, and neither used, carried forward nor repaid: what all posts and recipients hold. While the state has not
    /// paid it is below 0 by what was used before.
    pub fn remaining(&self) -> Money {
        self.posts.iter().map(|post| post.sums.left() + post.sums.outstanding()).sum()
    }

    /// A post by its id.
    pub fn post(&self, id: &str) -> Option<&Post<'_>> {
        self.posts.iter().find(|post| post.id == id)
    }
}

/// The account of a decided grant by what was known at a revision and done by a day; none where no such grant is decided.
/// `settled` may have amounts of other sources, which are left out, and so is what was settled after the day.
pub fn account<'r>(
    register: &'r Register,
    revision: u32,
    grant: &str,
    day: Day,
    settled: &'r [Settled],
) -> Option<Account<'r>> {
    let tree = decided_trees(register, revision).into_iter().find(|tree| tree.grant.id == grant)?;
    let said = acts_of(register, revision, grant, day);
    let acts: Vec<&GrantAct> = said.iter().map(|said| said.fact).collect();
    let sum_of = |kind: ActKind| {
        acts.iter().filter(|act| act.kind == kind).map(|act| act.amount).sum::<Money>()
    };
    let received = sum_of(ActKind::Receive);
    let carried_in = carried_to(register, revision, grant, day);
    let known = known_decisions(register, revision);
    let mut posts = posts(&tree, received + carried_in, &known);
    let mut place: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, post) in posts.iter().enumerate() {
        place.insert(post.id, at);
    }
    for Said { fact: act, decision, .. } in &said {
        let from = act.from.as_deref().and_then(|id| place.get(id)).copied();
        let to = act.to.as_deref().and_then(|id| place.get(id)).copied();
        // What names a post that is not there has no effect; `breaches` tells it.
        if act.kind == ActKind::Reallocate && (from.is_none() || to.is_none()) {
            continue;
        }
        let touched = [from, to, Some(0).filter(|_| act.kind == ActKind::Receive)];
        for at in touched.into_iter().flatten() {
            if let Some(post) = posts.get_mut(at) {
                post.illustrative |= decision.illustrative;
                post.unverified |= !decision.unverified.is_empty();
            }
        }
        if let Some(post) = from.and_then(|at| posts.get_mut(at)) {
            post.take(act);
            if let (ActKind::Pay, Some(recipient)) = (act.kind, &act.recipient) {
                *post.recipients.entry(recipient).or_default() += act.amount;
            }
        }
        let moved_to = to.filter(|_| act.kind == ActKind::Reallocate);
        if let Some(post) = moved_to.and_then(|at| posts.get_mut(at)) {
            post.sums.moved_in += act.amount;
        }
    }
    for one in settled.iter().filter(|one| one.on <= day) {
        let at = place.get(one.financed_by.as_str());
        if let Some(post) = at.and_then(|at| posts.get_mut(*at)) {
            post.sums.settled += one.amount;
            post.illustrative |= one.illustrative;
            post.unverified |= one.unverified;
            *post.settled.entry((&one.rate, &one.unit)).or_default() += one.amount;
        }
    }
    for post in &mut posts {
        let due = post.branch.as_ref().and_then(|branch| branch.final_report_due);
        let reports = acts.iter().filter(|act| act.kind == ActKind::Report);
        let given = reports.filter(|act| act.from.as_deref() == Some(post.id)).map(|act| act.on);
        let given = given.max();
        post.final_report =
            due.map(|due| FinalReport { due, state: ReportState::of(given, due, day) });
    }
    let mut total = Sums::default();
    for post in &posts {
        total.add(&post.sums);
    }
    let accounts = acts.iter().filter(|act| act.kind == ActKind::Account);
    let accounted = accounts.clone().map(|act| act.on).min();
    let report = tree
        .grant
        .report_due
        .map(|due| FinalReport { due, state: ReportState::of(accounted, due, day) });
    let own = tree.grant.case_numbers.iter().map(String::as_str);
    let case_numbers = own.chain(accounts.filter_map(|act| act.case_number.as_deref())).collect();
    let mandates = mandates(register, revision, &posts, grant, &acts);
    let illustrative = posts.first().is_some_and(|post| post.illustrative);
    Some(Account {
        tree,
        received,
        carried_in,
        posts,
        mandates,
        acts,
        report,
        case_numbers,
        total,
        illustrative,
    })
}

impl Post<'_> {
    fn take(&mut self, act: &GrantAct) {
        let sums = &mut self.sums;
        let sum = match act.kind {
            ActKind::Reallocate => &mut sums.moved_out,
            ActKind::Pay => &mut sums.paid,
            ActKind::Use => &mut sums.own_use,
            ActKind::Report => &mut sums.reported,
            ActKind::Return => &mut sums.returned,
            ActKind::Carry => &mut sums.carried,
            ActKind::Repay => &mut sums.repaid,
            ActKind::Receive | ActKind::Account => return,
        };
        *sum += act.amount;
    }
}

fn posts<'r>(tree: &Tree<'r>, received: Money, known: &BTreeSet<&DecisionId>) -> Vec<Post<'r>> {
    let post = |id, heading, branch: Option<&Branch<'r>>, decided| {
        let requires = branch.map_or(&[][..], |branch| branch.requires);
        Post {
            id,
            heading,
            branch: branch.cloned(),
            sums: Sums { decided, ..Sums::default() },
            settled: BTreeMap::new(),
            recipients: BTreeMap::new(),
            waits_for: requires.iter().filter(|id| !known.contains(id)).collect(),
            final_report: None,
            illustrative: branch.is_some_and(|branch| branch.decision.illustrative),
            unverified: branch.is_some_and(|branch| !branch.decision.unverified.is_empty()),
        }
    };
    let divided: Money = tree.headings.iter().map(|heading| heading.amount.printed).sum();
    let mut posts = vec![post(&tree.grant.id, None, None, received - divided)];
    for heading in &tree.headings {
        let items: Money = heading.items.iter().map(|item| item.amount.printed).sum();
        let own = heading.amount.printed - items;
        posts.push(post(heading.id, None, Some(heading), own));
        for item in &heading.items {
            posts.push(post(item.id, Some(heading.id), Some(item), item.amount.printed));
        }
    }
    posts
}

/// The acts of a grant done by a day, by day and id.
fn acts_of<'r>(
    register: &'r Register,
    revision: u32,
    grant: &str,
    day: Day,
) -> Vec<Said<'r, GrantAct>> {
    let mut acts = all_acts(register, revision);
    acts.retain(|said| said.fact.grant == grant && said.fact.on <= day);
    acts.sort_by_key(|said| (said.fact.on, said.fact.id.as_str()));
    acts
}

/// What other grants have carried forward to a grant by a day.
fn carried_to(register: &Register, revision: u32, grant: &str, day: Day) -> Money {
    let all = all_acts(register, revision).into_iter().map(|said| said.fact);
    let here = all.filter(|act| {
        act.kind == ActKind::Carry && act.to.as_deref() == Some(grant) && act.on <= day
    });
    here.filter(|act| act.grant != grant).map(|act| act.amount).sum()
}

fn all_acts(register: &Register, revision: u32) -> Vec<Said<'_, GrantAct>> {
    let is_decided = |decision: &Decision| decision.status == Status::Decided;
    latest(register, revision, is_decided, |fact| match fact {
        Fact::GrantAct(act) => Some((act, act.id.as_str())),
        _ => None,
    })
}

fn mandates_of(register: &Register, revision: u32) -> Vec<Said<'_, Mandate>> {
    latest(
        register,
        revision,
        |decision| decision.status == Status::Decided,
        |fact| match fact {
            Fact::Mandate(mandate) => Some((mandate, mandate.id.as_str())),
            _ => None,
        },
    )
}

fn mandates<'r>(
    register: &'r Register,
    revision: u32,
    posts: &[Post<'_>],
    grant: &str,
    acts: &[&GrantAct],
) -> Vec<MandateUse<'r>> {
    let all = mandates_of(register, revision).into_iter().map(|said| said.fact);
    let own = all.filter(|mandate| match &mandate.over {
        crate::fact::Over::Grant(over) => over == grant,
        crate::fact::Over::Heading(over) => posts.iter().any(|post| post.id == *over),
    });
    let used = |mandate: &'r Mandate| {
        let under = acts.iter().filter(|act| act.mandate.as_ref() == Some(&mandate.id));
        let moved: Money = under.map(|act| act.amount).sum();
        let room = mandate.cap.map(|cap| cap.amount - moved);
        MandateUse { mandate, moved, room }
    };
    own.map(used).collect()
}

fn known_decisions(register: &Register, revision: u32) -> BTreeSet<&DecisionId> {
    let known = register.log().iter().filter(|recorded| recorded.revision <= revision);
    let decided = known.filter(|recorded| recorded.decision.status == Status::Decided);
    decided.map(|recorded| &recorded.decision.id).collect()
}
