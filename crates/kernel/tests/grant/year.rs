//! A grant's year at random, against purses that money is moved between one act at a time.

use crate::dice::{Dice, rounds};
use kernel::fact::{
    ActKind, AllocationRule, Decision, Fact, Figure, Grant, GrantAct, Heading, Item, Mandate, Over,
    Place, Precision, Stated, Status,
};
use kernel::grant::{
    Account, BookAccount, Breach, BreachKind, Settled, account, balances, breaches, postings,
};
use kernel::money::Money;
use kernel::register::Register;
use kernel::time::{Day, Month, Period};
use std::collections::{BTreeMap, BTreeSet};

const POSTS: [&str; 6] = ["g", "raises", "support", "mandate", "project-a", "project-b"];

fn day(number: u64) -> Day {
    Day::new(2023, 1, 1).unwrap().plus(i32::try_from(number).unwrap())
}

pub fn exact(kronor: u64) -> Figure {
    let amount = Money::from_kronor(i64::try_from(kronor).unwrap());
    Figure { amount, precision: Precision::Exact, last_digit: Money::from_kronor(1) }
}

pub fn decision(id: &str, facts: Vec<Fact>) -> Decision {
    let place = Place { file: "random.toml".into(), line: 1 };
    let stated = |fact| Stated { fact, place: place.clone(), anchor: None, label: None };
    Decision {
        id: id.into(),
        body: String::new(),
        known_from: day(0),
        decided_on: None,
        case_number: None,
        status: Status::Decided,
        unverified: Vec::new(),
        illustrative: false,
        source: None,
        facts: facts.into_iter().map(stated).collect(),
        place,
    }
}

struct World {
    /// Headings, items and the mandate's cap, in kronor.
    headings: [u64; 3],
    items: [u64; 2],
    cap: u64,
    carry_forward: bool,
    acts: Vec<GrantAct>,
    settled: Vec<Settled>,
}

impl World {
    fn random(dice: &mut Dice) -> Self {
        let mut kronor = || dice.below(1000);
        let headings = [kronor(), kronor(), kronor()];
        let items = [kronor() / 3, kronor() / 3];
        let cap = kronor();
        let count = dice.below(25);
        let acts = (0..count).map(|number| random_act(dice, number)).collect();
        let settled = (0..dice.below(6)).map(|_| random_settled(dice)).collect();
        Self { headings, items, cap, carry_forward: dice.below(2) == 0, acts, settled }
    }

    fn facts(&self) -> Vec<Fact> {
        let grant = Grant {
            id: "g".into(),
            year: 2023,
            payer: None,
            amount: exact(2000),
            parts: Vec::new(),
            case_numbers: Vec::new(),
            received_on: None,
            report_due: None,
            carry_forward: self.carry_forward,
            is_last: false,
        };
        let mut facts = vec![Fact::Grant(grant)];
        for (id, kronor) in POSTS[1..4].iter().zip(self.headings) {
            facts.push(Fact::Heading(Heading {
                id: (*id).into(),
                grant: "g".into(),
                rule: AllocationRule::Fixed { amount: exact(kronor) },
                focus_areas: Vec::new(),
                is_permanent: false,
            }));
        }
        for (id, kronor) in POSTS[4..].iter().zip(self.items) {
            facts.push(Fact::Item(Item {
                id: (*id).into(),
                heading: "mandate".into(),
                recipient: None,
                rule: AllocationRule::Fixed { amount: exact(kronor) },
                is_reserve: false,
                requires: Vec::new(),
                final_report_due: None,
                is_permanent: false,
            }));
        }
        facts.push(Fact::Mandate(Mandate {
            id: "m".into(),
            over: Over::Heading("mandate".into()),
            holder: "direktören".into(),
            cap: Some(exact(self.cap)),
            scope: None,
            valid: Period::inclusive(Some(day(10)), Some(day(300))),
        }));
        facts
    }

