using MLNetExtensions.Onnx;

namespace MLNetExtensions.TorchSharp.Ops;

/// <summary>
/// The ops this runtime does itself: primitives, and composites that libtorch has natively. To add one:
/// (1) write <c>Ops/NAME.cs</c>, an internal static class with <c>static OpKernel Compile(OpCompilation op)</c>: read attributes, shapes and constant
/// inputs there and return a lambda that calls libtorch; (2) add a line to <see cref="Registrations"/> with the opset in which the
/// implemented form appeared (graphs arrive lowered to opset 22, so only the newest form is needed); (3) add tests beside the others in
/// tests/MLNetExtensions.TorchSharp.Tests/Ops and its node tests to the manifest.
/// </summary>
internal static class OpRegistry
{
    private static readonly OpRegistration[] Registrations =
    [
        new("", "Add", 14, Add.Compile),
        new("", "Relu", 14, Relu.Compile),
    ];

    private static readonly Dictionary<(string Domain, string OpType), OpRegistration[]> ByOp = Index(Registrations);

    /// <summary>The registration for a node of a graph of the given opset: the newest one that is not newer; null where there is none.</summary>
    public static OpRegistration? Find(OnnxNode node, int opset)
    {
        if (!ByOp.TryGetValue((node.Domain, node.OpType), out OpRegistration[]? versions))
            return null;
        return Array.FindLast(versions, r => r.SinceVersion <= opset) is { } found && found.Supports(node) ? found : null;
    }

    /// <summary>The registrations by op, versions in order.</summary>
    /// <exception cref="InvalidOperationException">Two registrations have the same key.</exception>
    internal static Dictionary<(string Domain, string OpType), OpRegistration[]> Index(IEnumerable<OpRegistration> registrations) =>
        registrations.GroupBy(r => (r.Domain, r.OpType)).ToDictionary(group => group.Key, group =>
        {
            OpRegistration[] versions = [.. group.OrderBy(r => r.SinceVersion)];
            for (int i = 1; i < versions.Length; i++)
                if (versions[i].SinceVersion == versions[i - 1].SinceVersion)
                    throw new InvalidOperationException($"Op {group.Key} is registered twice for opset {versions[i].SinceVersion}.");
            return versions;
        });
}

/// <summary>An op that this runtime does itself.</summary>
/// <param name="Domain">The op's domain; empty is ONNX's own.</param>
/// <param name="OpType">The op's name.</param>
/// <param name="SinceVersion">The opset in which the implemented form appeared.</param>
/// <param name="Compile">Makes a node's kernel; throws <see cref="UnsupportedOpException"/> for what it cannot do.</param>
/// <param name="CanDo">For a composite done natively only in some forms: false leaves the node to its decomposition. Null is always.</param>
internal sealed record OpRegistration(
    string Domain, string OpType, int SinceVersion, Func<OpCompilation, OpKernel> Compile, Func<OnnxNode, bool>? CanDo = null)
{
    public bool Supports(OnnxNode node) => CanDo?.Invoke(node) ?? true;
}
