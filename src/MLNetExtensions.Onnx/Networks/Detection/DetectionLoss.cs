namespace MLNetExtensions.Onnx.Networks.Detection;

/// <summary>
/// The loss of a detector for each image: binary cross-entropy of the scores, complete IoU and distribution focal loss of the boxes, weighted
/// as YOLOv8 does, and divided by the batch's mean of the scores that objects should have.
/// </summary>
internal static class DetectionLoss
{
    private const float ScoreWeight = 0.5f,
        BoxWeight = 7.5f,
        DistributionWeight = 1.5f;

    // Batches without objects are divided by it.
    private const float LeastScore = 0.1f;

    // The smallest base of a power, whose gradient is finite.
    private const float LeastDistance = 1e-6f;

    /// <summary>Adds the loss, [batch, 1].</summary>
    /// <param name="objects">The objects, [batch, objects, 5]: left, top, right, bottom, class from 0; -1 where there is none.</param>
    /// <param name="classes">The logits of the classes, [batch, classes, anchors].</param>
    /// <param name="distances">The logits of the distances, [batch, 4, bins, anchors].</param>
    /// <param name="boxes">The boxes of the distances, [batch, 4, anchors].</param>
    /// <param name="decoding">Has the anchors.</param>
    /// <param name="smallest">The finest stride.</param>
    /// <param name="terms">What was chosen.</param>
    public static NetworkValue Of(
        NetworkValue objects,
        NetworkValue classes,
        NetworkValue distances,
        NetworkValue boxes,
        BoxDecoding decoding,
        int smallest,
        DetectionLossTerms terms
    )
    {
        TaskAlignedAssignment wanted = TaskAlignedAssignment.Of(objects, classes, boxes, decoding, smallest);
        NetworkValue scores = OfScores(classes, wanted.Scores, terms).Reduce("ReduceSum", 1);
        NetworkValue iou = BoxEdges.Of(boxes, 1).CompleteIou(BoxEdges.Of(wanted.Boxes, 1));
        NetworkValue ofBoxes =
            iou.Times(-BoxWeight).Plus(BoxWeight) + decoding.DistributionLoss(distances, wanted.Boxes).Times(DistributionWeight);
        NetworkValue sum = (scores.Times(ScoreWeight) + ofBoxes * wanted.Weights).Reduce("ReduceSum", 2);
        NetworkValue divisor = wanted.Weights.Reduce("ReduceSum", 2).Reduce("ReduceMean", 0).AtLeast(LeastScore);
        return sum.Over(divisor).Reshape(1);
    }

    private static NetworkValue OfScores(NetworkValue logits, NetworkValue wanted, DetectionLossTerms terms)
    {
        NetworkValue loss = logits.Map("Softplus").Minus(logits * wanted);
        if (terms.FocalGamma > 0)
            loss *= logits.Network.Combine(
                "Pow",
                wanted.Minus(logits.Map("Sigmoid")).Map("Abs").AtLeast(LeastDistance),
                logits.Network.Number(terms.FocalGamma)
            );
        return terms.ClassWeights is { } weights ? loss * logits.Network.Constant("weights", [1, weights.Count, 1], [.. weights]) : loss;
    }
}