    /// The facts in as many decisions as there are acts, entered in any order.
    fn register(&self, dice: &mut Dice) -> Register {
        let mut decisions = vec![decision("the-division", self.facts())];
        for act in &self.acts {
            let id = format!("decision-{}", act.id);
            decisions.push(decision(&id, vec![Fact::GrantAct(act.clone())]));
        }
        dice.shuffle(&mut decisions);
        Register::from_ratebooks(decisions)
    }
}

fn random_act(dice: &mut Dice, number: u64) -> GrantAct {
    // Receipts and payments are more common, so that there is something to report and repay.
    let kind = match dice.below(14) {
        0..3 => ActKind::Receive,
        3..6 => ActKind::Pay,
        other => ActKind::ALL[usize::try_from(other - 6).unwrap()],
    };
    let mut post = || Some((*dice.pick(&POSTS)).to_owned());
    let (from, to) = match kind {
        ActKind::Receive | ActKind::Account => (None, None),
        ActKind::Reallocate => (post(), post()),
        _ => (post(), None),
    };
    let kronor = match kind {
        ActKind::Receive => dice.below(2000),
        ActKind::Account => 0,
        _ => dice.below(200),
    };
    let is_under = kind == ActKind::Reallocate && dice.below(2) == 0;
    GrantAct {
        id: format!("act-{number:02}"),
        grant: "g".into(),
        on: day(dice.below(365)),
        kind,
        amount: exact(kronor).amount,
        from,
        to,
        mandate: is_under.then(|| "m".into()),
        recipient: (kind == ActKind::Pay).then(|| "r".into()),
        case_number: None,
    }
}

fn random_settled(dice: &mut Dice) -> Settled {
    Settled {
        financed_by: (*dice.pick(&["support", "raises", "elsewhere"])).into(),
        care_month: Month::new(2023, 1).unwrap(),
        rate: (*dice.pick(&["rate-a", "rate-b"])).into(),
        unit: (*dice.pick(&["danderyd", "sodertalje"])).into(),
        on: day(dice.below(365)),
        illustrative: false,
        unverified: false,
        amount: exact(dice.below(100)).amount,
    }
}

/// Money in named purses; what is taken from one is put in another.
#[derive(Default)]
struct Purses(BTreeMap<String, i64>);

impl Purses {
    fn of(world: &World, through: Day) -> Self {
        let mut purses = Self::default();
        for (id, kronor) in POSTS[1..4].iter().zip(world.headings) {
            purses.give("g", id, i64::try_from(kronor).unwrap() * 100);
        }
        for (id, kronor) in POSTS[4..].iter().zip(world.items) {
            purses.give("mandate", id, i64::try_from(kronor).unwrap() * 100);
        }
        for act in world.acts.iter().filter(|act| act.on <= through) {
            let ore = act.amount.ore();
            let from = act.from.as_deref().unwrap_or_default();
            match act.kind {
                ActKind::Receive => purses.give("the state", "g", ore),
                ActKind::Reallocate => purses.give(from, act.to.as_deref().unwrap(), ore),
                ActKind::Pay => purses.give(from, &format!("recipients of {from}"), ore),
                ActKind::Use => purses.give(from, "used", ore),
                ActKind::Report => purses.give(&format!("recipients of {from}"), "used", ore),
                ActKind::Return => purses.give(&format!("recipients of {from}"), from, ore),
                ActKind::Carry => purses.give(from, "carried", ore),
                ActKind::Repay => purses.give(from, "repaid", ore),
                ActKind::Account => {}
            }
        }
        for one in world.settled.iter().filter(|one| one.on <= through) {
            if POSTS.contains(&one.financed_by.as_str()) {
                purses.give(&one.financed_by, "used", one.amount.ore());
            }
        }
        purses
    }

    fn give(&mut self, from: &str, to: &str, ore: i64) {
        *self.0.entry(from.to_owned()).or_default() -= ore;
        *self.0.entry(to.to_owned()).or_default() += ore;
    }

