//! Who may do what (rätt): one function, asked before anything is shown or done.
//!
//! Owns: the roles, what there is to do, and which role may do it for whom. Does not own: who somebody is (`account`).
//!
//! `allowed(Role::Provider, Right::SeeAmounts)` is `Reach::Own`: a clinic sees the amounts of its own units alone.

use crate::output::Lang;
use kernel::finding::Text;
use kernel::named;

named! {
    /// What somebody works as.
    Role {
        /// Controller (controller): settles, attests, pays and closes.
        Controller = "controller",
        /// Agreement manager (avtalsansvarig): decisions, agreements, disputes.
        AgreementManager = "agreement-manager",
        /// Medical adviser (medicinsk rådgivare): looks at care and answers disputes.
        MedicalAdviser = "medical-adviser",
        /// The economist of a clinic (vårdgivare): its own units alone.
        Provider = "provider",
        /// Who works with a clinic's continuity chain (vårdkedjans handläggare): the compartment of its own clinic, and nobody else's.
        ClinicCare = "clinic-care",
        /// Auditor (revisor): sees everything, changes nothing.
        Auditor = "auditor",
        /// Administrator (administratör): accounts and the state of the system, no amounts of persons.
        Administrator = "administrator",
    }
}

named! {
    /// What there is to see or do.
    Right {
        /// The first page.
        SeeOverview = "see-overview",
        /// Decisions, rates, units, agreements.
        SeeRegister = "see-register",
        /// Settlements, statements, sums.
        SeeAmounts = "see-amounts",
        /// Rows about single contacts, and explanations of them.
        SeeContacts = "see-contacts",
        /// What stands against reports, and batches.
        SeeReporting = "see-reporting",
        /// State grants, frames, commissions.
        SeeGrants = "see-grants",
        /// Indicators.
        SeeFollowUp = "see-follow-up",
        /// Publish a year of follow-up.
        Publish = "publish",
        /// The continuity chain: of the own clinic its queue, of others what they have released.
        SeeChain = "see-chain",
        /// Referrals, grounds, places and steps of the own clinic's chain.
        WorkChain = "work-chain",
        /// Who did what, and who looked at what.
        SeeLog = "see-log",
        /// Import contact files.
        Import = "import",
        /// Have a decision text read and checked.
        CheckText = "check-text",
        /// Write a decision for another to approve.
        Propose = "propose",
        /// Approve a decision that another has written.
        Approve = "approve",
        /// Preview a settlement and put it down to be attested.
        Draft = "draft",
        /// Attest a settlement that another has put down.
        Attest = "attest",
        /// Book, undo, close, reopen, accrue.
        Book = "book",
        /// Payment runs and files for the bank.
        Pay = "pay",
        /// Contest a row.
        Dispute = "dispute",
        /// Answer and end a dispute.
        AnswerDispute = "answer-dispute",
        /// Reallocate, report and repay grants.
        ActOnGrants = "act-on-grants",
        /// Open, change and close accounts.
        ManageAccounts = "manage-accounts",
    }
}

/// For whom somebody may do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Nobody.
    Nothing,
    /// Units of the own provider.
    Own,
    /// All.
    All,
}

/// For whom a role may see or do something.
pub fn allowed(role: Role, right: Right) -> Reach {
    use Reach::{All, Nothing, Own};
    use Right as R;
    use Role::{
        Administrator, AgreementManager, Auditor, ClinicCare, Controller, MedicalAdviser, Provider,
    };
    match (right, role) {
        (R::SeeOverview | R::SeeRegister | R::CheckText, _) => All,
        (R::SeeChain | R::WorkChain, ClinicCare) => Own,
        (_, ClinicCare) => Nothing,
        (R::SeeAmounts | R::SeeContacts | R::SeeReporting | R::SeeFollowUp, Provider) => Own,
        (R::SeeChain, Provider) => Own,
        (R::Import | R::Dispute, Provider) => Own,
        (_, Provider) => Nothing,
        (R::SeeLog | R::ManageAccounts, Administrator) => All,
        (_, Administrator) => Nothing,
        (
            R::SeeAmounts
            | R::SeeContacts
            | R::SeeReporting
            | R::SeeGrants
            | R::SeeFollowUp
            | R::SeeChain
            | R::SeeLog,
            Controller | AgreementManager | MedicalAdviser | Auditor,
        ) => All,
        (_, Auditor) => Nothing,
        (R::Import, Controller | AgreementManager) => All,
        (R::Propose | R::Approve, Controller | AgreementManager) => All,
        (R::Draft | R::Attest | R::Book | R::Pay, Controller) => All,
        (R::Dispute | R::AnswerDispute, Controller | AgreementManager) => All,
        (R::AnswerDispute, MedicalAdviser) => All,
        (R::ActOnGrants | R::Publish, Controller | AgreementManager) => All,
        _ => Nothing,
    }
}

impl Role {
    /// Whether an account of it is for one provider or clinic alone.
    pub const fn is_of_one(self) -> bool {
        matches!(self, Self::Provider | Self::ClinicCare)
    }

    /// What people call it.
    pub fn label(self) -> Text {
        let (sv, en) = match self {
            Self::Controller => ("Controller", "Controller"),
            Self::AgreementManager => ("Avtalsansvarig", "Agreement manager"),
            Self::MedicalAdviser => ("Medicinsk rådgivare", "Medical adviser"),
            Self::Provider => ("Vårdgivare", "Provider"),
            Self::ClinicCare => ("Vårdkedjans handläggare", "Care chain officer"),
            Self::Auditor => ("Revisor", "Auditor"),
            Self::Administrator => ("Administratör", "Administrator"),
        };
        Text::new(sv, en)
    }

    /// In one language.
    pub fn shown(self, lang: Lang) -> String {
        lang.of(&self.label()).to_owned()
    }
}
