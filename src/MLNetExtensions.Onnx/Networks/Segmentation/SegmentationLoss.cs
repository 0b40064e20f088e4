namespace MLNetExtensions.Onnx.Networks.Segmentation;

/// <summary>The loss of a segmentation network for each image, the classes that it gives, and the fraction of them that is right.</summary>
internal sealed class SegmentationLoss
{
    // The smallest probability whose logarithm is taken, and the smoothing of Dice, as usual.
    private const float Epsilon = 1e-6f;

    private readonly NetworkValue _logProbabilities;
    private readonly NetworkValue _isClass;
    private readonly NetworkValue _isCounted;
    private readonly NetworkValue _mask;
    private readonly NetworkValue _logits;
    private NetworkValue? _predicted;

    /// <param name="logits">The logits at the mask's size, [batch, classes, height, width].</param>
    /// <param name="mask">The class of each pixel, from 0, [batch, 1, height, width]; other values are not counted.</param>
    public SegmentationLoss(NetworkValue logits, NetworkValue mask)
    {
        NetworkBuilder network = logits.Network;
        int classes = logits.Shape[0];
        (_logits, _mask) = (logits, mask);
        _logProbabilities = logits.Map("LogSoftmax", OnnxAttribute.Of("axis", 1L));
        NetworkValue known = network.Constant("classes", [1, classes, 1, 1], [.. Enumerable.Range(0, classes).Select(i => (float)i)]);
        _isClass = NetworkArithmetic.Where(mask, "Equal", known);
        _isCounted = _isClass.Reduce("ReduceSum", 1);
    }

    /// <summary>Adds the loss, [batch, 1].</summary>
    public NetworkValue Of(SegmentationLossTerms terms)
    {
        NetworkValue[] parts =
        [
            .. terms.CrossEntropy > 0 ? new[] { CrossEntropy(terms).Times(terms.CrossEntropy) } : [],
            .. terms.Dice > 0 ? new[] { Dice().Times(terms.Dice) } : [],
            .. terms.Lovasz > 0 ? new[] { Lovasz().Times(terms.Lovasz) } : [],
        ];
        return parts.Aggregate((a, b) => a + b);
    }

    /// <summary>Adds the class of each pixel that the logits give, from 0, [batch, 1, height, width].</summary>
    public NetworkValue Predicted() =>
        _predicted ??= _logits
            .Map("ArgMax", OnnxAttribute.Of("axis", 1L), OnnxAttribute.Of("keepdims", 1L))
            .Map("Cast", OnnxAttribute.Of("to", (long)OnnxElementType.Float));

    /// <summary>Adds the fraction of the counted pixels whose class is right, [batch, 1].</summary>
    public NetworkValue Accuracy()
    {
        NetworkValue right = NetworkArithmetic.Where(Predicted(), "Equal", _mask) * _isCounted;
        return Sum(right).Over(Sum(_isCounted).AtLeast(1));
    }

    // Divided by the batch's weight, so that an image counts by its counted pixels.
    private NetworkValue CrossEntropy(SegmentationLossTerms terms)
    {
        NetworkValue chosen = (_logProbabilities * _isClass).Reduce("ReduceSum", 1),
            weight = _isCounted;
        if (terms.ClassWeights is { } weights)
            weight = (_isClass * _logits.Network.Constant("weights", [1, weights.Count, 1, 1], [.. weights])).Reduce("ReduceSum", 1);
        NetworkValue loss = chosen.Times(-1) * weight;
        if (terms.FocalGamma > 0)
        {
            NetworkValue missing = chosen.Map("Exp").Times(-1).Plus(1).AtLeast(Epsilon);
            loss *= _logits.Network.Combine("Pow", missing, _logits.Network.Number(terms.FocalGamma));
        }
        return Sum(loss).Over(Sum(weight).Reduce("ReduceMean", 0).AtLeast(1));
    }

    private NetworkValue Dice()
    {
        NetworkValue probabilities = _logProbabilities.Map("Exp") * _isCounted;
        NetworkValue shared = (probabilities * _isClass).Reduce("ReduceSum", 2, 3),
            there = _isClass.Reduce("ReduceSum", 2, 3),
            both = probabilities.Reduce("ReduceSum", 2, 3) + there;
        NetworkValue isThere = NetworkArithmetic.Where(there, "Greater", 0);
        NetworkValue lost = shared.Times(2).Plus(1).Over(both.Plus(1)).Times(-1).Plus(1) * isThere;
        return lost.Reduce("ReduceSum", 1).Over(isThere.Reduce("ReduceSum", 1).AtLeast(1)).Reshape(1);
    }

    // arXiv 1705.08790: errors in falling order, each with what it adds to the Jaccard loss.
    private NetworkValue Lovasz()
    {
        NetworkBuilder network = _logits.Network;
        int classes = _logits.Shape[0];
        long pixels = (long)_logits.Shape[1] * _logits.Shape[2];
        NetworkValue isClass = _isClass.Reshape(classes, -1);
        NetworkValue errors = ((_isClass.Minus(_logProbabilities.Map("Exp"))).Map("Abs") * _isCounted).Reshape(classes, -1);
        NetworkValue[] sorted = network.AddNode(
            "sorted",
            "TopK",
            [errors.Name, network.AddInitializer(OnnxTensor.FromInt64s("sorted/k", [1], [pixels]), isConstant: true)],
            2,
            OnnxAttribute.Of("axis", 2L)
        );
        NetworkValue truth = network.Combine("GatherElements", [isClass, sorted[1]], OnnxAttribute.Of("axis", 2L));
        NetworkValue total = truth.Reduce("ReduceSum", 2);
        NetworkValue shared = total.Minus(Running(truth)),
            union = total + Running(truth.Times(-1).Plus(1));
        NetworkValue jaccard = shared.Over(union.AtLeast(1)).Times(-1).Plus(1);
        NetworkValue before = NetworkValue.Concat(2, [jaccard.Slice(2, 0, 1).Times(0), jaccard.Slice(2, 0, pixels - 1)]);
        NetworkValue lost = (sorted[0] * jaccard.Minus(before)).Reduce("ReduceSum", 2);
        NetworkValue isThere = NetworkArithmetic.Where(total, "Greater", 0);
        return (lost * isThere).Reduce("ReduceSum", 1).Over(isThere.Reduce("ReduceSum", 1).AtLeast(1)).Reshape(1);

        NetworkValue Running(NetworkValue values) =>
            network.Combine(
                "CumSum",
                values,
                new NetworkValue(network, network.AddInitializer(OnnxTensor.FromInt64s("axis", [], [2]), isConstant: true), [])
            );
    }

    private static NetworkValue Sum(NetworkValue values) => values.Reduce("ReduceSum", 1, 2, 3).Reshape(1);
}