    fn has(&self, name: &str) -> Money {
        Money::from_ore(self.0.get(name).copied().unwrap_or_default())
    }
}

/// Every identity that a controller would hold it to.
fn hold_to_identities(account: &Account<'_>) {
    let total = account.total;
    let received = account.received + account.carried_in;
    assert_eq!(received, total.used() + total.repaid + total.carried + account.remaining());
    assert_eq!(received, total.allotted());
    assert_eq!(total.moved_in, total.moved_out);
    let of_posts = |of: fn(&kernel::grant::Sums) -> Money| -> Money {
        account.posts.iter().map(|post| of(&post.sums)).sum()
    };
    assert_eq!(of_posts(kernel::grant::Sums::used), total.used());
    for post in &account.posts {
        assert_eq!(post.recipients.values().copied().sum::<Money>(), post.sums.paid);
        assert_eq!(post.settled.values().copied().sum::<Money>(), post.sums.settled);
    }
    let books = balances(account);
    assert_eq!(books.values().copied().sum::<Money>(), Money::ZERO);
    assert_eq!(books[&BookAccount::Liability], -account.remaining());
    assert_eq!(books[&BookAccount::Cost], -books[&BookAccount::Revenue]);
    assert_eq!(books[&BookAccount::Cost], total.used());
    let held = books[&BookAccount::Bank] + books[&BookAccount::Advances];
    assert_eq!(held, account.remaining() + total.carried - account.carried_in);
    assert_eq!(books[&BookAccount::Advances], of_posts(kernel::grant::Sums::outstanding));
}

#[test]
fn random_years_keep_every_krona() {
    let mut dice = Dice(42);
    let mut seen: BTreeSet<BreachKind> = BTreeSet::new();
    let mut without = 0;
    for _ in 0..rounds(1500, 100_000) {
        let mut world = World::random(&mut dice);
        let register = world.register(&mut dice);
        for through in [day(60), day(200), Day::MAX] {
            let of_day = account(&register, u32::MAX, "g", through, &world.settled).unwrap();
            hold_to_identities(&of_day);
            let purses = Purses::of(&world, through);
            for post in &of_day.posts {
                assert_eq!(post.sums.left(), purses.has(post.id), "{}", post.id);
                let recipients = purses.has(&format!("recipients of {}", post.id));
                assert_eq!(post.sums.outstanding(), recipients, "{}", post.id);
            }
            let total = of_day.total;
            assert_eq!(total.used(), purses.has("used"));
            assert_eq!(
                (total.repaid, total.carried),
                (purses.has("repaid"), purses.has("carried"))
            );
            assert_eq!(of_day.received, -purses.has("the state"));
        }
        let found = breaches(&register, u32::MAX, "g", &world.settled);
        assert_eq!(overdrawn(&found), overdrawn_by_purse(&world));
        seen.extend(found.iter().map(|breach| breach.kind));
        without += usize::from(found.is_empty() && world.acts.len() > 3);
        // The same acts in another order, of rows and of decisions.
        dice.shuffle(&mut world.acts);
        dice.shuffle(&mut world.settled);
        let again = world.register(&mut dice);
        let before = account(&register, u32::MAX, "g", Day::MAX, &world.settled).unwrap();
        let after = account(&again, u32::MAX, "g", Day::MAX, &world.settled).unwrap();
        let sums = |of: &Account<'_>| of.posts.iter().map(|post| post.sums).collect::<Vec<_>>();
        assert_eq!((sums(&before), &before.acts), (sums(&after), &after.acts));
        assert_eq!(breaches(&again, u32::MAX, "g", &world.settled), found);
    }
    let never = [BreachKind::Waits, BreachKind::UnknownPost];
    let expected: BTreeSet<BreachKind> =
        BreachKind::ALL.iter().copied().filter(|kind| !never.contains(kind)).collect();
    assert_eq!(seen, expected);
    assert!(without > 5, "{without} years without a breach");
}

