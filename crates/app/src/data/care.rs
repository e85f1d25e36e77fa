//! A clinic's compartment of the continuity chain: carries values between the sealed store and `follow::need`.
//!
//! Owns: where compartments lie, that looking is logged before anything is shown, what may be released. Does not own: the order of need
//! (`follow`), the sealing (`store`), or files of referrals (`commands::chain`).
//!
//! The compartment of `k-huddinge` lies in `clinic-care/k-huddinge` of the data folder; its key lies elsewhere.

mod event;
mod paid;

use super::DataFolder;
use crate::engine;
use crate::failure::Failure;
use event::Kept;
pub use event::{Looked, Release};
use follow::need::chain::{Chain, Decided, Event};
use follow::need::figures::Counts;
use kernel::fact::{Eligibility, UnitKind};
use kernel::time::Day;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use store::compartment::{self, Text, Whole};
use store::{Compartment, PersonKeys};
use tokio::runtime::Runtime;

const FOLDER: &str = "clinic-care";

/// An open compartment.
pub struct Care {
    runtime: Arc<Runtime>,
    compartment: Compartment,
    /// The number of the last row that was read.
    last: i64,
    /// What stands.
    pub chain: Chain,
    /// Who has looked, in order.
    pub looked: Vec<Looked>,
    /// What was released, in order.
    pub released: Vec<Release>,
}

/// What is decided about the chain, owned.
#[derive(Clone, Debug)]
pub struct ChainRules {
    /// Limits.
    pub limits: Eligibility,
    /// First two digits of residences in the region.
    pub county: String,
    /// The decision.
    pub decision: String,
    /// Whether the limits are illustrative or unverified.
    pub is_marked: bool,
}

impl ChainRules {
    /// As `follow` asks for it.
    pub fn decided(&self) -> Decided<'_> {
        Decided { limits: &self.limits, county: &self.county }
    }
}

/// Where the compartment of a clinic of a data folder lies.
pub fn care_folder(data: &Path, clinic: &str) -> PathBuf {
    data.join(FOLDER).join(clinic)
}

/// The clinics of a data folder that have a compartment, by name.
pub fn care_clinics(data: &Path) -> BTreeSet<String> {
    let Ok(entries) = std::fs::read_dir(data.join(FOLDER)) else { return BTreeSet::new() };
    let has_one = |path: &PathBuf| path.join(compartment::FILE).is_file();
    let places = entries.flatten().map(|entry| entry.path()).filter(has_one);
    places.filter_map(|path| path.file_name()?.to_str().map(str::to_owned)).collect()
}

/// Copies the compartments of a data folder to another, sealed as they are; no key comes along. One that is still, since it lies in a
/// backup, is read as a file, so that nothing is changed where it lies.
pub fn copy_care(
    runtime: &Runtime,
    from: &Path,
    to: &Path,
    is_still: bool,
) -> Result<usize, Failure> {
    let clinics = care_clinics(from);
    for clinic in &clinics {
        let (from, to) = (care_folder(from, clinic), care_folder(to, clinic));
        if is_still {
            std::fs::create_dir_all(&to)?;
            std::fs::copy(from.join(compartment::FILE), to.join(compartment::FILE))?;
        } else {
            runtime.block_on(compartment::copy(&from, &to))?;
        }
        let whole = runtime.block_on(compartment::whole(&to))?;
        if let Some(row) = whole.broken {
            return Err(Failure::refused(
                format!(
                    "vårdkedjans fack hos `{clinic}` är ändrat vid rad {row}; läs in en säkerhetskopia av det"
                ),
                format!(
                    "the compartment of `{clinic}` was changed at row {row}; restore a backup of it"
                ),
            ));
        }
    }
    Ok(clinics.len())
}

/// Whether the rows of every compartment are those that were written.
pub fn care_whole(runtime: &Runtime, data: &Path) -> Result<Vec<(String, Whole)>, Failure> {
    let whole = |clinic: String| {
        let whole = runtime.block_on(compartment::whole(&care_folder(data, &clinic)))?;
        Ok((clinic, whole))
    };
    care_clinics(data).into_iter().map(whole).collect()
}

