//! What is done through the API with grants, proposals, periods and payments: the same calls as the pages'.
//!
//! Owns: what is sent for them and what is told of them. Does not own: whether it may be done (`kernel::journal`, `commands::grant`), or
//! who may (`rights`).
//!
//! `POST /api/v1/proposals/3/approval` with `{"note":"§ 14"}` records the third proposal, if somebody else wrote it.

use super::work::{NoteOf, of_all, sent, told, written};
use super::{Call, Reply};
use crate::commands::books::New;
use crate::commands::grant::acts::{ADMINISTRATION, Act, Entry};
use crate::commands::{books, grant, pay};
use crate::data::DataFolder;
use crate::failure::Failure;
use crate::web::ask::{missing, sent_day};
use crate::web::pages::decisions::{file_of, whole};
use kernel::fact::ActKind;
use kernel::journal::DeedKind;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use store::Proposal;

/// An act with the money of a grant.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GrantActOf {
    #[serde(deserialize_with = "act_kind")]
    #[schemars(schema_with = "act_kinds")]
    act: ActKind,
    /// The post it is taken from or about; the grant itself where it is not said.
    from: Option<String>,
    /// The post it is moved to.
    to: Option<String>,
    /// The amount as it is written, such as `1 200 000 kr` or `1,2 mkr`; an account has none.
    amount: Option<String>,
    /// The mandate that a reallocation rests on.
    mandate: Option<String>,
    /// Who is paid.
    recipient: Option<String>,
    /// The day it was done; today where it is not said.
    #[schemars(extend("format" = "date"))]
    on: Option<String>,
    /// Who decided it.
    by: Option<String>,
    case_number: Option<String>,
    /// An id of its own, where the same is done twice to the same post on one day.
    #[schemars(extend("pattern" = "^[a-z0-9]+(-[a-z0-9]+)*$"))]
    id: Option<String>,
    /// Only what it would come to; nothing is entered.
    #[serde(default)]
    preview: bool,
}

fn act_kind<'d, D: Deserializer<'d>>(from: D) -> Result<ActKind, D::Error> {
    let name = String::deserialize(from)?;
    ActKind::parse(&name).ok_or_else(|| D::Error::custom(format!("`{name}` is no act")))
}

fn act_kinds(_: &mut SchemaGenerator) -> Schema {
    let names: Vec<&str> = ActKind::ALL.iter().map(|kind| kind.name()).collect();
    json_schema!({"type": "string", "enum": names})
}

pub fn grant_act(call: &Call<'_>) -> Result<Reply, Failure> {
    let of: GrantActOf = sent(call)?;
    let (grant, kind) = (call.ask.param("grant").to_owned(), of.act);
    let on = of.on.as_deref().map(sent_day).transpose()?;
    for (key, given, of_kind) in [
        ("to", &of.to, ActKind::Reallocate),
        ("mandate", &of.mandate, ActKind::Reallocate),
        ("recipient", &of.recipient, ActKind::Pay),
    ] {
        if given.is_some() && kind != of_kind {
            return Err(Failure::usage(
                format!("`{key}` hör till `{}`, inte till `{}`", of_kind.name(), kind.name()),
                format!("`{key}` is of `{}`, not of `{}`", of_kind.name(), kind.name()),
            ));
        }
    }
    let who = of.by.as_deref().unwrap_or(ADMINISTRATION);
    let by = Some(format!("{who} (infört av {})", call.ask.user.name));
    let act = Act {
        done: vec![(kind, of.amount.filter(|_| kind != ActKind::Account))],
        from: of.from.unwrap_or_else(|| grant.clone()),
        to: of.to,
        mandate: of.mandate,
        recipient: of.recipient,
        entry: Entry { on, id: of.id, by, case_number: of.case_number, preview: of.preview },
    };
    // A post of another grant than the one of the address is no post here.
    let register = call.ask.place.data.register();
    if !grant::acts::grant_of(register, &act.from).is_ok_and(|found| found == grant) {
        return Err(missing());
    }
    told(call, |out, folder| grant::acts::run(out, folder, &act))
}

/// A decision that waits, or waited, for approval.
#[derive(Serialize, JsonSchema)]
pub struct ProposalJson {
    proposal: i64,
    decision: String,
    state: String,
    by: String,
    at: String,
    ended_by: Option<String>,
    ended_at: Option<String>,
    note: Option<String>,
    /// The decision as a file.
    toml: String,
}

/// Proposals.
#[derive(Serialize, JsonSchema)]
pub struct ProposalsJson {
    proposals: Vec<ProposalJson>,
}

impl ProposalJson {
    fn new(proposal: Proposal) -> Self {
        let (state, ended_by, ended_at, note) = match proposal.end {
            None => ("waiting".to_owned(), None, None, None),
            Some(end) => (end.outcome, Some(end.by), Some(end.at), Some(end.note)),
        };
        Self {
            proposal: proposal.seq,
            decision: proposal.decision_id,
            state,
            by: proposal.by,
            at: proposal.at,
            ended_by,
            ended_at,
            note,
            toml: proposal.body,
        }
    }
}

pub fn proposals(call: &Call<'_>) -> Result<Reply, Failure> {
    of_all(call)?;
    let all = call.ask.place.data.proposals()?;
    let proposals = all.into_iter().map(ProposalJson::new).collect();
    Ok(Reply::Json(written(&ProposalsJson { proposals })))
}

