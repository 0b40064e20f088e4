using MLNetExtensions.Onnx;

namespace MLNetExtensions.Scoring.Decoding;

/// <summary>
/// A <see cref="DetectionRule"/> as nodes of a graph: candidates, suppression by NonMaxSuppression, and the best of what is left, best first.
/// Of a batch, all images get as many objects as the one that has most; what is too many has the score 0, no class and an empty box.
/// </summary>
/// <param name="end">Receives the nodes.</param>
/// <param name="rule">The rule.</param>
internal sealed class DetectionNodes(GraphEnd end, DetectionRule rule)
{
    /// <summary>Adds the nodes.</summary>
    /// <param name="outputs">The network's outputs.</param>
    /// <param name="lengths">The number of values that each of them has for an image.</param>
    /// <param name="size">The images' widths and heights, Float [batch, 2]; null if boxes are to be in the network's pixels.</param>
    /// <returns>Boxes Float [batch, objects, 4] (left, top, right, bottom), scores Float [batch, objects] and classes Int64 [batch, objects], -1
    /// for none.</returns>
    public (string Boxes, string Scores, string Classes) Add(IReadOnlyList<string> outputs, IReadOnlyList<int> lengths, string? size)
    {
        (string boxes, string scores, int count) = new DetectionCandidates(end, rule).Add(outputs, lengths);
        int classes = rule.Classes,
            most = Math.Min(rule.MaxDetections, count * classes);
        string selected = end.Add(
            "NonMaxSuppression",
            [
                boxes,
                end.Add("Transpose", [scores], OnnxAttribute.Of("perm", 0, 2, 1)),
                Number(Math.Min(rule.MaxDetections, count)),
                Numbers("overlap", [1], rule.Layout == DetectionLayout.EndToEnd ? 1 : rule.IouThreshold),
                // The operator asks for more than the threshold; a score that reaches it is enough.
                Numbers("threshold", [1], MathF.BitDecrement(rule.ScoreThreshold)),
            ]
        );
        // Image, box, class: so equal scores keep the order of the boxes.
        string places = end.Add("Gather", [selected, Numbers("order", [3], 0L, 2, 1)], OnnxAttribute.Of("axis", 1L));
        string kept = end.Add(
            "ScatterND",
            [end.Add("ConstantOfShape", [end.Add("Shape", [scores])]), places, end.Add("GatherND", [scores, places])]
        );
        string best = end.Unique("best"),
            indices = end.Unique("indices");
        end.Add(
            OnnxNode.Create(
                "TopK",
                [end.Add("Reshape", [kept, Numbers("row", [2], -1L, (long)count * classes)]), Number(most)],
                [best, indices],
                OnnxAttribute.Of("axis", 1L)
            )
        );
        string found = Found(best, most);
        (best, indices) = (First(best, found), First(indices, found));
        string isThere = end.Add("Greater", [best, Numbers("zero", [1], 0f)]);
        string ofClass = end.Add("Mod", [indices, Number(classes)]),
            ofBox = end.Add("Reshape", [end.Add("Div", [indices, Number(classes)]), Numbers("column", [3], 0L, 0, 1)]);
        string placed = end.Add(
            "GatherElements",
            [boxes, end.Add("Expand", [ofBox, Numbers("edges", [3], 1L, 1, 4)])],
            OnnxAttribute.Of("axis", 1L)
        );
        if (size is not null)
            placed = new ImageFrameNodes(end, rule.Frame).InImage(placed, size);
        return (
            end.Add("Where", [end.Add("Reshape", [isThere, Numbers("column", [3], 0L, 0, 1)]), placed, Numbers("nothing", [1], 0f)]),
            best,
            end.Add("Where", [isThere, ofClass, Number(-1)])
        );
    }

    /// <summary>The number of objects of the image that has most, Int64 [1].</summary>
    private string Found(string best, int most)
    {
        string isFound = end.Add(
            "Cast",
            [end.Add("Greater", [best, Numbers("zero", [1], 0f)])],
            OnnxAttribute.Of("to", (long)OnnxElementType.Float)
        );
        // A product with ones: the axes of a sum moved from attribute to input.
        string counts = end.Add("MatMul", [isFound, Numbers("ones", [most, 1], [.. Enumerable.Repeat(1f, most)])]);
        string largest = end.Add("ReduceMax", [counts], OnnxAttribute.Of("keepdims", 0L));
        return end.Add("Reshape", [end.Add("Cast", [largest], OnnxAttribute.Of("to", (long)OnnxElementType.Int64)), Number(1)]);
    }

    private string First(string values, string count) => end.Add("Slice", [values, Number(0), count, Number(1)]);

    private string Number(long number) => Numbers("number", [1], number);

    private string Numbers(string name, long[] shape, params long[] values) => end.Constant(OnnxTensor.FromInt64s(name, shape, values));

    private string Numbers(string name, long[] shape, params float[] values) => end.Constant(OnnxTensor.FromFloats(name, shape, values));
}
