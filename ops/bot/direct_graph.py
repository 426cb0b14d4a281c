"""Rasa's graph without a scheduler: its nodes one after the other, in an order that is found once.

Rasa 3.6 runs its graph with dask, synchronously: for each of the three runs of a turn it searches the nodes that are needed, builds a
graph of them, orders it and passes every node through queues and callbacks, which costs as much as the cheaper nodes themselves. The
nodes and what they give each other do not change while a model is loaded, so the order is kept. Nodes, inputs and results are Rasa's.
"""

from __future__ import annotations

from graphlib import TopologicalSorter
from typing import Any

PLANS = "_plans_by_targets"


def run_directly() -> None:
    """Let every graph runner of this process work so; before Rasa serves."""
    from rasa.engine.exceptions import GraphRunError
    from rasa.engine.runner.dask import DaskGraphRunner

    def run(runner: DaskGraphRunner, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """Return the outputs of the targets by name; like dask's, errors of nodes pass through."""
        wanted = tuple(targets or runner._graph_schema.target_names)
        done = {name: (name, value) for name, value in (inputs or {}).items()}
        try:
            for name, node, needs in _plan(runner, wanted):
                if name not in done:
                    done[name] = node(*(done.get(need, need) for need in needs))
        except RuntimeError as error:
            raise GraphRunError("Error running runner.") from error
        return dict(done[name] for name in wanted)

    DaskGraphRunner.run = run


def _plan(runner: Any, wanted: tuple[str, ...]) -> list[tuple[str, Any, tuple[str, ...]]]:
    """Return (name, node, names of its inputs) in an order in which each node finds its inputs."""
    plans = runner.__dict__.setdefault(PLANS, {})
    if wanted not in plans:
        nodes = runner._graph_schema.minimal_graph_schema(list(wanted)).nodes
        needs = {name: tuple(node.needs.values()) for name, node in nodes.items()}
        order = TopologicalSorter(needs).static_order()  # names the inputs of the graph too
        plans[wanted] = [(name, runner._instantiated_nodes[name], needs[name]) for name in order if name in needs]
    return plans[wanted]
