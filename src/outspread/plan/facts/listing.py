"""Which factor can come from what: for the docs, and to tell why one is not settled."""

from outspread.plan.facts.row import read_data
from outspread.plan.pack.model import Pack


def factors_by_rule(pack: Pack) -> dict[str, list[str]]:
    """The factors that each rule can give, those of data files and of the pack among them.

    Returns
    -------
    By rule_id; an implication of the pack is `pack.NAME`.
    """
    given = {
        rule: sorted({factor for part in (gives or "").split() for factor in _named(part)})
        for rule, gives in read_data("rules").select("rule_id", "gives").iter_rows()
    }
    given["plan.disagree"] = sorted({factor for factors in given.values() for factor in factors})
    implied = {
        f"pack.{rule.name}": sorted({part.factor for part in rule.then})
        for layer in pack.implications
        for rule in layer
    }
    return given | implied


def rules_by_factor(pack: Pack) -> dict[str, list[str]]:
    """The rules that can give each factor of a pack; none where only a person can tell it."""
    by_rule = factors_by_rule(pack)
    return {
        name: [r for r, found in by_rule.items() if name in found and r != "plan.disagree"]
        for name in pack.factors
    }


def _named(part: str) -> list[str]:
    """A factor, or all that a data file of the plan gives: `@measured`."""
    if not part.startswith("@"):
        return [part]
    return read_data(part[1:])["factor"].unique().to_list()
