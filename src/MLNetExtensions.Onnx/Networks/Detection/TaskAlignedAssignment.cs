namespace MLNetExtensions.Onnx.Networks.Detection;

/// <summary>
/// The anchors that learn each object: those within it whose present class score and box fit it best together (arXiv 2108.07755). All of it is
/// ONNX operators, so each runtime does it the same way, in the same step as the loss.
/// </summary>
internal sealed class TaskAlignedAssignment
{
    // score^0.5 * IoU^6, the best 10: as YOLOv8 has them.
    private const int Best = 10;
    private const float Tiny = 1e-12f;

    private TaskAlignedAssignment(NetworkValue scores, NetworkValue boxes, NetworkValue weights) =>
        (Scores, Boxes, Weights) = (scores, boxes, weights);

    /// <summary>The score that each anchor should give each class, [batch, classes, anchors].</summary>
    public NetworkValue Scores { get; }

    /// <summary>The box that each anchor should give, [batch, 4, anchors]; nothing where <see cref="Weights"/> is 0.</summary>
    public NetworkValue Boxes { get; }

    /// <summary>The weight of each anchor's box, [batch, 1, anchors]: the score that it should give, 0 for background.</summary>
    public NetworkValue Weights { get; }

    /// <summary>Adds the assignment.</summary>
    /// <param name="objects">The objects, [batch, objects, 5]: left, top, right, bottom, class from 0; -1 where there is none.</param>
    /// <param name="logits">The logits of the classes, [batch, classes, anchors].</param>
    /// <param name="boxes">The boxes that the anchors give, [batch, 4, anchors].</param>
    /// <param name="decoding">Has the anchors.</param>
    /// <param name="smallest">The finest stride: an object smaller than it counts as large as it, so that an anchor lies within.</param>
    public static TaskAlignedAssignment Of(
        NetworkValue objects,
        NetworkValue logits,
        NetworkValue boxes,
        BoxDecoding decoding,
        int smallest
    )
    {
        NetworkBuilder network = objects.Network;
        int count = objects.Shape[0],
            classes = logits.Shape[0],
            anchors = logits.Shape[1];
        NetworkValue known = network.Constant("classes", [1, 1, classes], [.. Enumerable.Range(0, classes).Select(i => (float)i)]);
        NetworkValue classOf = objects.Slice(2, 4, 5),
            isClass = NetworkArithmetic.Where(classOf, "Equal", known);
        BoxEdges own = BoxEdges.Of(objects, 2);
        NetworkValue scores = logits.Map("Sigmoid").WithoutGradient(24);
        NetworkValue iou = own.Iou(BoxEdges.Of(boxes.WithoutGradient(11), 1));

        // [batch, objects, anchors] from here on.
        NetworkValue inside = own.AtLeast(smallest).Holds(decoding.X, decoding.Y) * NetworkArithmetic.Where(classOf, "GreaterOrEqual", 0);
        NetworkValue cubed = iou * iou * iou;
        NetworkValue fit = network.Combine("MatMul", isClass, scores).Map("Sqrt") * cubed * cubed * inside;
        NetworkValue least = network
            .AddNode(
                "best",
                "TopK",
                [fit.Name, network.AddInitializer(OnnxTensor.FromInt64s("best/k", [1], [Math.Min(Best, anchors)]), isConstant: true)],
                2,
                OnnxAttribute.Of("axis", 2L)
            )[0]
            .Reduce("ReduceMin", 2);
        NetworkValue isBest = NetworkArithmetic.Where(fit, "GreaterOrEqual", least) * NetworkArithmetic.Where(fit, "Greater", 0);
        // An anchor that several objects want belongs to the one that its box covers most; of equal ones to the first.
        NetworkValue order = network.Constant("order", [1, count, 1], [.. Enumerable.Range(0, count).Select(i => i * -1e-6f)]);
        NetworkValue claims = (iou.Plus(1) + order) * isBest;
        NetworkValue isOwner = NetworkArithmetic.Where(claims, "GreaterOrEqual", claims.Reduce("ReduceMax", 1)) * isBest;
        // The best anchor of an object should give its IoU as the score, the others less, as they fit.
        NetworkValue owned = fit * isOwner;
        NetworkValue weights = owned * (iou * isOwner).Reduce("ReduceMax", 2).Over(owned.Reduce("ReduceMax", 2).AtLeast(Tiny));

        return new(
            network.Combine("MatMul", isClass.Transpose(0, 2, 1), weights),
            NetworkValue.Concat(1, [Edge(own.Left), Edge(own.Top), Edge(own.Right), Edge(own.Bottom)]),
            weights.Reduce("ReduceSum", 1)
        );

        NetworkValue Edge(NetworkValue edge) => (isOwner * edge).Reduce("ReduceSum", 1);
    }
}
