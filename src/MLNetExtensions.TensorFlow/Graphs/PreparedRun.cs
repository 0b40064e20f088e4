namespace MLNetExtensions.TensorFlow.Graphs;

/// <summary>
/// A run that is made again and again, with the same tensors fed: their memory is written before each. They belong to the caller.
/// </summary>
internal sealed class PreparedRun(
    IReadOnlyList<(Symbol Value, Tensor Tensor)> feeds,
    IReadOnlyList<Symbol> fetches,
    IReadOnlyList<IntPtr> targets,
    bool together = false
)
{
    private readonly Output[] _inputs = [.. feeds.Select(f => f.Value.Output)],
        _outputs = [.. fetches.Select(f => f.Output)];
    private readonly IntPtr[] _inputValues = [.. feeds.Select(f => f.Tensor.Native)],
        _outputValues = new IntPtr[fetches.Count],
        _targets = [.. targets];

    /// <summary>Runs, and leaves the fetched values to <see cref="Take"/>.</summary>
    public void Run(GraphSession session) => session.Run(_inputs, _inputValues, _outputs, _outputValues, _targets, together);

    /// <summary>Makes the run without fetching, and tells where its ops ran.</summary>
    public IReadOnlyList<(string Op, string Name, string Device)> Place(GraphSession session) =>
        session.Place(_inputs, _inputValues, _targets);

    /// <summary>A fetched value, which the caller owns.</summary>
    public Tensor Take(int index)
    {
        IntPtr value = _outputValues[index];
        _outputValues[index] = IntPtr.Zero;
        return Tensor.Own(value);
    }
}
