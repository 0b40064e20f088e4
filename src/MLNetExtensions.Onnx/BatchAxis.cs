namespace MLNetExtensions.Onnx;

/// <summary>The first dimension of a graph's inputs: how many images it takes at once.</summary>
internal static class BatchAxis
{
    public const string Name = "batch";

    /// <summary>The side of the images where the graph leaves it open.</summary>
    private const int DefaultSide = 224;

    /// <summary>True if the graph takes one image at a time.</summary>
    public static bool IsOne(OnnxGraph graph) => CountOf(graph) == 1;

    /// <summary>The number of images that the graph takes; null if that is open.</summary>
    public static long? CountOf(OnnxGraph graph) =>
        graph.Inputs.Count > 0
        && graph.Inputs.All(i => i.Shape is { Count: > 0 })
        && graph.Inputs.Select(i => i.Shape![0].Size).Distinct().ToArray() is [{ } count]
            ? count
            : null;

    /// <summary>
    /// The graph with another number of images stated: null is any. What the file says about values between nodes holds for its own number
    /// only, and is left out. Whether the graph takes so many is another question.
    /// </summary>
    public static OnnxGraph State(OnnxGraph graph, long? count) =>
        graph with
        {
            Inputs =
            [
                .. graph.Inputs.Select(i =>
                    i.Shape is { Count: > 0 } shape
                        ? i with
                        {
                            Shape =
                            [
                                count is null ? new OnnxDimension(null, shape[0].Name ?? Name) : new OnnxDimension(count),
                                .. shape.Skip(1),
                            ],
                        }
                        : i
                ),
            ],
            ValueInfos = [],
        };

    /// <summary>The shapes of the inputs for a batch.</summary>
    /// <exception cref="OnnxFormatException">The file does not tell an input's rank.</exception>
    public static Dictionary<string, long[]> InputShapes(OnnxGraph graph, long batch) =>
        graph.Inputs.ToDictionary(
            i => i.Name,
            i =>
                i.Shape?.Select(
                        (dimension, axis) =>
                            axis == 0
                                ? batch
                                : dimension.Size ?? (axis == 1 && i.Shape.Count == 4 && i.Shape[3].Size != 3 ? 3 : DefaultSide)
                    )
                    .ToArray()
                ?? throw new OnnxFormatException($"The graph '{graph.Name}': the rank of the input {i} is not known.")
        );
}
