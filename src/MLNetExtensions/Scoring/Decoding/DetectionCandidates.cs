using MLNetExtensions.Onnx;

namespace MLNetExtensions.Scoring.Decoding;

/// <summary>The boxes and scores of a detection network's outputs in one layout, as nodes of a graph.</summary>
/// <param name="end">Receives the nodes.</param>
/// <param name="rule">Says how the outputs are laid out.</param>
internal sealed class DetectionCandidates(GraphEnd end, DetectionRule rule)
{
    /// <summary>Adds the nodes.</summary>
    /// <param name="outputs">The network's outputs.</param>
    /// <param name="lengths">The number of values that each of them has for an image.</param>
    /// <returns>Boxes Float [batch, boxes, 4] (left, top, right, bottom, in the network's pixels), scores Float [batch, boxes, classes], 0 for the
    /// classes that a box cannot be of, and the number of boxes.</returns>
    public (string Boxes, string Scores, int Count) Add(IReadOnlyList<string> outputs, IReadOnlyList<int> lengths) =>
        rule.Layout switch
        {
            DetectionLayout.SsdScores or DetectionLayout.SsdClasses => Ssd(outputs, lengths[0] / 4),
            DetectionLayout.EndToEnd => Chosen(outputs[0], lengths[0] / (6 + rule.Extra)),
            _ => Yolo(outputs[0], lengths[0]),
        };

    private (string Boxes, string Scores, int Count) Yolo(string output, int length)
    {
        bool hasObjectness = rule.Layout == DetectionLayout.YoloBoxesFirst;
        int firstClass = hasObjectness ? 5 : 4,
            values = firstClass + rule.Classes + rule.Extra,
            count = length / values;
        string rows =
            rule.Layout == DetectionLayout.YoloValuesFirst
                ? end.Add("Transpose", [Shaped(output, values, count)], OnnxAttribute.Of("perm", 0, 2, 1))
                : Shaped(output, count, values);
        string center = Values(rows, 0, 2),
            half = end.Add("Mul", [Values(rows, 2, 4), Numbers("half", [1], 0.5f)]);
        string boxes = Concat(end.Add("Sub", [center, half]), end.Add("Add", [center, half]));
        string classes = Values(rows, firstClass, firstClass + rule.Classes);
        string best = end.Add("ArgMax", [classes], OnnxAttribute.Of("axis", 2L), OnnxAttribute.Of("keepdims", 1L));
        return (boxes, Only(best, hasObjectness ? end.Add("Mul", [classes, Values(rows, 4, 5)]) : classes), count);
    }

    private (string Boxes, string Scores, int Count) Chosen(string output, int count)
    {
        string rows = Shaped(output, count, 6 + rule.Extra);
        string ofClass = end.Add("Cast", [end.Add("Round", [Values(rows, 5, 6)])], OnnxAttribute.Of("to", (long)OnnxElementType.Int64));
        return (Values(rows, 0, 4), Only(ofClass, Values(rows, 4, 5)), count);
    }

    private (string Boxes, string Scores, int Count) Ssd(IReadOnlyList<string> outputs, int count)
    {
        (float width, float height) = (rule.Frame.Width, rule.Frame.Height);
        string edges = Shaped(outputs[0], count, 4);
        if (rule.TopFirst)
            edges = end.Add("Gather", [edges, Numbers("edges", [4], 1L, 0, 3, 2)], OnnxAttribute.Of("axis", 2L));
        string boxes = end.Add("Mul", [edges, Numbers("canvas", [1, 1, 4], width, height, width, height)]);
        if (rule.Layout == DetectionLayout.SsdScores)
            return (boxes, Values(Shaped(outputs[1], count, rule.Classes + 1), 1, rule.Classes + 1), count);
        string number = end.Add("Cast", [Shaped(outputs[2], count, 1)], OnnxAttribute.Of("to", (long)OnnxElementType.Int64));
        string ofClass = end.Add("Sub", [number, Numbers("first", [1], (long)rule.FirstClass)]);
        return (boxes, Only(ofClass, Shaped(outputs[1], count, 1)), count);
    }

    /// <summary>Scores that are 0 but for one class of each box.</summary>
    /// <param name="ofClass">The class, Int64 [batch, boxes, 1].</param>
    /// <param name="scores">Float [batch, boxes, 1 or classes].</param>
    private string Only(string ofClass, string scores)
    {
        string isIt = end.Add(
            "Equal",
            [ofClass, Numbers("classes", [1, 1, rule.Classes], [.. Enumerable.Range(0, rule.Classes).Select(c => (long)c)])]
        );
        return end.Add("Where", [isIt, scores, Numbers("none", [1], 0f)]);
    }

    private string Shaped(string output, int rows, int columns) => end.Add("Reshape", [output, Numbers("boxes", [3], -1L, rows, columns)]);

    private string Values(string rows, int from, int to) =>
        end.Add("Slice", [rows, Numbers("from", [1], (long)from), Numbers("to", [1], (long)to), Numbers("axis", [1], 2L)]);

    private string Concat(string first, string second) => end.Add("Concat", [first, second], OnnxAttribute.Of("axis", 2L));

    private string Numbers(string name, long[] shape, params long[] values) => end.Constant(OnnxTensor.FromInt64s(name, shape, values));

    private string Numbers(string name, long[] shape, params float[] values) => end.Constant(OnnxTensor.FromFloats(name, shape, values));
}
