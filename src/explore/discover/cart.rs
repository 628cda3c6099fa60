//! CART: a tree of yes-no questions, whose leaves are boxes.

use super::boxes::{Bounds, Column, Restriction};

/// A leaf of the tree.
#[derive(Debug, Clone, PartialEq)]
pub struct Leaf {
    /// Rows in the leaf.
    pub rows: usize,
    /// Rows of interest in the leaf.
    pub of_interest: usize,
    /// Share of all rows of interest that lie in it.
    pub coverage: f64,
    /// Share of it that is of interest.
    pub density: f64,
    /// Share of all rows that lie in it.
    pub mass: f64,
    /// Sides that leave out something. Ends are the thresholds of the questions; they have no p-values.
    pub restrictions: Vec<Restriction>,
}

/// The leaves of a classification tree for rows of interest (Breiman, Friedman, Olshen and Stone 1984), from the first
/// answer "no more than" on, leftmost first.
///
/// A node is split where Gini's impurity 2 p (1 - p) falls most, half way between two neighbouring values or at one
/// level against the others (the first of equal splits), while both parts hold at least `smallest` rows and the node is
/// mixed. These are the rules of scikit-learn's `DecisionTreeClassifier` on categories spread to columns of 0 and 1.
///
/// # Examples
/// ```
/// use boljam::explore::{discover::{cart, Column}, latin_hypercube};
/// let points = latin_hypercube(400, 2, 0);
/// let of_interest: Vec<bool> = points.rows().map(|x| x[1] > 0.6).collect();
/// let columns = [Column::Numbers(points.column(0)), Column::Numbers(points.column(1))];
/// let leaves = cart(&columns, &of_interest, 20);
/// assert_eq!(leaves.len(), 2);
/// assert_eq!((leaves[1].density, leaves[1].coverage), (1.0, 1.0));
/// ```
pub fn cart(columns: &[Column], of_interest: &[bool], smallest: usize) -> Vec<Leaf> {
    let tree = Tree {
        columns,
        of_interest,
        smallest: smallest.max(1),
        whole: columns.iter().map(Column::whole).collect(),
        interest: of_interest.iter().filter(|y| **y).count(),
    };
    let mut leaves = Vec::new();
    if !of_interest.is_empty() {
        let orders = columns.iter().map(Column::order).collect();
        let node = Node { rows: (0..of_interest.len()).collect(), orders, bounds: tree.whole.clone() };
        // A stack instead of recursion: a tree may be as deep as it has leaves.
        let mut open = vec![node];
        while let Some(node) = open.pop() {
            match tree.best_split(&node) {
                Some(split) => {
                    let (left, right) = tree.split(&node, split);
                    open.extend([right, left]);
                }
                None => leaves.push(tree.leaf(&node)),
            }
        }
    }
    leaves
}

struct Tree<'a> {
    columns: &'a [Column],
    of_interest: &'a [bool],
    smallest: usize,
    whole: Vec<Bounds>,
    interest: usize,
}

struct Node {
    rows: Vec<usize>,
    /// The rows by each column.
    orders: Vec<Vec<usize>>,
    bounds: Vec<Bounds>,
}

/// A question; those for whom it is true go left.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Split {
    AtMost(usize, f64),
    Not(usize, u32),
}