fn overdrawn(found: &[Breach]) -> Vec<(Day, String, Money)> {
    let mut all: Vec<_> = found
        .iter()
        .filter(|breach| breach.kind == BreachKind::Overdrawn)
        .map(|breach| (breach.day, breach.id.clone(), breach.by))
        .collect();
    all.sort();
    all
}

fn taken(act: &GrantAct, post: &str) -> Money {
    if act.from.as_deref() != Some(post) {
        return Money::ZERO;
    }
    match act.kind {
        ActKind::Return => -act.amount,
        ActKind::Report => Money::ZERO,
        _ => act.amount,
    }
}

/// Posts whose purse acts have taken below zero at the end of a day with an act, on the first such day, and by how much at
/// most.
fn overdrawn_by_purse(world: &World) -> Vec<(Day, String, Money)> {
    let days: BTreeSet<Day> = world.acts.iter().map(|act| act.on).collect();
    let mut found: BTreeMap<&str, (Day, Money)> = BTreeMap::new();
    for day in days {
        let purses = Purses::of(world, day);
        for post in &POSTS {
            // What the settlement took before any act is no fault of an act.
            let taken: Money =
                world.acts.iter().filter(|act| act.on <= day).map(|act| taken(act, post)).sum();
            let over = taken.min(-purses.has(post));
            if over > Money::ZERO {
                let first = found.entry(post).or_insert((day, over));
                first.1 = first.1.max(over);
            }
        }
    }
    let mut all: Vec<_> =
        found.into_iter().map(|(id, (day, by))| (day, id.to_owned(), by)).collect();
    all.sort();
    all
}

/// Money carried forward leaves one year and comes to the next, where it is used like any other.
#[test]
fn what_is_carried_forward_comes_to_the_next_grant() {
    let mut dice = Dice(6);
    let mut world = World::random(&mut dice);
    (world.settled, world.carry_forward) = (Vec::new(), true);
    let mut act = |id: &str, kind: ActKind, kronor: u64| {
        let mut act = random_act(&mut dice, 0);
        (act.id, act.kind, act.on) = (id.into(), kind, day(40));
        (act.from, act.to, act.mandate) = (Some("g".into()), None, None);
        act.amount = exact(kronor).amount;
        act
    };
    let mut received = act("received", ActKind::Receive, 5000);
    received.from = None;
    let mut carried = act("carried", ActKind::Carry, 300);
    carried.to = Some("next".into());
    let mut used = act("used", ActKind::Use, 100);
    (used.grant, used.from) = ("next".into(), Some("next".into()));
    world.acts = vec![received, carried, used];
    let Some(Fact::Grant(grant)) = world.facts().first().cloned() else { panic!() };
    let next = Fact::Grant(Grant { id: "next".into(), year: 2024, ..grant });
    let mut facts = world.facts();
    facts.push(next);
    facts.extend(world.acts.iter().cloned().map(Fact::GrantAct));
    let register = Register::from_ratebooks([decision("both", facts)]);
    let of = |id| account(&register, u32::MAX, id, Day::MAX, &[]).unwrap();
    let (this, next) = (of("g"), of("next"));
    hold_to_identities(&this);
    hold_to_identities(&next);
    assert_eq!(this.total.carried, exact(300).amount);
    assert_eq!((next.received, next.carried_in), (Money::ZERO, exact(300).amount));
    assert_eq!(next.remaining(), exact(200).amount);
    let carried = |of: &Account<'_>| balances(of)[&BookAccount::CarriedLiability];
    assert_eq!(carried(&this) + carried(&next), Money::ZERO, "owed once");
    assert_eq!(breaches(&register, u32::MAX, "g", &[]), []);
    assert_eq!(breaches(&register, u32::MAX, "next", &[]), []);
}

