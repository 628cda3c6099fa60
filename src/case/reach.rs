//! What of a case lies beyond a horizon, or ends before it, and so has no effect or less than it seems.

use super::{Case, Notice, Stress};

/// So many places are told one by one.
const TOLD: usize = 4;

impl Stress {
    /// True when some year from the first to the last is another because of it.
    pub fn acts_between(&self, first: i32, last: i32) -> bool {
        (first..=last).any(|year| {
            self.shocks.iter().any(|shock| shock.log_change(year) != 0.0)
                || self.plans.iter().any(|plan| plan.log_change(year) != 0.0)
                || self.events.iter().any(|event| event.year == year)
        })
    }
}

impl Case {
    /// What has no effect up to a horizon, only part of it, or ends long before: plans, indices of the region,
    /// stresses.
    pub fn out_of_reach(&self, horizon: i32) -> Vec<Notice> {
        let mut notices = Vec::new();
        for scenario in &self.scenarios {
            self.plans_out_of_reach(scenario, horizon, &mut notices);
        }
        let horizon_text = || ("horizon", horizon.to_string());
        let odd = |file: &str, place: String, what: &'static str, values: Vec<(&'static str, String)>| {
            Notice::Odd { file: file.to_owned(), place, what, values }
        };
        let later = self.region_indices.iter().filter(|r| r.by > horizon && r.shift != 0.0);
        let later: Vec<(String, i32)> = later.map(|r| (format!("{}.by", r.id), r.by)).collect();
        notices.extend(grouped("region.csv", &later, "notice.by_after", horizon));
        if let Some(last) = self.region_indices.iter().map(|r| r.by).max().filter(|last| *last < horizon) {
            let values = vec![("last", last.to_string()), horizon_text()];
            notices.push(odd("region.csv", "by".to_owned(), "notice.plans_end", values));
        }
        for stress in &self.stresses {
            let file = format!("stress/{}.toml", stress.id);
            for (k, shock) in stress.shocks.iter().enumerate() {
                let place = format!("shock.{}.start", k + 1);
                if shock.start > horizon {
                    let values = vec![("start", shock.start.to_string()), horizon_text()];
                    notices.push(odd(&file, place, "notice.stress_after", values));
                } else if (self.base_year + 1..=horizon).all(|year| shock.log_change(year) == 0.0) {
                    let values =
                        vec![("start", shock.start.to_string()), ("base", self.base_year.to_string())];
                    notices.push(odd(&file, place, "notice.stress_over", values));
                }
            }
        }
        notices
    }

    fn plans_out_of_reach(&self, scenario: &super::Scenario, horizon: i32, notices: &mut Vec<Notice>) {
        let file = format!("{}.toml", scenario.id);
        let mut late: Vec<(String, i32)> = Vec::new();
        let mut later = late.clone();
        for (i, driver) in self.drivers.iter().enumerate() {
            let lines =
                || scenario.plan.iter().map(|plan| &plan[i]).filter(|e| e.shift != 0.0 || e.sd != 0.0);
            if let Some(entry) = lines().find(|e| e.start >= horizon) {
                late.push((format!("plan.{}.start", driver.id), entry.start));
            } else if let Some(entry) = lines().find(|e| e.by > horizon) {
                later.push((format!("plan.{}.by", driver.id), entry.by));
            }
        }
        for (places, what) in [(late, "notice.start_after"), (later, "notice.by_after")] {
            notices.extend(grouped(&file, &places, what, horizon));
        }
        let last = scenario.plan.iter().flatten().map(|e| e.by).max();
        if let Some(last) = last.filter(|last| *last < horizon) {
            let values = vec![("last", last.to_string()), ("horizon", horizon.to_string())];
            notices.push(Notice::Odd { file, place: "plan".to_owned(), what: "notice.plans_end", values });
        }
    }
}

/// One notice of all places of a file of which the same is to be said; none of no place.
fn grouped(file: &str, places: &[(String, i32)], what: &'static str, horizon: i32) -> Option<Notice> {
    if places.is_empty() {
        return None;
    }
    let mut years: Vec<i32> = places.iter().map(|p| p.1).collect();
    years.sort_unstable();
    years.dedup();
    let years = years.iter().map(i32::to_string).collect::<Vec<_>>().join(", ");
    let told = places.iter().take(TOLD).map(|p| p.0.as_str()).collect::<Vec<_>>().join(", ");
    let more = places.len().saturating_sub(TOLD);
    let place = if more > 0 { format!("{told}, +{more}") } else { told };
    let values = vec![("years", years), ("horizon", horizon.to_string())];
    Some(Notice::Odd { file: file.to_owned(), place, what, values })
}
