namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>A simple recurrent layer (Elman 1990), like torch.nn.RNN and Keras's SimpleRNN.</summary>
/// <param name="Units">The size of the state.</param>
/// <param name="UseRelu">True for ReLU; false for tanh.</param>
public sealed record Rnn(int Units, bool UseRelu = false) : RecurrentLayer(Units)
{
    private protected override string OpType => "RNN";

    private protected override int Gates => 1;

    private protected override IEnumerable<OnnxAttribute> Attributes(int directions) =>
        [OnnxAttribute.Of("activations", [.. Enumerable.Repeat(UseRelu ? "Relu" : "Tanh", directions)])];
}
