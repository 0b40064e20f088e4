namespace MLNetExtensions.Onnx.Operators;

/// <summary>A row of <see cref="OperatorTable"/>: what the library knows of one of ONNX's operators.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Since">The opset that it came in with.</param>
/// <param name="KernelOpset">The opset that its newest form up to opset 22 came in with, which the runtimes' kernels implement; 0 where
/// they have none.</param>
/// <param name="Shape">What its outputs' shapes follow from.</param>
/// <param name="Elements">Whether and how it works element by element.</param>
/// <param name="Batch">What it does to a dimension of images.</param>
/// <param name="Channels">Where it leaves channels.</param>
/// <param name="Int8">What it does in 8 bits.</param>
/// <param name="Traits">What else is known.</param>
/// <param name="Axis">Its axis where a node gives none, for <see cref="BatchRule.OneAxis"/>.</param>
/// <param name="Gradient">The inputs that a gradient flows back to; null is all, empty none.</param>
/// <param name="Until">The last opset that has it; 0 where none took it away.</param>
/// <param name="Limits">What of it is not trained, or under which conditions it is, in words for docs/operators.md.</param>
internal sealed record OperatorInfo(
    string Name,
    int Since,
    int KernelOpset,
    OutputShape Shape,
    ElementRule Elements = ElementRule.Mixed,
    BatchRule Batch = BatchRule.OtherBatch,
    ChannelRule Channels = ChannelRule.Fixed,
    Int8Rule Int8 = Int8Rule.Float,
    OperatorTraits Traits = OperatorTraits.None,
    long Axis = 0,
    IReadOnlyList<int>? Gradient = null,
    int Until = 0,
    string Limits = ""
)
{
    /// <summary>True if it works on each element by itself, or on those at the same position.</summary>
    public bool IsElementwise => Elements != ElementRule.Mixed;

    /// <summary>True if it has a trait.</summary>
    public bool Has(OperatorTraits trait) => (Traits & trait) != OperatorTraits.None;
}
