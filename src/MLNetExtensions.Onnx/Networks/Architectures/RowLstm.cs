using MLNetExtensions.Onnx.Networks.Layers;

namespace MLNetExtensions.Onnx.Networks.Architectures;

/// <summary>
/// A classifier that reads an image row by row with an LSTM and classifies its last state. With 128 units, 10 classes and 32x32 color
/// images it has 117,002 parameters.
/// </summary>
/// <param name="Units">The size of the state.</param>
public sealed record RowLstm(int Units = 128) : Network
{
    /// <summary>True to add a second LSTM that reads from bottom to top.</summary>
    /// <value>The default is false.</value>
    public bool Bidirectional { get; init; }

    /// <summary>The number of LSTMs on top of each other.</summary>
    /// <value>The default is 1.</value>
    public int Layers { get; init; } = 1;

    /// <inheritdoc/>
    protected override InitializerDefaults Defaults => InitializerDefaults.Keras;

    /// <inheritdoc/>
    protected override NetworkValue Declare(NetworkValue images, int outputs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Layers, 1);
        NetworkValue x = images.Then(new RowSequence());
        for (int i = 1; i <= Layers; i++)
            x = x.Then(new Lstm(Units) { Bidirectional = Bidirectional, ReturnSequences = i < Layers });
        return x.Then(new Dense(outputs));
    }
}
