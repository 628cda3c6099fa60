//! `delivery` and `late` of a scenario's file.

use super::super::Assumption;
use super::super::Delivery;
use super::super::fault::Faults;
use super::super::toml_reader::Node;
use super::head::Head;
use super::loader::Loader;

/// Reads them; the whole plan in time where the file says nothing.
pub(super) fn read(loader: &mut Loader<'_>, top: &Node<'_>, id: &str, head: &Head) -> Delivery {
    let faults = &mut loader.faults;
    let (given, late) = (top.has("delivery"), top.has("late"));
    let mut delivery = Delivery::WHOLE;
    let mut basis = "assumption: how much of a plan comes about".to_owned();
    if late {
        delivery.late = top.integer("late", 0, 100, faults) as i32;
    }
    if given && let Some(node) = top.node("delivery", faults) {
        basis = read_share(&node, head, &mut delivery, faults);
    }
    for (key, _) in [("delivery", given), ("late", late)].iter().filter(|k| k.1 && id == head.reference) {
        let why = "has no place in the reference's file: delivery carries a town from the reference's plan to another";
        faults.add(top.file, top.place(key), why);
    }
    if !delivery.is_whole() {
        let Delivery { mean, sd, max, late } = delivery;
        loader.assumptions.push(Assumption {
            file: top.file.to_owned(),
            item: "delivery".to_owned(),
            value: format!("mean {mean}, sd {sd}, at most {max}, {late} years late"),
            basis,
        });
    }
    delivery
}

/// `{ mean, sd, max, basis }`; gives the basis.
fn read_share(node: &Node<'_>, head: &Head, delivery: &mut Delivery, faults: &mut Faults) -> String {
    let max = if node.has("max") { node.number("max", 0.01, 5.0, faults) } else { 1.0 };
    let mean = node.number("mean", 0.0, max, faults);
    let sd = node.number("sd", 0.0, 5.0, faults);
    // A Beta law can spread no wider than all at its two ends; one narrower than a thousandth is a constant.
    let widest = (mean * (max - mean)).max(0.0).sqrt();
    if sd > 0.0 && (sd < 0.001 || sd > 0.99 * widest) {
        let allowed = format!("0, or from 0.001 to 0.99 sqrt(mean (max - mean)) = {:.3}", 0.99 * widest);
        faults.refuse(node.file, node.place("sd"), sd, &allowed);
    }
    if sd > 0.0 && !head.has_delivery_correlation {
        let why =
            "is needed in case.toml where delivery is drawn: what towns of a run have in common, 0 to 1";
        faults.add("case.toml", "delivery_correlation", why);
    }
    let basis = node.text_or("basis", "assumption: how much of a plan comes about", faults);
    node.finish(faults);
    (delivery.mean, delivery.sd, delivery.max) = (mean, sd, max);
    basis
}
