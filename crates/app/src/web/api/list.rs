//! Every address of the API.

use super::{Answered, Endpoint, Field, Form, Sent};
use super::{acts, work};
use crate::commands::chain::release;
use crate::commands::follow::indicators;
use crate::commands::{
    books, bridge, commission, dispute, explain, findings, frame, grant, import, pay, register,
    settle, settlements, statement,
};
use crate::followed::By;
use crate::web::rights::Right;
use kernel::fact::Theme;
use kernel::finding::Code;
use schemars::{JsonSchema, Schema, SchemaGenerator};

const fn field(name: &'static str, form: Form) -> Field {
    Field { name, form, is_required: false }
}

const fn required(name: &'static str, form: Form) -> Field {
    Field { name, form, is_required: true }
}

fn of<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    T::json_schema(generator)
}

const fn look(
    path: &'static str,
    needs: Right,
    summary: &'static str,
    fields: &'static [Field],
    answer: Answered,
    work: fn(&super::Call<'_>) -> Result<super::Reply, crate::failure::Failure>,
) -> Endpoint {
    Endpoint { does: false, path, needs, summary, fields, body: Sent::Nothing, answer, work }
}

const fn act(
    path: &'static str,
    needs: Right,
    summary: &'static str,
    fields: &'static [Field],
    body: Sent,
    answer: Answered,
    work: fn(&super::Call<'_>) -> Result<super::Reply, crate::failure::Failure>,
) -> Endpoint {
    Endpoint { does: true, path, needs, summary, fields, body, answer, work }
}

/// Every address.
pub const ENDPOINTS: &[Endpoint] = &[
    look(
        "/api/v1/settlements",
        Right::SeeAmounts,
        "Booked settlements",
        &[],
        Answered::Json(of::<settlements::SettlementsJson<'static>>),
        work::settlements,
    ),
    look(
        "/api/v1/chain/figures",
        Right::SeeChain,
        "What clinics have released of the continuity chain; of a provider its own units'",
        &[],
        Answered::Json(of::<release::FiguresJson>),
        work::chain_figures,
    ),
    look(
        "/api/v1/books",
        Right::SeeAmounts,
        "Where settlements, drafts and accruals stand",
        &[],
        Answered::Json(of::<books::standing::ShowJson<'static>>),
        work::books,
    ),
    look(
        "/api/v1/deeds",
        Right::SeeLog,
        "What was done with the books, in order",
        &[],
        Answered::Json(of::<books::LogJson<'static>>),
        work::deeds,
    ),
    look(
        "/api/v1/payments",
        Right::SeeAmounts,
        "What can be paid, and payment runs",
        &[],
        Answered::Json(of::<pay::ShowJson<'static>>),
        work::payments,
    ),
    look(
        "/api/v1/disputes",
        Right::SeeAmounts,
        "Disputes; of a provider its own units'",
        &[],
        Answered::Json(of::<dispute::ShowJson<'static>>),
        work::disputes,
    ),
    look(
        "/api/v1/statements/{month}/{unit}",
        Right::SeeAmounts,
        "What a unit was paid by the settlements of a month",
        &[],
        Answered::Json(of::<statement::StatementJson<'static>>),
        work::statement,
    ),
    look(
        "/api/v1/statements/{month}/{unit}/lines",
        Right::SeeContacts,
        "The same line by line, a page at a time; all of it as NDJSON where that is accepted",
        &[field("cursor", Form::Cursor), field("limit", Form::Count)],
        Answered::Json(of::<work::LinesJson>),
        work::lines,
    ),
    look(
        "/api/v1/settlements/{id}/lines.parquet",
        Right::SeeContacts,
        "All lines of a settlement as they were booked",
        &[],
        Answered::File("application/vnd.apache.parquet"),
        work::parquet,
    ),
    look(
        "/api/v1/contacts/{contact}/explanation",
        Right::SeeContacts,
        "Why a contact is paid what it is paid",
        &[field("known_on", Form::Day)],
        Answered::Json(of::<explain::ExplainJson<'static>>),
        work::explanation,
    ),
    look(
        "/api/v1/findings",
        Right::SeeReporting,
        "What stands against the clinics; a provider names one of its units",
        &[
            field("unit", Form::Text),
            field("code", Form::OneOf(|| Code::ALL.iter().map(|code| code.name()).collect())),
            field("known_on", Form::Day),
        ],
        Answered::Json(of::<findings::FindingsJson<'static>>),
        work::findings,
    ),
    look(
        "/api/v1/follow/indicators",
        Right::SeeFollowUp,
        "What the decided indicators come to in a year; rows by clinic are of a provider its own units'",
        &[
            field("year", Form::Year),
            field("by", Form::OneOf(|| By::ALL.iter().map(|by| by.name()).collect())),
            field("unit", Form::Text),
            field("indicator", Form::Text),
            field("theme", Form::OneOf(|| Theme::ALL.iter().map(|theme| theme.name()).collect())),
            field("known_on", Form::Day),
        ],
        Answered::Json(of::<indicators::IndicatorsJson>),
        work::indicators,
    ),
    look(
        "/api/v1/bridge",
        Right::SeeAmounts,
        "From what was known on one day to what was known on another",
        &[required("from", Form::Day), field("to", Form::Day), field("unit", Form::Text)],
        Answered::Json(of::<bridge::BridgeJson<'static>>),
        work::bridge,
    ),
    look(
        "/api/v1/register",
        Right::SeeRegister,
        "The register as known on a day",
        &[field("of", Form::Text), field("known_on", Form::Day), field("valid_on", Form::Day)],
        Answered::Json(of::<register::show::write::FactsJson<'static>>),
        work::register,
    ),
    look(
        "/api/v1/register/changes",
        Right::SeeRegister,
        "What became known between two days",
        &[field("of", Form::Text), required("known_on", Form::Day), required("against", Form::Day)],
        Answered::Json(of::<register::show::write::ChangesJson<'static>>),
        work::changes,
    ),
    look(
        "/api/v1/grants",
        Right::SeeGrants,
        "State grants and what became of them",
        &[field("known_on", Form::Day)],
        Answered::Json(of::<grant::show::ShowJson<'static>>),
        work::grants,
    ),
    look(
        "/api/v1/frames",
        Right::SeeGrants,
        "Budget frames",
        &[field("known_on", Form::Day)],
        Answered::Json(of::<frame::ShowJson<'static>>),
        work::frames,
    ),
    look(
        "/api/v1/commissions",
        Right::SeeGrants,
        "Commissions",
        &[field("known_on", Form::Day)],
        Answered::Json(of::<commission::ListJson<'static>>),
        work::commissions,
    ),
    look(
        "/api/v1/months/{month}/preview",
        Right::Draft,
        "What settling a month would pay and correct",
        &[field("on", Form::Day)],
        Answered::Json(of::<settle::SettleJson<'static>>),
        work::preview,
    ),
    act(
        "/api/v1/imports",
        Right::Import,
        "Import a contact file; `name` is the name of the file. A provider's is refused whole where a row is of another's unit",
        &[required("name", Form::Text)],
        Sent::File,
        Answered::Json(of::<import::ImportJson<'static>>),
        work::import,
    ),
    act(
        "/api/v1/drafts",
        Right::Draft,
        "Put the settlement of a month down to be attested",
        &[],
        Sent::Json(of::<work::MonthOf>),
        Answered::Json(of::<settle::SettleJson<'static>>),
        work::draft,
    ),
    act(
        "/api/v1/drafts/{id}/attestation",
        Right::Attest,
        "Attest a draft of another person",
        &[],
        Sent::Nothing,
        Answered::Json(of::<books::DoneJson<'static>>),
        work::attest,
    ),
    act(
        "/api/v1/settlements",
        Right::Book,
        "Book the settlement of a month, if its lines have the hash",
        &[],
        Sent::Json(of::<work::MonthOf>),
        Answered::Json(of::<settle::SettleJson<'static>>),
        work::book,
    ),
    act(
        "/api/v1/settlements/{id}/undoing",
        Right::Book,
        "Take the last settlement back",
        &[],
        Sent::Json(of::<work::NoteOf>),
        Answered::Json(of::<books::DoneJson<'static>>),
        work::undo,
    ),
    act(
        "/api/v1/disputes",
        Right::Dispute,
        "Contest a row",
        &[],
        Sent::Json(of::<work::ContestOf>),
        Answered::Json(of::<dispute::DisputeJson<'static>>),
        work::contest,
    ),
    act(
        "/api/v1/disputes/{id}/answer",
        Right::AnswerDispute,
        "Answer, uphold or dismiss a dispute",
        &[],
        Sent::Json(of::<work::AnswerOf>),
        Answered::Json(of::<books::DoneJson<'static>>),
        work::answer,
    ),
    look(
        "/api/v1/proposals",
        Right::SeeAmounts,
        "Decisions that wait for approval, and those that waited",
        &[],
        Answered::Json(of::<acts::ProposalsJson>),
        acts::proposals,
    ),
    look(
        "/api/v1/proposals/{proposal}",
        Right::SeeAmounts,
        "One of them",
        &[],
        Answered::Json(of::<acts::ProposalJson>),
        acts::proposal,
    ),
    act(
        "/api/v1/proposals",
        Right::Propose,
        "Write a decision (a file of a ratebook) for another to approve",
        &[],
        Sent::Text,
        Answered::Json(of::<acts::ProposalJson>),
        acts::propose,
    ),
    act(
        "/api/v1/proposals/{proposal}/approval",
        Right::Approve,
        "Approve what another has written: it is recorded today",
        &[],
        Sent::Json(of::<acts::RemarkOf>),
        Answered::Json(of::<acts::ProposalJson>),
        acts::approve,
    ),
    act(
        "/api/v1/proposals/{proposal}/refusal",
        Right::Approve,
        "Send back what another has written",
        &[],
        Sent::Json(of::<work::NoteOf>),
        Answered::Json(of::<acts::ProposalJson>),
        acts::refuse,
    ),
    act(
        "/api/v1/proposals/{proposal}/withdrawal",
        Right::Propose,
        "Take back a proposal of one's own",
        &[],
        Sent::Json(of::<acts::RemarkOf>),
        Answered::Json(of::<acts::ProposalJson>),
        acts::withdraw,
    ),
    act(
        "/api/v1/grants/{grant}/acts",
        Right::ActOnGrants,
        "Do something with the money of a grant, or see what it would come to",
        &[],
        Sent::Json(of::<acts::GrantActOf>),
        Answered::Json(of::<grant::acts::EnteredJson<'static>>),
        acts::grant_act,
    ),
    act(
        "/api/v1/periods/{period}/closing",
        Right::Book,
        "Close a month and those before it, or a year",
        &[],
        Sent::Json(of::<acts::RemarkOf>),
        Answered::Json(of::<books::DoneJson<'static>>),
        acts::close,
    ),
    act(
        "/api/v1/periods/{period}/reopening",
        Right::Book,
        "Open a month and those after it again, or the last closed year",
        &[],
        Sent::Json(of::<work::NoteOf>),
        Answered::Json(of::<books::DoneJson<'static>>),
        acts::reopen,
    ),
    act(
        "/api/v1/attest-requirement",
        Right::Book,
        "Say whether a settlement must be attested before it is booked",
        &[],
        Sent::Json(of::<acts::RequiredOf>),
        Answered::Json(of::<books::DoneJson<'static>>),
        acts::require,
    ),
    act(
        "/api/v1/payments",
        Right::Pay,
        "Send all that can be paid as one run, if it is what was seen",
        &[],
        Sent::Json(of::<acts::TotalOf>),
        Answered::Json(of::<Vec<pay::PaymentJson<'static>>>),
        acts::send,
    ),
    act(
        "/api/v1/payments/{run}/confirmation",
        Right::Pay,
        "The bank has paid",
        &[],
        Sent::Json(of::<acts::PayeesOf>),
        Answered::Json(of::<Vec<pay::PaymentJson<'static>>>),
        acts::confirm,
    ),
    act(
        "/api/v1/payments/{run}/return",
        Right::Pay,
        "The bank has returned",
        &[],
        Sent::Json(of::<acts::PayeesOf>),
        Answered::Json(of::<Vec<pay::PaymentJson<'static>>>),
        acts::returned,
    ),
    act(
        "/api/v1/decision-texts/reading",
        Right::CheckText,
        "Read a decision text; nothing is kept",
        &[],
        Sent::Text,
        Answered::Json(of::<crate::commands::decision::read::ReadJson>),
        work::read_text,
    ),
    act(
        "/api/v1/decision-texts/check",
        Right::CheckText,
        "Check a decision text; nothing is kept",
        &[],
        Sent::Text,
        Answered::Json(of::<crate::commands::decision::check::CheckJson<'static>>),
        work::check_text,
    ),
];
