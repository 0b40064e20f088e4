using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.Backbones.Batching;

/// <summary>The effect of each operator on the batch, for <see cref="BatchLift"/>.</summary>
internal static class LiftRules
{
    /// <summary>Adds the node for any number of images.</summary>
    /// <returns>True if it is known how.</returns>
    public static bool Apply(BatchLift lift, OnnxNode node)
    {
        if (OperatorTable.Find(node)?.Batch == BatchRule.MixedBatch)
            return false;
        string[] data = [.. lift.Flow.DataInputs(node).Distinct()];
        bool areNatural = data.All(v => !lift.IsLifted(v));
        if (node.Domain.Length == 0)
        {
            switch (node.OpType)
            {
                case "Reshape" or "Flatten" or "Squeeze" or "Unsqueeze":
                    return Rearrange(lift, node, data);
                case "Resize" when areNatural && LeavesBatch(lift, node, data):
                    return lift.AddNatural(WithOpenSizes(lift, node));
                case "Concat" when areNatural && LeavesBatch(lift, node, data):
                    return lift.AddNatural(
                        node with
                        {
                            Inputs = [.. node.Inputs.Select(i => lift.Flow.IsData(i) ? i : lift.Repeat(i, isLifted: false))],
                        }
                    );
            }
        }
        if (areNatural && LeavesBatch(lift, node, data))
            return lift.AddNatural(node);
        if (node.Domain.Length == 0 && Lift(lift, node, data))
            return true;
        if (!areNatural && data.All(lift.CanBeNatural) && LeavesBatch(lift, node, data))
        {
            // The other forms of Concat and Resize are met with natural inputs.
            OnnxNode natural = node with
            {
                Inputs = [.. node.Inputs.Select(i => lift.Flow.IsData(i) ? lift.Natural(i) : i)],
            };
            return lift.AddNatural(node.OpType == "Resize" ? WithOpenSizes(lift, natural) : natural);
        }
        return false;
    }

    /// <summary>
    /// True if all the node's inputs and outputs have the image's 1 as first dimension and the node does not work along it.
    /// </summary>
    private static bool LeavesBatch(BatchLift lift, OnnxNode node, string[] data)
    {
        if (data.Any(v => lift.Shape(v) is not [1, ..]) || node.Outputs.Any(o => lift.Shape(o) is { } shape && shape is not [1, ..]))
            return false;
        int rank = node.Outputs.Select(lift.Shape).FirstOrDefault(s => s is not null)?.Length ?? 0;
        if (node.Domain.Length > 0)
            return lift.NeedsProof = true;
        if (Rule(node) == BatchRule.EachImage)
            return true;
        if (Rule(node) == BatchRule.EachElement)
            return data.All(v => lift.Shape(v)!.Length == rank)
                && node.Inputs.All(i =>
                    i.Length == 0 || lift.Flow.IsData(i) || (lift.Shape(i) is { } shape && (shape.Length < rank || shape[0] == 1))
                );
        int readRank = lift.Shape(data[0])!.Length;
        if (Rule(node) == BatchRule.OneAxis)
            return Axis(node, lift, readRank) is { } axis && axis != 0 && (node.OpType != "Concat" || ConstantsFit(lift, node));
        if (IsReduction(node))
            return ReducedAxes(lift, node, readRank) is { } axes && !axes.Contains(0);
        switch (node.OpType)
        {
            case "Transpose":
                return node.Ints("perm") is [0, ..];
            case "Slice":
                return SliceAxes(lift, node, readRank) is { } sliced && !sliced.Contains(0);
            case "MatMul":
                return lift.Flow.IsData(node.Inputs[0])
                    && (
                        lift.Flow.IsData(node.Inputs[1])
                            ? data.All(v => lift.Shape(v)!.Length == rank) && rank > 2
                            : lift.Shape(node.Inputs[1]) is not { } weights || weights.Length <= Math.Max(2, rank - 1) || weights[0] == 1
                    );
            case "Gemm":
                return data is [var a] && a == node.Inputs[0] && node.Int("transA", 0) == 0;
            case "Expand" or "Tile" or "Pad":
                return readRank == rank;
            case "QuantizeLinear" or "DequantizeLinear" or "Resize" or "Upsample":
                return true;
            default:
                return lift.NeedsProof = true;
        }
    }

