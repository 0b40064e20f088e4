using System.Numerics.Tensors;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Columns;

namespace MLNetExtensions.Uncertainty.Outliers;

/// <summary>
/// The distance to the k-th nearest training row, of features of length 1 (<see href="https://arxiv.org/abs/2204.06507">arXiv
/// 2204.06507</see>). No shape of the data is assumed; the training rows are part of the model.
/// </summary>
public sealed record NearestNeighborScore : OutlierScore
{
    /// <summary>Which neighbor's distance counts, at least 1.</summary>
    /// <value>The default is 10.</value>
    public int Neighbors { get; init; } = 10;

    internal override void Check(OptionProblems problems) => problems.Check(Neighbors >= 1, nameof(Neighbors), Neighbors, "at least 1");

    internal override string Fit(FeatureRows rows, ColumnGraph graph, string input, Span<float> own)
    {
        (int count, int length) = (rows.Count, rows.Length);
        if (count <= Neighbors)
            throw new ArgumentException(
                $"There are {count} rows; the {Neighbors}-th neighbor of each needs {Neighbors + 1} at least. Give more rows, or take fewer Neighbors."
            );
        float[] bank = [.. rows.Values];
        for (int row = 0; row < count; row++)
        {
            Span<float> values = bank.AsSpan(row * length, length);
            TensorPrimitives.Divide(values, MathF.Max(TensorPrimitives.Norm<float>(values), UnitLength.Least), values);
        }
        float[] found = new float[count];
        Parallel.For(
            0,
            count,
            () => new float[count],
            (row, _, similarities) =>
            {
                ReadOnlySpan<float> values = bank.AsSpan(row * length, length);
                for (int other = 0; other < count; other++)
                    similarities[other] = TensorPrimitives.Dot(values, bank.AsSpan(other * length, length));
                // A row is no neighbor of its own.
                similarities[row] = float.NegativeInfinity;
                Array.Sort(similarities);
                found[row] = Distance(similarities[count - Neighbors]);
                return similarities;
            },
            _ => { }
        );
        found.CopyTo(own);

        float[] columns = new float[bank.Length];
        for (int row = 0; row < count; row++)
        for (int i = 0; i < length; i++)
            columns[(i * count) + row] = bank[(row * length) + i];
        var nodes = new GraphNodes(graph);
        string similar = nodes.Add("MatMul", UnitLength.AddTo(graph, input), graph.Floats("rows", [length, count], columns));
        (string nearest, string places) = (graph.Nodes.Unique("nearest"), graph.Nodes.Unique("places"));
        graph.Nodes.Add(
            OnnxNode.Create(
                "TopK",
                [similar, graph.Integers("neighbors", Neighbors)],
                [nearest, places],
                OnnxAttribute.Of("axis", 1L),
                OnnxAttribute.Of("sorted", 1L)
            )
        );
        string last = graph.Nodes.Add("Gather", [nearest, graph.Integers("last", Neighbors - 1)], OnnxAttribute.Of("axis", 1L));
        // Of vectors of length 1, the squared distance is 2 - 2 times the product.
        string squared = nodes.Add("Sub", graph.Floats("two", [], 2), nodes.Add("Add", last, last));
        return nodes.Add("Sqrt", nodes.Add("Max", squared, graph.Floats("zero", [], 0)));
    }

    private static float Distance(float similarity) => MathF.Sqrt(MathF.Max(0, 2 - (2 * similarity)));
}
