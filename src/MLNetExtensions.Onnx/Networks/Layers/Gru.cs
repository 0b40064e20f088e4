namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>
/// Gated recurrent units (arXiv 1406.1078), like torch.nn.GRU and Keras's GRU(reset_after=True); gates in the order update, reset, hidden.
/// </summary>
/// <param name="Units">The size of the state.</param>
public sealed record Gru(int Units) : RecurrentLayer(Units)
{
    private protected override string OpType => "GRU";

    private protected override int Gates => 3;

    private protected override IEnumerable<OnnxAttribute> Attributes(int directions) => [OnnxAttribute.Of("linear_before_reset", 1L)];
}
