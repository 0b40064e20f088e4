namespace MLNetExtensions.Onnx.Operators;

/// <summary>The ops a runtime does itself, by name and opset.</summary>
/// <typeparam name="TCompile">What makes a node's kernel.</typeparam>
internal sealed class OpTable<TCompile> where TCompile : Delegate
{
    private readonly Dictionary<(string Domain, string OpType), OpRegistration<TCompile>[]> _byOp;

    /// <exception cref="InvalidOperationException">Two registrations have the same key.</exception>
    public OpTable(IEnumerable<OpRegistration<TCompile>> registrations) =>
        _byOp = registrations.GroupBy(r => (r.Domain, r.OpType)).ToDictionary(group => group.Key, group =>
        {
            OpRegistration<TCompile>[] versions = [.. group.OrderBy(r => r.SinceVersion)];
            for (int i = 1; i < versions.Length; i++)
                if (versions[i].SinceVersion == versions[i - 1].SinceVersion)
                    throw new InvalidOperationException($"Op {group.Key} is registered twice for opset {versions[i].SinceVersion}.");
            return versions;
        });

    /// <summary>The names of all ops.</summary>
    public IEnumerable<string> OpTypes => _byOp.Keys.Select(key => key.OpType);

    /// <summary>The registration for a node of a graph of the given opset: the newest one that is not newer; null if there is none.</summary>
    public OpRegistration<TCompile>? Find(OnnxNode node, int opset)
    {
        if (!_byOp.TryGetValue((node.Domain, node.OpType), out OpRegistration<TCompile>[]? versions))
            return null;
        return Array.FindLast(versions, r => r.SinceVersion <= opset) is { } found && found.Supports(node) ? found : null;
    }
}

/// <summary>An op that a runtime does itself.</summary>
/// <param name="Domain">The op's domain; empty is ONNX's own.</param>
/// <param name="OpType">The op's name.</param>
/// <param name="SinceVersion">The opset in which the implemented form appeared.</param>
/// <param name="Compile">Makes a node's kernel; throws <see cref="UnsupportedOpException"/> for what it cannot do.</param>
/// <param name="CanDo">For a composite done natively only in some forms: false leaves the node to its decomposition. Null is always.</param>
internal sealed record OpRegistration<TCompile>(
    string Domain, string OpType, int SinceVersion, TCompile Compile, Func<OnnxNode, bool>? CanDo = null) where TCompile : Delegate
{
    public bool Supports(OnnxNode node) => CanDo?.Invoke(node) ?? true;
}