impl DataFolder {
    /// What is decided about the chain as known and valid on a day.
    pub fn chain_rules(&self, day: Day) -> Result<ChainRules, Failure> {
        let view = self.register.view(self.register.as_of(day));
        let Some(known) = view.eligibility_on(day) else {
            return Err(Failure::refused(
                format!(
                    "ingen målgrupp för vårdkedjan är beslutad och känd {day}; läs in ett beslut med [[eligibility]]"
                ),
                format!(
                    "no eligibility for the chain is decided and known on {day}; load a decision with [[eligibility]]"
                ),
            ));
        };
        let Some(county) = view.county() else {
            return Err(Failure::refused(
                "ingen [region] är inläst, så ingen kan vara folkbokförd i den",
                "no [region] is loaded, so nobody can be resident in it",
            ));
        };
        Ok(ChainRules {
            limits: known.fact.clone(),
            county: county.to_owned(),
            decision: known.decision.id.to_string(),
            is_marked: known.decision.illustrative || !known.decision.unverified.is_empty(),
        })
    }

    /// Delivery clinics, which may have a compartment of the chain.
    pub fn delivery_clinics(&self) -> BTreeSet<String> {
        let view = self.register.view(u32::MAX);
        let clinics =
            view.units.iter().filter(|(_, unit)| unit.fact.kind == UnitKind::DeliveryClinic);
        clinics.map(|((id, _), _)| id.to_string()).collect()
    }

    /// Begins the compartment of a delivery clinic with a key that lies outside the data folder.
    pub fn begin_care(&self, clinic: &str, key: &Path) -> Result<(), Failure> {
        if !self.delivery_clinics().contains(clinic) {
            return Err(Failure::refused(
                format!(
                    "`{clinic}` är ingen förlossningsklinik i registret; `register show unit` listar enheterna"
                ),
                format!(
                    "`{clinic}` is no delivery clinic of the register; `register show unit` lists the units"
                ),
            ));
        }
        refuse_within(&self.folder, key)?;
        let folder = care_folder(&self.folder, clinic);
        let begun = self.runtime.block_on(Compartment::begin(&folder, clinic, key))?;
        self.runtime.block_on(begun.close());
        super::keep_to_owner(&folder)
    }

    /// Opens the compartment of a clinic with a key that lies outside the data folder.
    pub fn open_care(&self, clinic: &str, key: &Path) -> Result<Care, Failure> {
        refuse_within(&self.folder, key)?;
        let folder = care_folder(&self.folder, clinic);
        let runtime = Arc::new(super::runtime()?);
        let compartment = runtime.block_on(Compartment::open(&folder, key))?;
        if compartment.clinic() != clinic {
            let whose = compartment.clinic();
            return Err(Failure::refused(
                format!("`{}` är `{whose}`s, inte `{clinic}`s", folder.display()),
                format!("`{}` is that of `{whose}`, not of `{clinic}`", folder.display()),
            ));
        }
        let rows = runtime.block_on(compartment.kept())?;
        let (chain, looked, released) = (Chain::default(), Vec::new(), Vec::new());
        let mut care = Care { runtime, compartment, last: 1, chain, looked, released };
        for (seq, text) in rows {
            care.take(seq, &text)?;
        }
        Ok(care)
    }

    /// What the clinics of this folder have released, the last of each year; needs no key.
    pub fn care_released(&self) -> Result<Vec<Release>, Failure> {
        let mut last: Vec<Release> = Vec::new();
        for clinic in care_clinics(&self.folder) {
            let folder = care_folder(&self.folder, &clinic);
            for text in self.runtime.block_on(compartment::released(&folder))? {
                let release = event::release(&text)?;
                last.retain(|one| (&one.clinic, one.year) != (&release.clinic, release.year));
                last.push(release);
            }
        }
        Ok(last)
    }

    /// What would be released of a year, as known on a day: counts under disclosure control.
    pub fn chain_release(
        &mut self,
        care: &Care,
        year: i32,
        on: Day,
        by: &str,
    ) -> Result<Release, Failure> {
        let (rules, agreement) = (self.chain_rules(on)?, self.chain_agreement(care, on)?);
        let of_year = agreement.differences.iter().filter(|one| one.on.year() == year).count();
        let differences = u32::try_from(of_year).unwrap_or(u32::MAX);
        let least = rules.limits.least_count;
        let told = Counts::of(&care.chain, year, rules.decided(), differences).released(least);
        Ok(Release {
            at: engine::now(),
            by: by.to_owned(),
            clinic: care.clinic().to_owned(),
            year,
            least_count: least,
            decision: rules.decision,
            figures: told.figures,
            grounds: told.grounds,
            differences: told.differences,
        })
    }