    /// <summary>Adds the node with the batch as a further axis.</summary>
    private static bool Lift(BatchLift lift, OnnxNode node, string[] data)
    {
        if (lift.Shape(node.Outputs[0]) is not { } made)
            return false;
        if (Rule(node) == BatchRule.EachElement)
        {
            return node.Inputs.All(i => i.Length == 0 || lift.Flow.IsData(i) || lift.Shape(i) is not null)
                && lift.AddLifted(
                    node with
                    {
                        Inputs = [.. node.Inputs.Select(i => lift.Flow.IsData(i) ? lift.Lifted(i, made.Length) : i)],
                    }
                );
        }
        if (data[0] != node.Inputs[0] && node.OpType is not ("Concat" or "MatMul"))
            return false;
        int rank = lift.Shape(data[0])!.Length;
        string first = lift.Lifted(data[0], rank);
        string[] inputs = [first, .. node.Inputs.Skip(1)];
        if (Rule(node) == BatchRule.OneAxis && node.OpType is not ("Concat" or "TopK" or "GatherElements" or "CumSum"))
        {
            if (data.Length > 1 || Axis(node, lift, rank) is not { } axis || node.Inputs.Skip(1).Any(lift.Flow.IsData))
                return false;
            return lift.AddLifted(node.With(OnnxAttribute.Of("axis", axis + 1L)) with { Inputs = inputs });
        }
        if (IsReduction(node))
        {
            if (ReducedAxes(lift, node, rank) is not { } reduced)
                return false;
            long[] moved = [.. reduced.Select(a => a + 1L)];
            return lift.AddLifted(
                node.Attributes.ContainsKey("axes") || (node.Inputs.Count < 2 && lift.Opset < 13)
                    ? node.With(OnnxAttribute.Of("axes", moved)) with
                    {
                        Inputs = [first],
                    }
                : TakesAxesAsInput(lift, node) ? node with { Inputs = [first, lift.Ints(node.Outputs[0] + "/axes", moved)] }
                : node.With(OnnxAttribute.Of("axes", moved)) with { Inputs = [first] }
            );
        }
        switch (node.OpType)
        {
            case "Transpose":
                long[] order = node.Ints("perm") ?? [.. Enumerable.Range(0, rank).Reverse().Select(a => (long)a)];
                return lift.AddLifted(node.With(OnnxAttribute.Of("perm", [0L, .. order.Select(a => a + 1)])) with { Inputs = inputs });
            case "Concat" when Axis(node, lift, made.Length) is { } joined:
                if (node.Inputs.Any(i => !lift.Flow.IsData(i) && lift.Shape(i) is null))
                    return false;
                return lift.AddLifted(
                    node.With(OnnxAttribute.Of("axis", joined + 1L)) with
                    {
                        Inputs =
                        [
                            .. node.Inputs.Select(i => lift.Flow.IsData(i) ? lift.Lifted(i, made.Length) : lift.Repeat(i, isLifted: true)),
                        ],
                    }
                );
            case "MatMul":
                return MatMul(lift, node);
            case "Gemm"
                when data.Length == 1
                    && node.Int("transA", 0) == 0
                    && (!node.HasInput(2) || lift.Shape(node.Inputs[2]) is [] or [_] or [1, _]):
                // Rows of all images, one below the other.
                string rows = lift.Node(
                    "Reshape",
                    node.Outputs[0] + "/rows",
                    [first, lift.Ints(node.Outputs[0] + "/rows.shape", -1, lift.Shape(data[0])![1])]
                );
                string product = lift.Node(
                    "Gemm",
                    node.Outputs[0] + "/product",
                    [rows, .. node.Inputs.Skip(1)],
                    [.. node.Attributes.Values]
                );
                return lift.AddLifted(
                    OnnxNode.Create("Reshape", [product, lift.Ints(node.Outputs[0] + "/images.shape", [-1, .. made])], [node.Outputs[0]])
                );
            case "Slice" when SliceAxes(lift, node, rank) is { } sliced:
                if (lift.Opset < 10)
                    return lift.AddLifted(node.With(OnnxAttribute.Of("axes", [.. sliced.Select(a => a + 1L)])) with { Inputs = inputs });
                string axes = lift.Ints(node.Outputs[0] + "/axes", [.. sliced.Select(a => a + 1L)]);
                return lift.AddLifted(node with { Inputs = [first, node.Inputs[1], node.Inputs[2], axes, .. node.Inputs.Skip(4)] });
            case "QuantizeLinear" or "DequantizeLinear":
                if (lift.Shape(node.Inputs[1]) is [])
                    return lift.AddLifted(node with { Inputs = inputs });
                long along = node.Int("axis", 1);
                return lift.AddLifted(node.With(OnnxAttribute.Of("axis", (along < 0 ? along + rank : along) + 1)) with { Inputs = inputs });
            default:
                return false;
        }
    }

