//! Why something may not be kept, in words.
//!
//! Owns: [`Refusal`] and its texts, each with what to do. Does not own: the rules (`chain`).

use super::course::{State, Step};
use super::ground::joined;
use kernel::finding::Text;
use kernel::time::{Day, Month};

/// Why something may not be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No such referral.
    Unknown {
        /// Its id.
        referral: String,
    },
    /// The same pregnancy has a referral already.
    Twice {
        /// That one.
        other: String,
    },
    /// The step does not follow on the state.
    NotNow {
        /// The state.
        state: State,
        /// The step.
        step: Step,
    },
    /// Before what was done last.
    Before {
        /// The day given.
        on: Day,
        /// The day of what was done last.
        since: Day,
    },
    /// Without the reason that it needs.
    NoReason {
        /// The step.
        step: Step,
    },
    /// She is not eligible.
    NotEligible {
        /// Why.
        why: Text,
    },
    /// The team has no free place.
    NoPlace {
        /// The team.
        team: String,
        /// The due month.
        month: Month,
        /// Teams that have one.
        free: Vec<String>,
    },
    /// Others need the place more.
    OutOfOrder {
        /// Her place in the queue.
        place: usize,
    },
}

impl Refusal {
    /// In words, with what to do.
    pub fn text(&self) -> Text {
        match self {
            Self::Unknown { referral } => Text::new(
                format!("remissen `{referral}` finns inte; `chain order` listar dem som väntar"),
                format!("there is no referral `{referral}`; `chain order` lists those that wait"),
            ),
            Self::Twice { other } => Text::new(
                format!(
                    "samma graviditet har redan remissen `{other}`; rätta den, eller återta den först"
                ),
                format!(
                    "the same pregnancy has the referral `{other}` already; correct it, or withdraw it first"
                ),
            ),
            Self::NotNow { state, step } => not_now(*state, *step),
            Self::Before { on, since } => Text::new(
                format!("{on} är före det som gjordes senast, {since}; ange en senare dag"),
                format!("{on} is before what was done last, {since}; give a later day"),
            ),
            Self::NoReason { step } => {
                let step = step.text();
                Text::new(
                    format!("`{}` kräver ett skäl; skriv varför", step.sv),
                    format!("`{}` needs a reason; say why", step.en),
                )
            }
            Self::NotEligible { why } => Text::new(
                format!("hon hör inte till målgruppen: {}; rätta remissen om det är fel", why.sv),
                format!("she is not eligible: {}; correct the referral if that is wrong", why.en),
            ),
            Self::NoPlace { team, month, free } => no_place(team, *month, free),
            Self::OutOfOrder { place } => Text::new(
                format!(
                    "hon står på plats {place}; erbjud den som står först, eller skriv varför hon går före"
                ),
                format!(
                    "she stands at place {place}; offer it to the first, or say why she goes before"
                ),
            ),
        }
    }
}

fn not_now(state: State, step: Step) -> Text {
    let (is, asked) = (state.text(), step.text());
    let next: Vec<Text> = state.steps().map(Step::text).collect();
    let Text { sv, en } = joined(&next);
    let (then_sv, then_en) = if next.is_empty() {
        ("inget mer kan göras".to_owned(), "nothing more can be done".to_owned())
    } else {
        (format!("det som kan göras är: {sv}"), format!("what can be done is: {en}"))
    };
    Text::new(
        format!("`{}` går inte när hon är `{}`; {then_sv}", asked.sv, is.sv),
        format!("`{}` cannot be done when she is `{}`; {then_en}", asked.en, is.en),
    )
}

fn no_place(team: &str, month: Month, free: &[String]) -> Text {
    if free.is_empty() {
        return Text::new(
            format!(
                "team `{team}` har ingen ledig plats för {month}, och inget annat team heller; ändra platserna eller låt henne vänta"
            ),
            format!(
                "team `{team}` has no free place for {month}, and no other team has; change the places or let her wait"
            ),
        );
    }
    let free = free.join(", ");
    Text::new(
        format!(
            "team `{team}` har ingen ledig plats för {month}; lediga platser finns hos: {free}"
        ),
        format!("team `{team}` has no free place for {month}; free places are with: {free}"),
    )
}