    /// The pseudonyms of normalised numbers, the same as those of their contacts.
    pub fn care_pseudonyms(&self, numbers: &[String]) -> Result<Vec<String>, Failure> {
        self.refuse_lost_persons()?;
        let mut keys = self.runtime.block_on(PersonKeys::open(&self.folder))?;
        let pseudonyms = self.runtime.block_on(keys.pseudonyms(numbers))?;
        self.runtime.block_on(keys.close());
        Ok(pseudonyms)
    }
}

/// A key, or a folder of keys, beside what it seals is lost, and stolen, with it.
pub fn refuse_within(folder: &Path, key: &Path) -> Result<(), Failure> {
    let whole = std::path::absolute(key)?;
    let known = whole.ancestors().find_map(|place| place.canonicalize().ok());
    let is_within = matches!((folder.canonicalize(), known), (Ok(folder), Some(known)) if known.starts_with(&folder));
    if !is_within {
        return Ok(());
    }
    Err(Failure::refused(
        format!(
            "`{}` ligger i datamappen, och där får en kliniks nyckel inte ligga, bredvid det den förseglar; lägg den hos kliniken",
            key.display()
        ),
        format!(
            "`{}` lies in the data folder, where the key of a clinic may not lie, beside what it seals; keep it at the clinic",
            key.display()
        ),
    ))
}

fn damaged() -> Failure {
    Failure::refused(
        "en rad i vårdkedjans fack går inte att läsa",
        "a row of the compartment cannot be read",
    )
}

impl Care {
    fn take(&mut self, seq: i64, text: &Text) -> Result<(), Failure> {
        match text {
            // An open row needs no key to be written, so it may say nothing of the queue.
            Text::Open(body) => self.released.push(event::release(body)?),
            Text::Sealed(body) => match event::read(body)? {
                Kept::Looked(looked) => self.looked.push(looked),
                kept => self.chain.take(kept.event().ok_or_else(damaged)?),
            },
        }
        self.last = seq;
        Ok(())
    }

    /// Whose it is.
    pub fn clinic(&self) -> &str {
        self.compartment.clinic()
    }

    /// Keeps events, all or none; nothing where somebody else has written since this was opened.
    pub fn keep(&mut self, events: Vec<Event>, by: &str) -> Result<(), Failure> {
        let at = engine::now();
        let texts: Result<Vec<Text>, Failure> = events
            .iter()
            .map(|one| Ok(Text::Sealed(event::written(&Kept::of(one, &at, by))?)))
            .collect();
        self.last = self.runtime.block_on(self.compartment.append(Some(self.last), &texts?))?;
        events.into_iter().for_each(|event| self.chain.take(event));
        Ok(())
    }

    /// Keeps that somebody looked. Where it cannot be kept, nothing is to be shown.
    pub fn log(
        &mut self,
        by: &str,
        action: &str,
        referral: &str,
        rows: usize,
    ) -> Result<(), Failure> {
        let looked = Looked {
            at: engine::now(),
            by: by.to_owned(),
            action: action.to_owned(),
            referral: referral.to_owned(),
            rows,
        };
        let text = Text::Sealed(event::written(&Kept::Looked(looked.clone()))?);
        let last = self.runtime.block_on(self.compartment.append(None, &[text]))?;
        // Where somebody else wrote in between, the next event is to be refused.
        if last == self.last + 1 {
            self.last = last;
        }
        self.looked.push(looked);
        Ok(())
    }

    /// Releases figures to the region. Refused where a few women could be read from the difference to anything that was released of the
    /// year before.
    pub fn release(&mut self, release: Release) -> Result<(), Failure> {
        let earlier = self.released.iter().filter(|one| one.year == release.year);
        for before in earlier {
            let least = release.least_count.max(before.least_count);
            if !release.told().may_follow(&before.told(), least) {
                let (year, on) = (release.year, before.at.get(..10).unwrap_or_default());
                return Err(Failure::refused(
                    format!(
                        "siffrorna för {year} skiljer sig från dem som lämnades ut {on} med färre än {least} kvinnor, så att skillnaden röjer dem; lämna ut dem när fler har ändrats"
                    ),
                    format!(
                        "the figures of {year} differ from those released on {on} by fewer than {least} women, whom the difference would give away; release them when more have changed"
                    ),
                ));
            }
        }
        let text = Text::Open(event::written(&Kept::Release(release.clone()))?);
        self.last = self.runtime.block_on(self.compartment.append(Some(self.last), &[text]))?;
        self.released.push(release);
        Ok(())
    }
}
