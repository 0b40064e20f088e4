namespace MLNetExtensions.TensorFlow.Interchange.Ops;

/// <summary>TensorFlow's ops that are imported.</summary>
internal static class ImportOps
{
    private static readonly Dictionary<string, ImportOp> All = new([
        .. ElementwiseImport.Ops,
        .. WindowImport.Ops,
        .. ShapeImport.Ops,
        .. SliceImport.Ops,
        .. MatrixImport.Ops,
        .. SourceImport.Ops,
    ]);

    /// <summary>The names, sorted.</summary>
    public static IEnumerable<string> Names => All.Keys.Order(StringComparer.Ordinal);

    public static ImportOp? Find(string op) => All.GetValueOrDefault(op);

    /// <summary>The size of one dimension of two that broadcast.</summary>
    public static long[] Broadcast(ImportNode node, long[] a, long[] b)
    {
        var result = new long[Math.Max(a.Length, b.Length)];
        for (int i = 1; i <= result.Length; i++)
        {
            long x = i <= a.Length ? a[^i] : 1,
                y = i <= b.Length ? b[^i] : 1;
            result[^i] =
                x == 1 ? y
                : y == 1 || x == y ? x
                : x < 0 ? y
                : y < 0 ? x
                : throw node.Error($"shapes [{string.Join(',', a)}] and [{string.Join(',', b)}] do not fit.");
        }
        return result;
    }
}
