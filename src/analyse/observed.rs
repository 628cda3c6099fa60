//! What was seen since the base year, on the model's scale.

use crate::case::{Case, Comparable, ObservedValue};
use crate::model::{Quantity, QuantityKind};

/// The values that were seen of a quantity of a town and can be compared: (year, value). A growth is told from the base
/// level; its own row of the base year is no outcome.
pub(super) fn observed(case: &Case, town: usize, quantity: &Quantity, base_level: f64) -> Vec<(i32, f64)> {
    let rows = case.observed.iter().filter(|v| v.town == Some(town) && stands_for(case, v, quantity));
    rows.filter_map(|v| Some((v.year, level(case, v, base_level)?))).collect()
}

/// True where a row is about a quantity: by its name, or as an indicator that is a driver's whole history.
pub(super) fn stands_for(case: &Case, value: &ObservedValue, quantity: &Quantity) -> bool {
    let by_history = || match quantity.kind {
        QuantityKind::Driver(i) => {
            let history = case.drivers[i].history.as_ref();
            history.is_some_and(|h| h.names() == [value.quantity.as_str()])
        }
        _ => false,
    };
    value.quantity == quantity.id || (!names_a_quantity(case, value) && by_history())
}

/// True where the row's name is that of a driver or of population, which an indicator may have too.
fn names_a_quantity(case: &Case, value: &ObservedValue) -> bool {
    value.quantity == "population" || case.drivers.iter().any(|d| d.id == value.quantity)
}

/// A row on the model's scale, where its quantity is `base_level` in the base year; none where it cannot be compared.
pub(super) fn level(case: &Case, value: &ObservedValue, base_level: f64) -> Option<f64> {
    let driver = case.drivers.iter().find(|d| {
        let history = d.history.as_ref();
        history.is_some_and(|h| h.names() == [value.quantity.as_str()])
    });
    let indicator = driver.filter(|_| value.town.is_some() && !names_a_quantity(case, value));
    let real = |x: f64, year: i32| match indicator {
        Some(d) if d.deflate => Some(x / case.consumer_prices.iter().find(|p| p.0 == year)?.1),
        _ => Some(x),
    };
    let base = case.base_year;
    let from = match (value.comparable, indicator) {
        (Comparable::No, _) => return None,
        // The case has been moved past it: no outcome any more.
        _ if value.year < base => return None,
        (Comparable::Yes, None) => return Some(value.value),
        (Comparable::Growth, _) if value.year == base => return None,
        (Comparable::Growth, _) => {
            let same = |v: &&ObservedValue| v.town == value.town && v.quantity == value.quantity;
            case.observed.iter().filter(same).find(|v| v.year == base)?.value
        }
        (Comparable::Yes, Some(_)) => {
            let town = &case.towns[value.town?].id;
            let of_town = |v: &&crate::case::PanelValue| v.town == *town && v.indicator == value.quantity;
            case.panel.iter().filter(of_town).find(|v| v.year == base)?.value
        }
    };
    Some(base_level * real(value.value, value.year)? / real(from, base)?).filter(|x| x.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Source;
    use crate::model::quantities;

    fn with(rows: &str) -> Case {
        let mut source = Source::embedded();
        let head = "town,year,quantity,value,unit,source,note,comparable\n";
        source.files.insert("observed.csv".to_owned(), format!("{head}{rows}"));
        source.files.get_mut("consumer_prices.csv").unwrap().push_str("2022,148.3,15.0,x\n");
        Case::load(&source, &[]).unwrap()
    }

    /// As it stands, as a growth, as nominal money of the panel; and not at all.
    #[test]
    fn rows_on_the_models_scale() {
        let case = with(
            "temirtau,2022,unemployment,5.1,percent,a,,yes\n\
             temirtau,2021,population,200,persons,a,,growth\n\
             temirtau,2022,population,202,persons,a,,growth\n\
             temirtau,2022,average_wage,300000,tenge,a,,yes\n\
             temirtau,2023,wage,1,percent,a,,no\n",
        );
        let (town, all) = (case.town("temirtau").unwrap(), quantities(&case));
        let of = |id: &str, base: f64| observed(&case, town, all.iter().find(|q| q.id == id).unwrap(), base);
        assert_eq!(of("unemployment", 4.6), [(2022, 5.1)]);
        assert_eq!(of("population", 186_080.0), [(2022, 186_080.0 * 1.01)]);
        // 300,000 of 2022 over 223,572.7 of 2021, prices 148.3 over 128.93.
        let [(2022, wage)] = of("wage", 90.0)[..] else { panic!("one year") };
        assert!((wage - 90.0 * 300_000.0 / 148.3 / (223_572.7 / 128.93)).abs() < 1e-9);
        assert!(of("investment", 1.0).is_empty());
    }
}
