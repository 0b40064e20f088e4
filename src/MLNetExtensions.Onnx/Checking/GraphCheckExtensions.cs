namespace MLNetExtensions.Onnx.Checking;

/// <summary>Checks of graphs.</summary>
public static class GraphCheckExtensions
{
    /// <summary>
    /// Lists what is wrong with a graph: names, operators, and where the inputs state all sizes but the batch, shapes, with the batch that
    /// they state or one row. Nodes that no output needs are checked for names and operators only. (Reading a file has already refused one
    /// that is damaged, and one with values that nothing makes.)
    /// </summary>
    /// <param name="graph">The graph; it stays as it is.</param>
    /// <returns>The problems in the nodes' order; empty where there are none.</returns>
    /// <example><code>
    /// foreach (OnnxProblem problem in OnnxGraph.Load("model.onnx").Check())
    ///     Console.WriteLine(problem);
    /// </code></example>
    public static IReadOnlyList<OnnxProblem> Check(this OnnxGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        List<OnnxProblem> problems = NameCheck.Run(graph);
        bool isWellFormed = !problems.Exists(p => p.Kind is OnnxProblemKind.UndefinedValue or OnnxProblemKind.DuplicateName);
        problems.AddRange(OperatorCheck.Run(graph));
        if (isWellFormed && graph.OpenInput is null)
            ShapeCheck.Run(graph, problems);
        return problems;
    }
}
