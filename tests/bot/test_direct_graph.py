"""The graph run without a scheduler gives what Rasa's own runner gives."""

import pytest
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner

from ops.bot import direct_graph

DASKS = DaskGraphRunner.run


class Adding(GraphComponent):
    """Adds its inputs and a number."""

    def __init__(self, number):
        self.number = number

    @classmethod
    def create(cls, config, model_storage, resource, execution_context, **kwargs):
        return cls(config.get("number", 0))

    def add(self, one, other=0):
        return one + other + self.number

    def fail(self, one):
        raise RuntimeError


def node(number=0, fn="add", **needs):
    return SchemaNode(needs, Adding, "create", fn, {"number": number}, eager=True)


SCHEMA = GraphSchema(
    {
        "last": node(100, one="left", other="right"),
        "left": node(10, one="first", other="given"),
        "right": node(20, one="first"),
        "first": node(1, one="given"),
        "broken": node(fn="fail", one="first"),
        "unfed": node(one="nowhere"),
    }
)


@pytest.fixture
def runner(monkeypatch):
    monkeypatch.setattr(DaskGraphRunner, "run", DASKS)
    direct_graph.run_directly()
    return DaskGraphRunner(SCHEMA, None, ExecutionContext(SCHEMA))


@pytest.mark.parametrize("targets", [["last"], ["right"], ["left", "right"], ["given"]])
def test_the_outputs_are_those_of_dask_at_each_run(runner, targets):
    for given in (1, 5):
        inputs = {"given": given}
        assert runner.run(inputs, targets) == DASKS(runner, inputs, targets)


@pytest.mark.parametrize("target", ["broken", "unfed"])
def test_a_node_that_fails_fails_as_with_dask(runner, target):
    with pytest.raises(Exception) as theirs:
        DASKS(runner, {"given": 1}, [target])
    with pytest.raises(Exception) as ours:
        runner.run({"given": 1}, [target])
    assert ours.type is theirs.type


def test_a_runtime_error_is_one_of_the_graph(runner, monkeypatch):
    def broken(*_inputs):
        raise RuntimeError

    monkeypatch.setitem(runner._instantiated_nodes, "first", broken)
    with pytest.raises(GraphRunError):
        runner.run({"given": 1}, ["last"])
