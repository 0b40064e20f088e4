using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Columns;

namespace MLNetExtensions.Uncertainty.Conformal;

/// <summary>Builds the graph from probabilities to sets.</summary>
internal static class ConformalSetGraph
{
    /// <param name="graph">The graph, whose input is <paramref name="probabilities"/>.</param>
    /// <param name="probabilities">Float [batch, classes].</param>
    /// <param name="options">The method and the output's name.</param>
    /// <param name="chance">The uniform numbers; used where the method is randomized.</param>
    /// <param name="thresholds">The thresholds of the classes.</param>
    public static void Build(
        ColumnGraph graph,
        string probabilities,
        ConformalSetOptions options,
        RowChance chance,
        IReadOnlyList<float> thresholds
    )
    {
        int classes = thresholds.Count;
        var nodes = new GraphNodes(graph);
        (string values, string indices) = (graph.Nodes.Unique("sorted"), graph.Nodes.Unique("order"));
        graph.Nodes.Add(
            OnnxNode.Create(
                "TopK",
                [probabilities, graph.Integers("classes", classes)],
                [values, indices],
                OnnxAttribute.Of("axis", 1L),
                OnnxAttribute.Of("largest", 1L),
                OnnxAttribute.Of("sorted", 1L)
            )
        );
        string scores;
        if (options.Method == ConformalMethod.Lac)
            scores = nodes.Add("Sub", graph.Floats("one", [], 1), values);
        else
        {
            scores = nodes.Add("CumSum", values, graph.Nodes.Constant(OnnxTensor.FromInt64s("second", [], [1])));
            if (NonconformityScores.IsRandomized(options))
                scores = nodes.Add("Sub", scores, nodes.Add("Mul", chance.AddTo(graph, probabilities), values));
            if (options.Method == ConformalMethod.Raps)
                scores = nodes.Add(
                    "Add",
                    scores,
                    graph.Floats(
                        "penalties",
                        [1, classes],
                        [.. Enumerable.Range(0, classes).Select(place => NonconformityScores.PenaltyOf(options, place))]
                    )
                );
        }
        float[] limits = [.. thresholds.Select(threshold => float.IsPositiveInfinity(threshold) ? float.MaxValue : threshold)];
        string limit =
            limits.Distinct().Count() == 1
                ? graph.Floats("threshold", [], limits[0])
                : nodes.Add("Gather", graph.Floats("thresholds", [classes], limits), indices);
        string inside = nodes.Add("LessOrEqual", scores, limit);
        string members = nodes.Cast(inside, OnnxElementType.Float);
        if (options.NeverEmpty)
            members = nodes.Add(
                "Max",
                members,
                graph.Floats("first", [1, classes], [.. Enumerable.Range(0, classes).Select(place => place == 0 ? 1f : 0)])
            );
        string none = nodes.Add("Mul", probabilities, graph.Floats("zero", [], 0));
        string set = graph.Nodes.Add("ScatterElements", [none, indices, members], OnnxAttribute.Of("axis", 1L));
        graph.Nodes.AddLast("Greater", [set, graph.Floats("half", [], 0.5f)]);
        graph.Output(options.PredictionSetColumnName, OnnxElementType.Bool, classes);
    }
}