impl Tree<'_> {
    fn interest(&self, rows: &[usize]) -> usize {
        rows.iter().filter(|row| self.of_interest[**row]).count()
    }

    /// Where the impurity falls most, if anywhere.
    fn best_split(&self, node: &Node) -> Option<Split> {
        let (n, k) = (node.rows.len(), self.interest(&node.rows));
        if k == 0 || k == n || n < 2 * self.smallest {
            return None;
        }
        let mut best = (0.0, None);
        let mut consider = |rows: usize, found: usize, split: Split| {
            if rows < self.smallest || n - rows < self.smallest {
                return;
            }
            let weight = |rows: usize, found: usize| {
                let p = found as f64 / rows as f64;
                rows as f64 * 2.0 * p * (1.0 - p)
            };
            let gain = weight(n, k) - weight(rows, found) - weight(n - rows, k - found);
            // Rounding is not a gain.
            if gain > best.0 + 1e-12 * n as f64 {
                best = (gain, Some(split));
            }
        };
        for (column, order) in node.orders.iter().enumerate() {
            match &self.columns[column] {
                Column::Numbers(x) => {
                    let mut found = 0;
                    for (place, pair) in order.windows(2).enumerate() {
                        found += usize::from(self.of_interest[pair[0]]);
                        let (a, b) = (x[pair[0]], x[pair[1]]);
                        if a < b {
                            consider(place + 1, found, Split::AtMost(column, f64::midpoint(a, b)));
                        }
                    }
                }
                Column::Categories { codes, .. } => {
                    for rows in order.chunk_by(|a, b| codes[*a] == codes[*b]) {
                        let split = Split::Not(column, codes[rows[0]]);
                        consider(n - rows.len(), k - self.interest(rows), split);
                    }
                }
            }
        }
        best.1
    }

    fn split(&self, node: &Node, split: Split) -> (Node, Node) {
        let goes_left = |row: &usize| match split {
            Split::AtMost(c, threshold) => {
                matches!(&self.columns[c], Column::Numbers(x) if x[*row] <= threshold)
            }
            Split::Not(c, level) => {
                matches!(&self.columns[c], Column::Categories { codes, .. } if codes[*row] != level)
            }
        };
        let part = |rows: &Vec<usize>, left: bool| -> Vec<usize> {
            rows.iter().copied().filter(|row| goes_left(row) == left).collect()
        };
        let side = |left: bool| Node {
            rows: part(&node.rows, left),
            orders: node.orders.iter().map(|order| part(order, left)).collect(),
            bounds: node.bounds.iter().enumerate().map(|(c, b)| narrowed(c, b, split, left)).collect(),
        };
        (side(true), side(false))
    }

    fn leaf(&self, node: &Node) -> Leaf {
        let (rows, found) = (node.rows.len(), self.interest(&node.rows));
        let sides = node.bounds.iter().zip(&self.whole).enumerate();
        let restrictions =
            sides.filter(|(_, (bounds, whole))| bounds != whole).map(|(factor, (bounds, _))| Restriction {
                factor,
                bounds: bounds.clone(),
                p_from: None,
                p_to: None,
            });
        Leaf {
            rows,
            of_interest: found,
            coverage: found as f64 / self.interest.max(1) as f64,
            density: found as f64 / rows as f64,
            mass: rows as f64 / self.of_interest.len() as f64,
            restrictions: restrictions.collect(),
        }
    }
}

/// A side after a question.
fn narrowed(column: usize, bounds: &Bounds, split: Split, left: bool) -> Bounds {
    match (bounds, split) {
        (Bounds::Range { from, to }, Split::AtMost(c, threshold)) if c == column => {
            if left {
                Bounds::Range { from: *from, to: threshold }
            } else {
                Bounds::Range { from: threshold, to: *to }
            }
        }
        (Bounds::Levels(levels), Split::Not(c, level)) if c == column => {
            let stays = |(l, has): (usize, &bool)| *has && ((l as u32 != level) == left);
            Bounds::Levels(levels.iter().enumerate().map(stays).collect())
        }
        _ => bounds.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_split_one_against_the_others() {
        let codes: Vec<u32> = (0..90).map(|i| i % 3).collect();
        let of_interest: Vec<bool> = codes.iter().map(|c| *c == 1).collect();
        let leaves = cart(&[Column::Categories { codes, levels: 3 }], &of_interest, 5);
        assert_eq!(leaves.len(), 2);
        assert_eq!(leaves[0].restrictions[0].bounds, Bounds::Levels(vec![true, false, true]));
        assert_eq!((leaves[1].density, leaves[1].rows), (1.0, 30));
    }

    #[test]
    fn leaves_are_no_smaller_than_asked_for_and_hold_every_row() {
        let x: Vec<f64> = (0..200).map(|i| f64::from(i * 73 % 199)).collect();
        let of_interest: Vec<bool> = (0..200).map(|i| i * 31 % 7 < 3).collect();
        let leaves = cart(&[Column::Numbers(x)], &of_interest, 12);
        assert!(leaves.len() > 2 && leaves.iter().all(|leaf| leaf.rows >= 12));
        assert_eq!(leaves.iter().map(|leaf| leaf.rows).sum::<usize>(), 200);
        assert!((leaves.iter().map(|leaf| leaf.coverage).sum::<f64>() - 1.0).abs() < 1e-12);
    }
}
