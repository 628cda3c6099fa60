//! Votes and recommendations against the matrix.

use super::auditor::Auditor;
use super::finding::{Effect, Finding, Kind};
use super::phrase::Phrase;
use crate::assess::{Variant, variant};

/// Printed votes against those of each variant.
pub(super) fn votes(auditor: &Auditor<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (t, town) in auditor.case.towns.iter().enumerate() {
        let Some((printed, source)) = printed_votes(auditor, t) else { continue };
        for variant in Variant::ALL {
            let score = variant::score(auditor.case, &auditor.evaluator, town, variant);
            if score.votes == printed {
                continue;
            }
            findings.push(Finding {
                kind: Kind::Votes,
                town: town.id.clone(),
                item: "votes".to_owned(),
                stated: Phrase::Plain(join(&printed)),
                stated_at: Phrase::cited(&source),
                other: Phrase::Plain(join(&score.votes)),
                other_at: Phrase::Variant(variant),
                effect: auditor.effect_of_votes(&printed, &score.votes),
                notes: vec![Phrase::CountedBy(variant)],
            });
        }
    }
    findings
}

/// A recommendation must not pass over a scenario with more printed votes than one it names.
pub(super) fn recommendation(auditor: &Auditor<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (t, town) in auditor.case.towns.iter().enumerate() {
        let Some((votes, votes_at)) = printed_votes(auditor, t) else { continue };
        for row in auditor.printed(&town.id, "recommended") {
            let names: Vec<&str> = row.value.split_whitespace().collect();
            let scenarios = auditor.case.scenarios.iter().zip(&votes);
            let (named, passed): (Vec<_>, Vec<_>) =
                scenarios.partition(|(s, _)| names.contains(&s.id.as_str()));
            let Some(weakest) = named.iter().min_by_key(|(_, v)| **v) else { continue };
            let Some(strongest) = passed.iter().rev().max_by_key(|(_, v)| **v) else { continue };
            if strongest.1 <= weakest.1 {
                continue;
            }
            findings.push(Finding {
                kind: Kind::Recommendation,
                town: town.id.clone(),
                item: "recommended".to_owned(),
                stated: Phrase::Scenarios(names.iter().map(|name| (*name).to_owned()).collect()),
                stated_at: Phrase::cited(&row.source),
                other: Phrase::VotesOf(vec![
                    (strongest.0.id.clone(), *strongest.1),
                    (weakest.0.id.clone(), *weakest.1),
                ]),
                other_at: Phrase::cited(&votes_at),
                effect: Effect::default(),
                notes: vec![Phrase::PassesOver(weakest.0.id.clone(), strongest.0.id.clone())],
            });
        }
    }
    findings
}

/// The votes that the source printed for a town, for every scenario, with their table.
fn printed_votes(auditor: &Auditor<'_>, town: usize) -> Option<(Vec<u32>, String)> {
    let town = &auditor.case.towns[town].id;
    let row = |id: &str| auditor.printed(town, &format!("votes.{id}")).next();
    let rows: Option<Vec<_>> = auditor.case.scenarios.iter().map(|s| row(&s.id)).collect();
    let rows = rows?;
    let votes: Option<Vec<u32>> = rows.iter().map(|row| row.value.trim().parse().ok()).collect();
    Some((votes?, rows.first()?.source.clone()))
}

fn join(votes: &[u32]) -> String {
    votes.iter().map(u32::to_string).collect::<Vec<_>>().join("/")
}
