//! What delivery makes of a plan, in words.

use crate::case::{Case, Delivery, PlanKind, Scenario};
use crate::math;
use crate::text::Text;

/// The value that a plan's line comes to where its mean share is delivered: as the line is written, a multiple, odds or
/// an addition. None where the plan comes about as it is written.
pub(crate) fn delivered(case: &Case, scenario: usize, town: usize, driver: usize) -> Option<f64> {
    let of = |s: usize| &case.scenarios[s].plan[town][driver];
    let delivery = delivery(case, scenario)?;
    let (own, reference) = (of(scenario), of(case.reference));
    let shift = delivery.mean_shift(own.shift, reference.shift);
    Some(if own.kind == PlanKind::Add { shift } else { math::exp(shift) })
}

/// A sentence for each scenario that is not delivered in full and in time: its share, and what that makes of its
/// boldest multiple.
pub(crate) fn sentences(case: &Case, text: &Text) -> Vec<String> {
    (0..case.scenarios.len()).filter_map(|s| sentence(case, s, text)).collect()
}

fn sentence(case: &Case, scenario: usize, text: &Text) -> Option<String> {
    let delivery = delivery(case, scenario)?;
    let Scenario { name, plan, .. } = &case.scenarios[scenario];
    let reference = &case.scenarios[case.reference];
    let percent = |x: f64| format!("{} %", text.number(100.0 * x, 0));
    let mut values = vec![
        ("scenario", text.name(name).to_owned()),
        ("reference", text.name(&reference.name).to_owned()),
        ("mean", percent(delivery.mean)),
        ("sd", text.number(100.0 * delivery.sd, 0)),
        ("late", delivery.late.to_string()),
    ];
    let key = if delivery.sd > 0.0 { "delivery.drawn" } else { "delivery.fixed" };
    let mut said = text.fill(key, &values);
    if delivery.late > 0 {
        said.push(' ');
        said.push_str(&text.fill("delivery.late", &values));
    }
    let multiples = plan.first()?.iter().enumerate().filter(|(_, p)| p.kind == PlanKind::Multiple);
    let boldest = multiples.max_by(|(_, a), (_, b)| a.shift.abs().total_cmp(&b.shift.abs()));
    if let Some((driver, entry)) = boldest {
        let share = delivered(case, scenario, 0, driver)?;
        values.extend([
            ("driver", text.name(&case.drivers[driver].label).to_owned()),
            ("planned", text.number(entry.value, 2)),
            ("delivered", text.number(share, 2)),
        ]);
        said.push(' ');
        said.push_str(&text.fill("delivery.makes", &values));
    }
    Some(said)
}

/// A scenario's delivery where it is not the whole plan in time.
fn delivery(case: &Case, scenario: usize) -> Option<&Delivery> {
    let delivery = &case.scenarios[scenario].delivery;
    (scenario != case.reference && !delivery.is_whole()).then_some(delivery)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Source;
    use crate::text::Language;

    #[test]
    fn what_delivery_makes_of_a_plan_is_said() {
        let mut case = Case::load(&Source::embedded(), &[]).unwrap();
        for scenario in &mut case.scenarios {
            scenario.delivery = Delivery::WHOLE;
        }
        assert_eq!(sentences(&case, &Text::of(Language::En)), Vec::<String>::new());
        let driver = case.drivers.iter().position(|d| d.id == "other_output").unwrap();
        assert_eq!(delivered(&case, 3, 0, driver), None);
        case.scenarios[3].delivery = Delivery { mean: 0.7, sd: 0.2, late: 2, ..Delivery::WHOLE };
        // 1.05 (2.8 / 1.05)^0.7
        let expected = 1.05 * (2.8_f64 / 1.05).powf(0.7);
        assert!((delivered(&case, 3, 0, driver).unwrap() - expected).abs() < 1e-12);
        let said = sentences(&case, &Text::of(Language::En));
        assert_eq!(said.len(), 1);
        assert!(
            said[0].starts_with("Diversification delivers 70 % of what its plan changes beside Inertial"),
            "{said:?}"
        );
        for part in ["(standard deviation 20 points)", "2 years late", "times 2.80 becomes times 2.09"] {
            assert!(said[0].contains(part), "{said:?}");
        }
    }
}