pub fn proposal(call: &Call<'_>) -> Result<Reply, Failure> {
    of_all(call)?;
    now(call)
}

/// The proposal as it is now.
fn now(call: &Call<'_>) -> Result<Reply, Failure> {
    let (_, proposal) = proposed(call)?;
    Ok(Reply::Json(written(&ProposalJson::new(proposal))))
}

pub fn propose(call: &Call<'_>) -> Result<Reply, Failure> {
    let body = String::from_utf8(call.body.clone()).map_err(|_not_text| {
        Failure::usage("beslutet är inte text i UTF-8", "the decision is not text in UTF-8")
    })?;
    let (body, data) = (body.replace("\r\n", "\n"), &call.ask.place.data);
    let decision = whole(data, &file_of(&body), &body)?;
    let seq = data.propose(&decision, &body, &call.ask.user.name)?;
    let proposal = data.proposal(&seq.to_string())?;
    Ok(Reply::Json(written(&ProposalJson::new(proposal))))
}

/// A note to what is done; possibly none.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemarkOf {
    /// The note.
    #[serde(default)]
    note: String,
}

/// The proposal that the address names.
fn proposed<'a>(call: &Call<'a>) -> Result<(&'a DataFolder, Proposal), Failure> {
    let data = &call.ask.place.data;
    Ok((data, data.proposal(call.ask.param("proposal"))?))
}

pub fn approve(call: &Call<'_>) -> Result<Reply, Failure> {
    let of: RemarkOf = sent(call)?;
    let (data, proposal) = proposed(call)?;
    let decision = whole(data, &proposal.file, &proposal.body)?;
    data.approve_proposal(&proposal, &decision, &call.ask.user.name, &of.note)?;
    now(call)
}

pub fn refuse(call: &Call<'_>) -> Result<Reply, Failure> {
    let of: NoteOf = sent(call)?;
    let (data, proposal) = proposed(call)?;
    data.refuse_proposal(&proposal, &call.ask.user.name, of.note.trim())?;
    now(call)
}

pub fn withdraw(call: &Call<'_>) -> Result<Reply, Failure> {
    let of: RemarkOf = sent(call)?;
    let (data, proposal) = proposed(call)?;
    data.withdraw_proposal(&proposal, &call.ask.user.name, &of.note)?;
    now(call)
}

pub fn close(call: &Call<'_>) -> Result<Reply, Failure> {
    let of: RemarkOf = sent(call)?;
    period(call, DeedKind::Close, DeedKind::CloseYear, &of.note)
}

pub fn reopen(call: &Call<'_>) -> Result<Reply, Failure> {
    let of: NoteOf = sent(call)?;
    period(call, DeedKind::Reopen, DeedKind::ReopenYear, &of.note)
}

fn period(call: &Call<'_>, month: DeedKind, year: DeedKind, note: &str) -> Result<Reply, Failure> {
    let subject = call.ask.param("period");
    let kind = if subject.len() == 4 { year } else { month };
    let new = New { kind, subject, by: &call.ask.user.name, note, on: None };
    told(call, |out, folder| books::act(out, folder, &new))
}

/// Whether another person must attest.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RequiredOf {
    /// Whether.
    required: bool,
}

pub fn require(call: &Call<'_>) -> Result<Reply, Failure> {
    let of: RequiredOf = sent(call)?;
    let (by, note) = (call.ask.user.name.as_str(), if of.required { "required" } else { "off" });
    let new = New { kind: DeedKind::Require, subject: "attest", by, note, on: None };
    told(call, |out, folder| books::act(out, folder, &new))
}

/// What was seen that can be paid.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TotalOf {
    /// In öre, as `to_pay_ore` of the payments.
    #[serde(deserialize_with = "whole_number")]
    #[schemars(range(min = -9_007_199_254_740_991_i64, max = 9_007_199_254_740_991_i64))]
    total_ore: i64,
}

/// A whole number, also where a program writes it as `14200.0`.
fn whole_number<'d, D: Deserializer<'d>>(from: D) -> Result<i64, D::Error> {
    let text = serde_json::Number::deserialize(from)?.to_string();
    let digits = text.strip_suffix(".0").unwrap_or(&text);
    digits.parse().map_err(|_part| D::Error::custom(format!("`{text}` is no whole number of öre")))
}

pub fn send(call: &Call<'_>) -> Result<Reply, Failure> {
    let of: TotalOf = sent(call)?;
    pay::refuse_other_total(&call.ask.place.data, Some(of.total_ore))?;
    told(call, |out, folder| pay::send(out, folder, &call.ask.user.name, None))
}

/// Whom the answer of the bank is about.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PayeesOf {
    /// Payees; all that wait for the bank where there is none.
    #[serde(default)]
    payees: Vec<String>,
}

pub fn confirm(call: &Call<'_>) -> Result<Reply, Failure> {
    bank(call, DeedKind::Pay)
}

pub fn returned(call: &Call<'_>) -> Result<Reply, Failure> {
    bank(call, DeedKind::Return)
}

fn bank(call: &Call<'_>, kind: DeedKind) -> Result<Reply, Failure> {
    let of: PayeesOf = sent(call)?;
    let (run, by) = (call.ask.param("run"), call.ask.user.name.as_str());
    if !call.ask.place.data.journal().payments.keys().any(|(known, _)| known == run) {
        return Err(missing());
    }
    told(call, |out, folder| pay::answer(out, folder, kind, run, &of.payees, by, None))
}
