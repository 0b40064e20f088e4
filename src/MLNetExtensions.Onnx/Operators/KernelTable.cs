namespace MLNetExtensions.Onnx.Operators;

/// <summary>The ops a runtime does itself, by name.</summary>
/// <typeparam name="TCompile">What makes a node's kernel.</typeparam>
internal sealed class KernelTable<TCompile>
    where TCompile : Delegate
{
    private readonly Dictionary<string, OpRegistration<TCompile>> _byName = [];

    /// <exception cref="InvalidOperationException">Two registrations have the same name, or <see cref="OperatorTable"/> knows of no kernel
    /// of that name.</exception>
    public KernelTable(IEnumerable<OpRegistration<TCompile>> registrations)
    {
        foreach (OpRegistration<TCompile> registration in registrations)
        {
            if (OperatorTable.Find(registration.OpType) is not { KernelOpset: > 0 })
                throw new InvalidOperationException(
                    $"Op {registration.OpType} has a kernel, but no row in OperatorTable with the opset of its form."
                );
            if (!_byName.TryAdd(registration.OpType, registration))
                throw new InvalidOperationException($"Op {registration.OpType} is registered twice.");
        }
    }

    /// <summary>The names of all ops.</summary>
    public IEnumerable<string> OpTypes => _byName.Keys;

    /// <summary>
    /// The registration for a node of a graph of the given opset; null where there is none, or the graph is older than the form that is
    /// implemented.
    /// </summary>
    public OpRegistration<TCompile>? Find(OnnxNode node, int opset) =>
        OperatorTable.Find(node) is { } info && info.KernelOpset <= opset ? _byName.GetValueOrDefault(info.Name) : null;
}
