//! The region's chart of accounts and how parties are paid, from the register.

use super::unnamed;
use crate::failure::Failure;
use documents::books::Account as Numbered;
use documents::legal::Legal;
use kernel::fact::{Account, ChartAccount, Fact, LegalForm, PaymentDetails, Provider, Region};
use kernel::register::Register;
use std::collections::BTreeMap;

/// What files name accounts and parties by; what was recorded last counts.
pub(super) struct Chart<'r> {
    accounts: BTreeMap<Account, &'r ChartAccount>,
    details: BTreeMap<&'r str, &'r PaymentDetails>,
    providers: BTreeMap<&'r str, &'r Provider>,
    region: Option<&'r Region>,
}

impl<'r> Chart<'r> {
    pub(super) fn of(register: &'r Register) -> Self {
        let mut chart = Self {
            accounts: BTreeMap::new(),
            details: BTreeMap::new(),
            providers: BTreeMap::new(),
            region: None,
        };
        let decisions = register.log().iter().map(|recorded| recorded.decision.as_ref());
        let decided = decisions.filter(|one| one.status == kernel::fact::Status::Decided);
        for stated in decided.flat_map(|decision| &decision.facts) {
            match &stated.fact {
                Fact::Account(account) => {
                    chart.accounts.insert(account.role, account);
                }
                Fact::Payee(details) => {
                    chart.details.insert(&details.party, details);
                }
                Fact::Provider(provider) => {
                    chart.providers.insert(provider.id.as_str(), provider);
                }
                Fact::Region(region) => chart.region = Some(region),
                _ => {}
            }
        }
        chart
    }

    /// The number of an account; refused where the register has none.
    pub(super) fn number(&self, role: Account) -> Result<u32, Failure> {
        self.accounts.get(&role).map(|account| account.number).ok_or_else(|| {
            Failure::refused(
                format!("kontot `{role}` har inget nummer; läs in ett beslut med [[account]] role = \"{role}\", number och label"),
                format!("the account `{role}` has no number; load a decision with [[account]] role = \"{role}\", number and label"),
            )
        })
    }

    /// Every numbered account, once.
    pub(super) fn accounts(&self) -> Vec<Numbered> {
        let mut accounts: BTreeMap<u32, &str> = BTreeMap::new();
        for account in self.accounts.values() {
            accounts.entry(account.number).or_insert(&account.label);
        }
        let numbered = |(number, label): (u32, &str)| Numbered { number, label: label.to_owned() };
        accounts.into_iter().map(numbered).collect()
    }

    /// The region as a legal person.
    pub(super) fn region(&self) -> Legal {
        let stated = self.region_details().and_then(|details| details.org_number.clone());
        self.region.map_or_else(
            || unnamed("Regionen"),
            |region| Legal {
                name: region.name.clone(),
                org_number: region.org_number.clone().or(stated),
            },
        )
    }

    pub(super) fn region_details(&self) -> Option<&'r PaymentDetails> {
        self.region.and_then(|region| self.details.get(region.id.as_str()).copied())
    }

    /// The region with the bankgiro number that it pays from.
    pub(super) fn region_account(&self) -> Result<(Legal, String), Failure> {
        let region = self.region.map_or("region", |region| region.id.as_str());
        Ok((self.region(), self.bankgiro(region)?))
    }

    /// A provider as a legal person.
    pub(super) fn legal(&self, provider: &str) -> Legal {
        let details = self.details.get(provider);
        let stated = details.and_then(|details| details.org_number.clone());
        self.providers.get(provider).map_or_else(
            || unnamed(provider),
            |known| Legal {
                name: known.name.clone(),
                org_number: known.org_number.clone().or(stated),
            },
        )
    }

    /// How a party is paid, where that is stated.
    pub(super) fn details(&self, party: &str) -> Option<&'r PaymentDetails> {
        self.details.get(party).copied()
    }

    /// Whether a payee is the region itself: posted internally, never paid or invoiced.
    pub(super) fn is_internal(&self, provider: &str) -> bool {
        let form = self.providers.get(provider).map(|provider| provider.legal_form);
        form == Some(LegalForm::RegionAdministration)
    }

    /// The bankgiro number of a party; refused where none is stated.
    pub(super) fn bankgiro(&self, party: &str) -> Result<String, Failure> {
        let details = self.details.get(party);
        details.and_then(|details| details.bankgiro.clone()).ok_or_else(|| {
            Failure::refused(
                format!("`{party}` har inget bankgiro; läs in ett beslut med [[payee]] party = \"{party}\" och bankgiro"),
                format!("`{party}` has no bankgiro number; load a decision with [[payee]] party = \"{party}\" and bankgiro"),
            )
        })
    }
}
