namespace MLNetExtensions.Onnx;

/// <summary>Counts the names that are made for a graph, so that what grows without end stops: at some 250,000 of them.</summary>
internal struct NameBudget
{
    // Beside its letters.
    private const long BytesOfName = 256,
        MaxBytes = 64 << 20;

    private long _bytes;

    /// <summary>Counts a name.</summary>
    /// <returns>False if there are more than can be.</returns>
    public bool TryAdd(string name) => (_bytes += name.Length + BytesOfName) <= MaxBytes;
}