/// A settlement that pays more than its post has stands in the way of no other act.
#[test]
fn what_the_settlement_overdraws_refuses_no_act() {
    let mut dice = Dice(8);
    let mut world = World::random(&mut dice);
    world.headings = [10, 10, 10];
    world.items = [0, 0];
    let mut used = random_act(&mut dice, 0);
    (used.kind, used.on, used.to, used.mandate) = (ActKind::Use, day(100), None, None);
    (used.from, used.amount) = (Some("raises".into()), exact(10).amount);
    world.acts = vec![used];
    let mut settled = random_settled(&mut dice);
    (settled.financed_by, settled.on) = ("support".into(), day(50));
    settled.amount = exact(11).amount;
    let register = world.register(&mut dice);
    assert_eq!(breaches(&register, u32::MAX, "g", &[settled.clone()]), []);
    // Of a post that both take from, the act is at fault for no more than it took.
    settled.financed_by = "raises".into();
    let found = breaches(&register, u32::MAX, "g", &[settled]);
    let [one] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((one.kind, one.by), (BreachKind::Overdrawn, exact(10).amount));
}

#[test]
fn the_postings_of_every_act_sum_to_zero() {
    for kind in ActKind::ALL {
        let sum: Money = postings(*kind, exact(7).amount).iter().map(|one| one.amount).sum();
        assert_eq!(sum, Money::ZERO, "{kind}");
    }
}

/// What random years leave out: an item that waits, and a post that is not decided.
#[test]
fn an_item_that_waits_and_an_unknown_post_take_nothing() {
    let mut dice = Dice(5);
    let mut world = World::random(&mut dice);
    (world.acts, world.settled) = (Vec::new(), Vec::new());
    (world.headings, world.items) = ([10, 10, 900], [300, 300]);
    let mut facts = world.facts();
    for fact in &mut facts {
        if let Fact::Item(item) = fact {
            item.requires = vec!["awaited".into()];
        }
    }
    let act = |id: &str, from: &str| {
        let mut act = random_act(&mut Dice(1), 0);
        (act.id, act.kind, act.on) = (id.into(), ActKind::Use, day(20));
        (act.from, act.to, act.mandate) = (Some(from.into()), None, None);
        act.amount = Money::from_ore(1);
        Fact::GrantAct(act)
    };
    let used = vec![act("waits", "project-a"), act("unknown", "no-such-post")];
    let mut awaited = decision("awaited", Vec::new());
    awaited.known_from = day(30);
    let decisions = [decision("division", facts), decision("used", used), awaited];
    let register = Register::from_ratebooks(decisions);
    let kinds = |revision| {
        let found = breaches(&register, revision, "g", &[]);
        found.into_iter().map(|breach| (breach.kind, breach.id)).collect::<Vec<_>>()
    };
    let unknown = (BreachKind::UnknownPost, "no-such-post".to_owned());
    let waits = (BreachKind::Waits, "project-a".to_owned());
    assert_eq!(kinds(register.as_of(day(29))), [waits, unknown.clone()]);
    assert_eq!(kinds(register.as_of(day(30))), [unknown]);
    let told = account(&register, u32::MAX, "g", Day::MAX, &[]).unwrap();
    assert_eq!(told.total.used(), Money::from_ore(1), "the unknown post takes nothing");
}

#[test]
fn an_act_stated_again_stands_for_the_first() {
    let mut dice = Dice(3);
    let mut world = World::random(&mut dice);
    world.acts = vec![random_act(&mut dice, 1)];
    world.acts[0].kind = ActKind::Receive;
    world.acts[0].amount = exact(100).amount;
    let mut mended = world.acts[0].clone();
    mended.amount = Money::ZERO;
    let mut later = decision("mended", vec![Fact::GrantAct(mended)]);
    later.known_from = day(400);
    let first = [
        decision("division", world.facts()),
        decision("act", vec![Fact::GrantAct(world.acts[0].clone())]),
    ];
    let register = Register::from_ratebooks(first.into_iter().chain([later]));
    let received = |known: Day| {
        account(&register, register.as_of(known), "g", Day::MAX, &[]).unwrap().received
    };
    assert_eq!(received(day(399)), exact(100).amount);
    assert_eq!(received(day(400)), Money::ZERO);
}
