//! Series of the panel: growth columns, breaks, counts that cannot be.

use super::statements::observed;
use super::{Auditor, Effect, Finding, Kind, rounding};

/// A yearly ratio above this, while the median of the other towns stays below the next, is a break.
const BREAK_ABOVE: f64 = 1.6;
const OTHERS_BELOW: f64 = 1.4;

impl Auditor<'_> {
    /// Printed growth against the first and last values of the series.
    pub(super) fn growth(&mut self) {
        let mut found = Vec::new();
        for printed in self.case.printed.iter().filter(|p| p.item.starts_with("growth.")) {
            let indicator = printed.item.trim_start_matches("growth.");
            let values =
                self.case.panel.iter().filter(|v| v.town == printed.town && v.indicator == indicator);
            let mut years: Vec<(i32, f64)> = values.map(|v| (v.year, v.value)).collect();
            years.sort_by_key(|v| v.0);
            let (Some((y0, first)), Some((y1, last))) = (years.first().copied(), years.last().copied())
            else {
                continue;
            };
            let Ok(stated) = printed.value.parse::<f64>() else { continue };
            let growth = 100.0 * (last - first) / first;
            let error = 2.0 * rounding(&printed.value);
            if (growth - stated).abs() <= error {
                continue;
            }
            let close = |x: f64| (x - stated).abs() <= error;
            let how = if close(100.0 * (last - first) / last) {
                ", divided by the final year".to_owned()
            } else if close(100.0 * (10.0 * last - first) / (10.0 * last)) {
                format!(
                    ", if the final value is taken without its decimal comma ({:.0}) and divided by",
                    10.0 * last
                )
            } else if close(-growth) {
                ", with the wrong sign".to_owned()
            } else {
                String::new()
            };
            found.push(Finding {
                kind: Kind::Growth,
                town: printed.town.clone(),
                item: indicator.to_owned(),
                stated: format!("{} %", printed.value),
                stated_at: format!("{}{how}", printed.source),
                other: format!("{growth:.1} %"),
                other_at: format!("({last} - {first}) / {first}, {y0} to {y1}"),
                effect: Effect { text: "not used by the method".to_owned(), ..Effect::default() },
            });
        }
        self.findings.extend(found);
    }

    /// Jumps of one town's wages that the other towns do not share.
    pub(super) fn breaks(&mut self) {
        let mut found = Vec::new();
        for driver in self.case.drivers.iter().filter(|d| d.deflate && d.link == crate::case::Link::Log) {
            let Some(history) = &driver.history else { continue };
            let ratio = |town: &str, year: i32| {
                Some(
                    observed(self.case, town, history.text(), year)?
                        / observed(self.case, town, history.text(), year - 1)?,
                )
            };
            for year in self.case.base_year - 20..=self.case.base_year {
                let all: Vec<(&str, f64)> = self
                    .case
                    .towns
                    .iter()
                    .filter_map(|t| Some((t.id.as_str(), ratio(&t.id, year)?)))
                    .collect();
                let mut sorted: Vec<f64> = all.iter().map(|r| r.1).collect();
                sorted.sort_by(f64::total_cmp);
                let Some(median) = sorted.get(sorted.len() / 2).copied().filter(|_| sorted.len() > 3) else {
                    continue;
                };
                // A series in which everything jumps about (investment) has no breaks to speak of.
                let spread = sorted[sorted.len() / 2] / sorted[sorted.len() / 4];
                if median > OTHERS_BELOW || spread > 1.1 {
                    continue;
                }
                for (town, r) in all.iter().filter(|a| a.1 > BREAK_ABOVE) {
                    found.push(Finding {
                        kind: Kind::SeriesBreak,
                        town: (*town).to_owned(),
                        item: history.text().to_owned(),
                        stated: format!("times {r:.2} in {year}"),
                        stated_at: self.source(town, history.text(), year),
                        other: format!("times {median:.2}"),
                        other_at: "median of the towns in that year".to_owned(),
                        effect: Effect {
                            text: "a break in the series, not growth".to_owned(),
                            ..Effect::default()
                        },
                    });
                }
            }
        }
        self.findings.extend(found);
    }

    /// Unemployed over their rate are the active people, who cannot be more than the inhabitants.
    pub(super) fn identities(&mut self) {
        let mut found = Vec::new();
        let year = self.case.base_year;
        for town in &self.case.towns {
            let levels = (town.levels.get("unemployment"), town.levels.get("population"));
            let (Some(rate), Some(population)) = levels else { continue };
            let Some(unemployed) = observed(self.case, &town.id, "unemployed", year) else { continue };
            let active = 100.0 * unemployed / rate;
            if active > *population {
                found.push(Finding {
                    kind: Kind::Identity,
                    town: town.id.clone(),
                    item: "unemployed".to_owned(),
                    stated: format!("{unemployed} at {rate} %, so {active:.0} active people"),
                    stated_at: self.source(&town.id, "unemployed", year),
                    other: format!("{population} inhabitants"),
                    other_at: "base level of the population".to_owned(),
                    effect: Effect {
                        text: "the count covers more than the town".to_owned(),
                        ..Effect::default()
                    },
                });
            }
        }
        self.findings.extend(found);
    }

    fn source(&self, town: &str, indicator: &str, year: i32) -> String {
        let value =
            self.case.panel.iter().find(|v| v.town == town && v.indicator == indicator && v.year == year);
        value.map_or_else(String::new, |v| v.source.clone())
    }
}