    /// <summary>Operators that only give the elements another shape.</summary>
    private static bool Rearrange(BatchLift lift, OnnxNode node, string[] data)
    {
        if (data is not [var value] || lift.Shape(node.Outputs[0]) is not { } made)
            return false;
        bool stays = !lift.IsLifted(value) && lift.Shape(value) is [1, ..] && made is [1, ..];
        if (stays && node.OpType == "Flatten" && node.Int("axis", 1) is not 0)
            return lift.AddNatural(node);
        if (
            stays
            && node.OpType is "Squeeze" or "Unsqueeze"
            && (node.Ints("axes") ?? lift.Ints(node, 1)) is { } axes
            && axes.All(a => a > 0)
        )
            return lift.AddNatural(node);
        // The elements of an image follow each other, whatever the shape. Zero copies the batch.
        bool isNatural = made is [1, ..];
        var reshaped = OnnxNode.Create(
            "Reshape",
            [value, lift.Ints(node.Outputs[0] + "/shape", [0, .. isNatural ? made[1..] : made])],
            [node.Outputs[0]]
        ) with
        {
            Name = node.Name,
        };
        return isNatural ? lift.AddNatural(reshaped) : lift.AddLifted(reshaped);
    }

    private static bool MatMul(BatchLift lift, OnnxNode node)
    {
        if (lift.Shape(node.Inputs[0]) is not { Length: > 1 } a || lift.Shape(node.Inputs[1]) is not { Length: > 1 } b)
            return false;
        int rank = Math.Max(a.Length, b.Length);
        return lift.AddLifted(node with { Inputs = [.. node.Inputs.Select(i => lift.Flow.IsData(i) ? lift.Lifted(i, rank) : i)] });
    }

    /// <summary>A Resize to sizes whose first is the image's 1, for any number of images.</summary>
    private static OnnxNode WithOpenSizes(BatchLift lift, OnnxNode node)
    {
        if (node.Attributes.ContainsKey("axes") || lift.Ints(node, 3) is not { } sizes)
            return node;
        string open = lift.Node(
            "Concat",
            node.Outputs[0] + "/sizes",
            [lift.Count(), lift.Ints(node.Outputs[0] + "/rest", sizes[1..])],
            OnnxAttribute.Of("axis", 0L)
        );
        return node with { Inputs = [.. node.Inputs.Take(3), open] };
    }

    // A constant that is joined to each image must have its place for the image.
    private static bool ConstantsFit(BatchLift lift, OnnxNode node) =>
        node.Inputs.All(i => lift.Flow.IsData(i) || lift.Shape(i) is [1, ..]);

    private static int? Axis(OnnxNode node, BatchLift lift, int rank)
    {
        OperatorInfo info = OperatorTable.Find(node.OpType)!;
        long? axis =
            node.OpType == "CumSum"
                ? lift.Ints(node, 1)?[0]
                : node.Int("axis", info.Has(OperatorTraits.LastAxisSince13) && lift.Opset >= 13 ? -1 : info.Axis);
        return axis is { } given ? (int)(given < 0 ? given + rank : given) : null;
    }

    private static BatchRule Rule(OnnxNode node) => OperatorTable.Find(node)?.Batch ?? BatchRule.OtherBatch;

    private static bool IsReduction(OnnxNode node) => node.OpType.StartsWith("Reduce", StringComparison.Ordinal);

    private static bool TakesAxesAsInput(BatchLift lift, OnnxNode node) => lift.Opset >= (node.OpType == "ReduceSum" ? 13 : 18);

    private static int[]? ReducedAxes(BatchLift lift, OnnxNode node, int rank)
    {
        if (node.HasInput(1) && lift.Ints(node, 1) is null)
            return null;
        long[] axes = node.Ints("axes") ?? lift.Ints(node, 1) ?? [];
        if (axes.Length > 0)
            return [.. axes.Select(a => (int)(a < 0 ? a + rank : a))];
        return node.Int("noop_with_empty_axes", 0) != 0 ? [] : [.. Enumerable.Range(0, rank)];
    }

    private static int[]? SliceAxes(BatchLift lift, OnnxNode node, int rank)
    {
        long[]? starts = lift.Opset < 10 ? node.Ints("starts") : lift.Ints(node, 1);
        if (starts is null || (node.HasInput(3) && lift.Ints(node, 3) is null))
            return null;
        long[] axes =
            (lift.Opset < 10 ? node.Ints("axes") : lift.Ints(node, 3)) ?? [.. Enumerable.Range(0, starts.Length).Select(a => (long)a)];
        return [.. axes.Select(a => (int)(a < 0 ? a + rank : a))];
    }
}
