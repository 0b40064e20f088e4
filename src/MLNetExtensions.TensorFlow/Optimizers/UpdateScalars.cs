namespace MLNetExtensions.TensorFlow.Optimizers;

/// <summary>The numbers of an update that are given at each run.</summary>
internal sealed class UpdateScalars(TensorFlowGraph graph) : IDisposable
{
    private readonly List<(Symbol Value, Tensor Tensor)> _feeds = [];
    private readonly List<Func<long, double, double>> _values = [];

    /// <summary>The placeholders and the tensors they are fed from.</summary>
    public IReadOnlyList<(Symbol Value, Tensor Tensor)> Feeds => _feeds;

    /// <summary>Another number, from the number of the update and the learning rate.</summary>
    public Symbol Add(Func<long, double, double> value)
    {
        Symbol symbol = graph.Placeholder(DataType.Float);
        _feeds.Add((symbol, Tensor.Allocate(DataType.Float, [])));
        _values.Add(value);
        return symbol;
    }

    /// <summary>Sets all of them.</summary>
    public void Prepare(long update, float learningRate)
    {
        for (int i = 0; i < _values.Count; i++)
            _feeds[i].Tensor.Floats[0] = (float)_values[i](update, learningRate);
    }

    public void Dispose()
    {
        foreach ((_, Tensor tensor) in _feeds)
            tensor.Dispose();
    }
}
