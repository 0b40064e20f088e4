namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>
/// Long short-term memory (Hochreiter and Schmidhuber 1997), like torch.nn.LSTM; gates in the order input, output, forget, cell.
/// </summary>
/// <param name="Units">The size of the state.</param>
public sealed record Lstm(int Units) : RecurrentLayer(Units)
{
    private protected override string OpType => "LSTM";

    private protected override int Gates => 4;
}
