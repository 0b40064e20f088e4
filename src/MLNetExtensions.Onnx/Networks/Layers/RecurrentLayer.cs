namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>
/// The base of <see cref="Lstm"/>, <see cref="Gru"/> and <see cref="Rnn"/>: from sequences [steps, features] to the last states [units], or
/// to the states of all steps. Parameters <c>weight_ih</c> [directions, gates * units, features], <c>weight_hh</c> [directions, gates *
/// units, units] and <c>bias</c> [directions, 2 * gates * units] have ONNX's layout and gate order.
/// </summary>
/// <param name="Units">The size of the state.</param>
public abstract record RecurrentLayer(int Units) : Layer
{
    /// <summary>
    /// True to add a second set of weights that reads the sequence backward. Its states follow the first ones, so there are twice as many
    /// features.
    /// </summary>
    /// <value>The default is false.</value>
    public bool Bidirectional { get; init; }

    /// <summary>
    /// True to return the states of all steps, [steps, units], for another recurrent layer; false to return only the last state of each
    /// direction.
    /// </summary>
    /// <value>The default is false.</value>
    public bool ReturnSequences { get; init; }

    /// <summary>The initializer of the input's weights; null for the network's default.</summary>
    public Initializer? InputInitializer { get; init; }

    /// <summary>
    /// The initializer of the state's weights, drawn as one matrix [units, gates * units]; null for the network's default.
    /// </summary>
    public Initializer? StateInitializer { get; init; }

    private protected abstract string OpType { get; }

    private protected abstract int Gates { get; }

    /// <inheritdoc/>
    protected internal sealed override NetworkValue Apply(NetworkValue input, LayerContext layer)
    {
        (int steps, int features) = layer.RequireSequence();
        layer.Require(Units > 0, $"Units is {Units}; it must be positive.");
        int directions = Bidirectional ? 2 : 1,
            rows = Gates * Units;
        var weights = new RecurrentWeights(layer, Units, Gates, features);
        string w = layer.Parameter("weight_ih", [directions, rows, features], weights.Input(InputInitializer, directions));
        string r = layer.Parameter("weight_hh", [directions, rows, Units], weights.State(StateInitializer, directions));
        string b = layer.Parameter("bias", [directions, 2 * rows], weights.Bias(directions, OpType == "LSTM"));

        // ONNX Runtime knows only the layout with steps first.
        NetworkValue sequence = layer.Node("Transpose", [input.Name], OnnxAttribute.Of("perm", 1L, 0L, 2L));
        NetworkValue[] outputs = layer.Nodes(
            2,
            OpType,
            [sequence.Name, w, r, b],
            [
                OnnxAttribute.Of("hidden_size", (long)Units),
                OnnxAttribute.Of("direction", Bidirectional ? "bidirectional" : "forward"),
                .. Attributes(directions),
            ]
        );
        if (ReturnSequences)
        {
            NetworkValue all = layer.Node("Transpose", [outputs[0].Name], OnnxAttribute.Of("perm", 2L, 0L, 1L, 3L));
            return layer.Node("Reshape", [all.Name, layer.Integers("shape", 0, steps, (long)directions * Units)]);
        }
        NetworkValue last = layer.Node("Transpose", [outputs[1].Name], OnnxAttribute.Of("perm", 1L, 0L, 2L));
        return layer.Node("Flatten", [last.Name]);
    }

    private protected virtual IEnumerable<OnnxAttribute> Attributes(int directions) => [];
}
